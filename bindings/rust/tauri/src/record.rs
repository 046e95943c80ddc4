//! Records: made of a snapshot, and read back.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use sha2::{Digest, Sha256};
use state_sync::{PersistedMetadata, PersistedSnapshot, SafeInteger, SnapshotEnvelope};
use state_sync_persistence::{PersistenceError, PersistenceErrorKind as Kind};

use crate::setup::Step;

/// The record of a snapshot, saved now (`PRS-3` to `PRS-8`).
pub(crate) fn make(
    snapshot: SnapshotEnvelope<Value>,
    schema_version: u32,
) -> Result<PersistedSnapshot<Value>, PersistenceError> {
    let text = canonical(&snapshot.data)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let integer = |value: u64| SafeInteger::new(value).unwrap_or(SafeInteger::MAX);
    let metadata = PersistedMetadata {
        saved_at: integer(since.as_millis().try_into().unwrap_or(u64::MAX)),
        schema_version: schema_version.into(),
        size_bytes: integer(text.len() as u64),
        compressed: false,
        hash: Some(hash_of(&text)),
        ttl_ms: None,
    };
    Ok(PersistedSnapshot { snapshot, metadata })
}

/// The data of a record in the current schema version, after the steps of `PRS-13` that apply to a file of an owner: it has
/// no time to live and is not compressed.
pub(crate) fn read(
    record: &PersistedSnapshot<Value>,
    schema_version: u32,
    steps: &BTreeMap<u32, Step>,
) -> Result<Value, PersistenceError> {
    let PersistedMetadata { schema_version: stored, compressed, hash, .. } = &record.metadata;
    if stored.get() > u64::from(schema_version) {
        let message = format!(
            "it was saved by a newer version of the application, with schema version {} where this one knows {schema_version}",
            stored.get()
        );
        return Err(PersistenceError::new(Kind::NewerSchema, message));
    }
    if *compressed {
        return Err(PersistenceError::new(Kind::Unreadable, "it is compressed, which no owner does"));
    }
    let data = &record.snapshot.data;
    if let Some(hash) = hash
        && *hash != hash_of(&canonical(data)?)
    {
        return Err(PersistenceError::new(Kind::HashMismatch, "its data are not those that were saved"));
    }
    migrate(data.clone(), stored.get(), schema_version, steps)
}

/// Leads data through the steps from one version to another, each once (`PRS-21`).
fn migrate(
    mut data: Value,
    stored: u64,
    schema_version: u32,
    steps: &BTreeMap<u32, Step>,
) -> Result<Value, PersistenceError> {
    for from in stored..u64::from(schema_version) {
        let failed = |why: String| {
            let message = format!("the step from schema version {from} {why}");
            PersistenceError::new(Kind::MigrationFailed, message)
        };
        let step = u32::try_from(from).ok().and_then(|from| steps.get(&from));
        let step = step.ok_or_else(|| failed("is missing; give it with migration(…)".to_owned()))?;
        data = step(data).map_err(|error| failed(format!("failed: {error}")))?;
    }
    Ok(data)
}

fn canonical(data: &Value) -> Result<Vec<u8>, PersistenceError> {
    serde_json_canonicalizer::to_vec(data)
        .map_err(|error| PersistenceError::new(Kind::NotSerializable, error.to_string()))
}

fn hash_of(canonical: &[u8]) -> String {
    Sha256::digest(canonical).iter().map(|byte| format!("{byte:02x}")).collect()
}
