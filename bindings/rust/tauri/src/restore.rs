//! What a topic starts with.

use std::{fmt, fs, path::PathBuf};

use serde::{Serialize, de::DeserializeOwned};
use state_sync::{Revision, SnapshotEnvelope, Topic};
use state_sync_persistence::{
    FileBackend, LoadOptions, PersistenceError, PersistenceErrorKind as Kind, Record,
    load::{self, Reading as Outcome},
};

use crate::{
    SetupError, clock,
    epoch::new_epoch,
    keeper::Known,
    problem::{Problem, Reporter},
};

/// What the state of a topic was made of at the start of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Restored {
    /// The initial state, as the topic is not saved.
    NotKept,
    /// The initial state, as nothing was saved yet.
    Nothing,
    /// The saved state.
    Saved,
    /// The version before the last one, as the last one is damaged.
    Previous,
    /// The initial state, as none of the files can be used. They have been set aside.
    Damaged,
    /// The initial state, as a newer version of the application saved the state. It is not saved (`PRS-30`).
    NewerSchema,
    /// The initial state, as the file cannot be read. No change is made until it can be saved again.
    Unavailable,
}

impl fmt::Display for Restored {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Restored::NotKept => "its initial state, as it is not saved",
            Restored::Nothing => "its initial state, as nothing was saved yet",
            Restored::Saved => "the saved state",
            Restored::Previous => "the version before the last one",
            Restored::Damaged => "its initial state; the files that could not be used were set aside",
            Restored::NewerSchema => {
                "its initial state, and is not saved; the file of the newer version stays as it is"
            }
            Restored::Unavailable => "its initial state, and no change is made until the file can be read",
        })
    }
}

/// What is read, and how.
pub(crate) struct Reading<'a> {
    pub(crate) topic: &'a Topic,
    pub(crate) file: &'a FileBackend,
    pub(crate) options: &'a LoadOptions,
    pub(crate) reporter: &'a Reporter,
}

/// A state that was read, and whether it is the one that was written, to the last member.
struct Read<T> {
    data: T,
    revision: Revision,
    unchanged: bool,
}

/// Restores a state. It goes on in its epoch only if it is the last one that anybody has seen, as it was saved; any
/// other state begins a new epoch (`ENG-3`).
pub(crate) fn restore<T: Serialize + DeserializeOwned>(
    reading: &Reading<'_>,
    initial: T,
) -> Result<(SnapshotEnvelope<T>, Restored, Known), SetupError> {
    let stored = match reading.file.load() {
        Ok(stored) => stored,
        Err(error) if error.kind() == Kind::Unreadable => {
            reading.report(error);
            return from_previous(reading, initial, Restored::Damaged);
        }
        Err(error) => {
            reading.report(error);
            return begin(reading, initial, Restored::Unavailable);
        }
    };
    let Some(record) = stored else { return from_previous(reading, initial, Restored::Nothing) };
    match reading.read::<T>(&record) {
        Ok(read) => {
            let mut snapshot = SnapshotEnvelope::new(read.revision, read.data);
            snapshot.epoch.clone_from(&record.snapshot.epoch);
            if !read.unchanged || snapshot.epoch.is_none() || read.revision == Revision::MAX {
                snapshot.epoch = Some(new_epoch()?);
                snapshot.revision = Revision::ZERO;
            }
            Ok((snapshot, Restored::Saved, Known::stored(&record)))
        }
        Err(error) if error.kind() == Kind::NewerSchema => {
            reading.report(error);
            begin(reading, initial, Restored::NewerSchema)
        }
        Err(error) => {
            let outcome = match set_aside(reading.file) {
                Ok(path) => format!("it has been set aside as {}", path.display()),
                Err(error) => format!("it could not be set aside: {error}"),
            };
            let message = format!("{}: {}; {outcome}", reading.file.path().display(), error.message());
            reading.report(PersistenceError::new(error.kind(), message));
            from_previous(reading, initial, Restored::Damaged)
        }
    }
}

/// The state of the version before; `otherwise` says what it means that there is none.
fn from_previous<T: Serialize + DeserializeOwned>(
    reading: &Reading<'_>,
    initial: T,
    otherwise: Restored,
) -> Result<(SnapshotEnvelope<T>, Restored, Known), SetupError> {
    let previous = reading
        .file
        .load_previous()
        .and_then(|record| record.map(|record| reading.read::<T>(&record)).transpose());
    match previous {
        Ok(Some(read)) => begin(reading, read.data, Restored::Previous),
        Ok(None) => begin(reading, initial, otherwise),
        Err(error) => {
            reading.report(error);
            begin(reading, initial, Restored::Damaged)
        }
    }
}

/// A state that begins a new epoch.
fn begin<T>(
    reading: &Reading<'_>,
    data: T,
    restored: Restored,
) -> Result<(SnapshotEnvelope<T>, Restored, Known), SetupError> {
    if restored != Restored::Nothing {
        let topic = reading.topic.as_str().to_owned();
        (reading.reporter)(&Problem::StartsWith { topic, restored });
    }
    let snapshot = SnapshotEnvelope { revision: Revision::ZERO, data, epoch: Some(new_epoch()?) };
    Ok((snapshot, restored, Known::default()))
}

/// Moves a record that is whole but cannot be used out of the way, so that the next save does not replace it.
fn set_aside(file: &FileBackend) -> std::io::Result<PathBuf> {
    let path = fs::canonicalize(file.path())?;
    let mut aside = path.clone().into_os_string();
    aside.push(".unusable");
    let aside = PathBuf::from(aside);
    fs::rename(&path, &aside)?;
    Ok(aside)
}

impl Reading<'_> {
    fn read<T: Serialize + DeserializeOwned>(&self, record: &Record) -> Result<Read<T>, PersistenceError> {
        // The owner's own records never expire, and one with a time to live is another's.
        let options = LoadOptions { ignore_ttl: true, ..self.options.clone() };
        let Outcome::Passed { snapshot, .. } =
            load::read(record, &options, clock::now().get()).map_err(|refusal| refusal.error)?
        else {
            return Err(PersistenceError::new(Kind::Unreadable, "its time is over"));
        };
        let data: T = serde_json::from_value(snapshot.data).map_err(|error| {
            let message = format!("it does not hold a {}: {error}", std::any::type_name::<T>());
            PersistenceError::new(Kind::InvalidData, message)
        })?;
        // A member that got its default is a change too, which readers that kept the old data must learn of.
        let unchanged = serde_json::to_value(&data).is_ok_and(|again| again == record.snapshot.data);
        Ok(Read { data, revision: record.snapshot.revision, unchanged })
    }

    fn report(&self, cause: PersistenceError) {
        (self.reporter)(&Problem::NotRestored { topic: self.topic.as_str().to_owned(), cause });
    }
}
