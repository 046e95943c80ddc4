//! `state-sync validate`, run as a user runs it.

use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

const EVENT: &str = r#"{"topic":"t","revision":"1"}"#;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file can be written");
    }
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_state-sync"));
    command.arg("validate").args(arguments).current_dir(folder).env("NO_COLOR", "1");
    command
}

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = command(folder, arguments);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that could not run does not read its input.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the input is written");
    output
}

/// Runs the command and compares the exit status and a part of what it prints on each stream.
fn check(folder: &Path, arguments: &[&str], input: &[u8], status: i32, stdout: &str, stderr: &str) {
    let output = run(folder, arguments, input);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let fits = output.status.code() == Some(status) && out.contains(stdout) && err.contains(stderr);
    assert!(fits, "{arguments:?} ended with {:?}\nstdout: {out}\nstderr: {err}", output.status);
    assert!(!err.contains("panicked"), "{err}");
}

#[test]
fn documents_and_streams() {
    let broken = "{\n  \"topic\": \"t\",\n  \"revision\": 1\n}\n";
    let lines = format!("{EVENT}\r\n\n{{\"topic\":\"t\"}}\n{EVENT}");
    let folder = folder(&[
        ("right.json", EVENT.as_bytes()),
        ("broken.json", broken.as_bytes()),
        ("lines.ndjson", lines.as_bytes()),
        ("lines.txt", lines.as_bytes()),
        ("latin1.json", b"{\"topic\":\"\xe9\"}"),
        ("cut.json", b"{\"topic\":\"t\","),
        ("empty.json", b""),
    ]);
    let path = folder.path();
    let event = ["--type", "InvalidationEvent"];
    let rows: [(&[&str], i32, &str, &str); 11] = [
        (&["right.json"], 0, "", "1 document in 1 file: all valid"),
        (
            &["broken.json"],
            1,
            "broken.json:3:15 /revision: found the number 1; expected a revision",
            "1 invalid, with 1 finding",
        ),
        (
            &["lines.ndjson"],
            1,
            "lines.ndjson:3:1 /revision: found nothing",
            "3 documents in 1 file: 1 invalid",
        ),
        (&["lines.txt", "--ndjson", "--threads", "1"], 1, "lines.txt:3:1 /revision", "3 documents"),
        (
            &["lines.txt"],
            1,
            "lines.txt:3:1 top level: trailing characters; expected one JSON document, or --ndjson",
            "",
        ),
        (&["latin1.json"], 1, "latin1.json:1:11 top level: found bytes that are not UTF-8", ""),
        (&["cut.json"], 1, "cut.json:1:13 top level: EOF while parsing", ""),
        (&["empty.json"], 1, "empty.json:1:1 top level: EOF", ""),
        (&["right.json", "absent.json", "broken.json"], 2, "broken.json:3:15", "absent.json: cannot read it"),
        (&["."], 2, "", "error: .: cannot read it"),
        (
            &["lines.ndjson", "--max-line", "20"],
            1,
            "lines.ndjson:1:1 top level: found a line of more than 20 bytes",
            "",
        ),
    ];
    for (arguments, status, stdout, stderr) in rows {
        check(path, &[arguments, &event].concat(), b"", status, stdout, stderr);
    }
    check(path, &event, EVENT.as_bytes(), 0, "", "1 document in 1 file: all valid");
    check(
        path,
        &["-", "--type", "Revision"],
        b"\"01\"",
        1,
        "<stdin>:1:1 top level: found the string \"01\"",
        "",
    );
}

#[test]
fn what_cannot_run() {
    let folder = folder(&[
        ("text.json", b"hello"),
        ("latin1.json", b"{\"title\":\"\xe9\"}"),
        ("cycle.json", br##"{"$ref":"#"}"##),
        ("unknown.json", br##"{"properties":{"a":{"$ref":"#/$defs/b"}}}"##),
        ("type.json", br#"{"type":"text"}"#),
        ("state-sync.toml", b"[topics.settings]\nschema = \"settings.json\"\n"),
    ]);
    let rows: [(&[&str], &str); 12] = [
        (&["--type", "SnapshotEnvelop"], "did you mean \"SnapshotEnvelope\"?"),
        (&["--schema", "absent.json"], "absent.json: cannot read it"),
        (&["--schema", "text.json"], "text.json: this is not JSON: expected value at line 1 column 1"),
        (&["--schema", "latin1.json"], "latin1.json:1: this is not UTF-8"),
        (
            &["--schema", "cycle.json"],
            "cycle.json: at /$ref of the schema: this leads back to the whole schema",
        ),
        (&["--schema", "unknown.json"], "at /properties/a/$ref of the schema: \"#/$defs/b\" leads nowhere"),
        (&["--schema", "type.json"], "type.json: at /type of the schema"),
        (&["--topic", "themes"], "there is no topic `themes`; there are: settings"),
        (&["--topic", "settings"], "settings.json: cannot read it"),
        (&["--topic", "settings", "--config", "absent.toml"], "absent.toml: there is no such file"),
        (&[], "--type"),
        (&["--type", "Topic", "--threads", "0"], "a number from 1 to 256"),
    ];
    for (arguments, stderr) in rows {
        check(folder.path(), arguments, b"1", 2, "", stderr);
    }
}

#[test]
fn topics_and_schemas() {
    let schema =
        br#"{"type":"object","required":["theme"],"properties":{"theme":{"enum":["dark","light"]}}}"#;
    let folder = folder(&[
        ("settings.json", schema),
        ("state-sync.toml", b"[topics.settings]\nschema = \"settings.json\"\n"),
        ("snapshot.json", br#"{"revision":"1","data":{"theme":"red"}}"#),
    ]);
    let topic = ["snapshot.json", "--topic", "settings"];
    let found =
        "snapshot.json:1:33 /data/theme: found the string \"red\"; expected one of \"dark\" or \"light\"";
    check(folder.path(), &topic, b"", 1, found, "");
    check(folder.path(), &["--schema", "settings.json"], br#"{"theme":"dark"}"#, 0, "", "all valid");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    check(folder.path(), &["--schema", "settings.json"], deep.as_bytes(), 1, "(too-deep)", "");
}

#[test]
fn json_output() {
    let folder = folder(&[("a.ndjson", b"\"1\"\n\"x\"\n")]);
    let output = run(folder.path(), &["a.ndjson", "absent", "--type", "Revision", "--format", "json"], b"");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    let expected = serde_json::json!({
        "kind": "finding", "file": "a.ndjson", "line": 2, "column": 1, "code": "invalid-revision", "pointer": "",
        "message": lines[0]["message"], "expected": lines[0]["expected"],
    });
    assert_eq!(lines[0], expected);
    let expected = serde_json::json!({
        "kind": "summary", "files": 2, "unreadable": 1, "documents": 2, "invalid": 1, "findings": 1,
    });
    assert_eq!(lines[1], expected);
}

#[test]
fn colours_are_for_terminals_and_can_be_asked_for() {
    let folder =
        folder(&[("a.json", b"{\"topic\":\"t\",\"revision\":\"1\",\"sourceId\":{\"\\u001b[31m\":1}}")]);
    let mut coloured = command(folder.path(), &["a.json", "--type", "InvalidationEvent"]);
    let output =
        coloured.env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1").output().expect("the command runs");
    assert!(String::from_utf8_lossy(&output.stdout).contains("\u{1b}["));
    let output = run(folder.path(), &["a.json", "--type", "InvalidationEvent"], b"");
    assert!(!output.stdout.contains(&0x1b));
}

/// An endless stream: a finding is printed before the stream ends, and a reader that goes away ends it quietly.
#[test]
fn endless_input_and_a_reader_that_goes_away() {
    let folder = folder(&[]);
    let mut command = command(folder.path(), &["-", "--ndjson", "--type", "Revision"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    stdin.write_all(b"\"1\"\n\"x\"\n").expect("it reads");
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it writes");
    assert!(line.starts_with("<stdin>:2:1 "), "{line}");
    drop(stdout);
    while stdin.write_all(&b"\"x\"\n".repeat(1000)).is_ok() {}
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]));
}
