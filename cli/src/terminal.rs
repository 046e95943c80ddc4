//! What all subcommands print alike.

use anstyle::{AnsiColor, Style};
use std::{
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};

/// What is well.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What is not.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What matters less.
pub const FAINT: Style = Style::new().dimmed();

/// Standard output could not be written, and that has been said.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Prints to standard output, with styles where they are wanted.
///
/// A reader that has gone away wants no more, and that is no fault. A full disk is one: it is said, and
/// [`concluded`] makes it the exit status. (`println!` would panic.)
pub fn print(text: &str) {
    let mut output = anstream::stdout().lock();
    wrote(&output.write_all(text.as_bytes()).and_then(|()| output.flush()));
}

/// Looks at what became of writing to standard output without [`print()`].
pub fn wrote(outcome: &io::Result<()>) {
    if let Err(error) = outcome
        && error.kind() != io::ErrorKind::BrokenPipe
        && !FAILED.swap(true, Ordering::Relaxed)
    {
        could_not_run(&format_args!("standard output: cannot write it: {error}"));
    }
}

/// Prints a line for people to standard error; whether they can see it changes nothing.
pub fn say(line: &dyn Display) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// Says why nothing could be done; the exit status of that is 2.
pub fn could_not_run(reason: &dyn Display) -> ExitCode {
    say(&format_args!("{BAD}error{BAD:#}: {reason}"));
    ExitCode::from(2)
}

/// The exit status of the whole: what the subcommand says, unless its output was lost.
pub fn concluded(status: ExitCode) -> ExitCode {
    if FAILED.load(Ordering::Relaxed) { ExitCode::from(2) } else { status }
}

/// How an outcome is printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For programs: one JSON document.
    Json,
}
