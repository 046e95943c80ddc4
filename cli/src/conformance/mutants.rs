//! `state-sync conformance mutants`.

use super::{CasesFolder, Format, print, print_json, suite};
use crate::terminal::{BAD, FAINT, GOOD, could_not_run};
use state_sync_conformance::{
    mutants::{Catch, MutantReport, run as run_mutants},
    requirements::Requirements,
};
use std::{fmt::Write as _, process::ExitCode};

const EXAMPLES: &str = "\
A mutant is the Rust implementation with one fault. It is caught if a case fails
that cites a requirement which the fault breaks.

Examples:
  state-sync conformance mutants
  state-sync conformance mutants --all
  state-sync conformance mutants --format json

Exit status: 0 all are caught and every MUST has a mutant, 1 otherwise,
2 it could not run.";

/// Measure the suite: run it against deliberately broken implementations
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Print all cases that caught a mutant, and all that caught none
    #[arg(long)]
    all: bool,
    /// How the outcome is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    folder: CasesFolder,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    let requirements = Requirements::embedded();
    let suite = match suite(arguments.folder.cases.as_deref(), &requirements) {
        Ok(suite) => suite,
        Err(error) => return could_not_run(&error),
    };
    let report = run_mutants(&suite.cases, &requirements);
    match arguments.format {
        Format::Json => print_json(&report),
        Format::Human => print(&shown(&report, if arguments.all { usize::MAX } else { 3 })),
    }
    if report.is_strong() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Some names, and how many more there are.
fn some<'a>(names: impl ExactSizeIterator<Item = &'a str>, shown: usize) -> String {
    let more = names.len().saturating_sub(shown);
    let names: Vec<_> = names.take(shown).collect();
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", names.join(", "))
}

fn shown(report: &MutantReport, most: usize) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    let names = |catches: &[Catch]| some(catches.iter().map(|catch| catch.case.as_str()), most);
    for mutant in &report.mutants {
        let (style, word) = if mutant.caught_by.is_empty() { (BAD, "survives") } else { (GOOD, "caught") };
        let breaks = mutant.breaks.join(" ");
        line(format!(
            "{style}{word}{style:#} {} {FAINT}({breaks}): {}{FAINT:#}",
            mutant.name, mutant.summary
        ));
        if !mutant.caught_by.is_empty() {
            line(format!("    by {}", names(&mutant.caught_by)));
        } else if !mutant.also_failed.is_empty() {
            line(format!("    it fails only cases of other requirements: {}", names(&mutant.also_failed)));
        }
    }
    for id in &report.requirements_without_mutant {
        line(format!("{BAD}no mutant{BAD:#} breaks {id}, which is a MUST"));
    }
    for id in &report.unknown_requirements {
        line(format!("{BAD}unknown{BAD:#} a mutant breaks {id}, which no chapter has"));
    }
    for id in &report.unsound_cases {
        line(format!("{BAD}unsound{BAD:#} {id} fails without a mutant too"));
    }
    let idle = &report.idle_cases;
    if !idle.is_empty() {
        let names = some(idle.iter().map(String::as_str), if most == usize::MAX { most } else { 5 });
        line(format!("{FAINT}{} cases caught no mutant: {names}{FAINT:#}", idle.len()));
    }
    let (all, survivors) = (report.mutants.len(), report.survivors.len());
    let style = if report.is_strong() { GOOD } else { BAD };
    line(format!("{style}{} of {all} mutants are caught{style:#}", all - survivors));
    text
}
