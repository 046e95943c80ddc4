//! The report for a terminal. It is styled always: who prints it takes the styles out where they are not wanted.

use super::words::{asked, before, cut, expected, got, identity, parting_of, summary};
use crate::result::{CaseResult, Conclusion, Details, ImplementationResult, RunResult, Status};
use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use std::fmt::Write as _;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const ODD: Style = AnsiColor::Yellow.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Failures of one implementation that are shown in full.
const SHOWN: usize = 20;
/// Characters of an implementation's name in the table.
const NAME: usize = 22;
/// Characters of an input or an answer that are shown.
const LONGEST: usize = 400;

/// The report: failures first, the table and the conclusion last, where they are seen.
pub fn terminal(result: &RunResult) -> String {
    let mut out = String::new();
    for implementation in &result.implementations {
        for (case, details) in implementation.failures().take(SHOWN) {
            failure(&mut out, result, implementation, case, details);
        }
        let hidden = implementation.failures().count().saturating_sub(SHOWN);
        if hidden > 0 {
            let name = &implementation.name;
            line(
                &mut out,
                &format!(
                    "{BAD}…{BAD:#} and {hidden} more failed cases of {name}; --report html=FILE or json=FILE has all\n"
                ),
            );
        }
    }
    for implementation in &result.implementations {
        for incident in &implementation.incidents {
            line(&mut out, &format!("{BAD}incident{BAD:#} {}: {incident}", implementation.name));
        }
    }
    for problem in &result.stale_expected_failures {
        line(&mut out, &format!("{BAD}stale{BAD:#} {problem}"));
    }
    for implementation in &result.implementations {
        if let Some(reason) = &implementation.reason {
            let (style, word) = match implementation.status {
                Status::Skipped => (ODD, "skipped"),
                _ => (BAD, "not judged"),
            };
            line(&mut out, &format!("{style}{word}{style:#} {}: {reason}", implementation.name));
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    for implementation in
        result.implementations.iter().filter(|implementation| implementation.hello.is_some())
    {
        line(
            &mut out,
            &format!(" {FAINT}{}: {}{FAINT:#}", cut(&implementation.name, LONGEST), identity(implementation)),
        );
    }
    out.push('\n');
    line(&mut out, &table(result));
    let style = if result.conclusion == Conclusion::Passed { GOOD } else { BAD };
    let seconds = result.duration_ms as f64 / 1000.0;
    line(&mut out, &format!("{style}{}{style:#} {FAINT}in {seconds:.1} s{FAINT:#}", summary(result)));
    if result.totals().run() == 0 {
        line(&mut out, "A run without a case proves nothing, so it counts as a finding.");
    }
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn failure(
    out: &mut String,
    result: &RunResult,
    implementation: &ImplementationResult,
    case: &CaseResult,
    details: &Details,
) {
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "{BAD}failed{BAD:#} {} {FAINT}({}){FAINT:#} {}: {}",
        case.id, implementation.name, details.failure.kind, details.failure.message
    );
    let mut row = |name: &str, text: &str| {
        let text = cut(text, LONGEST).replace('\n', "\n            ");
        let _ = writeln!(out, "  {FAINT}{name:<10}{FAINT:#}{text}");
    };
    for id in &details.requirements {
        match result.requirement(id) {
            Some(requirement) => row(id, &format!("({}) {}", requirement.level, requirement.text)),
            None => row(id, "(this program does not know its text)"),
        }
    }
    row("input", &asked(details));
    if let Some(parting) = parting_of(details).filter(|parting| !parting.before.is_empty()) {
        row("before", &before(&parting));
    }
    row("expected", &expected(details));
    row("got", &got(details));
    if !details.stderr.is_empty() {
        row("stderr", &details.stderr);
    }
    row("run again", &details.rerun);
}

/// Of a command, the end tells more than the beginning.
fn short(name: &str) -> String {
    match name.chars().count().checked_sub(NAME) {
        None | Some(0) => name.to_owned(),
        Some(more) => "…".chars().chain(name.chars().skip(more + 1)).collect(),
    }
}

/// As wide as a terminal of 80 columns; who each implementation says that it is stands above it.
fn table(result: &RunResult) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_header(["implementation", "profile", "passed", "failed", "expected", "not\nimplemented"]);
    for implementation in &result.implementations {
        let name = short(&implementation.name);
        if implementation.profiles.is_empty() {
            let why = match implementation.status {
                Status::Skipped => "skipped",
                Status::Judged => "no case",
                Status::Unusable => "not judged",
            };
            table.add_row([name.as_str(), why, "", "", "", ""]);
        }
        for counts in &implementation.profiles {
            table.add_row([
                name.clone(),
                counts.profile.clone(),
                counts.passed.to_string(),
                counts.failed.to_string(),
                counts.expected_failures.to_string(),
                counts.not_implemented.to_string(),
            ]);
        }
    }
    for column in 2..=5 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}
