//! `watch` generates again when a schema changes, lives through a fault, and ends when it is told to.

use state_sync_codegen::{Report, watch};
use std::{
    fs,
    path::Path,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// Far more than a change takes to be noticed; only a broken watch waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

fn schema(member: &str) -> String {
    format!(r#"{{"type":"object","properties":{{"{member}":{{"type":"string"}}}}}}"#)
}

/// Waits for a report that is as expected; a single save may give several.
fn wait(reports: &Receiver<Result<Report, String>>, expected: impl Fn(&Result<Report, String>) -> bool) {
    loop {
        let report = reports.recv_timeout(PATIENCE).expect("a change is noticed");
        if expected(&report) {
            return;
        }
    }
}

fn generated(folder: &Path) -> String {
    fs::read_to_string(folder.join("out/types.ts")).unwrap_or_default()
}

#[test]
fn change_is_generated_and_a_fault_is_lived_through() {
    let folder = tempfile::tempdir().unwrap();
    let (config, source) = (folder.path().join("state-sync.toml"), folder.path().join("settings.json"));
    fs::write(&config, "[generate]\ntypescript = \"out\"\n\n[topics.settings]\nschema = \"settings.json\"\n")
        .unwrap();
    fs::write(&source, schema("theme")).unwrap();

    let (sender, reports) = channel();
    let watched = config.clone();
    let watching = thread::spawn(move || {
        // Ends once nobody listens any more.
        watch(&watched, |report| sender.send(report.map_err(|error| error.to_string())).is_ok())
    });
    wait(&reports, Result::is_ok);
    assert!(generated(folder.path()).contains("theme"));

    fs::write(&source, "{").unwrap();
    wait(&reports, |report| report.as_ref().is_err_and(|error| error.contains("settings.json")));
    assert!(generated(folder.path()).contains("theme"), "a fault leaves what was generated");

    fs::write(&source, schema("colours")).unwrap();
    wait(&reports, |report| report.as_ref().is_ok_and(|report| !report.changes.is_empty()));
    assert!(generated(folder.path()).contains("colours"));

    drop(reports);
    fs::write(&source, schema("last")).unwrap();
    watching.join().expect("the watch does not panic").expect("the watch ends well");
}
