//! The runner against real programs that misbehave: each way is a clear result for the case that it hit, and the run
//! goes on.

use state_sync_conformance::{
    built_in::Surroundings,
    expected_failures::ExpectedFailures,
    harness::Limits,
    judge::FailureKind,
    progress::Quiet,
    report::terminal,
    result::{CaseStatus, Conclusion, ImplementationResult, RunResult, Status},
    run::{Requested, RunOptions, run},
};
use std::{fs, num::NonZeroUsize, path::Path, time::Duration};
use tempfile::TempDir;

const SHORT: Duration = Duration::from_millis(800);

/// Cases `number/n-100` to `number/n-119`: each number is parsed.
fn cases() -> TempDir {
    let case = |number: usize| {
        format!(
            r#"{{"id":"number/n-{number}","requirements":["REV-1"],"op":"revision.parse","input":{{"value":"{number}"}},"expect":{{"same":true}}}}"#
        )
    };
    let cases: Vec<_> = (100..120).map(case).collect();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("core/number")).unwrap();
    let text = format!(r#"{{"description":"numbers","cases":[{}]}}"#, cases.join(","));
    fs::write(folder.path().join("core/number/numbers.json"), text).unwrap();
    folder
}

fn options(cases: &Path, commands: &[String]) -> RunOptions {
    RunOptions {
        implementations: commands.iter().cloned().map(Requested::Command).collect(),
        profile: None,
        case: None,
        jobs: None,
        limits: Limits {
            answer: Duration::from_millis(400),
            start: Duration::from_secs(20),
            ..Limits::default()
        },
        expected_failures: ExpectedFailures::default(),
        cases: Some(cases.to_owned()),
        surroundings: Surroundings { own_program: "state-sync".into(), repository: None },
        rerun: vec!["state-sync".into(), "conformance".into(), "run".into()],
    }
}

fn command(way: &str) -> String {
    format!("'{}' {way}", env!("CARGO_BIN_EXE_misbehaving-implementation"))
}

fn judge(way: &str) -> (RunResult, ImplementationResult) {
    let folder = cases();
    let mut options = options(folder.path(), &[command(way)]);
    if ["hangs", "no-end"].contains(&way) {
        // Only who uses it up gets so little: on a busy machine an answer may take a while.
        options.limits.answer = SHORT;
    }
    let result = run(&options, &Quiet).unwrap();
    let implementation = result.implementations[0].clone();
    (result, implementation)
}

#[test]
fn each_way_to_fail_is_a_result_for_the_case_that_it_hit() {
    use FailureKind::{
        Crash, ExtraOutput, Hang, InvalidAnswer, NoMessage, NotJson, NotUtf8, OutOfTurn, Refused, TooLong,
        WrongValue,
    };
    for (way, kind, told) in [
        ("exits", Crash, "exited with status 3"),
        ("aborts", Crash, "signal 6 (aborted)"),
        ("overflows", Crash, "signal 6 (aborted)"),
        ("hangs", Hang, "did not answer within 800ms"),
        ("debug-print", NotJson, "parsing 107"),
        ("not-utf8", NotUtf8, "byte 7"),
        ("half-a-line", Crash, "in the middle of a line"),
        ("not-an-answer", InvalidAnswer, "\"result\" is none of"),
        ("wrong-id", OutOfTurn, "was due"),
        ("answers-twice", ExtraOutput, "printed more"),
        ("giant-line", TooLong, "more than 16777216 bytes"),
        ("floods", ExtraOutput, "printed more"),
        ("closes-output", Crash, "exited with status 0"),
        ("wrong-value", WrongValue, "another value"),
        ("refuses", Refused, "although it is good"),
        ("silent-refusal", NoMessage, "ERR-3"),
    ] {
        let (result, implementation) = judge(way);
        let failed: Vec<_> =
            implementation.failures().map(|(case, details)| (case.id.as_str(), details.clone())).collect();
        let [(id, details)] = &failed[..] else { panic!("{way}: {}", terminal(&result)) };
        assert_eq!((*id, details.failure.kind), ("number/n-107", kind), "{way}");
        assert!(details.failure.message.contains(told), "{way}: {}", details.failure.message);
        assert_eq!(implementation.incidents, Vec::<String>::new(), "{way}");
        assert_eq!(implementation.profiles[0].passed, 19, "{way}: the run goes on");
        assert_eq!(result.conclusion, Conclusion::Findings, "{way}");
        let rerun = &details.rerun;
        assert!(
            rerun.starts_with("state-sync conformance run --cmd ") && rerun.ends_with("--case number/n-107")
        );
    }
}

#[test]
fn the_last_words_of_a_crash_are_kept_and_bounded() {
    for (way, told) in
        [("exits", "cannot go on at {\"value\": String(\"107\")}"), ("closes-output", "the last words")]
    {
        let (_, implementation) = judge(way);
        let (_, details) = implementation.failures().next().unwrap();
        assert!(details.stderr.ends_with(told), "{way}: {}", details.stderr);
        assert!(details.stderr.len() <= 4096, "{way}: {} bytes", details.stderr.len());
    }
}

#[test]
fn what_is_not_implemented_is_not_passed() {
    let (result, implementation) = judge("lacks-it");
    assert_eq!((implementation.profiles[0].passed, implementation.profiles[0].not_implemented), (19, 1));
    let case = implementation.cases.iter().find(|case| case.id == "number/n-107").unwrap();
    assert_eq!((case.status, case.reason.as_deref()), (CaseStatus::NotImplemented, Some("not yet")));
    assert_eq!(result.conclusion, Conclusion::Passed);
}

#[test]
fn what_cannot_be_laid_to_a_case_is_an_incident_and_a_finding() {
    for (way, told) in [
        ("late-word", "extra-output: after its last answer it printed more: \"Goodbye.\""),
        ("bad-end", "should exit with status 0 (it exited with status 4)"),
        ("no-end", "it was still running and was stopped"),
    ] {
        let (result, implementation) = judge(way);
        assert_eq!(implementation.profiles[0].passed, 20, "{way}");
        assert!(implementation.incidents[0].contains(told), "{way}: {:?}", implementation.incidents);
        assert_eq!(result.conclusion, Conclusion::Findings, "{way}");
    }
}

#[test]
fn who_cannot_be_talked_to_is_not_judged() {
    let folder = cases();
    let table = [
        (command("banner"), "only answers may go to standard output"),
        (command("dies-at-once"), "no licence found"),
        (command("mute"), "does it flush its output"),
        (command("buffers"), "does it flush its output"),
        ("/no/such/program --flag".to_owned(), "/no/such/program could not be started"),
        ("'unclosed".to_owned(), "cannot be split into words"),
        (String::new(), "the command is empty"),
    ];
    let commands: Vec<_> = table.iter().map(|row| row.0.clone()).chain([command("right")]).collect();
    let mut options = options(folder.path(), &commands);
    options.limits.start = Duration::from_secs(4);
    options.jobs = NonZeroUsize::new(commands.len());
    let result = run(&options, &Quiet).unwrap();
    for ((command, told), implementation) in table.iter().zip(&result.implementations) {
        assert_eq!(implementation.status, Status::Unusable, "{command}");
        let reason = implementation.reason.as_deref().unwrap_or_default();
        assert!(reason.contains(told), "{command}: {reason}");
    }
    assert_eq!(result.implementations.last().unwrap().profiles[0].passed, 20, "the others are judged");
    assert_eq!(result.conclusion, Conclusion::CouldNotRun);
}

#[test]
fn who_always_crashes_is_given_up() {
    let (result, implementation) = judge("always-exits");
    assert_eq!(implementation.profiles[0].failed, 20);
    assert!(implementation.restarts <= 22, "{} restarts", implementation.restarts);
    assert_eq!(result.conclusion, Conclusion::Findings);
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_stopped_program_has_started_is_stopped_with_it() {
    let folder = cases();
    let file = folder.path().join("child");
    let command = format!("{} '{}'", command("hangs-with-child"), file.display());
    let mut options = options(folder.path(), &[command]);
    options.limits.answer = SHORT;
    let result = run(&options, &Quiet).unwrap();
    let (_, details) = result.implementations[0].failures().next().unwrap();
    assert_eq!(details.failure.kind, FailureKind::Hang);
    let child = fs::read_to_string(file).unwrap();
    // Gone, or ended and not yet collected by the process that inherits orphans.
    let state = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "{state}");
}

#[test]
fn jobs_split_the_cases_and_change_nothing() {
    let folder = cases();
    let with_jobs = |jobs| {
        let mut options = options(folder.path(), &[command("exits"), command("right")]);
        options.jobs = NonZeroUsize::new(jobs);
        let result = run(&options, &Quiet).unwrap();
        result.implementations.into_iter().map(|implementation| implementation.cases).collect::<Vec<_>>()
    };
    assert_eq!(with_jobs(1), with_jobs(6));
}

#[test]
fn a_selection_without_a_case_is_a_finding_and_a_wrong_one_is_an_error() {
    let folder = cases();
    let select = |profile: Option<&str>, case: Option<&str>| {
        let mut options = options(folder.path(), &[command("right")]);
        (options.profile, options.case) = (profile.map(str::to_owned), case.map(str::to_owned));
        run(&options, &Quiet)
            .map(|result| (result.selection.cases, result.conclusion))
            .map_err(|error| error.to_string())
    };
    assert_eq!(select(None, Some("number/n-11*")), Ok((10, Conclusion::Passed)));
    assert_eq!(select(Some("core"), Some("*")), Ok((20, Conclusion::Passed)));
    assert_eq!(select(None, Some("topic/*")), Ok((0, Conclusion::Findings)));
    assert_eq!(select(Some("engine"), None), Ok((0, Conclusion::Findings)));
    assert!(select(Some("engines"), None).unwrap_err().contains("there are core, engine"));
    assert!(select(None, Some("a[")).unwrap_err().contains("--case"));
    let mut options = options(folder.path(), &[]);
    options.implementations = vec![Requested::BuiltIn("cobol".into())];
    assert!(run(&options, &Quiet).unwrap_err().to_string().contains("\"cobol\"; there are rust, typescript"));
}

#[test]
fn only_skipped_implementations_are_a_run_without_a_case() {
    let folder = cases();
    let mut options = options(folder.path(), &[]);
    options.implementations = vec![Requested::BuiltIn("go".into())];
    let result = run(&options, &Quiet).unwrap();
    assert_eq!(result.implementations[0].status, Status::Skipped);
    assert_eq!(result.conclusion, Conclusion::Findings);
    assert!(terminal(&result).contains("A run without a case proves nothing"));
}

#[test]
fn expected_failures_must_come_out_as_they_say() {
    let folder = cases();
    let entry = |pattern: &str, expect: &str| {
        format!("[[expected-failure]]\npattern = \"{pattern}\"\nreason = \"known\"\nexpect = {expect}\n")
    };
    for (way, file, conclusion, told) in [
        ("exits", entry("number/n-107", "\"crash\""), Conclusion::Passed, ""),
        ("wrong-value", entry("number/n-107", "{ ok = \"108\" }"), Conclusion::Passed, ""),
        (
            "refuses",
            entry("number/n-107", "{ error = { code = \"invalid-revision\", pointer = \"\" } }"),
            Conclusion::Passed,
            "",
        ),
        ("exits", entry("number/n-107", "\"hang\""), Conclusion::Findings, "fails otherwise: it ended"),
        ("exits", entry("number/n-10[78]", "\"crash\""), Conclusion::Findings, "number/n-108 of"),
        ("right", entry("number/n-107", "\"crash\""), Conclusion::Findings, "passes"),
        ("lacks-it", entry("number/n-107", "\"crash\""), Conclusion::Findings, "is not implemented"),
        ("right", entry("numbers/*", "\"crash\""), Conclusion::Findings, "no case matches it"),
    ] {
        let mut options = options(folder.path(), &[command(way)]);
        options.expected_failures = ExpectedFailures::parse(&file).unwrap();
        let result = run(&options, &Quiet).unwrap();
        assert_eq!(result.conclusion, conclusion, "{way}: {}", terminal(&result));
        assert_eq!(result.stale_expected_failures.is_empty(), told.is_empty(), "{way}");
        assert!(
            result.stale_expected_failures.join("\n").contains(told),
            "{:?}",
            result.stale_expected_failures
        );
        if told.is_empty() {
            assert_eq!(result.totals().expected_failures, 1);
            assert_eq!(result.totals().failed, 0);
        }
    }
}
