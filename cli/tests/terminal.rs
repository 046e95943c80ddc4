//! Where the output goes: pipes without escape codes, colours where they are wanted, readers that go away, full disks.
#![cfg(unix)]

mod common;

use common::{command, outcome};
use std::{fs, io, path::Path, process::Stdio};
use tempfile::TempDir;

/// Every command that prints to standard output, and its exit status.
const PRINTING: &[(&[&str], i32)] = &[
    (&["--help"], 0),
    (&["generate", "--config", "new.toml", "--check"], 1),
    (&["generate", "--config", "new.toml", "--check", "--format", "json"], 1),
    (&["generate", "--config", "new.toml"], 0),
    (&["validate", "--type", "InvalidationEvent", "bad.json"], 1),
    (&["validate", "--type", "InvalidationEvent", "bad.json", "--format", "json"], 1),
    (&["compat", "old", "new"], 1),
    (&["compat", "old", "new", "--format", "json"], 1),
    (&["conformance", "run", "--impl", "rust", "--case", "revision/*"], 0),
    (&["conformance", "list"], 0),
    (&["conformance", "list", "--format", "json"], 0),
    (&["conformance", "show", "revision/leading-zero"], 0),
    (&["conformance", "coverage"], 0),
    (&["conformance", "fuzz", "--against", "rust", "--with", "rust", "--cases", "10"], 0),
    (&["completions", "bash"], 0),
];

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = [
        ("old", r#"{"type":"object","properties":{"a":{"type":"string"}}}"#),
        ("new", r#"{"type":"object","properties":{"a":{"type":"integer"}}}"#),
        ("new.toml", "[generate]\ntypescript = \"out\"\n[topics.a]\nschema = \"new\"\n"),
        ("bad.json", "{}"),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// The end of a pipe that nobody reads.
fn unread() -> Stdio {
    let (reader, writer) = io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    for (arguments, status) in PRINTING {
        for both in [false, true] {
            let folder = folder();
            let mut command = command(folder.path(), arguments);
            command.stdin(Stdio::null()).stdout(unread());
            if both {
                command.stderr(unread());
            }
            let outcome = outcome(command.output().expect("it runs"), arguments);
            assert_eq!(outcome.status, *status, "{arguments:?}: {}", outcome.stderr);
            assert!(!outcome.stderr.contains("error"), "{arguments:?}: {}", outcome.stderr);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_is_lost_is_said() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("a device that is full");
    for (arguments, _) in PRINTING.iter().filter(|(arguments, _)| arguments[0] != "--help") {
        let folder = folder();
        let mut command = command(folder.path(), arguments);
        let output = command.stdin(Stdio::null()).stdout(full()).output().expect("it runs");
        let outcome = outcome(output, arguments);
        assert_eq!(outcome.status, 2, "{arguments:?}: {}", outcome.stderr);
        let told = "error: standard output: cannot write it: ";
        assert_eq!(outcome.stderr.matches(told).count(), 1, "{arguments:?}: {}", outcome.stderr);
    }
}

/// Colours where the environment asks for them, and nowhere else: `common::outcome` refuses each escape code.
#[test]
fn colours_are_wanted_or_not() {
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let folder = folder();
        let mut command = command(folder.path(), arguments);
        command.envs(variables.iter().copied()).stdin(Stdio::null());
        let output = command.output().expect("it runs");
        [output.stdout, output.stderr].concat().contains(&0x1b)
    };
    for (arguments, _) in PRINTING {
        let person = !arguments.contains(&"json") && arguments[0] != "completions";
        assert!(!coloured(arguments, &[]), "{arguments:?}");
        assert_eq!(coloured(arguments, &[("CLICOLOR_FORCE", "1")]), person, "{arguments:?}");
        assert!(!coloured(arguments, &[("NO_COLOR", "1")]), "{arguments:?}");
    }
}

/// On a terminal there are colours, unless `NO_COLOR` says otherwise. `script` gives the command a terminal.
#[test]
#[cfg(target_os = "linux")]
fn a_terminal_gets_colours() {
    let folder = folder();
    let typed = |variables: &[(&str, &str)]| -> Option<Vec<u8>> {
        let program = Path::new(env!("CARGO_BIN_EXE_state-sync"));
        let line = format!("{} compat old new", program.display());
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(folder.path()).stdin(Stdio::null());
        script.env_remove("NO_COLOR").env("TERM", "xterm-256color").envs(variables.iter().copied());
        script.output().ok().map(|output| output.stdout)
    };
    // Not every machine has it.
    if let Some(output) = typed(&[]) {
        assert!(output.contains(&0x1b), "{}", String::from_utf8_lossy(&output));
        assert!(!typed(&[("NO_COLOR", "1")]).expect("it ran before").contains(&0x1b));
    }
}
