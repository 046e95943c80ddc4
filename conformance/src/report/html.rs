//! The page: one file without anything from elsewhere, readable in light and dark, by keyboard and by ear.

use super::words::{asked, before, cut, expected, got, identity, parting_of, summary};
use crate::result::{CaseStatus, Conclusion, ImplementationResult, ProfileCounts, RunResult, Status};
use serde::Serialize;
use tera::{Context, Tera};

const TEMPLATE: &str = include_str!("../../templates/report.html");
/// Characters of an input or an answer that are shown; the result document has all of them.
const LONGEST: usize = 2000;
/// Failures of one implementation that are shown.
const SHOWN: usize = 500;

#[derive(Serialize)]
struct Page {
    summary: String,
    good: bool,
    started_at: String,
    seconds: String,
    runner: String,
    selection: String,
    rows: Vec<Row>,
    stale: Vec<String>,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    identity: String,
    anchor: String,
    profile: String,
    passed: usize,
    failed: usize,
    expected: usize,
    absent: usize,
    share: usize,
    state: &'static str,
}

#[derive(Serialize)]
struct Section {
    name: String,
    anchor: String,
    identity: String,
    reason: String,
    skipped: bool,
    seconds: String,
    restarts: usize,
    incidents: Vec<String>,
    failures: Vec<FailureView>,
    hidden: usize,
    others: Vec<Other>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct FailureView {
    id: String,
    kind: String,
    message: String,
    requirements: Vec<RequirementView>,
    input: String,
    before: String,
    expected: String,
    got: String,
    stderr: String,
    rerun: String,
}

#[derive(Serialize)]
struct RequirementView {
    id: String,
    level: String,
    parts: Vec<Part>,
}

/// A piece of a requirement's text, which is prose or code.
#[derive(Serialize)]
struct Part {
    text: String,
    code: bool,
}

/// A case that neither passed nor failed, and why.
#[derive(Serialize)]
struct Other {
    id: String,
    state: &'static str,
    reason: String,
}

#[derive(Serialize)]
struct Group {
    name: String,
    passed: usize,
    total: usize,
}

/// The page.
pub fn html(result: &RunResult) -> String {
    let mut engine = Tera::new();
    engine.add_raw_template("report.html", TEMPLATE).expect("the template of the report is sound");
    let context = Context::from_serialize(&page(result)).expect("a page is an object");
    engine.render("report.html", &context).expect("the template of the report knows the page")
}

fn page(result: &RunResult) -> Page {
    let selection = match (&result.selection.profile, &result.selection.case) {
        (None, None) => format!("all {} cases", result.selection.cases),
        (profile, case) => {
            let part = |name: &str, value: &Option<String>| {
                value.as_ref().map(|value| format!(" of {name} {value}")).unwrap_or_default()
            };
            format!("{} cases{}{}", result.selection.cases, part("profile", profile), part("pattern", case))
        }
    };
    Page {
        summary: summary(result),
        good: result.conclusion == Conclusion::Passed,
        started_at: result.started_at.clone(),
        seconds: seconds(result.duration_ms),
        runner: result.runner.clone(),
        selection,
        rows: result.implementations.iter().enumerate().flat_map(rows).collect(),
        stale: result.stale_expected_failures.clone(),
        sections: result.implementations.iter().enumerate().map(|entry| section(result, entry)).collect(),
    }
}

/// The text between every other pair of backticks is code.
fn parts(text: &str) -> Vec<Part> {
    let pieces = text.split('`').enumerate();
    pieces.map(|(index, text)| Part { text: text.to_owned(), code: index % 2 == 1 }).collect()
}

fn seconds(milliseconds: u64) -> String {
    format!("{:.1} s", milliseconds as f64 / 1000.0)
}

fn anchor(index: usize) -> String {
    format!("implementation-{}", index + 1)
}

fn rows((index, implementation): (usize, &ImplementationResult)) -> Vec<Row> {
    let row = |profile: &str| Row {
        name: implementation.name.clone(),
        identity: identity(implementation),
        anchor: anchor(index),
        profile: profile.to_owned(),
        passed: 0,
        failed: 0,
        expected: 0,
        absent: 0,
        share: 0,
        state: if implementation.status == Status::Skipped { "skipped" } else { "bad" },
    };
    if implementation.profiles.is_empty() {
        return vec![row("")];
    }
    let counted = implementation.profiles.iter().map(|counts| Row {
        passed: counts.passed,
        failed: counts.failed,
        expected: counts.expected_failures,
        absent: counts.not_implemented,
        share: share(counts),
        state: match counts {
            counts if counts.failed > 0 => "bad",
            counts if counts.run() == 0 => "skipped",
            _ => "good",
        },
        ..row(&counts.profile)
    });
    counted.collect()
}

/// Percent passed; even one failure leaves a piece of the bar that is seen.
fn share(counts: &ProfileCounts) -> usize {
    let share = (100 * counts.passed).checked_div(counts.run()).unwrap_or(0);
    if counts.failed > 0 { share.min(97) } else { share }
}

fn section(result: &RunResult, (index, implementation): (usize, &ImplementationResult)) -> Section {
    let failures = implementation.failures().take(SHOWN).map(|(case, details)| FailureView {
        id: case.id.clone(),
        kind: details.failure.kind.to_string(),
        message: details.failure.message.clone(),
        requirements: details
            .requirements
            .iter()
            .map(|id| {
                let known = result.requirement(id);
                RequirementView {
                    id: id.clone(),
                    level: known.map(|known| known.level.to_string()).unwrap_or_default(),
                    parts: known.map(|known| parts(&known.text)).unwrap_or_default(),
                }
            })
            .collect(),
        input: cut(&asked(details), LONGEST),
        before: parting_of(details).map(|parting| before(&parting)).unwrap_or_default(),
        expected: cut(&expected(details), LONGEST),
        got: cut(&got(details), LONGEST),
        stderr: details.stderr.clone(),
        rerun: details.rerun.clone(),
    });
    let others = implementation.cases.iter().filter_map(|case| {
        let state = match case.status {
            CaseStatus::ExpectedFailure => "failed as expected",
            CaseStatus::NotImplemented => "not implemented",
            _ => return None,
        };
        Some(Other { id: case.id.clone(), state, reason: case.reason.clone().unwrap_or_default() })
    });
    let mut groups: Vec<Group> = Vec::new();
    for case in &implementation.cases {
        let name = case.id.split_once('/').map_or("", |(group, _)| group);
        if groups.last().is_none_or(|group| group.name != name) {
            groups.push(Group { name: name.to_owned(), passed: 0, total: 0 });
        }
        if let Some(group) = groups.last_mut() {
            group.total += 1;
            group.passed += usize::from(case.status == CaseStatus::Passed);
        }
    }
    Section {
        name: implementation.name.clone(),
        anchor: anchor(index),
        identity: identity(implementation),
        reason: implementation.reason.clone().unwrap_or_default(),
        skipped: implementation.status == Status::Skipped,
        seconds: seconds(implementation.duration_ms),
        restarts: implementation.restarts,
        incidents: implementation.incidents.clone(),
        failures: failures.collect(),
        hidden: implementation.failures().count().saturating_sub(SHOWN),
        others: others.collect(),
        groups,
    }
}
