//! The file backend when its program is killed, or the disk takes no more, in the middle of a save.
//!
//! The program is this test itself, started a second time for one of the tests marked `#[ignore]`.
#![cfg(all(feature = "file", unix))]

use serde_json::json;
use state_sync::PersistedSnapshot;
use state_sync_persistence::{FileBackend, PersistenceErrorKind};
use std::{
    env, fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const PATH: &str = "STATE_SYNC_TEST_PATH";

fn record(revision: u64, bytes: usize) -> PersistedSnapshot<serde_json::Value> {
    let text = char::from(b'a' + (revision % 26) as u8).to_string().repeat(bytes);
    serde_json::from_value(json!({
        "snapshot": { "revision": revision.to_string(), "data": text },
        "metadata": { "savedAt": 0, "schemaVersion": 1, "sizeBytes": bytes + 2, "compressed": false },
    }))
    .unwrap()
}

fn number(record: &PersistedSnapshot<serde_json::Value>) -> u64 {
    record.snapshot.revision.to_string().parse().unwrap()
}

#[test]
#[ignore = "the program that is killed"]
fn saves_until_it_is_killed() {
    let Ok(path) = env::var(PATH) else { return };
    let backend = FileBackend::new(path);
    let first = backend.load().unwrap().map_or(0, |stored| number(&stored));
    for revision in first + 1.. {
        backend.save(&record(revision, 200_000), |_| true).unwrap();
    }
}

#[test]
#[ignore = "the program whose files may not grow"]
fn saves_more_than_it_may() {
    let Ok(path) = env::var(PATH) else { return };
    let backend = FileBackend::new(path);
    let error = backend.save(&record(2, 200_000), |_| true).unwrap_err();
    assert_eq!(error.kind(), PersistenceErrorKind::QuotaExceeded, "{error}");
    assert!(error.cause().is_some_and(|cause| cause.is::<std::io::Error>()));
}

fn start(test: &str, path: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--ignored"])
        .env(PATH, path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn revision(backend: &FileBackend) -> u64 {
    let stored = backend.load().expect("a file is whole at any time");
    let Some(stored) = stored else { return 0 };
    let revision = number(&stored);
    assert_eq!(stored, record(revision, 200_000));
    revision
}

/// PRS-40 and PRS-41.
#[test]
fn a_killed_program_leaves_a_whole_record() {
    const KILLS: u64 = 12;
    let folder = tempfile::tempdir().unwrap();
    let backend = FileBackend::new(folder.path().join("settings.json"));
    for kill in 0..KILLS {
        let before = revision(&backend);
        let mut program = start("saves_until_it_is_killed", backend.path());
        let begun = Instant::now();
        while revision(&backend) < before + 2 {
            assert!(begun.elapsed() < Duration::from_secs(30), "the program does not save");
            thread::yield_now();
        }
        // Somewhere else in a save each time.
        thread::sleep(Duration::from_micros(kill * 170));
        program.kill().unwrap();
        program.wait().unwrap();
        assert!(revision(&backend) >= before + 2);
    }
    // What the killed ones left behind goes with the next save.
    let next = revision(&backend) + 1;
    backend.save(&record(next, 200_000), |_| true).unwrap();
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["settings.json", "settings.json.lock", "settings.json.previous"]);
}

/// PRS-41 and PRS-47.
#[test]
fn a_disk_that_takes_no_more_leaves_the_old_record() {
    let folder = tempfile::tempdir().unwrap();
    let backend = FileBackend::new(folder.path().join("settings.json"));
    backend.save(&record(1, 10), |_| true).unwrap();
    // A shell that limits the size of files, in units of at least 512 bytes, and then becomes the program.
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" saves_more_than_it_may --exact --ignored"])
        .arg(env::current_exe().unwrap())
        .env(PATH, backend.path())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "the program says what it found on its standard error");
    assert_eq!(backend.load().unwrap(), Some(record(1, 10)));
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        2,
        "the record and the lock, nothing half-written"
    );
}
