//! The golden cases themselves: many, small, named by their fault, and each MUST has several.

use state_sync_conformance::{
    case::{Case, Expectation},
    held_elsewhere::is_held_elsewhere,
    judge::{Verdict, judge},
    profiles::profiles,
    requirements::{Level, Requirements},
    rust_adapter,
    suite::Suite,
};
use std::collections::BTreeSet;

fn suite() -> (Suite, Requirements) {
    let requirements = Requirements::embedded();
    let suite = Suite::embedded(&requirements).unwrap_or_else(|error| panic!("{error}"));
    (suite, requirements)
}

fn failing(cases: &[Case], holds: impl Fn(&Case) -> bool) -> Vec<&str> {
    cases.iter().filter(|case| !holds(case)).map(|case| case.id.as_str()).collect()
}

#[test]
fn the_rust_implementation_passes_every_case() {
    let (suite, _) = suite();
    for case in &suite.cases {
        let answer = rust_adapter::answer(&case.request(1));
        assert_eq!(judge(case, &answer), Verdict::Passed, "{}: {answer:?}", case.id);
    }
}

#[test]
fn every_must_of_a_judged_profile_has_several_cases() {
    const SEVERAL: usize = 3;
    let (suite, requirements) = suite();
    let judged: BTreeSet<_> =
        profiles().into_iter().filter(|profile| profile.judged).map(|profile| profile.name).collect();
    for requirement in &requirements {
        if requirement.level == Level::Must && judged.contains(&requirement.profile) {
            let cases = suite.cases.iter().filter(|case| case.requirements.contains(&requirement.id)).count();
            if cases == 0 && is_held_elsewhere(&requirement.id) {
                continue;
            }
            assert!(cases >= SEVERAL, "{} has {cases} cases", requirement.id);
        }
    }
}

#[test]
fn there_are_many_cases_and_each_is_named_by_its_fault() {
    let (suite, _) = suite();
    assert!(suite.cases.len() >= 400, "there are {} cases", suite.cases.len());
    // `revision-03` says nothing; `two-to-the-53` says what it is about.
    let numbered = |name: &str| {
        let (stem, number) = name.rsplit_once(['-', '/']).unwrap_or(("", name));
        number.chars().all(|digit| digit.is_ascii_digit()) && !stem.ends_with("-the")
    };
    assert_eq!(failing(&suite.cases, |case| !numbered(&case.id)), [""; 0]);
}

#[test]
fn cases_are_small() {
    const SMALL: usize = 1_000;
    // Depth and size are what these are about.
    let about_size = |case: &Case| {
        case.file.ends_with("/large.json")
            || case.file.ends_with("/depth.json")
            || case.id.contains("too-deep")
    };
    let (suite, _) = suite();
    let small = |case: &Case| serde_json::to_string(&case.input).is_ok_and(|input| input.len() <= SMALL);
    let exceptions = [
        "gate/first-of-sixteen",
        "gate/last-of-sixteen",
        "message/many",
        "revision/thousand-digits",
        "topic/thousand-letters",
    ];
    let large = failing(&suite.cases, |case| {
        small(case) || about_size(case) || exceptions.contains(&case.id.as_str())
    });
    assert_eq!(large, [""; 0]);
}

/// Of a script, that nothing can be made with its options.
fn is_refused(case: &Case) -> bool {
    match &case.expect {
        Expectation::Error { .. } => true,
        Expectation::Trace(trace) => trace.iter().any(|entry| entry.get("refused").is_some()),
        _ => false,
    }
}

#[test]
fn engines_have_many_scripts_and_few_of_them_are_alike() {
    let (suite, _) = suite();
    let scripts: Vec<_> = suite.cases.iter().filter(|case| case.op == "engine.run").collect();
    assert!(scripts.len() >= 500, "there are {} scripts for engines", scripts.len());
    let different: BTreeSet<_> =
        scripts.iter().map(|case| serde_json::to_string(&case.input).unwrap()).collect();
    assert!(different.len() * 20 >= scripts.len() * 19, "{} of {}", different.len(), scripts.len());
}

#[test]
fn every_phase_is_reported_in_some_script() {
    let (suite, _) = suite();
    let traces = suite.cases.iter().filter_map(|case| match &case.expect {
        Expectation::Trace(trace) => Some(trace),
        _ => None,
    });
    let reported: BTreeSet<_> = traces
        .flatten()
        .filter(|entry| entry["call"] == "onError")
        .filter_map(|entry| entry["with"]["phase"].as_str())
        .collect();
    let declared: BTreeSet<_> = state_sync::SyncPhase::ALL.iter().map(|phase| phase.as_str()).collect();
    assert_eq!(reported, declared);
}

#[test]
fn every_code_is_met_and_every_operation_is_both_accepted_and_refused() {
    let (suite, _) = suite();
    let codes: BTreeSet<_> = suite
        .cases
        .iter()
        .filter_map(|case| match &case.expect {
            Expectation::Error { code, .. } => Some(code.as_str()),
            _ => None,
        })
        .collect();
    let of_the_protocol = state_sync::ErrorCode::ALL.map(|code| code.as_str());
    let missing: Vec<_> = of_the_protocol.iter().filter(|code| !codes.contains(*code)).collect();
    // Only a payload type of an application's own gives this one, and the suite has none.
    assert_eq!(missing, [&"invalid-data"]);

    let operations: BTreeSet<_> = suite.cases.iter().map(|case| case.op.as_str()).collect();
    for op in operations {
        let of_op = || suite.cases.iter().filter(move |case| case.op == op);
        let refused = of_op().filter(|case| is_refused(case)).count();
        assert!(refused > 0 && refused < of_op().count(), "{op} is refused in {refused} cases");
    }
}
