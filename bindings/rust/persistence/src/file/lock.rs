//! A lock that programs share, so that one judges and replaces the record at a time (`PRS-32`).

use super::failure::{Action, failed};
use crate::{PersistenceError, PersistenceErrorKind};
use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// Held while it lives. The platform gives it back when a program ends, however it ends.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, and waits for it at most `timeout`.
    pub(super) fn take(path: &Path, timeout: Duration) -> Result<Self, PersistenceError> {
        const PAUSE: Duration = Duration::from_millis(2);
        let begun = Instant::now();
        loop {
            match try_lock(path) {
                Ok(Some(file)) => return Ok(Self { _file: file }),
                Ok(None) if begun.elapsed() < timeout => thread::sleep(PAUSE),
                Ok(None) => {
                    let message = format!(
                        "another program has held {} for {} ms; end it if it hangs",
                        path.display(),
                        timeout.as_millis()
                    );
                    return Err(PersistenceError::new(PersistenceErrorKind::Timeout, message));
                }
                Err(error) => return Err(failed(Action::Lock, path, error)),
            }
        }
    }
}

#[cfg(unix)]
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    use rustix::{
        fs::{FlockOperation, flock},
        io::Errno,
    };

    // The file is never removed: two programs could then hold locks on two files of the same name.
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(Errno::WOULDBLOCK | Errno::INTR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(windows)]
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;

    const ERROR_SHARING_VIOLATION: i32 = 32;
    match OpenOptions::new().create(true).truncate(false).write(true).share_mode(0).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_held_is_waited_for_and_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json.lock");
        let held = Lock::take(&path, Duration::ZERO).unwrap();
        let Err(error) = Lock::take(&path, Duration::from_millis(5)) else { panic!("both have it") };
        assert_eq!(error.kind(), PersistenceErrorKind::Timeout);
        drop(held);
        assert!(Lock::take(&path, Duration::ZERO).is_ok());
    }
}
