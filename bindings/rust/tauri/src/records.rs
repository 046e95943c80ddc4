//! The records that windows keep: what `createTauriFileBackend` of `@statesync/tauri` saves.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::Value;
use state_sync_persistence::{
    FileBackend, PersistenceError, PersistenceErrorKind as Kind, Record, ReplaceRule, Replacement,
};

use crate::{Error, SetupError, clock, names::file_name};

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

    /// Saves a record, unless a newer one is stored; gives whether it did (`PRS-30` to `PRS-32`). `useless` is the stored
    /// record where the window has found it to be of no use (`PRS-70`): it is set aside, unless it is not there any more.
    pub(crate) fn save(&self, key: &str, record: Value, useless: Option<Value>) -> Result<bool, Error> {
        let file = self.file(key)?;
        let failed = |cause| Error::Record { key: key.to_owned(), cause };
        let record: Record = state_sync::json::from_value(&record)
            .map_err(|error| failed(PersistenceError::new(Kind::NotSerializable, error.to_string())))?;
        // What does not decode as a record keeps nothing from being saved anyway.
        let useless = useless.and_then(|found| state_sync::json::from_value(&found).ok());
        let rule = useless.map_or_else(ReplaceRule::default, ReplaceRule::knowing_useless);
        match file.save_by(&record, &rule, clock::now().get()).map_err(failed)? {
            Replacement::NewerSchema => Err(failed(PersistenceError::new(
                Kind::NewerSchema,
                "a newer version of the application has saved it; clear it to save again",
            ))),
            replacement => Ok(replacement.is_replaced()),
        }
    }

    /// The stored record.
    pub(crate) fn load(&self, key: &str) -> Result<Option<Record>, Error> {
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
