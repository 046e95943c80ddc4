//! Validates the lines of one block.

use super::{LocatedFinding, Summary, blocks::Block};
use crate::{Finding, LINE_TOO_LONG, Location, Validator, locate};

/// What came of a block. Lines are counted from its start.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub lines: u64,
    pub summary: Summary,
    pub findings: Vec<LocatedFinding>,
}

impl Outcome {
    fn line(&mut self, findings: Vec<Finding>, place: impl Fn(&Finding) -> u64) {
        self.summary.invalid += 1;
        self.summary.findings += findings.len() as u64;
        let line = self.lines;
        self.findings.extend(findings.into_iter().map(|finding| {
            let location = Location { line, column: place(&finding) };
            LocatedFinding { location, finding }
        }));
    }
}

pub(super) fn validate(block: &Block, validator: &Validator, max_line: usize) -> Outcome {
    let mut outcome = Outcome::default();
    if block.too_long {
        outcome.lines = 1;
        outcome.summary.documents = 1;
        outcome.line(vec![too_long(max_line)], |_| 1);
        return outcome;
    }
    let mut rest = block.bytes();
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = &rest[..end];
        rest = &rest[(end + 1).min(rest.len())..];
        outcome.lines += 1;
        // White space around a document belongs to its text, so a CR before the LF needs no care.
        if line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
            continue;
        }
        outcome.summary.documents += 1;
        if line.len() > max_line {
            outcome.line(vec![too_long(max_line)], |_| 1);
        } else if let Err(findings) = validator.validate(line) {
            outcome.line(findings, |finding| locate(line, finding).column);
        }
    }
    outcome
}

fn too_long(max_line: usize) -> Finding {
    Finding {
        code: LINE_TOO_LONG,
        pointer: String::new(),
        message: format!("found a line of more than {max_line} bytes"),
        expected: "a shorter line, or a higher limit".to_owned(),
    }
}
