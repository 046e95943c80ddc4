//! What all subcommands print alike.

use anstyle::{AnsiColor, Style};
use std::{fmt::Display, process::ExitCode};

/// What is well.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What is not.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What matters less.
pub const FAINT: Style = Style::new().dimmed();

/// Says why nothing could be done; the exit status of that is 2.
pub fn could_not_run(reason: &dyn Display) -> ExitCode {
    anstream::eprintln!("{BAD}error{BAD:#}: {reason}");
    ExitCode::from(2)
}
