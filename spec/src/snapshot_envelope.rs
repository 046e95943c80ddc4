//! The message `SnapshotEnvelope` (`ENV-1` to `ENV-3`).

use crate::{
    Epoch, Revision,
    object::{object_only, required},
};
use serde::{Deserialize, Serialize};

/// A whole state of a topic, with the revision that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SnapshotEnvelope"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(remote = "Self")]
#[serde(rename_all = "camelCase")]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct SnapshotEnvelope<T> {
    /// The revision of the state in `data`.
    pub revision: Revision,
    /// The state: any JSON value, `null` too.
    #[serde(deserialize_with = "required")]
    pub data: T,
    /// The history that the revision belongs to; absent means the empty epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub epoch: Option<Epoch>,
}

object_only!(SnapshotEnvelope<T>, "a SnapshotEnvelope object");

impl<T> SnapshotEnvelope<T> {
    /// The envelope with its required members; the epoch is absent.
    ///
    /// ```
    /// use state_sync::SnapshotEnvelope;
    ///
    /// // `data` may be null, but it may not be missing.
    /// type Maybe = SnapshotEnvelope<Option<u8>>;
    /// assert_eq!(serde_json::from_str::<Maybe>(r#"{"revision":"1","data":null}"#)?.data, None);
    /// assert!(serde_json::from_str::<Maybe>(r#"{"revision":"1"}"#).is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn new(revision: Revision, data: T) -> Self {
        Self { revision, data, epoch: None }
    }
}
