//! Running one step after the other, quietly while they pass and in full where one fails.

use anstream::{eprint, eprintln, println};
use anstyle::{AnsiColor, Style};
use std::{
    io::{IsTerminal, Write as _},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// What a step came to.
pub enum Outcome {
    /// It held.
    Passed,
    /// It could not be tried here, and why.
    Skipped(String),
    /// It did not hold; all that it printed.
    Failed(String),
}

/// One thing to prove.
pub struct Step {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it proves, in a few words.
    pub proves: &'static str,
    /// Tries it.
    pub run: Box<dyn FnOnce() -> Outcome>,
}

impl Step {
    /// A step that holds if every one of the programs exits with 0.
    pub fn programs(name: &'static str, proves: &'static str, programs: Vec<Command>) -> Self {
        let run = move || programs.into_iter().map(capture).find(is_failure).unwrap_or(Outcome::Passed);
        Self { name, proves, run: Box::new(run) }
    }
}

fn is_failure(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(_))
}

/// Runs a program to its end and keeps what it prints.
pub fn capture(mut command: Command) -> Outcome {
    let shown = format!("$ {}\n", shown(&command));
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Outcome::Passed,
        Ok(output) => Outcome::Failed(format!(
            "{shown}{}{}\n({})",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
            output.status
        )),
        Err(error) => Outcome::Failed(format!("{shown}could not be started: {error}")),
    }
}

/// Runs a program with its output shown as it comes, and ends as it ended.
pub fn pass_through(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) => ExitCode::from(u8::try_from(status.code().unwrap_or(2)).unwrap_or(2)),
        Err(error) => {
            eprintln!("{} could not be started: {error}", shown(&command));
            ExitCode::from(2)
        }
    }
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs all steps, goes on after a failure, and says at the end how many held.
pub fn run_all(steps: Vec<Step>) -> ExitCode {
    let (count, started) = (steps.len(), Instant::now());
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), 0);
    let terminal = std::io::stderr().is_terminal();
    for (index, step) in steps.into_iter().enumerate() {
        let title = format!("[{:>2}/{count}] {:<14} {}", index + 1, step.name, step.proves);
        if terminal {
            eprint!("{title} …");
            let _ = std::io::stderr().flush();
        }
        let began = Instant::now();
        let outcome = (step.run)();
        if terminal {
            eprint!("\r\x1b[K");
        }
        let time = format!("{FAINT}{}{FAINT:#}", seconds(began.elapsed()));
        match outcome {
            Outcome::Passed => {
                passed += 1;
                println!("{title}  {GOOD}ok{GOOD:#} {time}");
            }
            Outcome::Skipped(why) => {
                skipped += 1;
                println!("{title}  skipped: {why}");
            }
            Outcome::Failed(output) => {
                println!("{title}  {BAD}FAILED{BAD:#} {time}\n{}\n", output.trim_end());
                failed.push(step.name);
            }
        }
    }
    println!("in {}", seconds(started.elapsed()));
    for name in &failed {
        println!("{BAD}failed{BAD:#}: {name} (again with: cargo xtask test --only {name})");
    }
    let skips = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    println!("{passed} passed, {} failed{skips}", failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
