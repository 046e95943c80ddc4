//! What windows see: snapshots, events, errors.

mod support;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use support::{SETTINGS, Settings, invoke, set_size, settings, start, try_start, window};
use tauri::Listener;
use tauri_plugin_state_sync::{Builder, DEFAULT_EVENT_NAME, StateSyncExt, TopicKey};

const VOLUME: TopicKey<u8> = TopicKey::new("volume");

fn plugin() -> Builder {
    Builder::new().topic(SETTINGS.starting_with(settings("light", 14))).topic(VOLUME.starting_with(5))
}

#[test]
fn snapshot_is_the_state_with_revision_and_epoch() {
    let app = start(plugin());
    let page = window(&app, "main");
    set_size(&app, 20).unwrap();
    let envelope = invoke(&page, "get_snapshot", json!({ "topic": "settings" })).unwrap();
    assert_eq!(envelope["revision"], "1");
    assert_eq!(envelope["data"], json!({ "theme": "light", "size": 20 }));
    assert_eq!(envelope["epoch"].as_str().map(str::len), Some(32), "{envelope}");
    let other = invoke(&page, "get_snapshot", json!({ "topic": "volume" })).unwrap();
    assert_eq!((&other["revision"], &other["data"]), (&json!("0"), &json!(5)));
    assert_ne!(other["epoch"], envelope["epoch"]);
}

#[test]
fn memory_takes_a_new_epoch_at_each_start() {
    let epoch = || support::snapshot(&start(plugin())).epoch.unwrap();
    assert_ne!(epoch(), epoch());
}

#[test]
fn event_comes_after_the_state_and_carries_its_revision() {
    let app = start(plugin());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (noted, handle) = (Arc::clone(&seen), app.handle().clone());
    app.listen_any(DEFAULT_EVENT_NAME, move |event| {
        let event: Value = serde_json::from_str(event.payload()).unwrap();
        let pulled = handle.state_sync().snapshot(SETTINGS).unwrap();
        noted.lock().unwrap().push((event, pulled.data.size));
    });
    let envelope = set_size(&app, 20).unwrap();
    set_size(&app, 21).unwrap();
    let epoch = envelope.epoch.unwrap();
    let event = |revision| json!({ "topic": "settings", "revision": revision, "epoch": epoch });
    assert_eq!(*seen.lock().unwrap(), [(event("1"), 20), (event("2"), 21)]);
}

#[test]
fn event_name_and_source_are_the_applications_choice() {
    let topic = SETTINGS.starting_with(settings("light", 14)).source_id("backend");
    let app = start(Builder::new().event_name("app://changed").topic(topic));
    let seen = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&seen);
    app.listen_any("app://changed", move |event| {
        *noted.lock().unwrap() = serde_json::from_str::<Value>(event.payload()).ok();
    });
    set_size(&app, 20).unwrap();
    assert_eq!(seen.lock().unwrap().take().unwrap()["sourceId"], "backend");
}

#[test]
fn listener_may_change_topics_itself() {
    let app = start(plugin());
    let topics = app.state_sync();
    app.listen_any(DEFAULT_EVENT_NAME, move |event| {
        if event.payload().contains(r#""topic":"settings","revision":"1""#) {
            topics.update(SETTINGS, |settings| settings.size += 1).unwrap();
            topics.replace(VOLUME, 11).unwrap();
        }
    });
    set_size(&app, 20).unwrap();
    assert_eq!(support::snapshot(&app).data.size, 21);
    assert_eq!(app.state_sync().snapshot(VOLUME).unwrap().data, 11);
}

#[test]
fn refused_change_changes_and_announces_nothing() {
    let app = start(plugin());
    app.listen_any(DEFAULT_EVENT_NAME, |event| panic!("announced {}", event.payload()));
    let refused = app.state_sync().try_update(SETTINGS, |settings: &mut Settings| {
        settings.size = 1000;
        Err("at most 72 points")
    });
    let error = serde_json::to_value(refused.unwrap_err()).unwrap();
    let message = "the topic \"settings\" was not changed: at most 72 points";
    assert_eq!(error, json!({ "code": "refused", "message": message, "retryable": false }));
    assert_eq!(support::snapshot(&app).data, settings("light", 14));
}

#[test]
fn errors_have_a_code_and_say_what_would_have_been_right() {
    let app = start(plugin());
    let page = window(&app, "main");
    let unknown = invoke(&page, "get_snapshot", json!({ "topic": "setings" })).unwrap_err();
    assert_eq!((&unknown["code"], &unknown["retryable"]), (&json!("unknown-topic"), &json!(false)));
    assert!(unknown["message"].as_str().unwrap().ends_with("registered settings, volume"), "{unknown}");

    let wrong: TopicKey<String> = TopicKey::new("volume");
    let error = app.state_sync().snapshot(wrong).unwrap_err();
    assert_eq!(error.code(), "wrong-type");
    assert!(error.to_string().contains("holds a u8, and the key is for a alloc::string::String"), "{error}");
}

#[test]
fn arguments_of_any_kind_are_answered() {
    let app = start(plugin().record("cache"));
    let page = window(&app, "main");
    for arguments in
        [json!({}), json!({ "topic": 5 }), json!({ "topic": null }), json!([]), json!("settings")]
    {
        invoke(&page, "get_snapshot", arguments).unwrap_err();
    }
    let deep = serde_json::from_str::<Value>(&format!("{}{}", "[".repeat(127), "]".repeat(127))).unwrap();
    for record in [json!(null), json!([]), json!({ "snapshot": {} }), deep] {
        let error = invoke(&page, "save_record", json!({ "key": "cache", "record": record })).unwrap_err();
        assert_eq!(error["kind"], "not-serializable", "{error}");
    }
}

#[test]
fn page_without_permission_gets_nothing() {
    let app = start(plugin());
    let page = window(&app, "main");
    let refused = invoke(&page, "no_such_command", json!({ "topic": "settings" })).unwrap_err();
    assert!(refused.as_str().is_some_and(|text| text.contains("not allowed")), "{refused}");
}

#[test]
fn application_without_the_plugin_is_told() {
    let app = tauri::test::mock_app();
    let error = app.state_sync().snapshot(SETTINGS).unwrap_err();
    assert_eq!(error.code(), "not-registered");
}

#[test]
fn faults_of_the_program_are_told_at_the_start() {
    let blank: TopicKey<u8> = TopicKey::new(" ");
    let file = |key: TopicKey<u8>| key.starting_with(0).saved().file("one.json");
    let folder = tempfile::tempdir().unwrap();
    let gap = VOLUME.starting_with(1).saved().schema_version(4).migration(1, Ok).migration(3, Ok);
    for (plugin, expected) in [
        (Builder::new().topic(gap), "there is no step from schema version 2"),
        (plugin().topic(blank.starting_with(1)), "a topic's name is blank"),
        (plugin().topic(VOLUME.starting_with(1)), "the topic \"volume\" is registered twice"),
        (plugin().event_name("a b"), "\"a b\" is no event name"),
        (plugin().record("a".repeat(300)), "makes no file name"),
        (Builder::new().topic(file(VOLUME)).topic(file(TopicKey::new("loudness"))), "would hold two states"),
    ] {
        let Err(error) = try_start(plugin.folder(folder.path())) else { panic!("it starts: {expected}") };
        assert!(error.to_string().contains(expected), "{error}");
    }
}
