//! The report for continuous integration: a suite for each implementation and profile, a test for each case.

use super::words::{asked, cut, expected, got};
use crate::result::{CaseResult, CaseStatus, RunResult, Status};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

const LONGEST: usize = 4000;

/// The report.
pub fn junit(result: &RunResult) -> String {
    let mut report = Report::new("state-sync conformance");
    report.set_time(Duration::from_millis(result.duration_ms));
    for implementation in &result.implementations {
        let name = &implementation.name;
        for counts in &implementation.profiles {
            let mut suite = TestSuite::new(format!("{name} · {}", counts.profile));
            let cases = implementation.cases.iter().filter(|case| case.profile == counts.profile);
            suite.add_test_cases(cases.map(|case| test_case(name, case)));
            report.add_test_suite(suite);
        }
        let mut others = TestSuite::new(name.as_str());
        for incident in &implementation.incidents {
            others.add_test_case(error("incident", incident, name));
        }
        match (implementation.status, &implementation.reason) {
            (Status::Skipped, Some(reason)) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(reason.as_str());
                others.add_test_case(named("judged", status, name));
            }
            (Status::Unusable, Some(reason)) => {
                others.add_test_case(error("judged", reason, name));
            }
            _ => {}
        }
        if others.tests > 0 {
            report.add_test_suite(others);
        }
    }
    let mut stale = TestSuite::new("expected failures");
    stale.add_test_cases(
        result.stale_expected_failures.iter().map(|problem| error("stale", problem, "expected failures")),
    );
    if stale.tests > 0 {
        report.add_test_suite(stale);
    }
    report.to_string().expect("a report is written to memory")
}

fn named(name: &str, status: TestCaseStatus, class: &str) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    case
}

fn error(name: &str, message: &str, class: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(message);
    named(name, status, class)
}

fn test_case(implementation: &str, case: &CaseResult) -> TestCase {
    let mut status = match case.status {
        CaseStatus::Passed => TestCaseStatus::success(),
        CaseStatus::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        CaseStatus::ExpectedFailure | CaseStatus::NotImplemented => TestCaseStatus::skipped(),
    };
    if let (CaseStatus::Failed, Some(details)) = (case.status, &case.details) {
        status.set_type(details.failure.kind.as_str());
        status.set_message(details.failure.message.as_str());
        let lines = [
            format!("requirements: {}", details.requirements.join(", ")),
            format!("input:        {}", asked(details)),
            format!("expected:     {}", expected(details)),
            format!("got:          {}", got(details)),
            format!("run again:    {}", details.rerun),
        ];
        let mut text = lines.map(|line| cut(&line, LONGEST)).join("\n");
        if !details.stderr.is_empty() {
            text += &format!("\nstandard error:\n{}", details.stderr);
        }
        status.set_description(text);
    } else if let Some(reason) = &case.reason {
        status.set_message(reason.as_str());
    }
    named(&case.id, status, implementation)
}
