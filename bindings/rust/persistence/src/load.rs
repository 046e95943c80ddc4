//! The steps of loading that follow the backend's answer (`PRS-13`, steps 3 to 9).

use crate::{
    Cause, Compressor, Migration, PersistenceError, PersistenceErrorKind,
    record::{self, Record},
};
use serde_json::Value;
use state_sync::{PersistedMetadata, SafeInteger, SnapshotEnvelope};
use std::{fmt, sync::Arc};

/// The application's check of a payload: what it refuses, it refuses with an error.
pub type Validator = Arc<dyn Fn(&Value) -> Result<(), Cause> + Send + Sync>;

/// How records are read.
#[derive(Clone)]
pub struct LoadOptions {
    /// The version of the payload's schema that this program reads.
    pub schema_version: SafeInteger,
    /// What records were compressed with.
    pub compressor: Option<Arc<dyn Compressor>>,
    /// The steps from older schema versions.
    pub migration: Migration,
    /// The application's check of the data, after decompression and migration.
    pub validator: Option<Validator>,
    /// Whether a hash is checked.
    pub verify_hash: bool,
    /// Whether records past their time are used.
    pub ignore_ttl: bool,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            schema_version: SafeInteger::from(1_u32),
            compressor: None,
            migration: Migration::default(),
            validator: None,
            verify_hash: true,
            ignore_ttl: false,
        }
    }
}

impl fmt::Debug for LoadOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LoadOptions")
            .field("schema_version", &self.schema_version.get())
            .field("compressor", &self.compressor)
            .field("migration", &self.migration)
            .field("validator", &self.validator.is_some())
            .field("verify_hash", &self.verify_hash)
            .field("ignore_ttl", &self.ignore_ttl)
            .finish()
    }
}

/// What came of reading a record.
#[derive(Clone, Debug)]
pub enum Reading {
    /// It has passed all steps.
    Passed {
        /// The snapshot to offer: the record's revision and epoch, the data as the program knows it (`PRS-14`).
        snapshot: SnapshotEnvelope<Value>,
        /// Whether it was led here from an older schema version.
        migrated: bool,
    },
    /// Its time is over, which is no error.
    Expired,
}

/// Why a record was not used.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The error to report.
    pub error: PersistenceError,
    /// Whether the migration had succeeded before.
    pub migrated: bool,
    /// Whether the record can be read and is of no use (steps 6 to 9): from now on it counts as none, and is set aside
    /// before it is replaced (`PRS-69`, `PRS-70`).
    pub useless: bool,
}

/// Takes a decoded record through the steps; `wall_ms` is the wall clock's time in milliseconds.
///
/// # Errors
///
/// [`Refusal`] for the first step that ends the loading with an error.
pub fn read(record: &Record, options: &LoadOptions, wall_ms: u64) -> Result<Reading, Refusal> {
    let metadata = &record.metadata;
    if metadata.schema_version > options.schema_version {
        return Err(Refusal {
            error: newer_schema(metadata, options.schema_version),
            migrated: false,
            useless: false,
        });
    }
    if is_expired(metadata, wall_ms) && !options.ignore_ttl {
        return Ok(Reading::Expired);
    }
    let refuse = |error| Refusal { error, migrated: false, useless: true };
    let data = if metadata.compressed {
        decompress(&record.snapshot.data, options.compressor.as_deref()).map_err(refuse)?
    } else {
        record.snapshot.data.clone()
    };
    if options.verify_hash {
        verify_hash(&data, metadata.hash.as_deref()).map_err(refuse)?;
    }
    let migrated = metadata.schema_version < options.schema_version;
    let data = if migrated {
        options.migration.run(data, metadata.schema_version, options.schema_version).map_err(refuse)?
    } else {
        data
    };
    if let Some(validator) = &options.validator {
        validator(&data).map_err(|cause| {
            let message = format!("the validator refuses the stored data: {cause}");
            let error = PersistenceError::new(PersistenceErrorKind::InvalidData, message).caused_by(cause);
            Refusal { error, migrated, useless: true }
        })?;
    }
    let SnapshotEnvelope { revision, epoch, .. } = record.snapshot.clone();
    Ok(Reading::Passed { snapshot: SnapshotEnvelope { revision, data, epoch }, migrated })
}

/// Whether a record's time is over, by its own `ttlMs` and in either direction (`PRS-19`).
pub fn is_expired(metadata: &PersistedMetadata, wall_ms: u64) -> bool {
    metadata.ttl_ms.is_some_and(|ttl| wall_ms.abs_diff(metadata.saved_at.get()) >= ttl.get())
}

pub(crate) fn newer_schema(metadata: &PersistedMetadata, own: SafeInteger) -> PersistenceError {
    let message = format!(
        "the stored record has schema version {}, this program reads {}; a newer version of the program wrote it",
        metadata.schema_version.get(),
        own.get()
    );
    PersistenceError::new(PersistenceErrorKind::NewerSchema, message)
}

fn decompress(data: &Value, compressor: Option<&dyn Compressor>) -> Result<Value, PersistenceError> {
    let unreadable = |message: String| PersistenceError::new(PersistenceErrorKind::Unreadable, message);
    let Some(compressor) = compressor else {
        return Err(unreadable(
            "the stored data is compressed, and there is no compressor; set the option".into(),
        ));
    };
    let Value::String(text) = data else {
        return Err(unreadable("the stored data is said to be compressed, but is no string".into()));
    };
    let name = compressor.algorithm();
    let text = compressor.decompress(text).map_err(|cause| {
        unreadable(format!("{name:?} cannot decompress the stored data: {cause}")).caused_by(cause)
    })?;
    serde_json::from_str(&text).map_err(|error| {
        unreadable(format!("what {name:?} decompressed is no JSON: {error}")).caused_by(Arc::new(error))
    })
}

/// A hash that is not 64 lower-case hexadecimal digits is never that of the data (`PRS-18`).
fn verify_hash(data: &Value, hash: Option<&str>) -> Result<(), PersistenceError> {
    let Some(hash) = hash else { return Ok(()) };
    let own = record::hash(data)?;
    if hash == own {
        return Ok(());
    }
    let message =
        format!("the stored data has the hash {own}, its record says {hash}; it was changed or damaged");
    Err(PersistenceError::new(PersistenceErrorKind::HashMismatch, message))
}
