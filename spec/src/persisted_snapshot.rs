//! The record `PersistedSnapshot` with its metadata (`PST-1`, `PST-2`).

use crate::{SafeInteger, SnapshotEnvelope, object::object_only};
use alloc::string::String;
use serde::{Deserialize, Serialize};

/// A snapshot as a reader keeps it between two runs: one record, the same for every storage backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "PersistedSnapshot"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(remote = "Self")]
#[serde(rename_all = "camelCase")]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct PersistedSnapshot<T> {
    /// The snapshot; its `data` is the compressed text where the metadata says so.
    pub snapshot: SnapshotEnvelope<T>,
    /// What is needed to judge and to read the snapshot.
    pub metadata: PersistedMetadata,
}

object_only!(PersistedSnapshot<T>, "a PersistedSnapshot object");

/// What is known of a persisted snapshot without reading its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(remote = "Self")]
#[serde(rename_all = "camelCase")]
pub struct PersistedMetadata {
    /// When the record was first saved, in milliseconds since the Unix epoch; loading does not renew it.
    pub saved_at: SafeInteger,
    /// The version of the payload's schema, in the application's own counting.
    pub schema_version: SafeInteger,
    /// The size of the stored `data` as JSON text, in bytes of UTF-8.
    pub size_bytes: SafeInteger,
    /// Whether `data` is stored compressed, as a string.
    pub compressed: bool,
    /// SHA-256 over the RFC 8785 form of the uncompressed data, in 64 lower-case hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub hash: Option<String>,
    /// How long the record may be used after `savedAt`, in milliseconds; absent means for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub ttl_ms: Option<SafeInteger>,
}

object_only!(PersistedMetadata, "a PersistedMetadata object");
