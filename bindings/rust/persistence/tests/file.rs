//! The file backend, with real files: what is there after each step, and after a failure in the middle of one.
#![cfg(feature = "file")]

use serde_json::{Value, json};
use state_sync::{PersistedSnapshot, Revision};
use state_sync_persistence::{
    FileBackend, FoundIn, Input, Layer, Now, Options, Output, PersistenceErrorKind, ReplaceRule, Replacement,
};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};
use tempfile::TempDir;

fn record(revision: u64, data: Value) -> PersistedSnapshot<Value> {
    let size = data.to_string().len();
    serde_json::from_value(json!({
        "snapshot": { "revision": revision.to_string(), "data": data },
        "metadata": { "savedAt": 1_795_255_200_000_u64, "schemaVersion": 1, "sizeBytes": size, "compressed": false },
    }))
    .unwrap()
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    (folder, path)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    PathBuf::from(format!("{}{extension}", path.display()))
}

fn save(backend: &FileBackend, record: &PersistedSnapshot<Value>) {
    assert!(backend.save(record, |_| true).unwrap());
}

#[test]
fn what_was_saved_is_loaded_by_another_backend() {
    let (folder, _) = folder();
    let path = folder.path().join("new/folder/settings.json");
    let saved =
        record(9_007_199_254_740_993, json!({ "theme": "dark", "text": "é\u{1F600}\u{0}", "n": 0.1 }));
    save(&FileBackend::new(&path), &saved);
    assert_eq!(FileBackend::new(&path).load().unwrap(), Some(saved));
}

/// PRS-42.
#[test]
fn nothing_is_stored_at_first_and_after_clear() {
    let (folder, path) = folder();
    let backend = FileBackend::new(&path);
    assert_eq!(backend.load().unwrap(), None);
    backend.clear().unwrap();
    save(&backend, &record(1, json!("a")));
    save(&backend, &record(2, json!("b")));
    fs::write(beside(&path, ".damaged"), "old").unwrap();
    backend.clear().unwrap();
    assert_eq!((backend.load().unwrap(), backend.load_previous().unwrap()), (None, None));
    assert_eq!(names(folder.path()), ["settings.json.lock"], "nothing of the user's data may stay");
}

#[test]
fn clear_makes_no_folder() {
    let (folder, _) = folder();
    FileBackend::new(folder.path().join("never/settings.json")).clear().unwrap();
    assert!(names(folder.path()).is_empty());
}

#[test]
fn the_previous_version_is_kept() {
    let (folder, path) = folder();
    let backend = FileBackend::new(&path);
    for revision in 1..=4 {
        save(&backend, &record(revision, json!(revision)));
    }
    assert_eq!(backend.load().unwrap(), Some(record(4, json!(4))));
    assert_eq!(backend.load_previous().unwrap(), Some(record(3, json!(3))));
    assert_eq!(names(folder.path()), ["settings.json", "settings.json.lock", "settings.json.previous"]);
}

#[test]
fn a_save_that_is_not_allowed_changes_nothing() {
    let (_folder, path) = folder();
    let backend = FileBackend::new(&path);
    save(&backend, &record(2, json!("new")));
    let mut shown = None;
    let replaced = backend
        .save(&record(1, json!("old")), |stored| {
            shown = stored.cloned();
            false
        })
        .unwrap();
    assert!(!replaced);
    assert_eq!(shown, Some(record(2, json!("new"))));
    assert_eq!(backend.load().unwrap(), shown);
    assert_eq!(backend.load_previous().unwrap(), None);
}

const DAMAGES: [(&str, &[u8]); 6] = [
    ("empty", b""),
    ("cut", br#"{"snapshot":{"revision":"1","da"#),
    ("no-utf-8", b"\xFF\xFE{}"),
    ("another-document", br#"{"theme":"dark"}"#),
    ("number-as-revision", br#"{"snapshot":{"revision":1,"data":null},"metadata":{"savedAt":1,"schemaVersion":1,"sizeBytes":4,"compressed":false}}"#),
    ("zeros", &[0; 512]),
];

/// PRS-69.
#[test]
fn a_damaged_file_is_set_aside_and_reported() {
    for (name, bytes) in DAMAGES {
        let (_folder, path) = folder();
        let backend = FileBackend::new(&path);
        save(&backend, &record(1, json!("a")));
        save(&backend, &record(2, json!("b")));
        fs::write(&path, bytes).unwrap();

        let error = backend.load().unwrap_err();
        assert_eq!(error.kind(), PersistenceErrorKind::Unreadable, "{name}");
        assert!(error.message().contains("settings.json.damaged"), "{error}");
        assert!(error.cause().is_some_and(|cause| cause.is::<state_sync::DecodeError>()), "{name}");
        assert_eq!(fs::read(beside(&path, ".damaged")).unwrap(), bytes, "{name}");
        assert_eq!(backend.load().unwrap(), None, "{name}");
        assert_eq!(backend.load_previous().unwrap(), Some(record(1, json!("a"))), "{name}");
    }
}

#[test]
fn an_owner_gets_the_newest_record_that_can_be_read() {
    let (_folder, path) = folder();
    let backend = FileBackend::new(&path);
    let nothing = backend.recover().unwrap();
    assert!(nothing.record.is_none() && nothing.damage.is_none());

    save(&backend, &record(1, json!("a")));
    save(&backend, &record(2, json!("b")));
    let whole = backend.recover().unwrap();
    assert_eq!(whole.record, Some((record(2, json!("b")), FoundIn::Current)));
    assert!(whole.damage.is_none());

    fs::write(&path, "{").unwrap();
    let recovered = backend.recover().unwrap();
    assert_eq!(recovered.record, Some((record(1, json!("a")), FoundIn::Previous)));
    assert_eq!(recovered.damage.unwrap().kind(), PersistenceErrorKind::Unreadable);

    // The damage is set aside now; a file that was removed by hand has a previous one too, but is no damage.
    let again = backend.recover().unwrap();
    assert_eq!(again.record, Some((record(1, json!("a")), FoundIn::Previous)));
    assert!(again.damage.is_none());

    fs::write(&path, "{").unwrap();
    fs::write(beside(&path, ".previous"), "{").unwrap();
    let lost = backend.recover().unwrap();
    assert_eq!(lost.record, None);
    assert!(lost.damage.unwrap().message().contains("settings.json.previous"));
}

/// PRS-69.
#[test]
fn a_save_over_a_damaged_file_sets_it_aside() {
    for (name, bytes) in DAMAGES {
        let (_folder, path) = folder();
        let backend = FileBackend::new(&path);
        save(&backend, &record(1, json!("a")));
        save(&backend, &record(2, json!("b")));
        fs::write(&path, bytes).unwrap();

        let saved = backend.save(&record(1, json!("c")), |stored| {
            assert_eq!(stored, None, "{name}");
            true
        });
        assert!(saved.unwrap());
        assert_eq!(backend.load().unwrap(), Some(record(1, json!("c"))), "{name}");
        assert_eq!(fs::read(beside(&path, ".damaged")).unwrap(), bytes, "{name}");
        assert_eq!(backend.load_previous().unwrap(), Some(record(1, json!("a"))), "{name}");
    }
}

/// PRS-43.
#[test]
fn backends_with_names_that_begin_alike_leave_each_other_alone() {
    let (folder, _) = folder();
    let (short, long) = (folder.path().join("a"), folder.path().join("a.b"));
    // What a save of the second one looks like while it writes.
    let writing = folder.path().join(".a.b.Xy12Zz.new");
    let left_behind = folder.path().join(".a.Xy12Zz.new");
    fs::write(&writing, "half").unwrap();
    fs::write(&left_behind, "half").unwrap();
    save(&FileBackend::new(&short), &record(1, json!("short")));
    assert!(writing.exists() && !left_behind.exists());
    save(&FileBackend::new(&long), &record(2, json!("long")));
    FileBackend::new(&short).clear().unwrap();
    assert_eq!(FileBackend::new(&long).load().unwrap(), Some(record(2, json!("long"))));
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_stays() {
    let (folder, path) = folder();
    let real = folder.path().join("real.json");
    fs::write(&real, serde_json::to_vec(&record(1, json!("a"))).unwrap()).unwrap();
    std::os::unix::fs::symlink(&real, &path).unwrap();
    save(&FileBackend::new(&path), &record(2, json!("b")));
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!(FileBackend::new(&real).load().unwrap(), Some(record(2, json!("b"))));
}

#[test]
fn a_place_that_cannot_be_used_is_unavailable() {
    let (folder, path) = folder();
    fs::write(&path, "a file").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for impossible in [path.join("settings.json"), folder.path().join("folder")] {
        let backend = FileBackend::new(&impossible);
        let error = backend.save(&record(1, json!("a")), |_| true).unwrap_err();
        assert_eq!(error.kind(), PersistenceErrorKind::Unavailable, "{error}");
        assert!(error.cause().is_some_and(|cause| cause.is::<std::io::Error>()));
        assert!(error.message().contains(folder.path().to_str().unwrap()), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), b"a file");
}

#[test]
fn a_program_that_holds_the_lock_is_a_time_out() {
    let (_folder, path) = folder();
    let backend = FileBackend::new(&path).with_lock_timeout(Duration::from_millis(10));
    let outcome = backend.save(&record(1, json!("outer")), |_| {
        let error = backend.save(&record(2, json!("inner")), |_| true).unwrap_err();
        assert_eq!(error.kind(), PersistenceErrorKind::Timeout);
        true
    });
    assert!(outcome.unwrap());
    assert_eq!(backend.load().unwrap(), Some(record(1, json!("outer"))));
}

#[test]
fn of_many_writers_the_highest_revision_stays() {
    let (_folder, path) = folder();
    thread::scope(|scope| {
        for writer in 0..4_u64 {
            let backend = FileBackend::new(&path);
            scope.spawn(move || {
                for step in 0..15 {
                    let new = record(step * 4 + writer + 1, json!(writer));
                    let newer = |stored: Option<&PersistedSnapshot<Value>>| {
                        stored.is_none_or(|stored| stored.snapshot.revision < new.snapshot.revision)
                    };
                    backend.save(&new, newer).unwrap();
                }
            });
        }
    });
    let stored = FileBackend::new(&path).load().unwrap().unwrap();
    assert_eq!(stored.snapshot.revision, Revision::new(60));
}

#[test]
fn a_record_of_no_use_is_set_aside_when_a_layer_saves() {
    let (_folder, path) = folder();
    let backend = FileBackend::new(&path);
    let mut useless = record(9, json!("theirs"));
    useless.metadata.hash = Some("0".repeat(64));
    save(&backend, &useless);

    let mut layer = Layer::new(Options::default(), || 0.0).unwrap();
    let now = Now::default();
    let loading = layer.handle(Input::Load(1), now);
    assert!(matches!(loading.as_slice(), [Output::Load { number: 1 }]));
    let refused = layer.handle(Input::Loaded { number: 1, outcome: backend.load() }, now);
    assert!(refused.iter().any(|output| {
        matches!(output, Output::Report(error) if error.kind() == PersistenceErrorKind::HashMismatch)
    }));

    let snapshot = record(3, json!("ours")).snapshot;
    let outputs = layer.handle(Input::Applied(snapshot.clone()), now);
    let verdicts: Vec<_> = outputs
        .into_iter()
        .filter_map(|output| match output {
            Output::Save { record, rule, .. } => Some(backend.save_by(&record, &rule, 0).unwrap()),
            _ => None,
        })
        .collect();
    assert_eq!(verdicts, [Replacement::ReplaceUseless]);
    assert_eq!(backend.load().unwrap().map(|stored| stored.snapshot), Some(snapshot));
    let aside: PersistedSnapshot<Value> =
        serde_json::from_slice(&fs::read(beside(&path, ".damaged")).unwrap()).unwrap();
    assert_eq!(aside, useless);
}

#[test]
fn a_rule_judges_the_file_as_it_is() {
    let (_folder, path) = folder();
    let backend = FileBackend::new(&path);
    let rule = ReplaceRule::default();
    let saved = |revision| backend.save_by(&record(revision, json!(revision)), &rule, 0).unwrap();
    assert_eq!(saved(2), Replacement::Replace);
    assert_eq!(saved(2), Replacement::Keep);
    assert_eq!(saved(1), Replacement::Keep);
    assert_eq!(saved(3), Replacement::Replace);
    let mut newer = record(1, json!("newer"));
    newer.metadata.schema_version = 2_u32.into();
    save(&backend, &newer);
    assert_eq!(saved(4), Replacement::NewerSchema);
    assert_eq!(backend.load().unwrap(), Some(newer));
}

#[test]
fn a_late_clear_removes_one_record_alone() {
    let (folder, path) = folder();
    let backend = FileBackend::new(&path);
    backend.clear_only(&record(1, json!("a"))).unwrap();
    save(&backend, &record(2, json!("b")));
    backend.clear_only(&record(1, json!("a"))).unwrap();
    assert_eq!(backend.load().unwrap(), Some(record(2, json!("b"))));
    backend.clear_only(&record(2, json!("b"))).unwrap();
    assert_eq!(names(folder.path()), ["settings.json.lock"]);
}
