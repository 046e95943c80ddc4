//! Keeps the state of a topic in its file.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use state_sync::SnapshotEnvelope;
use state_sync_persistence::{
    FileBackend, PersistenceError, PersistenceErrorKind as Kind, Record, RecordOptions, record,
};

use crate::clock;

/// Saves states of a topic, and replaces no record but those that it has read or written: another one means that
/// a second process owns the same topic, and two owners in one epoch would break `ENG-1`.
pub(crate) struct Keeper {
    file: FileBackend,
    options: RecordOptions,
    known: Mutex<Known>,
}

/// The records that may lie in the file.
#[derive(Default)]
pub(crate) struct Known {
    /// The last one that was read or written; without one, no record may be there.
    pub(crate) stored: Option<Record>,
    /// The one whose writing failed last: the file holds it or the one before (`PRS-41`).
    attempted: Option<Record>,
}

impl Known {
    pub(crate) fn stored(record: Record) -> Self {
        Self { stored: Some(record), attempted: None }
    }

    fn includes(&self, found: &Record) -> bool {
        [&self.stored, &self.attempted].into_iter().flatten().any(|known| known == found)
    }
}

impl Keeper {
    pub(crate) fn new(file: FileBackend, schema_version: u32, known: Known) -> Self {
        let options =
            RecordOptions { schema_version: schema_version.into(), hash: true, ..RecordOptions::default() };
        Self { file, options, known: Mutex::new(known) }
    }

    /// Saves a state; returns when the disk has it.
    pub(crate) fn save(&self, snapshot: &SnapshotEnvelope<Value>) -> Result<(), PersistenceError> {
        let record = record::make(snapshot, &self.options, clock::now())?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let may_replace = |found: Option<&Record>| found.is_none_or(|found| known.includes(found));
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
