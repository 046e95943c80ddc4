//! `state-sync generate --watch`: again whenever an input changes.

use crate::{Error, Mode, Report, Result, generate, generate::inputs};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

/// How long it must be quiet before it is generated again: an editor saves in several steps.
const QUIET: Duration = Duration::from_millis(50);

/// Generates, and then again after every change of the configuration or of a schema, until `on_report` says
/// `false`. An error is reported like a result: the next change may mend it.
///
/// # Errors
/// The system cannot watch files.
pub fn watch(path: &Path, mut on_report: impl FnMut(Result<Report>) -> bool) -> Result<()> {
    let (sender, events) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading the inputs is an event too, and of no interest.
        if event.map_or(true, |event| !event.kind.is_access()) {
            // Nobody listens any more once the watch has ended.
            let _ = sender.send(());
        }
    })
    .map_err(|error| fault(path, &error))?;
    let mut watched = BTreeSet::new();
    loop {
        watch_folders(path, &mut watcher, &mut watched)?;
        if !on_report(generate(path, Mode::Write)) {
            return Ok(());
        }
        wait_for_change(&events);
    }
}

/// Watches the folders of all inputs, not the files: an editor replaces a file, and a watch would stay with the
/// old one.
fn watch_folders(
    path: &Path,
    watcher: &mut RecommendedWatcher,
    watched: &mut BTreeSet<PathBuf>,
) -> Result<()> {
    let inputs = inputs(path).unwrap_or_else(|_| BTreeSet::from([path.to_owned()]));
    for input in inputs {
        let folder = match input.parent() {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        if folder.is_dir() && watched.insert(folder.clone()) {
            watcher.watch(&folder, RecursiveMode::NonRecursive).map_err(|error| fault(&folder, &error))?;
        }
    }
    Ok(())
}

fn wait_for_change(events: &Receiver<()>) {
    if events.recv().is_err() {
        return;
    }
    while !matches!(
        events.recv_timeout(QUIET),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)
    ) {}
}

fn fault(path: &Path, error: &notify::Error) -> Error {
    Error::Io { path: path.to_owned(), action: "watch", reason: error.to_string() }
}
