//! `state-sync conformance show`.

use super::{CasesFolder, Format, print, print_json, suite};
use crate::terminal::{FAINT, could_not_run};
use serde_json::{Value, json};
use state_sync_conformance::{
    case::{Case, Expectation},
    report::visible,
    requirements::Requirements,
    suite::Suite,
    wire::{Answer, Response},
};
use std::{fmt::Write as _, process::ExitCode};

const EXAMPLES: &str = "\
Examples:
  state-sync conformance show revision/leading-zero
  state-sync conformance show start/subscribes-then-pulls-then-applies

Exit status: 0 shown, 2 there is no such case.";

/// Show one case: the requirements, what is asked, what must come out
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The id of the case
    id: String,
    /// How the case is printed
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
    let Some(case) = suite.cases.iter().find(|case| case.id == arguments.id) else {
        return could_not_run(&unknown(&arguments.id, &suite));
    };
    match arguments.format {
        Format::Json => print_json(&json!({ "version": 1, "case": case, "request": case.request(10) })),
        Format::Human => print(&shown(case, &requirements)),
    }
    ExitCode::SUCCESS
}

fn unknown(id: &str, suite: &Suite) -> String {
    // The name is what people remember; the group is what they forget.
    let name = id.rsplit('/').next().unwrap_or(id);
    let ids = || suite.cases.iter().map(|case| case.id.as_str());
    let same = ids().filter(|other| other.ends_with(&format!("/{name}")));
    let alike = ids().filter(|other| other.contains(name) && !other.ends_with(&format!("/{name}")));
    let alike: Vec<_> = same.chain(alike).take(5).collect();
    if alike.is_empty() || name.is_empty() {
        format!("there is no case {id}; state-sync conformance list has all")
    } else {
        format!("there is no case {id}; there are {}", alike.join(", "))
    }
}

fn shown(case: &Case, requirements: &Requirements) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{FAINT}{name:<12}{FAINT:#}{value}");
    };
    row("case", &case.id);
    row("file", &format!("conformance/cases/{}", case.file));
    row("profile", &case.profile);
    if let Some(description) = &case.description {
        row("", description);
    }
    for id in &case.requirements {
        match requirements.get(id) {
            Some(requirement) => row(id, &format!("({}) {}", requirement.level, requirement.text)),
            None => row(id, ""),
        }
    }
    let request = case.request(10);
    let answer = match &case.expect {
        Expectation::Error { code, pointer } => {
            let (code, pointer) = (code.clone(), pointer.clone());
            Answer::Error { code, pointer, message: "(any sentence)".to_owned() }
        }
        _ => Answer::Ok { value: case.expected_value().map(|value| value.into_owned()).unwrap_or_default() },
    };
    match (&case.expect, request.input.get("timeline")) {
        (Expectation::Trace(trace), Some(Value::Array(timeline))) => {
            for (name, value) in request.input.iter().filter(|(name, _)| *name != "timeline") {
                row(name, &visible(&value.to_string()));
            }
            lines("timeline", timeline, &mut row);
            lines("trace", trace, &mut row);
        }
        _ => {
            // Written by the types of the wire, so that the members stand in the order that the documents show.
            row("request", &visible(&serde_json::to_string(&request).unwrap_or_default()));
            let response = Response { id: 10, answer };
            row("response", &visible(&serde_json::to_string(&response).unwrap_or_default()));
        }
    }
    row("run", &format!("state-sync conformance run --case {}", case.id));
    text
}

/// The entries of a script or a trace, one on a line.
fn lines(name: &str, entries: &[Value], row: &mut dyn FnMut(&str, &str)) {
    for (index, entry) in entries.iter().enumerate() {
        row(if index == 0 { name } else { "" }, &visible(&entry.to_string()));
    }
}
