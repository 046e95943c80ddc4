//! The message `InvalidationEvent` (`EVT-1`).

use crate::{Epoch, Revision, SafeInteger, Topic, object::object_only};
use alloc::string::String;
use serde::{Deserialize, Serialize};

/// Tells the readers of a topic that its source has reached a revision; it carries no data.
///
/// A reader that holds an older revision, or another epoch, pulls a snapshot. Events may be lost, repeated or
/// out of order without harm (chapter "The engine").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(remote = "Self")]
#[serde(rename_all = "camelCase")]
pub struct InvalidationEvent {
    /// The topic whose state has changed.
    pub topic: Topic,
    /// The revision that the source has reached.
    pub revision: Revision,
    /// Who caused the change, in the application's own naming; lets a reader recognise its own writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub source_id: Option<String>,
    /// When the change was made, in milliseconds since the Unix epoch by the source's clock. For people and
    /// logs: no reader orders anything by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub timestamp_ms: Option<SafeInteger>,
    /// The history that the revision belongs to; absent means the empty epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub epoch: Option<Epoch>,
}

object_only!(InvalidationEvent, "an InvalidationEvent object");

impl InvalidationEvent {
    /// The event with its required members; the optional ones are absent.
    pub fn new(topic: Topic, revision: Revision) -> Self {
        Self { topic, revision, source_id: None, timestamp_ms: None, epoch: None }
    }
}
