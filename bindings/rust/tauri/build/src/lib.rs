//! TypeScript for the topics of a Tauri application, made and checked by its build script.
//!
//! The types of the states stand in a file of their own, so that the build script can read them too. Then a build
//! never carries a page that was compiled against other types than the backend's: where the TypeScript is out of
//! date, [`export`] writes it anew and stops the build, since the page has to be bundled again.
//!
//! ```no_run
//! // build.rs
//! use schemars::JsonSchema;
//! use serde::Serialize;
//! use tauri_plugin_state_sync_build::{Registry, export};
//!
//! // In an application: #[path = "src/settings.rs"] mod settings;
//! #[derive(Serialize, JsonSchema)]
//! struct Settings {
//!     theme: String,
//! }
//!
//! fn main() {
//!     export(Registry::new().topic::<Settings>("settings"), "../src/statesync");
//!     // tauri_build::build();
//! }
//! ```

use std::{env, fmt, path::Path, process};

pub use state_sync_codegen::Registry;
use state_sync_codegen::{Error, Report};

/// With this variable set to anything, and where `CI` is set, [`export`] writes nothing.
pub const CHECK: &str = "STATE_SYNC_CHECK";

/// What stops a build.
#[derive(Debug)]
pub enum Stopped {
    /// The TypeScript was out of date and has been written; the page must be bundled again.
    Written(Report),
    /// The TypeScript is out of date, and this build may not write it.
    OutOfDate(Report),
    /// The types cannot be generated, or a file cannot be read or written.
    Failed(Error),
}

impl fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (report, sentence) = match self {
            Stopped::Failed(error) => return error.fmt(formatter),
            Stopped::Written(report) => (
                report,
                "the TypeScript of the topics was out of date and has been written anew; bundle the page and build again",
            ),
            Stopped::OutOfDate(report) => (
                report,
                "the TypeScript of the topics is out of date; build once where neither CI nor STATE_SYNC_CHECK is set, and commit what it writes",
            ),
        };
        formatter.write_str(sentence)?;
        for change in &report.changes {
            write!(formatter, "\n  {} {}", change.kind, change.path.display())?;
        }
        Ok(())
    }
}

impl std::error::Error for Stopped {}

/// Brings the TypeScript of the topics in `folder` up to date, and stops the build where it was not. To be called by
/// a build script; a relative folder is one beside its `Cargo.toml`.
pub fn export(registry: Registry, folder: impl AsRef<Path>) {
    let folder = folder.as_ref();
    println!("cargo::rerun-if-changed={}", folder.display());
    for variable in ["CI", CHECK] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let check = ["CI", CHECK].iter().any(|variable| env::var_os(variable).is_some());
    if let Err(stopped) = try_export(registry, folder, check) {
        for line in stopped.to_string().lines() {
            println!("cargo::error={line}");
        }
        process::exit(1);
    }
}

/// Brings the TypeScript of the topics in `folder` up to date, or with `check` only compares it.
///
/// # Errors
/// [`Stopped`] where something was out of date, also if it has been written now.
pub fn try_export(registry: Registry, folder: impl AsRef<Path>, check: bool) -> Result<(), Stopped> {
    let registry = registry.typescript(folder.as_ref());
    let report = if check { registry.check() } else { registry.write() }.map_err(Stopped::Failed)?;
    match (report.is_current(), check) {
        (true, _) => Ok(()),
        (false, true) => Err(Stopped::OutOfDate(report)),
        (false, false) => Err(Stopped::Written(report)),
    }
}
