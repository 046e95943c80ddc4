//! `state-sync conformance fuzz`.

use super::{Format, duration, print, print_json, progress::Bars};
use crate::terminal::{BAD, FAINT, GOOD, could_not_run};
use state_sync_conformance::{
    built_in::{BUILT_IN, Prepared, Surroundings, prepare},
    fuzz::{self, FuzzReport, Inputs, Launched, Options, Reply},
    harness::{Limits, Program},
    progress::Progress,
};
use std::{cell::Cell, fmt::Write as _, process::ExitCode, time::Duration};

const EXAMPLES: &str = "\
Examples:
  state-sync conformance fuzz --against rust --with typescript
  state-sync conformance fuzz --against rust --with 'node mine.js' --seed 7
  state-sync conformance fuzz --against rust --with typescript --profile engine

Exit status: 0 they agree, 1 they differ, 2 it could not run.";

/// Ask two implementations random inputs, and shrink what they answer differently to a case
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The first implementation: a built-in name, or a command that speaks the harness protocol
    #[arg(long, value_name = "IMPLEMENTATION")]
    against: String,
    /// The second one
    #[arg(long, value_name = "IMPLEMENTATION")]
    with: String,
    /// What the inputs are: revisions, topics and messages, or scripts for engines
    #[arg(long, value_enum, default_value_t = Profile::Core)]
    profile: Profile,
    /// Where the random inputs begin; the same seed gives the same inputs
    #[arg(long, value_name = "S", default_value_t = Options::default().seed)]
    seed: u64,
    /// How many inputs
    #[arg(long = "cases", visible_alias = "count", value_name = "N", default_value_t = Options::default().cases,
        value_parser = clap::value_parser!(u64).range(1..))]
    cases: u64,
    /// How many different differences end the search
    #[arg(long, value_name = "N", default_value_t = Options::default().differences)]
    differences: usize,
    /// How long an answer may take, such as 2, 0.5s or 500ms [default: 10s]
    #[arg(long, value_parser = duration)]
    timeout: Option<Duration>,
    /// How the outcome is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Profile {
    Core,
    Engine,
}

impl From<Profile> for Inputs {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Core => Inputs::Core,
            Profile::Engine => Inputs::Engine,
        }
    }
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    let bars = Bars::new();
    let report = search(arguments, &bars);
    bars.clear();
    let report = match report {
        Ok(report) => report,
        Err(problem) => return could_not_run(&problem),
    };
    match arguments.format {
        Format::Json => print_json(&report),
        Format::Human => print(&shown(&report, arguments)),
    }
    if report.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn search(arguments: &Arguments, bars: &Bars) -> Result<FuzzReport, String> {
    let mut against = launched(&arguments.against, arguments, bars)?;
    let mut with = launched(&arguments.with, arguments, bars)?;
    let Arguments { profile, seed, cases, differences, .. } = *arguments;
    bars.asking("fuzz", usize::try_from(cases).unwrap_or(usize::MAX));
    let before = Cell::new(0);
    let progress = |now: u64| {
        let more = now - before.replace(now);
        bars.answered("fuzz", usize::try_from(more).unwrap_or(usize::MAX));
    };
    let report = fuzz::run(
        &mut against,
        &mut with,
        Options { inputs: profile.into(), seed, cases, differences },
        &progress,
    );
    bars.finished("fuzz");
    report
}

fn launched(name: &str, arguments: &Arguments, bars: &Bars) -> Result<Launched, String> {
    let program = if BUILT_IN.contains(&name) {
        let surroundings = Surroundings::here().map_err(|error| error.to_string())?;
        match prepare(name, &surroundings, bars) {
            Prepared::Ready(program) => program,
            Prepared::Skipped(reason) | Prepared::Broken(reason) => return Err(format!("{name}: {reason}")),
        }
    } else {
        Program::of_command(name)?
    };
    bars.finished(name);
    let mut limits = Limits::default();
    limits.answer = arguments.timeout.unwrap_or(limits.answer);
    Ok(Launched::new(Box::new(program), limits))
}

fn shown(report: &FuzzReport, arguments: &Arguments) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    for difference in &report.differences {
        line(format!(
            "{BAD}difference{BAD:#} {FAINT}(input {} of seed {}){FAINT:#}",
            difference.number, report.seed
        ));
        line(format!("  {}: {}", arguments.against, reply(&difference.against)));
        line(format!("  {}: {}", arguments.with, reply(&difference.with)));
        line(serde_json::to_string_pretty(&difference.case).unwrap_or_default());
    }
    let asked = report.asked;
    let (against, with, found) = (&arguments.against, &arguments.with, report.differences.len());
    if found == 0 {
        line(format!("{GOOD}no difference{GOOD:#} between {against} and {with} on {asked} inputs"));
    } else {
        let alike = report.alike;
        let noun = if found == 1 { "difference" } else { "differences" };
        let more =
            if alike == 0 { String::new() } else { format!(", and {alike} more inputs that show the same") };
        line(format!("{BAD}{found} {noun}{BAD:#} on {asked} inputs{more}"));
    }
    text
}

fn reply(reply: &Reply) -> String {
    serde_json::to_string(reply).unwrap_or_default()
}
