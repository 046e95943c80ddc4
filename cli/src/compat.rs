//! `state-sync compat`.

use crate::terminal::{BAD, FAINT, GOOD, could_not_run};
use anstream::{eprintln, println};
use state_sync_codegen::compat::{Comparison, Verdict, compare};
use std::{path::PathBuf, process::ExitCode};

const EXAMPLES: &str = "\
A change is breaking for senders if one that still follows OLD may write what a receiver of NEW refuses, and
breaking for receivers if one that still follows OLD may refuse what a sender of NEW writes.

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

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs: one JSON document.
    Json,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    let comparison = match compare(&arguments.old, &arguments.new) {
        Ok(comparison) => comparison,
        Err(error) => return could_not_run(&error),
    };
    match arguments.format {
        Format::Human => print(&comparison),
        Format::Json => match serde_json::to_string_pretty(&comparison) {
            Ok(text) => println!("{text}"),
            Err(error) => return could_not_run(&error),
        },
    }
    if comparison.is_breaking() { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn print(comparison: &Comparison) {
    for change in &comparison.changes {
        let (style, word) = if change.is_breaking() { (BAD, "breaking") } else { (GOOD, "compatible") };
        println!("{style}{word}{style:#} {}#{}: {}", change.schema, change.pointer, change.what);
        let (senders, receivers) = (shown(change.senders), shown(change.receivers));
        println!("    senders: {senders}, receivers: {receivers}");
        println!("    {FAINT}{}{FAINT:#}", change.reason);
    }
    let breaking = comparison.changes.iter().filter(|change| change.is_breaking()).count();
    match (comparison.changes.len(), breaking) {
        (0, _) => eprintln!("no changes"),
        (all, 0) => eprintln!("{all} changes, none breaking"),
        (all, breaking) => eprintln!("{all} changes, {breaking} breaking"),
    }
}

fn shown(verdict: Verdict) -> &'static str {
    verdict.as_str()
}
