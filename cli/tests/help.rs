//! What the command says of itself: every option is described, every subcommand has an example, completions are
//! programs of their shells.

mod common;

use common::{Outcome, run};
use std::{fs, process::Command};

const SUBCOMMANDS: &[&[&str]] = &[
    &[],
    &["generate"],
    &["validate"],
    &["compat"],
    &["conformance"],
    &["conformance", "run"],
    &["conformance", "list"],
    &["conformance", "show"],
    &["conformance", "coverage"],
    &["conformance", "mutants"],
    &["conformance", "fuzz"],
    &["completions"],
];

fn help(subcommand: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = [subcommand, &["--help"]].concat();
    let Outcome { status, stdout, stderr } = run(folder.path(), &arguments, b"");
    assert_eq!((status, stderr.as_str()), (0, ""), "{subcommand:?}");
    stdout
}

/// The entries of a part of the help, such as `Options:`, each with the lines below it.
fn entries(help: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in help.lines() {
        if !line.starts_with(' ') && !line.is_empty() {
            inside = matches!(line, "Options:" | "Arguments:" | "Commands:");
        } else if inside && !line.is_empty() {
            let text = line.trim_start();
            match (line.len() - text.len(), entries.last_mut()) {
                // `--long` stands further in, under the place of `-s, `.
                (indent, _) if indent <= 6 => {
                    let (name, rest) = text.split_once("  ").unwrap_or((text, ""));
                    entries.push((name.to_owned(), rest.trim().to_owned()));
                }
                (_, Some((_, description))) => *description += text,
                (_, None) => panic!("{line:?} belongs to nothing"),
            }
        }
    }
    entries
}

#[test]
fn every_option_is_described_and_every_subcommand_has_an_example() {
    for subcommand in SUBCOMMANDS {
        let help = help(subcommand);
        let entries = entries(&help);
        assert!(entries.iter().any(|(name, _)| name.contains("--help")), "{subcommand:?}: {entries:?}");
        for (name, description) in entries {
            let words = description.split("[default").next().unwrap_or_default();
            assert!(
                words.chars().any(char::is_alphabetic),
                "{subcommand:?}: {name} has no description:\n{help}"
            );
        }
        let call = [&["  state-sync"], *subcommand].concat().join(" ");
        let examples = help.split_once("Example").map(|(_, examples)| examples).unwrap_or_default();
        assert!(
            examples.lines().any(|line| line.starts_with(&call)),
            "{subcommand:?} has no example:\n{help}"
        );
        // What follows an empty line is written by hand: it must fit a narrow terminal without being broken there.
        for line in help.lines().skip_while(|line| !line.contains("--help")) {
            assert!(line.chars().count() <= 80, "{subcommand:?}: {line}");
        }
        if !matches!(subcommand, ["conformance"] | ["completions"]) {
            assert!(help.contains("Exit status: 0 "), "{subcommand:?} does not say its exit status");
        }
    }
}

/// The table above holds every subcommand that the help lists.
#[test]
fn every_subcommand_is_looked_at() {
    for parent in [&[][..], &["conformance"]] {
        let text = help(parent);
        let listed =
            text.split_once("Commands:").expect("commands").1.split_once("Options:").expect("options").0;
        let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
        for name in names {
            let subcommand = [parent, &[name]].concat();
            assert!(SUBCOMMANDS.contains(&&subcommand[..]), "{subcommand:?} is not looked at");
        }
    }
}

#[test]
fn the_version_is_the_packages() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Outcome { status, stdout, .. } = run(folder.path(), &["--version"], b"");
    assert_eq!((status, stdout), (0, format!("state-sync {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn wrong_arguments_are_explained() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (arguments, told) in [
        (&[][..], "Usage:"),
        (&["generat"], "'generate'"),
        (&["generate", "--chek"], "'--check'"),
        (&["generate", "--check", "--watch"], "cannot be used with"),
        (&["validate"], "--type"),
        (&["validate", "--type", "Topic", "--schema", "a"], "cannot be used with"),
        (&["compat", "old"], "<NEW>"),
        (&["conformance", "fuzz", "--against", "rust"], "--with"),
        (&["conformance", "fuzz", "--against", "rust", "--with", "rust", "--cases", "0"], "--cases"),
        (&["completions", "cobol"], "powershell"),
    ] {
        let Outcome { status, stdout, stderr } = run(folder.path(), arguments, b"");
        assert_eq!((status, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(told), "{arguments:?}: {stderr}");
    }
}

#[test]
fn completions_are_programs_of_their_shells() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (shell, part, check) in [
        ("bash", "complete -F", Some("-n")),
        ("zsh", "#compdef state-sync", Some("-n")),
        ("fish", "complete -c state-sync", Some("--no-execute")),
        ("powershell", "Register-ArgumentCompleter", None),
        ("elvish", "edit:completion:arg-completer[state-sync]", Some("-compileonly")),
    ] {
        let Outcome { status, stdout, stderr } = run(folder.path(), &["completions", shell], b"");
        assert_eq!((status, stderr.as_str()), (0, ""), "{shell}");
        assert!(stdout.contains(part), "{shell}: {stdout}");
        // Its own words, and none of the command for the suite alone.
        assert!(stdout.contains("expected-failures"), "{shell}");
        let file = folder.path().join(shell);
        fs::write(&file, stdout).expect("a file");
        // A shell that is not installed here cannot be asked.
        if let Some(Ok(output)) = check.map(|option| Command::new(shell).arg(option).arg(&file).output()) {
            assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
