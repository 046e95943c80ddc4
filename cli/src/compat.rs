//! `state-sync compat`.

use crate::terminal::{BAD, FAINT, Format, GOOD, could_not_run, print, say};
use state_sync_codegen::compat::{Comparison, Verdict, compare};
use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

const EXAMPLES: &str = "\
A change is breaking for senders if one that still follows OLD may write what a
receiver of NEW refuses, and breaking for receivers if one that still follows
OLD may refuse what a sender of NEW writes.

In folders, every *.schema.json counts; schemas are matched by `$id`, or else by
the name of the file. Two files are compared with each other.

Examples:
  state-sync compat schema/released schema/v1
  state-sync compat old.schema.json new.schema.json --format json

Exit status: 0 compatible, 1 something is breaking, 2 it could not run.";

/// Say whether a change of a schema is breaking, for whom, and why
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The schemas before the change: a folder, or one file
    old: PathBuf,
    /// The schemas after it
    new: PathBuf,
    /// How the outcome is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    let comparison = match compare(&arguments.old, &arguments.new) {
        Ok(comparison) => comparison,
        Err(error) => return could_not_run(&error),
    };
    match arguments.format {
        Format::Human => show(&comparison),
        Format::Json => match serde_json::to_string_pretty(&comparison) {
            Ok(text) => print(&(text + "\n")),
            Err(error) => return could_not_run(&error),
        },
    }
    if comparison.is_breaking() { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn show(comparison: &Comparison) {
    let mut text = String::new();
    for change in &comparison.changes {
        let (style, word) = if change.is_breaking() { (BAD, "breaking") } else { (GOOD, "compatible") };
        let (senders, receivers) = (shown(change.senders), shown(change.receivers));
        let _ =
            writeln!(text, "{style}{word}{style:#} {}#{}: {}", change.schema, change.pointer, change.what);
        let _ = writeln!(text, "    senders: {senders}, receivers: {receivers}");
        let _ = writeln!(text, "    {FAINT}{}{FAINT:#}", change.reason);
    }
    print(&text);
    let breaking = comparison.changes.iter().filter(|change| change.is_breaking()).count();
    match (comparison.changes.len(), breaking) {
        (0, _) => say(&"no changes"),
        (1, 0) => say(&"1 change, not breaking"),
        (1, _) => say(&"1 change, breaking"),
        (all, 0) => say(&format_args!("{all} changes, none breaking")),
        (all, breaking) => say(&format_args!("{all} changes, {breaking} breaking")),
    }
}

fn shown(verdict: Verdict) -> &'static str {
    verdict.as_str()
}
