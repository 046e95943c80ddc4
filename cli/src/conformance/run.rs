//! `state-sync conformance run`.

use super::{CasesFolder, duration, print, progress::Bars};
use crate::terminal::could_not_run;
use state_sync_conformance::{
    built_in::Surroundings,
    expected_failures::ExpectedFailures,
    harness::Limits,
    report::{Report, terminal},
    run::{Requested, RunOptions},
};
use std::{env, fs, num::NonZeroUsize, path::PathBuf, process::ExitCode, time::Duration};

const EXAMPLES: &str = "\
Without --impl and --cmd, all built-in implementations are judged. What they
need (npm ci, builds) is done where it is stale. A toolchain that is not
installed is said, and is no failure.

Examples:
  state-sync conformance run
  state-sync conformance run --impl rust --impl typescript
  state-sync conformance run --cmd 'python3 adapter.py' --case 'revision/*'
  state-sync conformance run --report html=report.html --report badge=badge.svg
  state-sync conformance run --cmd ./mine --expected-failures known.toml

A file of expected failures:
  [[expected-failure]]
  pattern = \"data/*\"           # a glob over the ids of cases
  reason = \"numbers are kept as decimals; ticket 12\"
  implementation = \"python\"    # optional: only this one
  expect = \"wrong-value\"       # or \"crash\" and the like, { ok = 5 } or
                               # { error = { code = \"too-deep\", pointer = \"\" } }

Exit status: 0 all passed, 1 something was found or no case was run,
2 an implementation could not be judged.";

/// Ask implementations all cases, and say who passes what
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A built-in implementation: rust, typescript, python, go
    #[arg(long = "impl", value_name = "NAME")]
    implementations: Vec<String>,
    /// A command that speaks the harness protocol; no shell reads it
    #[arg(long = "cmd", value_name = "COMMAND")]
    commands: Vec<String>,
    /// Only the cases of this profile
    #[arg(long)]
    profile: Option<String>,
    /// Only the cases whose id matches, such as 'revision/*'
    #[arg(long, value_name = "GLOB")]
    case: Option<String>,
    /// Programs at once; more than there are implementations splits the cases of each
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// How long an answer may take, such as 2, 0.5s or 500ms [default: 10s]
    #[arg(long, value_parser = duration)]
    timeout: Option<Duration>,
    /// Failures that are known (TOML)
    #[arg(long, value_name = "FILE")]
    expected_failures: Option<PathBuf>,
    /// Also write a report: html=FILE, junit=FILE, json=FILE, badge=FILE (.svg, or .json for a shields endpoint)
    #[arg(long = "report", value_name = "FORM=FILE")]
    reports: Vec<Report>,
    #[command(flatten)]
    folder: CasesFolder,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    let options = match options(arguments) {
        Ok(options) => options,
        Err(problem) => return could_not_run(&problem),
    };
    let bars = Bars::new();
    let outcome = state_sync_conformance::run::run(&options, &bars);
    bars.clear();
    let result = match outcome {
        Ok(result) => result,
        Err(error) => return could_not_run(&error),
    };
    print(&terminal(&result));
    let mut status = ExitCode::from(result.conclusion.exit_status());
    for report in &arguments.reports {
        if let Err(error) = report.write(&result) {
            status = could_not_run(&error);
        }
    }
    status
}

fn options(arguments: &Arguments) -> Result<RunOptions, String> {
    let expected_failures = match &arguments.expected_failures {
        Some(file) => fs::read_to_string(file)
            .map_err(|error| format!("{}: cannot read it: {error}", file.display()))
            .and_then(|text| {
                ExpectedFailures::parse(&text).map_err(|fault| format!("{}:{fault}", file.display()))
            })?,
        None => ExpectedFailures::default(),
    };
    let built_in = arguments.implementations.iter().cloned().map(Requested::BuiltIn);
    let commands = arguments.commands.iter().cloned().map(Requested::Command);
    let mut limits = Limits::default();
    let mut rerun = vec![env::args().next().unwrap_or_else(|| "state-sync".to_owned())];
    rerun.extend(["conformance", "run"].map(str::to_owned));
    if let Some(timeout) = arguments.timeout {
        limits.answer = timeout;
        rerun.extend(["--timeout".to_owned(), format!("{}ms", timeout.as_millis())]);
    }
    if let Some(folder) = &arguments.folder.cases {
        rerun.extend(["--cases".to_owned(), folder.display().to_string()]);
    }
    Ok(RunOptions {
        implementations: built_in.chain(commands).collect(),
        profile: arguments.profile.clone(),
        case: arguments.case.clone(),
        jobs: arguments.jobs,
        limits,
        expected_failures,
        cases: arguments.folder.cases.clone(),
        surroundings: Surroundings::here().map_err(|error| error.to_string())?,
        rerun,
    })
}
