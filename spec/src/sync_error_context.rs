//! The message `SyncErrorContext` (`ERC-1`).

use crate::{
    InvalidationEvent, Revision, SafeInteger, SyncPhase, Topic,
    object::{object_only, required},
};
use alloc::string::String;
use serde::{Deserialize, Serialize};

/// An error with what a person needs to find its cause: the phase, and what the reader knew then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SyncErrorContext"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(remote = "Self")]
#[serde(rename_all = "camelCase")]
#[serde(bound(deserialize = "E: Deserialize<'de>"))]
pub struct SyncErrorContext<E> {
    /// What the reader was doing.
    pub phase: SyncPhase,
    /// The topic, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub topic: Option<Topic>,
    /// The error itself, in the form of the language at hand; any JSON value on the wire.
    #[serde(deserialize_with = "required")]
    pub error: E,
    /// The event that was being handled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub source_event: Option<InvalidationEvent>,
    /// The revision that the reader holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub local_revision: Option<Revision>,
    /// The revision that an event promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub event_revision: Option<Revision>,
    /// The revision of the snapshot that was pulled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub snapshot_revision: Option<Revision>,
    /// Who caused the change, as the event said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub source_id: Option<String>,
    /// Which attempt failed, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub attempt: Option<SafeInteger>,
    /// Whether another attempt follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub will_retry: Option<bool>,
    /// How long the next attempt waits, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub next_delay_ms: Option<SafeInteger>,
}

object_only!(SyncErrorContext<E>, "a SyncErrorContext object");

impl<E> SyncErrorContext<E> {
    /// The context with its required members; the optional ones are absent.
    pub fn new(phase: SyncPhase, error: E) -> Self {
        Self {
            phase,
            topic: None,
            error,
            source_event: None,
            local_revision: None,
            event_revision: None,
            snapshot_revision: None,
            source_id: None,
            attempt: None,
            will_retry: None,
            next_delay_ms: None,
        }
    }
}
