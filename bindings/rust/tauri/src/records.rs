//! The records that windows keep: what `createTauriFileBackend` of `@statesync/tauri` saves.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use state_sync::{Epoch, PersistedSnapshot};
use state_sync_persistence::{FileBackend, PersistenceError, PersistenceErrorKind as Kind};

use crate::{Error, SetupError, names::file_name};

/// The files of the records, by key. A window reaches these and no others.
#[derive(Default)]
pub(crate) struct Records {
    files: BTreeMap<String, FileBackend>,
}

impl Records {
    /// The records of these keys, each with a file in `folder`.
    pub(crate) fn new(folder: &Path, keys: Vec<String>) -> Result<Self, SetupError> {
        let mut files = BTreeMap::new();
        for key in keys {
            let path: PathBuf = folder.join("records").join(file_name(&key)?);
            files.insert(key, FileBackend::new(path));
        }
        Ok(Self { files })
    }

    /// Saves a record, unless a newer one is stored; gives whether it did (`PRS-30` to `PRS-32`).
    pub(crate) fn save(&self, key: &str, record: Value) -> Result<bool, Error> {
        let file = self.file(key)?;
        let failed = |cause| Error::Record { key: key.to_owned(), cause };
        let record: PersistedSnapshot<Value> = state_sync::json::from_value(&record)
            .map_err(|error| failed(PersistenceError::new(Kind::NotSerializable, error.to_string())))?;
        let mut newer = None;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let may_replace = |stored: Option<&PersistedSnapshot<Value>>| {
            let Some(stored) = stored else { return true };
            if stored.metadata.schema_version > record.metadata.schema_version {
                newer = Some(stored.metadata.schema_version.get());
                return false;
            }
            has_expired(stored, now) || !is_as_new(stored, &record)
        };
        let saved = file.save(&record, may_replace).map_err(failed)?;
        match newer {
            None => Ok(saved),
            Some(version) => {
                let message = format!(
                    "a newer version of the application has saved it, with schema version {version}; clear it to save again"
                );
                Err(failed(PersistenceError::new(Kind::NewerSchema, message)))
            }
        }
    }

    /// The stored record.
    pub(crate) fn load(&self, key: &str) -> Result<Option<PersistedSnapshot<Value>>, Error> {
        self.file(key)?.load().map_err(|cause| Error::Record { key: key.to_owned(), cause })
    }

    /// Removes the stored record.
    pub(crate) fn clear(&self, key: &str) -> Result<(), Error> {
        self.file(key)?.clear().map_err(|cause| Error::Record { key: key.to_owned(), cause })
    }

    /// The files, so that no topic has the same.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.values().map(FileBackend::path)
    }

    fn file(&self, key: &str) -> Result<&FileBackend, Error> {
        self.files.get(key).ok_or_else(|| Error::UnknownRecord {
            key: key.to_owned(),
            known: self.files.keys().cloned().collect(),
        })
    }
}

/// `PRS-19`: by its own time to live, in either direction.
fn has_expired(stored: &PersistedSnapshot<Value>, now: u128) -> bool {
    stored
        .metadata
        .ttl_ms
        .is_some_and(|ttl| u128::from(stored.metadata.saved_at.get()).abs_diff(now) >= u128::from(ttl.get()))
}

/// `PRS-31`: of the same epoch and schema version, and of no lower revision.
fn is_as_new(stored: &PersistedSnapshot<Value>, record: &PersistedSnapshot<Value>) -> bool {
    Epoch::same(stored.snapshot.epoch.as_ref(), record.snapshot.epoch.as_ref())
        && stored.metadata.schema_version == record.metadata.schema_version
        && stored.snapshot.revision >= record.snapshot.revision
}
