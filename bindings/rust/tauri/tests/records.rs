//! The records that windows keep.

mod support;

use serde_json::{Value, json};
use support::{invoke, start, window};
use tauri_plugin_state_sync::Builder;

fn record(revision: &str, schema_version: u32, ttl_ms: Option<u64>) -> Value {
    let mut metadata =
        json!({ "savedAt": 1, "schemaVersion": schema_version, "sizeBytes": 1, "compressed": false });
    if let Some(ttl_ms) = ttl_ms {
        metadata["ttlMs"] = json!(ttl_ms);
    }
    json!({ "snapshot": { "revision": revision, "data": 5, "epoch": "e" }, "metadata": metadata })
}

#[test]
fn record_is_saved_loaded_and_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(Builder::new().folder(folder.path()).record("cache").record("draft"));
    let page = window(&app, "main");
    let load = || invoke(&page, "load_record", json!({ "key": "cache" })).unwrap();
    assert_eq!(load(), Value::Null);
    let saved = invoke(&page, "save_record", json!({ "key": "cache", "record": record("3", 1, None) }));
    assert_eq!(saved, Ok(json!(true)));
    assert_eq!(load(), record("3", 1, None));
    assert_eq!(invoke(&page, "load_record", json!({ "key": "draft" })), Ok(Value::Null));
    invoke(&page, "clear_record", json!({ "key": "cache" })).unwrap();
    assert_eq!(load(), Value::Null);
}

#[test]
fn only_what_is_newer_replaces_a_record() {
    let newer = || record("3", 2, None);
    for (stored, record, expected) in [
        (newer(), record("4", 2, None), Ok(json!(true))),
        (newer(), record("3", 2, None), Ok(json!(false))),
        (newer(), record("2", 2, None), Ok(json!(false))),
        (newer(), record("2", 3, None), Ok(json!(true))),
        (record("3", 2, Some(1)), record("2", 2, None), Ok(json!(true))),
        (newer(), record("4", 1, None), Err("newer-schema")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let app = start(Builder::new().folder(folder.path()).record("cache"));
        let page = window(&app, "main");
        let save = |record: &Value| invoke(&page, "save_record", json!({ "key": "cache", "record": record }));
        save(&stored).unwrap();
        let outcome = save(&record);
        assert_eq!(
            outcome.as_ref().map_err(|error| error["kind"].as_str().unwrap()),
            expected.as_ref().map_err(|kind| *kind)
        );
        let kept = invoke(&page, "load_record", json!({ "key": "cache" })).unwrap();
        assert_eq!(kept, if expected == Ok(json!(true)) { record } else { stored });
    }
}

#[test]
fn a_stored_record_of_no_use_keeps_nothing_from_being_saved() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(Builder::new().folder(folder.path()).record("cache"));
    let page = window(&app, "main");
    let save = |record: &Value, useless: &Value| {
        invoke(&page, "save_record", json!({ "key": "cache", "record": record, "useless": useless })).unwrap()
    };
    let (useless, fresh) = (record("9", 2, None), record("3", 2, None));
    assert_eq!(save(&useless, &Value::Null), json!(true));
    assert_eq!(
        save(&fresh, &record("8", 2, None)),
        json!(false),
        "another record than the one that was judged"
    );
    assert_eq!(save(&fresh, &useless), json!(true));
    assert_eq!(invoke(&page, "load_record", json!({ "key": "cache" })).unwrap(), fresh);
    let kept = std::fs::read_dir(folder.path().join("records")).unwrap();
    assert!(kept.flatten().any(|file| file.file_name().to_string_lossy().ends_with(".damaged")));
}

#[test]
fn windows_reach_the_named_records_alone() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(Builder::new().folder(folder.path()).record("cache"));
    let page = window(&app, "main");
    for key in ["other", "../settings", "", "CACHE"] {
        for command in ["load_record", "clear_record"] {
            let error = invoke(&page, command, json!({ "key": key })).unwrap_err();
            assert_eq!((&error["code"], &error["retryable"]), (&json!("unknown-record"), &json!(false)));
        }
        let arguments = json!({ "key": key, "record": record("1", 1, None) });
        assert_eq!(invoke(&page, "save_record", arguments).unwrap_err()["code"], "unknown-record");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn damaged_record_is_told_and_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(Builder::new().folder(folder.path()).record("cache"));
    let page = window(&app, "main");
    let files = folder.path().join("records");
    std::fs::create_dir_all(&files).unwrap();
    std::fs::write(files.join("cache.json"), "{").unwrap();
    let error = invoke(&page, "load_record", json!({ "key": "cache" })).unwrap_err();
    assert_eq!((&error["code"], &error["kind"]), (&json!("record"), &json!("unreadable")));
    assert!(error["message"].as_str().unwrap().contains("cache.json.damaged"), "{error}");
    assert_eq!(invoke(&page, "load_record", json!({ "key": "cache" })), Ok(Value::Null));
}
