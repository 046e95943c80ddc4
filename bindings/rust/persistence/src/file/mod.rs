//! The backend that keeps the record in a file (feature `file`).

mod failure;
mod lock;
mod replace;

use crate::{PersistenceError, PersistenceErrorKind, Record, ReplaceRule, Replacement};
use failure::{Action, failed};
use lock::Lock;
use state_sync::json as state_sync_json;
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A record in a file, as JSON text, written whole.
///
/// A save writes a new file beside the old one, waits until it is on the disk, and puts it in the place of the old
/// one in a single step (`PRS-40`, `PRS-41`): whenever the program or the machine stops, the file is the old record
/// or the new one. These files lie in the same folder:
///
/// | name | what it is |
/// | --- | --- |
/// | `<name>` | the record |
/// | `<name>.previous` | the record before it |
/// | `<name>.damaged` | the last file that was no record, set aside so that it is not lost (`PRS-69`) |
/// | `<name>.lock` | empty; locked during a save, so that programs that share the file do not mix |
///
/// Files are readable by their owner alone. Where `<name>` is a symbolic link, the file that it leads to is meant.
#[derive(Clone, Debug)]
pub struct FileBackend {
    path: PathBuf,
    lock_timeout: Duration,
}

impl FileBackend {
    /// A backend for the file of this path. Nothing is opened yet; the first save makes the folder if need be.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), lock_timeout: Duration::from_secs(10) }
    }

    /// The same backend with another time that it waits for a program that is just saving to the same file; by
    /// default ten seconds, as `saveTimeoutMs`.
    #[must_use]
    pub fn with_lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// The path of the record, as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The stored record, or `None` where nothing has been saved or all has been cleared (`PRS-42`).
    ///
    /// # Errors
    ///
    /// `unavailable` where the file cannot be read. `unreadable` where it is no record: then it has been set aside
    /// as `<name>.damaged` (the error says so, and where it could not be), the next load gives `None`, and
    /// [`FileBackend::load_previous`] may have the record before it.
    pub fn load(&self) -> Result<Option<Record>, PersistenceError> {
        let files = self.files();
        let damage = match read(&files.record)? {
            Ok(record) => return Ok(record),
            Err(damage) => damage,
        };
        // Another program may have replaced it meanwhile, so it is looked at again under the lock.
        let set_aside = Lock::take(&files.lock, self.lock_timeout).and_then(|_lock| {
            if read(&files.record)?.is_err() {
                replace::set_aside(&files.record, &files.damaged)?;
            }
            Ok(())
        });
        let outcome = match set_aside {
            Ok(()) => format!("it has been set aside as {}", files.damaged.display()),
            Err(error) => format!("it could not be set aside: {error}"),
        };
        Err(unreadable(&files.record, &outcome, damage))
    }

    /// The record before the stored one, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// As [`FileBackend::load`], but a damaged file stays where it is.
    pub fn load_previous(&self) -> Result<Option<Record>, PersistenceError> {
        let previous = self.files().previous;
        read(&previous)?.map_err(|damage| unreadable(&previous, "it was left there", damage))
    }

    /// The newest record that can be read, for a program that owns its state and must begin with something: the
    /// stored one, or, where it is damaged or was removed by hand, the one before it. A reader's cache is better
    /// served by [`FileBackend::load`], which shows no older state than the last one that was saved.
    ///
    /// A damaged file is set aside as [`FileBackend::load`] does it, and is told in [`Recovered::damage`].
    ///
    /// # Errors
    ///
    /// `unavailable` where a file cannot be read.
    pub fn recover(&self) -> Result<Recovered, PersistenceError> {
        let damage = match self.load() {
            Ok(Some(record)) => {
                return Ok(Recovered { record: Some((record, FoundIn::Current)), damage: None });
            }
            Ok(None) => None,
            Err(error) if error.kind() == PersistenceErrorKind::Unreadable => Some(error),
            Err(error) => return Err(error),
        };
        match self.load_previous() {
            Ok(previous) => {
                Ok(Recovered { record: previous.map(|record| (record, FoundIn::Previous)), damage })
            }
            Err(error) if error.kind() == PersistenceErrorKind::Unreadable => {
                Ok(Recovered { record: None, damage: Some(error) })
            }
            Err(error) => Err(error),
        }
    }

    /// Puts `record` in the place of the stored one if `may_replace` allows it; gives whether it did.
    ///
    /// `may_replace` is shown the stored record as it is right before it would be replaced, while no other program
    /// can replace it (`PRS-32`); a file that is no record counts as none, and is set aside as `<name>.damaged`.
    ///
    /// # Errors
    ///
    /// `quota-exceeded` where the disk is full, the quota used up or the file too large (`PRS-47`), `timeout` where
    /// another program holds the lock, `unavailable` otherwise. The stored record is then the one before the call,
    /// or, where only the last step could not be confirmed, the new one; it is whole in any case (`PRS-41`).
    pub fn save(
        &self,
        record: &Record,
        may_replace: impl FnOnce(Option<&Record>) -> bool,
    ) -> Result<bool, PersistenceError> {
        let judge = |stored: Option<&Record>| match may_replace(stored) {
            true => Replacement::Replace,
            false => Replacement::Keep,
        };
        self.save_if(record, judge).map(Replacement::is_replaced)
    }

    /// As [`FileBackend::save`], judged by the rule of a layer's save ([`Output::Save`](crate::Output::Save)), whose
    /// verdict is the outcome that [`Input::Saved`](crate::Input::Saved) asks for. `wall_ms` is the wall clock's time in
    /// milliseconds.
    ///
    /// # Errors
    ///
    /// As [`FileBackend::save`].
    pub fn save_by(
        &self,
        record: &Record,
        rule: &ReplaceRule,
        wall_ms: u64,
    ) -> Result<Replacement, PersistenceError> {
        self.save_if(record, |stored| rule.judge(stored, record, wall_ms))
    }

    fn save_if(
        &self,
        record: &Record,
        judge: impl FnOnce(Option<&Record>) -> Replacement,
    ) -> Result<Replacement, PersistenceError> {
        let text = serde_json::to_vec(record).map_err(|error| {
            let message = format!("the record for {} cannot be written as JSON", self.path.display());
            PersistenceError::new(PersistenceErrorKind::NotSerializable, message).caused_by(Arc::new(error))
        })?;
        let files = self.files();
        fs::create_dir_all(&files.folder).map_err(|error| failed(Action::Create, &files.folder, error))?;
        let _lock = Lock::take(&files.lock, self.lock_timeout)?;
        let stored = read(&files.record)?;
        let verdict = judge(stored.as_ref().map_or(None, Option::as_ref));
        if !verdict.is_replaced() {
            return Ok(verdict);
        }
        replace::remove_leftovers(&files);
        let new = replace::write_beside(&files, &text)?;
        match (stored, verdict) {
            (Ok(None), _) => {}
            (Err(_), _) | (_, Replacement::ReplaceUseless) => {
                replace::keep_as(&files.record, &files.damaged)?
            }
            (Ok(Some(_)), _) => replace::keep_as(&files.record, &files.previous)?,
        }
        replace::put_in_place(new, &files)?;
        Ok(verdict)
    }

    /// Removes the stored record, the previous one and a damaged one.
    ///
    /// # Errors
    ///
    /// `unavailable` or `timeout`, as [`FileBackend::save`]; the record itself is removed last, so that after an error
    /// clearing again does the rest.
    pub fn clear(&self) -> Result<(), PersistenceError> {
        let files = self.files();
        if !files.folder.exists() {
            return Ok(());
        }
        let _lock = Lock::take(&files.lock, self.lock_timeout)?;
        remove_all(&files)
    }

    /// Removes the stored record if it is `only`, as the late clearing of `PRS-59` asks; another one stays, with what is
    /// beside it.
    ///
    /// # Errors
    ///
    /// As [`FileBackend::clear`].
    pub fn clear_only(&self, only: &Record) -> Result<(), PersistenceError> {
        let files = self.files();
        if !files.folder.exists() {
            return Ok(());
        }
        let _lock = Lock::take(&files.lock, self.lock_timeout)?;
        match read(&files.record)? {
            Ok(Some(stored)) if stored == *only => remove_all(&files),
            _ => Ok(()),
        }
    }

    /// Where everything lies; asked anew at each call, as a link may have been changed.
    fn files(&self) -> Files {
        let record = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let beside = |extension: &str| {
            let mut name = OsString::from(record.as_os_str());
            name.push(extension);
            PathBuf::from(name)
        };
        let folder = match record.parent() {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        Files {
            previous: beside(".previous"),
            damaged: beside(".damaged"),
            lock: beside(".lock"),
            folder,
            record,
        }
    }
}

/// What [`FileBackend::recover`] found.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// The newest record that can be read, and where it was.
    pub record: Option<(Record, FoundIn)>,
    /// Why a newer one could not be read; the sentence says where it lies now.
    pub damage: Option<PersistenceError>,
}

/// Where a record was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundIn {
    /// The file itself.
    Current,
    /// `<name>.previous`.
    Previous,
}

/// The files of one backend.
struct Files {
    folder: PathBuf,
    record: PathBuf,
    previous: PathBuf,
    damaged: PathBuf,
    lock: PathBuf,
}

/// Removes everything but the lock, which is held.
fn remove_all(files: &Files) -> Result<(), PersistenceError> {
    replace::remove_leftovers(files);
    for path in [&files.previous, &files.damaged, &files.record] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(Action::Remove, path, error));
            }
            _ => {}
        }
    }
    replace::sync_folder(&files.folder)
}

/// What a file holds: nothing, a record, or inside the inner error what is no record.
type Content = Result<Option<Record>, state_sync::DecodeError>;

fn read(path: &Path) -> Result<Content, PersistenceError> {
    match fs::read(path) {
        Ok(bytes) => Ok(state_sync_json::from_slice(&bytes).map(Some)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ok(None)),
        Err(error) => Err(failed(Action::Read, path, error)),
    }
}

fn unreadable(path: &Path, outcome: &str, damage: state_sync::DecodeError) -> PersistenceError {
    let message = format!("{} holds no PersistedSnapshot: {damage}; {outcome}", path.display());
    PersistenceError::new(PersistenceErrorKind::Unreadable, message).caused_by(Arc::new(damage))
}
