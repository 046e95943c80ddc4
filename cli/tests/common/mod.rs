//! Runs the command as a user runs it, and holds whatever it prints to what no output may be.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

/// What came of a run.
pub struct Outcome {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The command in this folder, with nothing of the surroundings that changes its output.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_state-sync"));
    command.args(arguments).current_dir(folder).env("RUST_BACKTRACE", "1");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// Runs the command with pipes; the input may be larger than a pipe holds, or not be read at all.
pub fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Outcome {
    let mut command = command(folder, arguments);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let output = thread::scope(|scope| {
        scope.spawn(move || {
            let _ = stdin.write_all(input);
        });
        child.wait_with_output().expect("the command ends")
    });
    outcome(output, arguments)
}

/// The outcome, after a look at what no output may hold.
pub fn outcome(output: Output, arguments: &[&str]) -> Outcome {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    let status =
        output.status.code().unwrap_or_else(|| panic!("{arguments:?} was ended by a signal: {stderr}"));
    for printed in [&stdout, &stderr] {
        for never in ["panicked", "backtrace", "\u{1b}"] {
            assert!(!printed.contains(never), "{arguments:?} printed {never:?}:\n{printed}");
        }
    }
    Outcome { status, stdout, stderr }
}

/// It could not run: status 2, nothing on standard output, on standard error one short sentence that says all of these.
pub fn could_not_run(folder: &Path, arguments: &[&str], input: &[u8], told: &[&str]) {
    let Outcome { status, stdout, stderr } = run(folder, arguments, input);
    assert_eq!(status, 2, "{arguments:?}\n{stdout}{stderr}");
    assert_eq!(stdout, "", "{arguments:?}");
    assert_eq!(stderr.matches("error:").count(), 1, "{arguments:?}: {stderr}");
    assert!(stderr.starts_with("error: ") && stderr.len() < 600, "{arguments:?}: {stderr}");
    for part in told {
        assert!(stderr.contains(part), "{arguments:?} does not say {part:?}:\n{stderr}");
    }
}

/// It found something: status 1, and all of these on standard output.
pub fn found(folder: &Path, arguments: &[&str], input: &[u8], told: &[&str]) {
    let Outcome { status, stdout, stderr } = run(folder, arguments, input);
    assert_eq!(status, 1, "{arguments:?}\n{stdout}{stderr}");
    for part in told {
        assert!(stdout.contains(part), "{arguments:?} does not say {part:?}:\n{stdout}{stderr}");
    }
    assert!(stdout.lines().all(|line| line.len() < 600), "{arguments:?}: a very long line");
}

/// Every file below a folder, with its content: what must be the same after a run that failed.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.insert(path.clone(), Vec::new());
            files.extend(contents(&path));
        } else {
            files.insert(path.clone(), fs::read(&path).expect("a file"));
        }
    }
    files
}
