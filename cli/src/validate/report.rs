//! Prints findings and counts.

use super::Format;
use crate::terminal::{BAD, FAINT, GOOD, say, wrote};
use serde_json::json;
use state_sync_validate::{LocatedFinding, Sink, Summary};
use std::{
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
};

/// Findings are written in pieces of about this many bytes, or at a pause.
const PIECE: usize = 32 * 1024;

/// Where the findings of all files go.
pub struct Report {
    format: Format,
    file: String,
    lines: bool,
    files: u64,
    unreadable: u64,
    summary: Summary,
    /// Formatted and not yet written.
    text: String,
    /// Nobody reads the findings any more.
    closed: bool,
}

impl Report {
    pub fn new(format: Format) -> Self {
        Self {
            format,
            file: String::new(),
            lines: false,
            files: 0,
            unreadable: 0,
            summary: Summary::default(),
            text: String::new(),
            closed: false,
        }
    }

    /// What comes now is from this file, read line by line or as one document.
    pub fn file(&mut self, name: String, lines: bool) {
        self.file = name;
        self.lines = lines;
        self.files += 1;
    }

    pub fn add(&mut self, summary: Summary) {
        self.summary.add(summary);
    }

    /// The file could not be read, or not to its end.
    pub fn unreadable(&mut self) {
        self.unreadable += 1;
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Prints the summary; the exit status of the whole.
    pub fn finish(mut self) -> ExitCode {
        let Summary { documents, invalid, findings } = self.summary;
        if !self.closed {
            match self.format {
                Format::Human => {
                    let style = if invalid == 0 { GOOD } else { BAD };
                    let verdict = match invalid {
                        0 => "all valid".to_owned(),
                        _ => format!("{invalid} invalid, with {}", count(findings, "finding")),
                    };
                    let read = count(self.files - self.unreadable, "file");
                    let unread = match self.unreadable {
                        0 => String::new(),
                        files => format!("; {BAD}{} could not be read{BAD:#}", count(files, "file")),
                    };
                    // Nothing that was read needs no verdict: why has been said.
                    if documents > 0 || self.unreadable == 0 {
                        let documents = count(documents, "document");
                        say(&format_args!("{documents} in {read}: {style}{verdict}{style:#}{unread}"));
                    }
                }
                Format::Json => {
                    let summary = json!({
                        "kind": "summary",
                        "files": self.files,
                        "unreadable": self.unreadable,
                        "documents": documents,
                        "invalid": invalid,
                        "findings": findings,
                    });
                    self.text += &format!("{summary}\n");
                }
            }
            // Nothing is left to be done about a reader that has gone away.
            let _ = self.write();
        }
        match (self.unreadable, invalid, self.closed) {
            (0, 0, false) => ExitCode::SUCCESS,
            (0, ..) => ExitCode::from(1),
            _ => ExitCode::from(2),
        }
    }

    fn write(&mut self) -> io::Result<()> {
        let mut output = anstream::stdout().lock();
        let result = output.write_all(self.text.as_bytes()).and_then(|()| output.flush());
        self.text.clear();
        self.closed |= result.is_err();
        wrote(&result);
        result
    }
}

impl Sink for Report {
    fn finding(&mut self, LocatedFinding { location, finding }: LocatedFinding) -> io::Result<()> {
        match self.format {
            Format::Human => {
                let place = if finding.pointer.is_empty() { "top level" } else { &finding.pointer };
                let expected = match finding.expected.as_str() {
                    "" => String::new(),
                    _ if !self.lines && finding.message == "trailing characters" => {
                        "; expected one JSON document, or --ndjson for one a line".to_owned()
                    }
                    expected => format!("; expected {expected}"),
                };
                let line = format!(
                    "{FAINT}{}:{}:{}{FAINT:#} {BAD}{}{BAD:#}: {}{} {FAINT}({}){FAINT:#}",
                    printable(&self.file),
                    location.line,
                    location.column,
                    printable(place),
                    printable(&finding.message),
                    printable(&expected),
                    finding.code,
                );
                self.text += &line;
            }
            Format::Json => {
                let object = json!({
                    "kind": "finding",
                    "file": self.file,
                    "line": location.line,
                    "column": location.column,
                    "code": finding.code,
                    "pointer": finding.pointer,
                    "message": finding.message,
                    "expected": finding.expected,
                });
                self.text += &object.to_string();
            }
        }
        self.text.push('\n');
        if self.text.len() >= PIECE { self.write() } else { Ok(()) }
    }

    fn pause(&mut self) -> io::Result<()> {
        self.write()
    }
}

/// The text without characters that a terminal would obey: a document may hold any.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            let _ = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

fn count(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
