//! What a run comes to.

use crate::{
    expected_failures::ExpectedFailures,
    result::{CaseStatus, Conclusion, ImplementationResult, RunResult, Status},
    suite::Suite,
};

/// What is wrong with the expected failures: one that passes, fails otherwise, or is about no case.
pub(super) fn stale(
    expected: &ExpectedFailures,
    suite: &Suite,
    implementations: &[ImplementationResult],
) -> Vec<String> {
    let mut problems = Vec::new();
    for (place, entry) in expected.entries.iter().enumerate() {
        let of = entry.implementation.as_ref().map_or(String::new(), |name| format!(" of {name}"));
        let name = format!("expected failure {:?}{of}", entry.pattern);
        if !suite.cases.iter().any(|case| entry.matches(&case.id)) {
            problems.push(format!("{name}: no case matches it"));
        }
        for implementation in implementations {
            for case in &implementation.cases {
                if expected.find(&implementation.name, &case.id).is_none_or(|found| found.0 != place) {
                    continue;
                }
                let came_out = match (case.status, &case.details) {
                    (CaseStatus::ExpectedFailure, _) => continue,
                    (CaseStatus::Failed, Some(details)) => {
                        format!("fails otherwise: {}", details.failure.message)
                    }
                    (CaseStatus::NotImplemented, _) => "is not implemented".to_owned(),
                    _ => "passes".to_owned(),
                };
                let (case, implementation) = (&case.id, &implementation.name);
                problems.push(format!(
                    "{name}: expected {}, but {case} of {implementation} {came_out}",
                    entry.expect
                ));
            }
        }
    }
    problems
}

/// The conclusion from everything else in the result.
pub(super) fn conclude(result: &RunResult) -> Conclusion {
    let any = |test: fn(&ImplementationResult) -> bool| result.implementations.iter().any(test);
    if any(|implementation| implementation.status == Status::Unusable) {
        return Conclusion::CouldNotRun;
    }
    let totals = result.totals();
    let found = totals.failed > 0
        || totals.run() == 0
        || any(|implementation| !implementation.incidents.is_empty())
        || !result.stale_expected_failures.is_empty();
    if found { Conclusion::Findings } else { Conclusion::Passed }
}
