//! `state-sync conformance coverage`.

use super::{CasesFolder, Format, print, print_json, suite};
use crate::terminal::{BAD, FAINT, GOOD, could_not_run};
use state_sync_conformance::{
    coverage::{Coverage, coverage},
    requirements::Requirements,
};
use std::{fmt::Write as _, process::ExitCode};

const EXAMPLES: &str = "\
Example:
  state-sync conformance coverage --format json

Exit status: 0 every MUST of a judged profile has a case or is held elsewhere,
1 one has none or a case cites what there is not, 2 it could not run.";

/// Count the cases of every requirement
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// How the outcome is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    folder: CasesFolder,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    // Read without the requirements: that a case cites one that there is not is a finding here, not a hindrance.
    let suite = match suite(arguments.folder.cases.as_deref(), &Requirements::default()) {
        Ok(suite) => suite,
        Err(error) => return could_not_run(&error),
    };
    let requirements = Requirements::embedded();
    if requirements.is_empty() {
        return could_not_run(&"this program was built without schema/v1/requirements.json");
    }
    let coverage = coverage(&suite.cases, &requirements);
    match arguments.format {
        Format::Json => print_json(&coverage),
        Format::Human => print(&shown(&coverage)),
    }
    if coverage.has_findings() { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn shown(coverage: &Coverage) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    for requirement in &coverage.requirements {
        let count = requirement.cases.len();
        let style = match count {
            0 if coverage.uncovered.contains(&requirement.id) => BAD,
            0 => FAINT,
            _ => GOOD,
        };
        // Padded as text: the level itself does not fill a width.
        let (id, level) = (&requirement.id, requirement.level.to_string());
        line(format!(
            "{id:<8} {level:<6} {FAINT}{:<12}{FAINT:#} {style}{count:>4}{style:#} cases",
            requirement.profile
        ));
    }
    for profile in &coverage.not_judged {
        let (name, count) = (&profile.profile, profile.requirements);
        line(format!("{FAINT}not judged{FAINT:#} {name}, {count} requirements: {}", profile.reason));
    }
    for entry in &coverage.held_elsewhere {
        let (ids, reason, tests) = (entry.requirements.join(" "), &entry.reason, entry.tests.join(" "));
        line(format!("{FAINT}held elsewhere{FAINT:#} {ids}: {reason} {FAINT}({tests}){FAINT:#}"));
    }
    for id in &coverage.uncovered {
        line(format!("{BAD}no case{BAD:#} {id} is a MUST and has none"));
    }
    for id in &coverage.held_twice {
        line(format!(
            "{BAD}needless{BAD:#} {id} is said to be held elsewhere, and has a case or is none of a judged profile"
        ));
    }
    for citation in &coverage.unknown {
        line(format!(
            "{BAD}unknown{BAD:#} {} cites {}, which no chapter has",
            citation.case, citation.requirement
        ));
    }
    let (all, cases) = (coverage.requirements.len(), coverage.cases);
    let covered = coverage.requirements.iter().filter(|requirement| !requirement.cases.is_empty()).count();
    line(format!("{covered} of {all} requirements of the judged profiles have cases; {cases} cases"));
    text
}
