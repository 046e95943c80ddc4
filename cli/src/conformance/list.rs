//! `state-sync conformance list`.

use super::{CasesFolder, Format, print, print_json, suite};
use crate::terminal::{FAINT, could_not_run};
use serde_json::json;
use state_sync_conformance::{requirements::Requirements, run::select};
use std::{fmt::Write as _, process::ExitCode};

const EXAMPLES: &str = "\
Examples:
  state-sync conformance list --case 'topic/*'
  state-sync conformance list --requirement REV-3 --format json

Exit status: 0 listed, 1 no case matches, 2 it could not run.";

/// List the cases
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Only the cases of this profile
    #[arg(long)]
    profile: Option<String>,
    /// Only the cases whose id matches, such as 'revision/*'
    #[arg(long, value_name = "GLOB")]
    case: Option<String>,
    /// Only the cases that cite this requirement
    #[arg(long, value_name = "ID")]
    requirement: Option<String>,
    /// Only the cases of this operation, such as message.decode
    #[arg(long)]
    op: Option<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    folder: CasesFolder,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> ExitCode {
    let suite = match suite(arguments.folder.cases.as_deref(), &Requirements::embedded()) {
        Ok(suite) => suite,
        Err(error) => return could_not_run(&error),
    };
    let mut cases = match select(&suite, arguments.profile.as_deref(), arguments.case.as_deref()) {
        Ok(cases) => cases,
        Err(error) => return could_not_run(&error),
    };
    cases.retain(|case| {
        arguments.requirement.as_ref().is_none_or(|id| case.requirements.contains(id))
            && arguments.op.as_ref().is_none_or(|op| case.op == *op)
    });
    match arguments.format {
        Format::Json => print_json(&json!({ "version": 1, "cases": cases })),
        Format::Human => {
            let mut text = String::new();
            for case in &cases {
                let requirements = case.requirements.join(" ");
                let _ = writeln!(text, "{:<50} {FAINT}{:<17} {requirements}{FAINT:#}", case.id, case.op);
            }
            print(&text);
            anstream::eprintln!("{} cases", cases.len());
        }
    }
    if cases.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS }
}
