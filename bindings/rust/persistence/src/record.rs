//! The record: what is stored of a snapshot (`PRS-2` to `PRS-12`).

use crate::{Compressor, PersistenceError, PersistenceErrorKind};
use serde_json::Value;
use sha2::{Digest, Sha256};
use state_sync::{
    PersistedMetadata, PersistedSnapshot, SafeInteger, SnapshotEnvelope, json as state_sync_json,
};
use std::{fmt::Write, sync::Arc};

/// A record as it is stored: its data is any JSON value, or the compressed text.
pub type Record = PersistedSnapshot<Value>;

/// How many levels the data of a record may nest: the record and its snapshot are two of those of `MSG-9`.
pub const MAX_DATA_DEPTH: usize = state_sync_json::MAX_DEPTH - 2;

/// How records are made.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// The version of the payload's schema that this program writes and reads; the option's default is 1.
    pub schema_version: SafeInteger,
    /// How long the record may be used, in milliseconds; for ever without it.
    pub ttl_ms: Option<SafeInteger>,
    /// Whether the record has a hash.
    pub hash: bool,
    /// What makes the data smaller.
    pub compressor: Option<Arc<dyn Compressor>>,
}

/// The record of a snapshot, with `saved_at` in milliseconds since the Unix epoch.
///
/// ```
/// use serde_json::json;
/// use state_sync::{Revision, SafeInteger, SnapshotEnvelope};
/// use state_sync_persistence::record::{RecordOptions, make};
///
/// let snapshot = SnapshotEnvelope::new(Revision::new(42), json!({ "theme": "dark" }));
/// let options = RecordOptions { schema_version: 2_u32.into(), hash: true, ..RecordOptions::default() };
/// let record = make(&snapshot, &options, SafeInteger::default())?;
/// assert_eq!(record.metadata.size_bytes.get(), 16);
/// # Ok::<(), state_sync_persistence::PersistenceError>(())
/// ```
///
/// # Errors
///
/// `not-serializable` for data that no record can hold (`PRS-4`), `compression` where the compressor fails.
pub fn make(
    snapshot: &SnapshotEnvelope<Value>,
    options: &RecordOptions,
    saved_at: SafeInteger,
) -> Result<Record, PersistenceError> {
    let text = canonical(&snapshot.data)?;
    let compressed = match &options.compressor {
        None => None,
        Some(compressor) => smaller(compressor.as_ref(), &text)?,
    };
    if compressed.is_none() && is_deeper(&snapshot.data, MAX_DATA_DEPTH) {
        let message =
            format!("the data nests more than {MAX_DATA_DEPTH} levels, and no reader would take the record");
        return Err(PersistenceError::new(PersistenceErrorKind::NotSerializable, message));
    }
    let hash = options.hash.then(|| hash_of_text(&text));
    let (data, size, compressed) = match compressed {
        Some((data, size)) => (Value::String(data), size, true),
        None => (snapshot.data.clone(), text.len(), false),
    };
    Ok(Record {
        snapshot: SnapshotEnvelope { revision: snapshot.revision, data, epoch: snapshot.epoch.clone() },
        metadata: PersistedMetadata {
            saved_at,
            schema_version: options.schema_version,
            size_bytes: SafeInteger::new(size as u64).unwrap_or(SafeInteger::MAX),
            compressed,
            hash,
            ttl_ms: options.ttl_ms,
        },
    })
}

/// The compressed text with its size as it is stored, if that is smaller (`PRS-12`).
fn smaller(compressor: &dyn Compressor, text: &str) -> Result<Option<(String, usize)>, PersistenceError> {
    let data = compressor.compress(text).map_err(|cause| {
        let message = format!("the compressor {:?} failed on {} bytes", compressor.algorithm(), text.len());
        PersistenceError::new(PersistenceErrorKind::Compression, message).caused_by(cause)
    })?;
    let data = Value::String(data);
    let size = canonical(&data)?.len();
    let Value::String(data) = data else { return Ok(None) };
    Ok((size < text.len()).then_some((data, size)))
}

/// The text of a value by RFC 8785.
///
/// # Errors
///
/// `not-serializable` where it has none.
pub fn canonical(value: &Value) -> Result<String, PersistenceError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| {
        let message = "the data has no canonical JSON text (RFC 8785)";
        PersistenceError::new(PersistenceErrorKind::NotSerializable, message).caused_by(Arc::new(error))
    })
}

/// The hash of data before compression (`PRS-8`).
///
/// # Errors
///
/// As [`canonical`].
pub fn hash(data: &Value) -> Result<String, PersistenceError> {
    canonical(data).map(|text| hash_of_text(&text))
}

/// SHA-256 of a text in UTF-8, in 64 lower-case hexadecimal digits.
pub(crate) fn hash_of_text(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut digits, byte| {
        _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Decodes a record from a value in hand, as step 3 of loading does.
///
/// # Errors
///
/// `unreadable`, with the [`state_sync::DecodeError`] as its cause.
pub fn decode(stored: &Value) -> Result<Record, PersistenceError> {
    state_sync_json::from_value(stored).map_err(|error| {
        let message = format!("what is stored is no PersistedSnapshot: {error}");
        PersistenceError::new(PersistenceErrorKind::Unreadable, message).caused_by(Arc::new(error))
    })
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    let mut left = vec![(value, 1)];
    while let Some((value, level)) = left.pop() {
        match value {
            Value::Array(_) | Value::Object(_) if level > levels => return true,
            Value::Array(items) => left.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(members) => left.extend(members.values().map(|member| (member, level + 1))),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compression::tests::Runs;
    use serde_json::json;
    use state_sync::Revision;

    fn made(data: Value, options: &RecordOptions) -> Result<Record, PersistenceError> {
        make(&SnapshotEnvelope::new(Revision::new(1), data), options, 7_u32.into())
    }

    #[test]
    fn sizes_and_hashes_are_those_of_the_prose() {
        let options = RecordOptions { hash: true, ..RecordOptions::default() };
        for (text, size, hash) in [
            ("null", 4, "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"),
            (
                r#"{ "theme": "dark" }"#,
                16,
                "0f4f87db4567232a7f1756aa1534ec1314777b39c3bf5209f87cf9739321cddc",
            ),
            (
                r#"{"b":"\u000a", "a":[1.0,1E21,-0], "":"é"}"#,
                34,
                "09246f4e05768c5e7f2208d6b1a82488e2803aca70e97afa58b9de389ed6fe0e",
            ),
        ] {
            let record = made(serde_json::from_str(text).unwrap(), &options).unwrap();
            assert_eq!(record.metadata.size_bytes.get(), size, "{text}");
            assert_eq!(record.metadata.hash.as_deref(), Some(hash), "{text}");
        }
    }

    #[test]
    fn compressed_data_is_stored_only_where_it_is_smaller() {
        let options = RecordOptions { compressor: Some(Arc::new(Runs)), ..RecordOptions::default() };
        let record = made(json!("aaaaaaaaaaaaaaaa"), &options).unwrap();
        assert_eq!(record.snapshot.data, json!("\"a9a7\""));
        assert_eq!((record.metadata.size_bytes.get(), record.metadata.compressed), (10, true));

        let record = made(json!("aaa"), &options).unwrap();
        assert_eq!(record.snapshot.data, json!("aaa"));
        assert_eq!((record.metadata.size_bytes.get(), record.metadata.compressed), (5, false));

        let error = made(json!("a1"), &options).unwrap_err();
        assert_eq!(error.kind(), PersistenceErrorKind::Compression);
        assert!(error.cause().is_some());
    }

    /// PRS-4.
    #[test]
    fn data_that_nests_too_deeply_is_refused_and_one_level_less_is_read_again() {
        let nested = |levels: usize| (1..levels).fold(json!([]), |inner, _| json!([inner]));
        let options = RecordOptions::default();
        let record = made(nested(MAX_DATA_DEPTH), &options).unwrap();
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(state_sync_json::from_str::<Record>(&text).unwrap(), record);
        let error = made(nested(MAX_DATA_DEPTH + 1), &options).unwrap_err();
        assert_eq!(error.kind(), PersistenceErrorKind::NotSerializable);
    }
}
