//! `state-sync generate`.

use crate::terminal::{BAD, FAINT, Format, GOOD, could_not_run, print, say};
use serde_json::json;
use state_sync_codegen::{
    Mode, Report, generate,
    output::{Change, ChangeKind},
    watch,
};
use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

const EXAMPLES: &str = "\
Examples:
  state-sync generate            write what state-sync.toml asks for
  state-sync generate --check    write nothing; exit 1 where a file is missing,
                                 different or stray
  state-sync generate --watch    again after every change of the configuration
                                 or a schema
  state-sync generate --config app/state-sync.toml

Exit status: 0 up to date or written, 1 --check found differences,
2 it could not run.";

/// Write types, validators and the topic map for the topics of state-sync.toml
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Write nothing; print what differs from disk
    #[arg(long, conflicts_with = "watch")]
    check: bool,
    /// Go on, and write again after every change
    #[arg(long)]
    watch: bool,
    /// The configuration; paths in it start from its folder
    #[arg(long, value_name = "FILE", default_value = state_sync_codegen::config::FILE_NAME)]
    config: PathBuf,
    /// How the outcome is printed
    #[arg(long, value_enum, default_value_t = Format::Human, conflicts_with = "watch")]
    format: Format,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    if arguments.watch {
        return run_watch(arguments);
    }
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let report = match generate(&arguments.config, mode) {
        Ok(report) => report,
        Err(error) => return could_not_run(&error),
    };
    match arguments.format {
        Format::Human => show(&report, mode),
        Format::Json => print(&format!("{}\n", as_json(&report, mode))),
    }
    if mode == Mode::Check && !report.changes.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn run_watch(arguments: &Arguments) -> ExitCode {
    let ended = watch(&arguments.config, |report| {
        match report {
            Ok(report) => show(&report, Mode::Write),
            Err(error) => drop(could_not_run(&error)),
        }
        say(&format_args!("{FAINT}waiting for changes; Ctrl-C ends{FAINT:#}"));
        true
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => could_not_run(&error),
    }
}

fn show(report: &Report, mode: Mode) {
    let mut text = String::new();
    for change in &report.changes {
        let word = match (mode, change.kind) {
            (Mode::Check, kind) => format!("{BAD}{kind}{BAD:#}"),
            (Mode::Write, ChangeKind::Stray) => format!("{BAD}removed{BAD:#}"),
            (Mode::Write, _) => format!("{GOOD}wrote{GOOD:#}"),
        };
        let _ = writeln!(text, "{word} {}", change.path.display());
        if let (Mode::Check, Some(diff)) = (mode, &change.diff) {
            let _ = writeln!(text, "{FAINT}{diff}{FAINT:#}");
        }
    }
    print(&text);
    let (files, changed) = (count(report.files), report.changes.len());
    match (mode, changed) {
        (_, 0) => say(&format_args!("{files}, all up to date")),
        (Mode::Check, 1) => say(&"1 file differs from what is generated; run `state-sync generate`"),
        (Mode::Check, _) => {
            say(&format_args!("{changed} files differ from what is generated; run `state-sync generate`"))
        }
        (Mode::Write, _) => say(&format_args!("{files}, {changed} changed")),
    }
}

fn count(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

fn as_json(report: &Report, mode: Mode) -> serde_json::Value {
    let change = |change: &Change| json!({ "path": change.path, "kind": change.kind.to_string(), "diff": change.diff });
    json!({
        "version": 1,
        "mode": if mode == Mode::Check { "check" } else { "write" },
        "files": report.files,
        "changes": report.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
