//! NDJSON of any length, and single documents.

mod blocks;
mod lines;
mod order;

use crate::{Finding, Location, Validator, locate};
use blocks::Blocks;
use order::Order;
use std::{
    io::{self, Read},
    num::NonZeroUsize,
    sync::Mutex,
    thread,
};

/// How a stream is read.
#[derive(Clone, Copy, Debug)]
pub struct StreamOptions {
    /// How many threads validate. More than the machine has cores gains nothing.
    pub threads: NonZeroUsize,
    /// A line of more bytes than this is not read into memory but reported as
    /// [`LINE_TOO_LONG`](crate::LINE_TOO_LONG). Each thread may hold one line of this length.
    pub max_line: usize,
}

impl StreamOptions {
    /// The default of [`Self::max_line`]: 1 GiB.
    pub const DEFAULT_MAX_LINE: usize = 1 << 30;
}

impl Default for StreamOptions {
    /// As many threads as there are cores, and lines of up to 1 GiB.
    fn default() -> Self {
        let one = NonZeroUsize::MIN;
        Self { threads: thread::available_parallelism().unwrap_or(one), max_line: Self::DEFAULT_MAX_LINE }
    }
}

/// A finding and its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedFinding {
    /// The line and the column.
    pub location: Location,
    /// What is wrong there.
    pub finding: Finding,
}

/// How many documents there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents read; blank lines are none.
    pub documents: u64,
    /// Documents with at least one finding.
    pub invalid: u64,
    /// Findings.
    pub findings: u64,
}

impl Summary {
    /// Adds the numbers of another part.
    pub fn add(&mut self, other: Summary) {
        self.documents += other.documents;
        self.invalid += other.invalid;
        self.findings += other.findings;
    }
}

/// Takes the findings, in the order of the text.
///
/// An error ends the stream and is its result.
pub trait Sink: Send {
    /// Takes one finding.
    ///
    /// # Errors
    ///
    /// What keeps it from being taken.
    fn finding(&mut self, finding: LocatedFinding) -> io::Result<()>;

    /// Called now and then after findings: the next one may be long in coming.
    ///
    /// # Errors
    ///
    /// What keeps the findings so far from being passed on.
    fn pause(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<F: FnMut(LocatedFinding) -> io::Result<()> + Send> Sink for F {
    fn finding(&mut self, finding: LocatedFinding) -> io::Result<()> {
        self(finding)
    }
}

/// Validates every line of NDJSON.
///
/// Lines end with LF or CRLF, the last one also with the stream; blank lines are skipped and counted as lines.
/// Memory is bounded by the longest line, not by the stream. Findings come in the order of the lines, whichever
/// thread has finished first, and as soon as their line has been read.
///
/// # Errors
///
/// What the reader or the sink fails with.
///
/// ```
/// use state_sync_validate::{LocatedFinding, StreamOptions, Validator, stream};
///
/// let validator = Validator::for_type("Revision")?;
/// let mut lines = Vec::new();
/// let mut sink = |found: LocatedFinding| Ok(lines.push(found.location.line));
/// let summary = stream(&b"\"1\"\n\"01\"\n"[..], &validator, StreamOptions::default(), &mut sink)?;
/// assert_eq!((summary.documents, summary.invalid, lines), (2, 1, vec![2]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn stream(
    reader: impl Read + Send,
    validator: &Validator,
    options: StreamOptions,
    sink: &mut dyn Sink,
) -> io::Result<Summary> {
    let blocks = Mutex::new(Blocks::new(reader, options.max_line));
    let order = Order::new(sink, options.threads.get());
    let work = || {
        let _watch = order.watch();
        while let Some((number, block)) = order.take(&blocks) {
            let outcome = lines::validate(&block, validator, options.max_line);
            order.put(number, outcome);
            blocks::lock(&blocks).recycle(block);
        }
    };
    thread::scope(|scope| {
        for _ in 1..options.threads.get() {
            scope.spawn(work);
        }
        work();
    });
    order.finish()
}

/// Validates a single document, which may be printed over many lines.
///
/// # Errors
///
/// What the reader or the sink fails with.
pub fn document(mut reader: impl Read, validator: &Validator, sink: &mut dyn Sink) -> io::Result<Summary> {
    let mut text = Vec::new();
    reader.read_to_end(&mut text)?;
    let mut summary = Summary { documents: 1, ..Summary::default() };
    if let Err(findings) = validator.validate(&text) {
        summary.invalid = 1;
        for finding in findings {
            summary.findings += 1;
            sink.finding(LocatedFinding { location: locate(&text, &finding), finding })?;
        }
        sink.pause()?;
    }
    Ok(summary)
}
