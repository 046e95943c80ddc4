//! The one list of the public types. Generators, the validator and the conformance suite walk it, so that none
//! of them names a type and a new one is added here alone.

use crate::{
    CrossTabMessage, Epoch, InvalidationEvent, Json, PersistedMetadata, PersistedSnapshot, Revision,
    SafeInteger, SnapshotEnvelope, SyncErrorContext, SyncPhase, Topic, skipped::Skipped,
};
use serde::{Serialize, de::DeserializeOwned};

/// What a type of the protocol is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A value with a rule of its own, found inside messages.
    Scalar,
    /// An object that is sent or stored whole; it can be decoded and validated by its name.
    Message,
}

/// What the feature `schema` asks of every public type.
#[cfg(feature = "schema")]
pub trait Described: schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> Described for T {}

/// What the feature `schema` asks of every public type: nothing while it is off.
#[cfg(not(feature = "schema"))]
pub trait Described {}
#[cfg(not(feature = "schema"))]
impl<T> Described for T {}

/// What the feature `ts` asks of every public type.
#[cfg(feature = "ts")]
pub trait Declared: ts_rs::TS {}
#[cfg(feature = "ts")]
impl<T: ts_rs::TS> Declared for T {}

/// What the feature `ts` asks of every public type: nothing while it is off.
#[cfg(not(feature = "ts"))]
pub trait Declared {}
#[cfg(not(feature = "ts"))]
impl<T> Declared for T {}

/// A public type of the protocol.
pub trait PublicType: Serialize + DeserializeOwned + Described + Declared + 'static {
    /// The name, the same in every language.
    const NAME: &'static str;
    /// What it is for.
    const ROLE: Role;
    /// The same type around payloads that are read and not kept: it accepts what this one accepts, for less.
    type Checked: DeserializeOwned;
}

/// What a payload becomes where it is not kept.
macro_rules! unkept {
    ($payload:ty) => {
        Skipped
    };
}

/// Is shown every public type, payloads being [`Json`].
pub trait Visitor {
    /// Called once for each type, in the order of the list.
    fn visit<T: PublicType>(&mut self);
}

macro_rules! public_types {
    ($($role:ident $name:ident $(<$payload:ty>)?),+ $(,)?) => {
        $(
            impl PublicType for $name $(<$payload>)? {
                const NAME: &'static str = stringify!($name);
                const ROLE: Role = Role::$role;
                type Checked = $name $(<unkept!($payload)>)?;
            }
        )+

        /// Shows every public type to `visitor`: the scalars first, then the messages.
        pub fn visit_all<V: Visitor>(visitor: &mut V) {
            $(visitor.visit::<$name $(<$payload>)?>();)+
        }
    };
}

public_types! {
    Scalar Revision,
    Scalar Topic,
    Scalar Epoch,
    Scalar SafeInteger,
    Scalar SyncPhase,
    Message InvalidationEvent,
    Message SnapshotEnvelope<Json>,
    Message SyncErrorContext<Json>,
    Message PersistedMetadata,
    Message PersistedSnapshot<Json>,
    Message CrossTabMessage<Json>,
}
