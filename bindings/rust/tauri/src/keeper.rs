//! Keeps the state of a topic in its file.

use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde_json::Value;
use state_sync::{Epoch, PersistedMetadata, Revision, SnapshotEnvelope};
use state_sync_persistence::{
    FileBackend, PersistenceError, PersistenceErrorKind as Kind, Record, RecordOptions, record,
};

use crate::clock;

/// Saves states of a topic, and replaces no record but those that it has read or written: another one means that
/// a second process owns the same topic, and two owners in one epoch would break `ENG-1`.
pub(crate) struct Keeper {
    file: FileBackend,
    options: RecordOptions,
    /// Whether a state can be made of what would be saved; what cannot be read back is not worth saving.
    reads_back: fn(&Value) -> Result<(), String>,
    known: Mutex<Known>,
}

/// The records that may lie in the file.
#[derive(Default)]
pub(crate) struct Known {
    /// The last one that was read or written; without one, no record may be there.
    stored: Option<Identity>,
    /// The one whose writing failed last: the file holds it or the one before (`PRS-41`).
    attempted: Option<Identity>,
}

/// What tells two records apart: revision, epoch, time and hash.
#[derive(Clone, Debug, PartialEq)]
struct Identity {
    revision: Revision,
    epoch: Option<Epoch>,
    metadata: PersistedMetadata,
}

impl Identity {
    fn of(record: &Record) -> Self {
        let Record { snapshot, metadata } = record;
        Self { revision: snapshot.revision, epoch: snapshot.epoch.clone(), metadata: metadata.clone() }
    }
}

impl Known {
    pub(crate) fn stored(record: &Record) -> Self {
        Self { stored: Some(Identity::of(record)), attempted: None }
    }

    fn includes(&self, found: &Record) -> bool {
        let found = Identity::of(found);
        [&self.stored, &self.attempted].into_iter().flatten().any(|known| *known == found)
    }
}

impl Keeper {
    pub(crate) fn new<T: DeserializeOwned>(file: FileBackend, schema_version: u32, known: Known) -> Self {
        let options =
            RecordOptions { schema_version: schema_version.into(), hash: true, ..RecordOptions::default() };
        let reads_back = |data: &Value| T::deserialize(data).map(drop).map_err(|error| error.to_string());
        Self { file, options, reads_back, known: Mutex::new(known) }
    }

    /// Saves a state; returns when the disk has it.
    pub(crate) fn save(&self, snapshot: &SnapshotEnvelope<Value>) -> Result<(), PersistenceError> {
        (self.reads_back)(&snapshot.data).map_err(|error| {
            let message = format!("the state could not be read back from its JSON: {error}");
            PersistenceError::new(Kind::NotSerializable, message)
        })?;
        let record = record::make(snapshot, &self.options, clock::now())?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let may_replace = |found: Option<&Record>| found.is_none_or(|found| known.includes(found));
        match self.file.save(&record, may_replace) {
            Ok(true) => {
                *known = Known::stored(&record);
                Ok(())
            }
            Ok(false) => Err(self.foreign()),
            Err(error) => {
                known.attempted = Some(Identity::of(&record));
                Err(error)
            }
        }
    }

    fn foreign(&self) -> PersistenceError {
        let message = format!(
            "{} holds a state that this process has not seen; run one instance of the application at a time (tauri-plugin-single-instance sees to it), and start this one again",
            self.file.path().display()
        );
        PersistenceError::new(Kind::Unavailable, message)
    }
}
