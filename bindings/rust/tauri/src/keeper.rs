//! Keeps the state of a topic in its file.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use state_sync::{PersistedSnapshot, SnapshotEnvelope};
use state_sync_persistence::{FileBackend, PersistenceError, PersistenceErrorKind as Kind};

use crate::record;

/// Saves states of a topic, and replaces no record but those that it has read or written: another one means that
/// a second process owns the same topic, and two owners in one epoch would break `ENG-1`.
pub(crate) struct Keeper {
    file: FileBackend,
    schema_version: u32,
    known: Mutex<Known>,
}

/// The records that may lie in the file.
#[derive(Default)]
pub(crate) struct Known {
    /// The last one that was read or written; without one, no record may be there.
    pub(crate) stored: Option<PersistedSnapshot<Value>>,
    /// The one whose writing failed last: the file holds it or the one before (`PRS-41`).
    attempted: Option<PersistedSnapshot<Value>>,
}

impl Known {
    pub(crate) fn stored(record: PersistedSnapshot<Value>) -> Self {
        Self { stored: Some(record), attempted: None }
    }

    fn includes(&self, found: &PersistedSnapshot<Value>) -> bool {
        [&self.stored, &self.attempted].into_iter().flatten().any(|known| known == found)
    }
}

impl Keeper {
    pub(crate) fn new(file: FileBackend, schema_version: u32, known: Known) -> Self {
        Self { file, schema_version, known: Mutex::new(known) }
    }

    /// Saves a state; returns when the disk has it.
    pub(crate) fn save(&self, snapshot: SnapshotEnvelope<Value>) -> Result<(), PersistenceError> {
        let record = record::make(snapshot, self.schema_version)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let may_replace =
            |found: Option<&PersistedSnapshot<Value>>| found.is_none_or(|found| known.includes(found));
        match self.file.save(&record, may_replace) {
            Ok(true) => {
                *known = Known::stored(record);
                Ok(())
            }
            Ok(false) => Err(self.foreign()),
            Err(error) => {
                known.attempted = Some(record);
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
