//! The conformance subcommands from outside: exit status, output, reports.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// Runs the command in an empty folder, so that there is no checkout around it.
fn state_sync(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_state-sync"));
    command.arg("conformance").args(arguments).current_dir(folder).output().expect("the command starts")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn the_exit_status_tells_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("known.toml"),
        "[[expected-failure]]\npattern = \"no/such\"\nreason = \"r\"\nexpect = \"crash\"",
    )
    .unwrap();
    fs::write(folder.join("broken.toml"), "[[expected-failure").unwrap();
    fs::write(folder.join("latin1.toml"), b"# caf\xe9").unwrap();
    fs::create_dir(folder.join("empty")).unwrap();
    for (arguments, status, told) in [
        (&["run", "--impl", "rust", "--case", "revision/*"][..], 0, "all "),
        (&["run", "--case", "revision/zero"], 0, "skipped typescript: this is no checkout"),
        (&["run", "--impl", "rust", "--case", "no/such"], 1, "no case was run"),
        (&["run", "--impl", "go"], 1, "no case was run"),
        (&["run", "--impl", "rust", "--cases", "empty"], 1, "no case was run"),
        (&["run", "--impl", "rust", "--expected-failures", "known.toml"], 1, "no case matches it"),
        (
            &["run", "--impl", "rust", "--expected-failures", "broken.toml"],
            2,
            "broken.toml:1: unclosed array table",
        ),
        (&["run", "--impl", "rust", "--expected-failures", "latin1.toml"], 2, "latin1.toml"),
        (&["run", "--impl", "rust", "--expected-failures", "absent.toml"], 2, "absent.toml"),
        (&["run", "--impl", "rust", "--cases", "absent"], 2, "absent"),
        (&["run", "--impl", "cobol"], 2, "there are rust, typescript, python, go"),
        (&["run", "--impl", "rust", "--profile", "cores"], 2, "there are core"),
        (&["run", "--impl", "rust", "--case", "a["], 2, "--case"),
        (&["run", "--cmd", "/no/such/program"], 2, "/no/such/program could not be started"),
        (&["run", "--cmd", "true"], 2, "it ended without an answer"),
        (&["run", "--impl", "rust", "--timeout", "0"], 2, "more than nothing"),
        (&["run", "--impl", "rust", "--report", "pdf=x"], 2, "none of html=FILE"),
        (
            &["run", "--impl", "rust", "--case", "revision/zero", "--report", "html=empty"],
            2,
            "empty: the report could not",
        ),
        (&["list", "--case", "topic/*", "--op", "topic.equal"], 0, "topic.equal"),
        (&["list", "--requirement", "REV-3"], 0, "REV-3"),
        (&["list", "--case", "no/such"], 1, "0 cases"),
        (&["show", "topic/byte-order-mark"], 0, "\\ufeff"),
        (&["show", "start/failure-drops-the-gap"], 0, "timeline    {\"at\":0,\"do\":{\"call\":\"start\"}}"),
        (&["show", "start/failure-drops-the-gap"], 0, "            {\"at\":20,\"do\":{\"gap\":true}}"),
        (&["show", "topik/byte-order-mark"], 2, "topic/byte-order-mark"),
        (&["show", "no/such"], 2, "there is no case no/such"),
        (&["coverage"], 0, "held elsewhere ENG-1 "),
        (&["coverage"], 0, "not judged transport"),
        (&["fuzz", "--against", "rust", "--with", "rust", "--cases", "200"], 0, "no difference"),
        (
            &["fuzz", "--against", "rust", "--with", "rust", "--profile", "engine", "--cases", "40"],
            0,
            "no difference",
        ),
        (&["fuzz", "--against", "rust", "--with", "go"], 2, "go: this is no checkout"),
        (&["mutants", "--cases", "absent"], 2, "absent"),
    ] {
        let output = state_sync(folder, arguments);
        let text = text(&output);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {text}");
        assert!(text.contains(told), "{arguments:?} does not say {told}:\n{text}");
        assert!(!text.contains('\u{1b}'), "{arguments:?}: colours in a pipe");
        assert!(!text.contains("panicked"), "{arguments:?}: {text}");
    }
}

#[test]
fn reports_are_written_beside_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let names =
        ["html=out/report.html", "junit=out/report.xml", "json=out/report.json", "badge=out/badge.svg"];
    let arguments: Vec<_> = ["run", "--impl", "rust"]
        .into_iter()
        .chain(names.iter().flat_map(|name| ["--report", name]))
        .collect();
    let output = state_sync(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    for (file, beginning) in [
        ("report.html", "<!doctype html>"),
        ("report.xml", "<?xml"),
        ("report.json", "{\n  \"version\": 1"),
        ("badge.svg", "<svg"),
    ] {
        let written = fs::read_to_string(folder.path().join("out").join(file)).unwrap();
        assert!(written.starts_with(beginning), "{file}");
    }
    assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), 4, "nothing else is left");
}

#[test]
fn a_failure_is_rerun_by_the_command_that_it_prints() {
    let folder = tempfile::tempdir().unwrap();
    // A suite of its own, with one case that no implementation passes.
    let cases = folder.path().join("my cases/core/wrong");
    fs::create_dir_all(&cases).unwrap();
    let case = r#"{"description":"d","cases":[{"id":"wrong/one","requirements":["REV-1"],"op":"revision.parse","input":{"value":"1"},"expect":{"ok":"2"}}]}"#;
    fs::write(cases.join("one.json"), case).unwrap();
    let output = state_sync(folder.path(), &["run", "--impl", "rust", "--cases", "my cases"]);
    assert_eq!(output.status.code(), Some(1));
    let text = text(&output);
    let again = text.lines().find_map(|line| line.trim().strip_prefix("run again ")).expect(&text);
    let output = Command::new("sh").args(["-c", again]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{again}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("failed wrong/one"), "{again}");
}

#[test]
fn lists_for_programs_are_json() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["list", "--format", "json"][..],
        &["show", "topic/byte-order-mark", "--format", "json"],
        &["coverage", "--format", "json"],
        &["fuzz", "--against", "rust", "--with", "rust", "--cases", "10", "--format", "json"],
    ] {
        let output = state_sync(folder.path(), arguments);
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
        assert!(parsed.is_ok_and(|value| value.is_object()), "{arguments:?}");
    }
}
