//! What derive-based decoding lacks: an object is an object, and a required member is required.

use crate::skipped::Attentive;
use core::{fmt, marker::PhantomData};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Decodes an object and nothing else (`MSG-1`): derived code alone also takes an array, member by position.
pub(crate) fn deserialize_object<'de, D, T>(
    deserializer: D,
    expecting: &'static str,
    decode: T,
) -> Result<T::Value, D::Error>
where
    D: Deserializer<'de>,
    T: DecodeMap<'de>,
{
    deserializer.deserialize_map(ObjectVisitor { expecting, decode, lifetime: PhantomData })
}

/// The derived decoding of a type, reached only with a map in hand.
pub(crate) trait DecodeMap<'de> {
    type Value;

    fn decode<A: MapAccess<'de>>(self, map: MapAccessDeserializer<A>) -> Result<Self::Value, A::Error>;
}

struct ObjectVisitor<'de, T> {
    expecting: &'static str,
    decode: T,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, T: DecodeMap<'de>> Visitor<'de> for ObjectVisitor<'de, T> {
    type Value = T::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expecting)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.decode.decode(MapAccessDeserializer::new(Attentive(map)))
    }
}

/// Gives a struct that derives both serde traits with `#[serde(remote = "Self")]` their public
/// implementations: writing as derived, reading from an object only.
macro_rules! object_only {
    ($name:ident $(<$parameter:ident>)?, $expecting:literal) => {
        impl $(<$parameter: serde::Serialize>)? serde::Serialize for $name $(<$parameter>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de $(, $parameter: serde::Deserialize<'de>)?> serde::Deserialize<'de> for $name $(<$parameter>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Derived<T>(core::marker::PhantomData<T>);

                impl<'de $(, $parameter: serde::Deserialize<'de>)?> crate::object::DecodeMap<'de>
                    for Derived<$name $(<$parameter>)?>
                {
                    type Value = $name $(<$parameter>)?;

                    fn decode<A: serde::de::MapAccess<'de>>(
                        self,
                        map: serde::de::value::MapAccessDeserializer<A>,
                    ) -> Result<Self::Value, A::Error> {
                        <$name $(<$parameter>)?>::deserialize(map)
                    }
                }

                crate::object::deserialize_object(
                    deserializer,
                    $expecting,
                    Derived::<Self>(core::marker::PhantomData),
                )
            }
        }
    };
}
pub(crate) use object_only;

/// For `#[serde(deserialize_with)]`: a member that may be `null` and must be there all the same (`MSG-3`).
/// Without it serde takes an absent `Option` for `None`, also where the option is a type parameter.
pub(crate) fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}
