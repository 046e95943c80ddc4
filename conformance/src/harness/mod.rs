//! The harness: asking an implementation, in whatever language, over the standard streams of one long-lived process.
//!
//! `session` holds the logic and sees no process: it talks through a [`Connection`], so that it is tested without
//! programs, sleeps or time-outs that run out. `process` is the connection to a real program.

mod answer;
mod greeting;
mod partner;
mod process;
mod session;

pub use answer::{LONGEST_LINE, read_answer};
pub use greeting::Hello;
pub use process::{Program, stop_all};
pub use session::{Conversation, Limits, Outcome, converse};

use std::time::Duration;

/// The schema of the lines that go over the harness.
pub const HARNESS_SCHEMA: &str = include_str!("../../harness.schema.json");

/// What can be started, and started again after it has failed.
pub trait Launcher {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// A sentence that says why it does not start.
    fn launch(&mut self) -> Result<Box<dyn Connection>, String>;
}

/// A started implementation.
pub trait Connection {
    /// Sends a line; the line end is added. It does not wait, and a reader that has gone away shows as
    /// [`Received::Ended`].
    fn send(&mut self, line: Vec<u8>);

    /// Waits for the next line.
    fn receive(&mut self, within: Duration) -> Received;

    /// Says that no more lines will come.
    fn close_input(&mut self);

    /// Waits for the end, and brings it about where `grace` is over.
    fn end(&mut self, grace: Duration) -> Ending;
}

/// What came from an implementation.
#[derive(Debug, PartialEq)]
pub enum Received {
    /// A line, without its end.
    Line(Vec<u8>),
    /// A line longer than is read; nothing more will be read.
    TooLong,
    /// The end of the output, and what stood after the last line end.
    Ended(Vec<u8>),
    /// Nothing in time.
    Silence,
}

/// How an implementation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Whether it ended by itself and with status 0.
    pub clean: bool,
    /// Such as "it exited with status 3".
    pub how: String,
    /// The last that it wrote to standard error.
    pub stderr: String,
}
