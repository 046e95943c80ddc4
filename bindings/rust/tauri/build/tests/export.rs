//! A build stops where its TypeScript is not that of its types.

use std::fs;

use schemars::JsonSchema;
use serde::Serialize;
use tauri_plugin_state_sync_build::{Registry, Stopped, try_export};

#[derive(Serialize, JsonSchema)]
struct Settings {
    theme: String,
}

mod changed {
    use super::*;

    #[derive(Serialize, JsonSchema)]
    pub struct Settings {
        colours: String,
    }
}

fn settings() -> Registry {
    Registry::new().topic::<Settings>("settings")
}

#[test]
fn build_stops_once_after_a_change_and_then_passes() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(try_export(settings(), folder.path(), false), Err(Stopped::Written(_))));
    assert!(try_export(settings(), folder.path(), false).is_ok());

    let changed = || Registry::new().topic::<changed::Settings>("settings");
    let stopped = try_export(changed(), folder.path(), false).unwrap_err().to_string();
    assert!(stopped.contains("bundle the page and build again"), "{stopped}");
    assert!(stopped.contains("different") && stopped.contains("types.ts"), "{stopped}");
    assert!(try_export(changed(), folder.path(), false).is_ok());
    assert!(fs::read_to_string(folder.path().join("types.ts")).unwrap().contains("colours"));
}

#[test]
fn check_tells_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stopped = try_export(settings(), folder.path(), true).unwrap_err();
    assert!(matches!(stopped, Stopped::OutOfDate(_)));
    assert!(stopped.to_string().contains("STATE_SYNC_CHECK"), "{stopped}");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());

    try_export(settings(), folder.path(), false).unwrap_err();
    assert!(try_export(settings(), folder.path(), true).is_ok());
    fs::copy(folder.path().join("types.ts"), folder.path().join("stray.ts")).unwrap();
    assert!(try_export(settings(), folder.path(), true).is_err(), "a stray generated file counts");
}

#[test]
fn types_that_cannot_be_generated_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let blank = Registry::new().topic::<Settings>(" ");
    let stopped = try_export(blank, folder.path(), false).unwrap_err();
    assert!(stopped.to_string().contains("is blank"), "{stopped}");
}
