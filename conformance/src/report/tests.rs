//! Every report from one result document in which everything happens.

use super::*;
use crate::{
    harness::Hello,
    judge::{Failure, FailureKind},
    requirements::Level,
    result::{
        CaseResult, CaseStatus, CitedRequirement, Conclusion, Details, Expected, ImplementationResult,
        ProfileCounts, RESULT_SCHEMA, Selection, Status, VERSION,
    },
    wire::Answer,
};
use serde_json::{Map, Value, json};

fn implementation(name: &str, status: Status, reason: Option<&str>) -> ImplementationResult {
    ImplementationResult {
        name: name.into(),
        status,
        reason: reason.map(str::to_owned),
        hello: None,
        duration_ms: 120,
        restarts: 0,
        incidents: vec![],
        profiles: vec![],
        cases: vec![],
    }
}

fn case(id: &str, status: CaseStatus, reason: Option<&str>, details: Option<Details>) -> CaseResult {
    CaseResult { id: id.into(), profile: "core".into(), status, reason: reason.map(str::to_owned), details }
}

/// A document in which everything happens, with text that wants to be markup.
pub(crate) fn everything() -> RunResult {
    let details = |kind, got, stderr: &str| Details {
        failure: Failure::new(kind, "the refusal has the code \"<b>\""),
        requirements: vec!["REV-2".into(), "REV-99".into()],
        op: "revision.parse".into(),
        input: Map::from_iter([("value".to_owned(), json!("<script>alert(1)</script> & \u{7}"))]),
        expected: Expected::Error { code: "invalid-revision".into(), pointer: "".into() },
        got,
        stderr: stderr.into(),
        rerun: "state-sync conformance run --cmd 'node x.js' --case a/b".into(),
    };
    let refusal = Answer::Error { code: "<b>".into(), pointer: "/x".into(), message: "m".into() };
    let mut theirs = implementation("node x.js", Status::Judged, None);
    theirs.hello = Some(Hello {
        protocol: 1,
        implementation: "theirs".into(),
        version: "2".into(),
        language: "javascript".into(),
        profiles: vec!["core".into()],
    });
    theirs.restarts = 2;
    theirs.incidents = vec!["crash: it ended & did not do it again".into()];
    theirs.cases = vec![
        case("a/passes", CaseStatus::Passed, None, None),
        case("a/wrong", CaseStatus::Failed, None, Some(details(FailureKind::WrongCode, Some(refusal), ""))),
        case(
            "b/crash",
            CaseStatus::Failed,
            None,
            Some(details(FailureKind::Crash, None, "panic\nat line 5")),
        ),
        case(
            "b/known",
            CaseStatus::ExpectedFailure,
            Some("known since long"),
            Some(details(FailureKind::Hang, None, "")),
        ),
        case("b/absent", CaseStatus::NotImplemented, Some("not yet"), None),
    ];
    theirs.profiles = vec![ProfileCounts {
        profile: "core".into(),
        passed: 1,
        failed: 2,
        expected_failures: 1,
        not_implemented: 1,
    }];
    RunResult {
        version: VERSION,
        runner: "0.1.0".into(),
        started_at: "2026-11-21T12:00:00Z".into(),
        duration_ms: 1234,
        selection: Selection { profile: None, case: Some("*".into()), cases: 5 },
        conclusion: Conclusion::CouldNotRun,
        implementations: vec![
            theirs,
            implementation("go", Status::Skipped, Some("go is not installed")),
            implementation("nothing", Status::Unusable, Some("nothing could be started")),
        ],
        stale_expected_failures: vec!["expected failure \"c/*\": no case matches it".into()],
        requirements: vec![CitedRequirement {
            id: "REV-2".into(),
            level: Level::Must,
            text: "A receiver MUST refuse any other string.".into(),
        }],
    }
}

fn all_passed() -> RunResult {
    let mut result = everything();
    let mut rust = implementation("rust", Status::Judged, None);
    rust.cases = vec![case("a/passes", CaseStatus::Passed, None, None)];
    rust.profiles = vec![ProfileCounts { profile: "core".into(), passed: 1, ..ProfileCounts::default() }];
    result.implementations = vec![rust];
    result.stale_expected_failures.clear();
    result.conclusion = Conclusion::Passed;
    result
}

#[test]
fn the_document_keeps_to_its_schema_and_survives_being_written() {
    let schema: Value = serde_json::from_str(RESULT_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for result in [everything(), all_passed()] {
        let text = json(&result);
        let value: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(RunResult::parse(&text).unwrap(), result);
    }
    let mut other = serde_json::to_value(everything()).unwrap();
    other["version"] = json!(2);
    assert!(!validator.is_valid(&other), "the schema is of version 1 alone");
}

#[test]
fn the_reports_tell_everything() {
    let result = RunResult::parse(&json(&everything())).unwrap();
    let told = [
        "node x.js",
        "a/wrong",
        "b/crash",
        "A receiver MUST refuse any other string.",
        "go is not installed",
        "nothing could be started",
        "no case matches it",
        "did not do it again",
        "at line 5",
        "--case a/b",
    ];
    for (name, report, missing) in [
        ("html", html(&result), vec![]),
        ("terminal", terminal(&result), vec![]),
        // The requirement is told by its id there.
        ("junit", junit(&result), vec!["A receiver MUST refuse any other string."]),
    ] {
        for told in told.iter().filter(|told| !missing.contains(told)) {
            assert!(report.contains(told), "{name} does not tell {told}:\n{report}");
        }
    }
}

#[test]
fn markup_in_the_data_stays_text() {
    for (name, report) in [("html", html(&everything())), ("junit", junit(&everything()))] {
        assert!(!report.contains("<script>"), "{name}");
        assert!(!report.contains("<b>"), "{name}");
        assert!(report.contains("&lt;b&gt;"), "{name}");
    }
}

#[test]
fn the_page_has_nothing_from_elsewhere() {
    let page = html(&everything());
    for foreign in ["http://", "https://", "<script", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn badges_tell_the_conclusion() {
    let (mut none, mut two) = (all_passed(), all_passed());
    none.implementations.clear();
    two.implementations.push(everything().implementations.remove(0));
    two.conclusion = Conclusion::Findings;
    for (result, message, colour) in [
        (all_passed(), "1 of 1", "brightgreen"),
        (everything(), "1 of 4", "lightgrey"),
        (two, "1 of 2 implementations pass", "red"),
        (none, "not judged", "brightgreen"),
    ] {
        let badge: Value = serde_json::from_str(&badge_json(&result)).unwrap();
        assert_eq!((badge["message"].as_str(), badge["color"].as_str()), (Some(message), Some(colour)));
        assert!(badge_svg(&result).contains(&format!(">{message}</text>")));
    }
}

#[test]
fn reports_are_asked_for_by_form_and_file() {
    for (text, expected) in [
        ("html=a/b=c.html", Some(Format::Html)),
        ("junit=j.xml", Some(Format::Junit)),
        ("json=j", Some(Format::Json)),
        ("badge=b.svg", Some(Format::Badge)),
        ("badge=", None),
        ("html", None),
        ("pdf=x", None),
    ] {
        assert_eq!(text.parse::<Report>().ok().map(|report| report.format), expected, "{text}");
    }
}

#[test]
fn files_are_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let write = |form: &str, name: &str| {
        let report: Report = format!("{form}={}", folder.path().join(name).display()).parse().unwrap();
        report.write(&all_passed()).map(|()| fs::read_to_string(report.file).unwrap())
    };
    assert!(write("badge", "new/folder/badge.json").unwrap().starts_with('{'));
    assert!(write("badge", "new/badge.svg").unwrap().starts_with("<svg"));
    fs::write(folder.path().join("old.html"), "old").unwrap();
    assert!(write("html", "old.html").unwrap().starts_with("<!doctype html>"));
    // A folder of that name cannot be replaced; nothing half-written stays behind.
    fs::create_dir(folder.path().join("taken")).unwrap();
    let error = write("json", "taken").unwrap_err();
    assert!(error.to_string().contains("taken: the report could not be written"), "{error}");
    assert!(
        fs::read_dir(folder.path())
            .unwrap()
            .flatten()
            .all(|entry| !entry.path().to_string_lossy().ends_with(".part"))
    );
}

#[test]
fn a_failed_script_is_told_by_where_the_traces_part() {
    let get = json!({"at": 10, "call": "getSnapshot", "number": 1});
    let right = json!({"at": 40, "settled": "start", "number": 1, "resolve": null});
    let wrong = json!({"at": 40, "settled": "start", "number": 1, "reject": {"own": true}});
    let mut result = everything();
    result.implementations[0].cases = vec![case(
        "start/fails",
        CaseStatus::Failed,
        None,
        Some(Details {
            failure: Failure::new(FailureKind::WrongTrace, "the traces part at 40 ms"),
            requirements: vec!["ENG-17".into()],
            op: "engine.run".into(),
            input: Map::new(),
            expected: Expected::Ok(json!([get, right])),
            got: Some(Answer::Ok { value: json!([get, wrong]) }),
            stderr: String::new(),
            rerun: "state-sync conformance run --case start/fails".into(),
        }),
    )];
    // Tera escapes quotes and slashes too.
    let plain = |text: String| text.replace("&quot;", "\"").replace("&#x27;", "'");
    for (name, report) in [("terminal", terminal(&result)), ("html", plain(html(&result)))] {
        for told in ["before", &get.to_string(), &right.to_string(), &wrong.to_string()] {
            assert!(report.contains(told), "{name} does not tell {told}:\n{report}");
        }
        let both = format!("{get},{right}");
        assert!(!report.contains(&both), "{name} tells the whole trace");
    }
}
