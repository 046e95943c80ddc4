//! `state-sync conformance`.

mod coverage;
mod fuzz;
mod list;
mod mutants;
mod progress;
mod run;
mod show;

use crate::terminal::{Format, could_not_run, print};
use serde::Serialize;
use state_sync_conformance::{
    harness::stop_all,
    requirements::Requirements,
    suite::{Suite, SuiteError},
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

const EXAMPLES: &str = "\
Examples:
  state-sync conformance run                             judge all built-in
  state-sync conformance run --cmd 'python3 adapter.py'  judge your own
  state-sync conformance show revision/leading-zero      what one case asks
  state-sync conformance coverage                        requirements by cases";

/// The exit status that shells give to what an interrupt has ended.
const INTERRUPTED: i32 = 130;

/// Judge implementations of the protocol, in any language, by the golden cases
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Run(run::Arguments),
    List(list::Arguments),
    Show(show::Arguments),
    Coverage(coverage::Arguments),
    Mutants(mutants::Arguments),
    Fuzz(fuzz::Arguments),
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    // Without a handler an interrupt would leave behind what hangs. Where none can be set, all else works.
    let _ = ctrlc::set_handler(|| {
        stop_all();
        std::process::exit(INTERRUPTED);
    });
    match &arguments.command {
        Command::Run(arguments) => run::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Coverage(arguments) => coverage::run(arguments),
        Command::Mutants(arguments) => mutants::run(arguments),
        Command::Fuzz(arguments) => fuzz::run(arguments),
    }
}

/// Prints one JSON document.
fn print_json(document: &impl Serialize) {
    match serde_json::to_string_pretty(document) {
        Ok(text) => print(&(text + "\n")),
        Err(error) => drop(could_not_run(&error)),
    }
}

/// The cases of a folder, or the built-in ones.
fn suite(folder: Option<&Path>, requirements: &Requirements) -> Result<Suite, SuiteError> {
    match folder {
        Some(folder) => Suite::from_folder(folder, requirements),
        None => Suite::embedded(requirements),
    }
}

/// The folder of cases, for the subcommands that read them.
#[derive(clap::Args)]
struct CasesFolder {
    /// Cases of this folder instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
}

/// Reads `2`, `2s`, `0.5` or `500ms`.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 1000.0),
        (None, Some(number)) => (number, 1.0),
        (None, None) => (text, 1.0),
    };
    let number: f64 =
        number.trim().parse().map_err(|_| "write seconds, such as 2 or 0.5s, or 500ms".to_owned())?;
    match Duration::try_from_secs_f64(number / unit) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("it must be more than nothing and not for ever".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_seconds_or_milliseconds() {
        for (text, expected) in [
            ("2", Some(2000)),
            ("2s", Some(2000)),
            ("0.5", Some(500)),
            ("250ms", Some(250)),
            ("0", None),
            ("-1", None),
            ("1e30", None),
            ("NaN", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(duration(text).ok(), expected.map(Duration::from_millis), "{text}");
        }
    }
}
