//! From the platform's errors to the kinds of `PRS-64`.

use crate::{PersistenceError, PersistenceErrorKind};
use std::{io, path::Path, sync::Arc};

/// What was being done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Read,
    Create,
    Write,
    Replace,
    Remove,
    Lock,
    Confirm,
}

impl Action {
    const fn as_str(self) -> &'static str {
        match self {
            Action::Read => "cannot read",
            Action::Create => "cannot create",
            Action::Write => "cannot write",
            Action::Replace => "cannot replace",
            Action::Remove => "cannot remove",
            Action::Lock => "cannot lock",
            Action::Confirm => "cannot confirm that the disk has taken the changes in",
        }
    }
}

/// The error for an operation that the platform refused.
pub(super) fn failed(action: Action, path: &Path, error: io::Error) -> PersistenceError {
    let (kind, remedy) = judge(error.kind());
    let message = format!("{} {}: {error}; {remedy}", action.as_str(), path.display());
    PersistenceError::new(kind, message).caused_by(Arc::new(error))
}

fn judge(kind: io::ErrorKind) -> (PersistenceErrorKind, &'static str) {
    use PersistenceErrorKind::{QuotaExceeded, Timeout, Unavailable};
    match kind {
        io::ErrorKind::StorageFull => {
            (QuotaExceeded, "free some space on the disk, or keep the file on another one")
        }
        io::ErrorKind::QuotaExceeded => {
            (QuotaExceeded, "remove other files of this user, or have the quota raised")
        }
        io::ErrorKind::FileTooLarge => {
            (QuotaExceeded, "keep less in the state, or have the limit for the size of files raised")
        }
        io::ErrorKind::TimedOut => (Timeout, "the device or the network behind the folder may be slow"),
        io::ErrorKind::PermissionDenied => {
            (Unavailable, "the program needs the right to read and write files in this folder")
        }
        io::ErrorKind::ReadOnlyFilesystem => (Unavailable, "choose a folder that can be written"),
        io::ErrorKind::NotADirectory => (Unavailable, "a part of the path is a file where a folder is meant"),
        io::ErrorKind::IsADirectory => (Unavailable, "choose the path of a file, not of a folder"),
        _ => (Unavailable, "the state is not kept until this is put right"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platform_errors_become_kinds() {
        for (error, expected) in [
            (io::ErrorKind::StorageFull, PersistenceErrorKind::QuotaExceeded),
            (io::ErrorKind::QuotaExceeded, PersistenceErrorKind::QuotaExceeded),
            (io::ErrorKind::FileTooLarge, PersistenceErrorKind::QuotaExceeded),
            (io::ErrorKind::TimedOut, PersistenceErrorKind::Timeout),
            (io::ErrorKind::PermissionDenied, PersistenceErrorKind::Unavailable),
            (io::ErrorKind::Other, PersistenceErrorKind::Unavailable),
        ] {
            let error = failed(Action::Write, Path::new("/a/settings.json"), error.into());
            assert_eq!(error.kind(), expected);
            assert!(error.cause().is_some());
            assert!(error.message().starts_with("cannot write /a/settings.json: "), "{error}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_as_such() {
        const ENOSPC: i32 = 28;
        let error = failed(Action::Write, Path::new("a"), io::Error::from_raw_os_error(ENOSPC));
        assert_eq!(error.kind(), PersistenceErrorKind::QuotaExceeded);
        assert!(error.message().contains("free some space"), "{error}");
    }
}
