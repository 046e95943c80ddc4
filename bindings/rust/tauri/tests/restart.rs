//! What is left after a restart: states, revisions and epochs, whatever happened to the files.

mod support;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use support::{SETTINGS, restored, saved, set_size, settings, snapshot, start, start_noting};
use tauri_plugin_state_sync::{Restored, Revision, StateSyncExt, TopicKey};
use tempfile::TempDir;

/// A folder in which an application has chosen the sizes 15 and 16.
fn used() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let app = start(saved(folder.path()));
    set_size(&app, 15).unwrap();
    set_size(&app, 16).unwrap();
    folder
}

fn file(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("settings.json")
}

fn edit(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut record: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut record);
    fs::write(path, record.to_string()).unwrap();
}

#[test]
fn first_start_has_the_initial_state_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (app, notes) = start_noting(saved(folder.path()));
    assert_eq!(restored(&app), Restored::Nothing);
    assert_eq!(snapshot(&app).data, settings("light", 14));
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn saved_state_goes_on_in_its_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(saved(folder.path()));
    let before = set_size(&app, 15).unwrap();
    drop(app);
    let (app, notes) = start_noting(saved(folder.path()));
    assert_eq!(restored(&app), Restored::Saved);
    assert_eq!(snapshot(&app), before);
    let after = set_size(&app, 16).unwrap();
    assert_eq!((after.revision, after.epoch), (Revision::new(2), before.epoch));
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn record_is_the_one_that_every_reader_knows() {
    let folder = used();
    let record: Value = serde_json::from_slice(&fs::read(file(&folder)).unwrap()).unwrap();
    assert_eq!(record["snapshot"]["revision"], "2");
    assert_eq!(record["snapshot"]["data"], json!({ "theme": "light", "size": 16 }));
    assert_eq!(record["metadata"]["sizeBytes"], r#"{"size":16,"theme":"light"}"#.len());
    assert_eq!(record["metadata"]["hash"].as_str().map(str::len), Some(64));
}

/// One damage, and what the next start makes of it. Each begins a new epoch (`ENG-3`).
fn check(damage: impl FnOnce(&TempDir), expected: Restored, size: u32, note: &str) {
    let folder = used();
    let epoch = snapshot(&start(saved(folder.path()))).epoch;
    damage(&folder);
    let (app, notes) = start_noting(saved(folder.path()));
    assert_eq!(restored(&app), expected);
    assert_eq!(snapshot(&app).data.size, size);
    assert_ne!(snapshot(&app).epoch, epoch);
    assert!(notes.iter().any(|each| each.contains(note)), "{notes:?}");
    // And the application goes on as usual.
    set_size(&app, 40).unwrap();
    drop(app);
    let app = start(saved(folder.path()));
    assert_eq!((restored(&app), snapshot(&app).data.size), (Restored::Saved, 40));
}

#[test]
fn half_a_file_gives_way_to_the_version_before() {
    let cut = |folder: &TempDir| {
        let text = fs::read(file(folder)).unwrap();
        fs::write(file(folder), &text[..text.len() / 2]).unwrap();
    };
    check(cut, Restored::Previous, 15, "set aside as");
}

#[test]
fn empty_file_gives_way_to_the_version_before() {
    check(|folder| fs::write(file(folder), "").unwrap(), Restored::Previous, 15, "set aside as");
}

#[test]
fn changed_data_do_not_match_their_hash() {
    let change =
        |folder: &TempDir| edit(&file(folder), |record| record["snapshot"]["data"]["size"] = json!(99));
    check(change, Restored::Previous, 15, "hash-mismatch");
}

#[test]
fn data_of_another_form_are_set_aside() {
    let change = |folder: &TempDir| {
        edit(&file(folder), |record| {
            record["snapshot"]["data"] = json!("light");
            record["metadata"].as_object_mut().unwrap().remove("hash");
        });
    };
    check(change, Restored::Previous, 15, "settings.json.unusable");
}

#[test]
fn file_that_is_gone_gives_way_to_the_version_before() {
    check(|folder| fs::remove_file(file(folder)).unwrap(), Restored::Previous, 15, "the version before");
}

#[test]
fn two_damaged_files_leave_the_initial_state() {
    let damage = |folder: &TempDir| {
        fs::write(file(folder), "{").unwrap();
        fs::write(folder.path().join("settings.json.previous"), "{").unwrap();
    };
    check(damage, Restored::Damaged, 14, "its initial state");
}

#[test]
fn what_was_damaged_is_kept() {
    let folder = used();
    fs::write(file(&folder), "{ half").unwrap();
    set_size(&start(saved(folder.path())), 40).unwrap();
    let damaged = fs::read_to_string(folder.path().join("settings.json.damaged")).unwrap();
    assert_eq!(damaged, "{ half");
}

#[test]
fn file_of_a_newer_version_stays_as_it_is() {
    let folder = used();
    edit(&file(&folder), |record| record["metadata"]["schemaVersion"] = json!(2));
    let text = fs::read(file(&folder)).unwrap();
    let (app, notes) = start_noting(saved(folder.path()));
    assert_eq!(restored(&app), Restored::NewerSchema);
    assert!(notes.iter().any(|note| note.contains("newer version of the program")), "{notes:?}");
    assert_eq!(set_size(&app, 40).unwrap().data, settings("light", 40));
    assert_eq!(fs::read(file(&folder)).unwrap(), text);
}

#[test]
fn older_data_are_migrated_into_a_new_epoch() {
    let folder = used();
    let epoch = snapshot(&start(saved(folder.path()))).epoch;
    let plugin = || {
        let topic = SETTINGS.starting_with(settings("light", 14)).saved().schema_version(3);
        let topic = topic.migration(1, |mut data| {
            data["size"] = json!(data["size"].as_u64().ok_or("no size")? * 10);
            Ok(data)
        });
        let topic = topic.migration(2, |mut data| {
            data["theme"] = json!("dark");
            Ok(data)
        });
        tauri_plugin_state_sync::Builder::new().folder(folder.path()).topic(topic)
    };
    let app = start(plugin());
    assert_eq!((restored(&app), snapshot(&app).data), (Restored::Saved, settings("dark", 160)));
    assert_ne!(snapshot(&app).epoch, epoch);
    let migrated = set_size(&app, 7).unwrap();
    drop(app);
    assert_eq!(snapshot(&start(plugin())), migrated, "each step is taken once");
}

#[test]
fn step_that_is_missing_or_fails_loses_nothing() {
    for fails in [false, true] {
        let folder = used();
        let mut topic = SETTINGS.starting_with(settings("light", 14)).saved().schema_version(2);
        if fails {
            topic = topic.migration(1, |_| Err("no theme".to_owned()));
        }
        let plugin = tauri_plugin_state_sync::Builder::new().folder(folder.path()).topic(topic);
        let (app, notes) = start_noting(plugin);
        assert_eq!(restored(&app), Restored::Damaged);
        let expected = if fails { "failed: no theme" } else { "is missing" };
        assert!(notes.iter().any(|note| note.contains(expected)), "{notes:?}");
        assert!(folder.path().join("settings.json.unusable").exists());
    }
}

#[test]
fn last_revision_of_an_epoch_is_followed_by_a_new_epoch() {
    let folder = used();
    edit(&file(&folder), |record| record["snapshot"]["revision"] = json!("18446744073709551615"));
    let app = start(saved(folder.path()));
    assert_eq!((restored(&app), snapshot(&app).revision), (Restored::Saved, Revision::ZERO));
    assert_eq!(set_size(&app, 17).unwrap().revision, Revision::new(1));
}

#[test]
fn change_that_cannot_be_saved_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(saved(folder.path()));
    set_size(&app, 15).unwrap();
    // A folder in the file's place: nothing can be put there, and it is no file that may be set aside.
    fs::remove_file(file(&folder)).unwrap();
    fs::create_dir(file(&folder)).unwrap();
    let error = set_size(&app, 16).unwrap_err();
    let error = serde_json::to_value(error).unwrap();
    assert_eq!((&error["code"], &error["kind"]), (&json!("not-saved"), &json!("unavailable")));
    assert_eq!(snapshot(&app).data.size, 15);
    // Put right, it goes on.
    fs::remove_dir(file(&folder)).unwrap();
    assert_eq!(set_size(&app, 16).unwrap().revision, Revision::new(2));
}

#[test]
fn file_that_cannot_be_read_is_not_replaced() {
    let folder = used();
    let text = fs::read(file(&folder)).unwrap();
    // A folder in the file's place cannot be read either, also not by root.
    fs::remove_file(file(&folder)).unwrap();
    fs::create_dir(file(&folder)).unwrap();
    let (app, notes) = start_noting(saved(folder.path()));
    assert_eq!((restored(&app), snapshot(&app).data), (Restored::Unavailable, settings("light", 14)));
    assert!(notes.iter().any(|note| note.contains("cannot read")), "{notes:?}");
    // It comes back: this process has not seen it, and leaves it as it is.
    fs::remove_dir(file(&folder)).unwrap();
    fs::write(file(&folder), &text).unwrap();
    assert_eq!(set_size(&app, 40).unwrap_err().code(), "not-saved");
    drop(app);
    assert_eq!(snapshot(&start(saved(folder.path()))).data.size, 16);
}

#[test]
fn state_that_could_not_be_read_back_is_not_saved() {
    const ANGLE: TopicKey<f64> = TopicKey::new("angle");
    let folder = tempfile::tempdir().unwrap();
    let topic = ANGLE.starting_with(0.5).saved();
    let app = start(tauri_plugin_state_sync::Builder::new().folder(folder.path()).topic(topic));
    let error = app.state_sync().replace(ANGLE, f64::NAN).unwrap_err();
    let error = serde_json::to_value(error).unwrap();
    assert_eq!((&error["code"], &error["kind"]), (&json!("not-saved"), &json!("not-serializable")));
    assert_eq!(app.state_sync().snapshot(ANGLE).unwrap().data, 0.5);
    assert_eq!(app.state_sync().replace(ANGLE, -1e-7).unwrap().revision, Revision::new(1));
    assert_eq!(app.state_sync().replace(ANGLE, 0.1).unwrap().revision, Revision::new(2));
}

#[test]
fn concurrent_changes_are_all_made_and_the_last_one_is_saved() {
    const COUNT: TopicKey<u64> = TopicKey::new("count");
    let folder = tempfile::tempdir().unwrap();
    let plugin = || {
        tauri_plugin_state_sync::Builder::new().folder(folder.path()).topic(COUNT.starting_with(0).saved())
    };
    let app = start(plugin());
    let topics = app.state_sync();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let topics = topics.clone();
            scope.spawn(move || {
                for _ in 0..25 {
                    let changed = topics.update(COUNT, |count| *count += 1).unwrap();
                    assert_eq!(changed.revision, Revision::new(changed.data));
                }
            });
        }
    });
    drop(app);
    let app = start(plugin());
    let kept = app.state_sync().snapshot(COUNT).unwrap();
    assert_eq!((kept.data, kept.revision), (100, Revision::new(100)));
}

#[test]
fn second_owner_is_told_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(saved(folder.path()));
    let second = start(saved(folder.path()));
    set_size(&first, 15).unwrap();
    let error = set_size(&second, 40).unwrap_err().to_string();
    assert!(error.contains("run one instance of the application"), "{error}");
    set_size(&first, 16).unwrap();
    drop(second);
    assert_eq!(snapshot(&start(saved(folder.path()))).data.size, 16);
}

#[test]
fn topics_have_files_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let keys: [TopicKey<u8>; 3] = [TopicKey::new("a"), TopicKey::new("A"), TopicKey::new("../a")];
    let plugin = || {
        let plugin = tauri_plugin_state_sync::Builder::new().folder(folder.path());
        keys.into_iter().fold(plugin, |plugin, key| plugin.topic(key.starting_with(0).saved()))
    };
    let app = start(plugin());
    for (key, state) in keys.into_iter().zip(1_u8..) {
        app.state_sync().replace(key, state).unwrap();
    }
    drop(app);
    let app = start(plugin());
    let states = keys.map(|key| app.state_sync().snapshot(key).unwrap().data);
    assert_eq!(states, [1, 2, 3]);
}

const CHILD: &str = "STATE_SYNC_TEST_FOLDER";

/// Not a test of its own: the process that the next one kills.
#[test]
#[ignore = "run by killed_process_keeps_what_it_has_acknowledged"]
fn child_that_changes_settings_without_end() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let app = start(saved(Path::new(&folder)));
    for size in 1.. {
        println!("acknowledged {}", set_size(&app, size).unwrap().revision);
    }
}

#[test]
fn killed_process_keeps_what_it_has_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_changes_settings_without_end", "--ignored", "--nocapture"])
            .env(CHILD, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut acknowledged = lines.filter_map(|line| {
            line.strip_prefix("acknowledged ").map(|text| text.parse::<Revision>().unwrap())
        });
        // The kill falls somewhere into a later change.
        let last = acknowledged.nth(5 + round * 3).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let last = acknowledged.last().unwrap_or(last);
        let app = start(saved(folder.path()));
        assert_eq!(restored(&app), Restored::Saved);
        assert!(snapshot(&app).revision >= last, "{} < {last}", snapshot(&app).revision);
    }
}
