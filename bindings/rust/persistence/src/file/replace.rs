//! The steps of a save: the new file written beside the old one, the old one kept, one put in the other's place.

use super::{
    Files,
    failure::{Action, failed},
};
use crate::PersistenceError;
use std::{
    ffi::OsString,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Files that are being written: `.<name>.<random>.new`.
const NEW: &str = ".new";

fn prefix(record: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(record.file_name().unwrap_or_default());
    prefix.push(".");
    prefix
}

/// Writes the new file, and waits until the disk has it.
pub(super) fn write_beside(files: &Files, text: &[u8]) -> Result<NamedTempFile, PersistenceError> {
    let write = || -> io::Result<NamedTempFile> {
        let mut file =
            tempfile::Builder::new().prefix(&prefix(&files.record)).suffix(NEW).tempfile_in(&files.folder)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(|error| failed(Action::Write, &files.record, error))
}

/// Removes what saves left behind that were killed. The lock is held, so nobody is writing.
pub(super) fn remove_leftovers(files: &Files) {
    let (Ok(entries), prefix) = (fs::read_dir(&files.folder), prefix(&files.record)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let middle = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        let middle = middle.and_then(|rest| rest.strip_suffix(NEW.as_bytes()));
        // A full stop in the middle: the file belongs to a record whose name only begins like this one's (PRS-43).
        if middle.is_some_and(|middle| !middle.contains(&b'.')) {
            // One that cannot be removed costs space and nothing else.
            _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes the record available under a second name too, while it stays where it is.
pub(super) fn keep_as(record: &Path, kept: &Path) -> Result<(), PersistenceError> {
    let keep = || -> io::Result<()> {
        let mut linked = prefix(record);
        linked.push("kept");
        linked.push(NEW);
        let linked: PathBuf = record.with_file_name(linked);
        _ = fs::remove_file(&linked);
        // A link costs nothing; file systems without links get a copy.
        if fs::hard_link(record, &linked).is_err() {
            fs::copy(record, &linked)?;
        }
        fs::rename(&linked, kept)?;
        // Where both names were one file already, the platform has done nothing.
        _ = fs::remove_file(&linked);
        Ok(())
    };
    keep().map_err(|error| failed(Action::Write, kept, error))
}

/// Puts the new file in the place of the record, in one step, and waits until the disk has that too.
pub(super) fn put_in_place(new: NamedTempFile, files: &Files) -> Result<(), PersistenceError> {
    new.persist(&files.record).map_err(|error| failed(Action::Replace, &files.record, error.error))?;
    sync_folder(&files.folder)
}

/// Moves a file that is no record out of the way.
pub(super) fn set_aside(record: &Path, damaged: &Path) -> Result<(), PersistenceError> {
    fs::rename(record, damaged).map_err(|error| failed(Action::Write, damaged, error))
}

/// Waits until the disk has the names of a folder. Platforms that cannot tell do it by themselves.
pub(super) fn sync_folder(folder: &Path) -> Result<(), PersistenceError> {
    if !cfg!(unix) {
        return Ok(());
    }
    match fs::File::open(folder).and_then(|opened| opened.sync_all()) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(failed(Action::Confirm, folder, error))
        }
        _ => Ok(()),
    }
}
