//! What is wrong with a document, and where.

use crate::{
    fast::{
        cursor::{Cursor, Step, Stop},
        skip,
    },
    json_pointer,
};
use serde::Serialize;
use std::fmt;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The stable code: one of the protocol's (`state_sync::ErrorCode`), or [`LINE_TOO_LONG`].
    pub code: &'static str,
    /// The place as a JSON Pointer (RFC 6901); for a missing member, the place where it would be.
    pub pointer: String,
    /// What was wrong, such as `found the number 5`.
    pub message: String,
    /// What would be right, such as `a string`; empty where there is nothing to add.
    pub expected: String,
}

/// The code of a line of a stream that is longer than the limit in force. The protocol knows no such fault: the
/// line was not read.
pub const LINE_TOO_LONG: &str = "line-too-long";

impl Finding {
    /// The same finding, seen from the object that holds the document under `member`.
    pub(crate) fn inside(mut self, member: &str) -> Self {
        self.pointer.insert_str(0, member);
        self.pointer.insert(0, '/');
        self
    }
}

impl From<state_sync::DecodeError> for Finding {
    fn from(error: state_sync::DecodeError) -> Self {
        // Where in the text is said once, in the words of the one who prints the finding.
        let message = match error.problem().rfind(" at line ") {
            Some(place) if error.pointer().is_empty() => &error.problem()[..place],
            _ => error.problem(),
        };
        Self {
            code: error.code().as_str(),
            pointer: error.pointer().to_owned(),
            message: found(message),
            expected: error.expected().to_owned(),
        }
    }
}

/// What was found, where the JSON reader says only what it expected.
fn found(message: &str) -> String {
    match message.strip_prefix("expected ") {
        Some("value" | "ident") => "found no JSON value".to_owned(),
        Some(token) => format!("found something else than {token}"),
        None => message.to_owned(),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the top level" } else { &self.pointer };
        write!(formatter, "{place}: {}", self.message)?;
        if !self.expected.is_empty() {
            write!(formatter, "; expected {}", self.expected)?;
        }
        write!(formatter, " ({})", self.code)
    }
}

/// A place in a text, counted from 1. Columns count code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

/// Where in the text a finding is. Reads the text again, so it is for texts with findings only.
#[must_use]
pub fn locate(text: &[u8], finding: &Finding) -> Location {
    let offset = match std::str::from_utf8(text) {
        Err(error) => error.valid_up_to(),
        Ok(text) => match finding.code {
            "invalid-json" | "too-deep" => fault_offset(text),
            _ => pointer_offset(text, &finding.pointer),
        },
    };
    let before = &text[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let code_points = before[line_start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    Location { line: memchr::memchr_iter(b'\n', before).count() as u64 + 1, column: code_points as u64 + 1 }
}

/// Where serde_json stops reading a text.
fn fault_offset(text: &str) -> usize {
    let Err(error) = serde_json::from_str::<serde_json::Value>(text) else { return 0 };
    let (line, column) = (error.line(), error.column());
    let line_start = match line.checked_sub(2) {
        None => 0,
        Some(newlines_before) => {
            memchr::memchr_iter(b'\n', text.as_bytes()).nth(newlines_before).map_or(0, |newline| newline + 1)
        }
    };
    // serde_json counts the bytes that it has read of the line.
    line_start + column.saturating_sub(1)
}

/// Where the value at `pointer` starts, or the innermost value on the way to it that is there.
fn pointer_offset(text: &str, pointer: &str) -> usize {
    let mut cursor = Cursor::new(text);
    let mut offset = 0;
    let mut enter = |cursor: &mut Cursor<'_>| -> Step {
        cursor.peek()?;
        offset = cursor.position();
        Ok(())
    };
    let _ = enter(&mut cursor);
    for segment in json_pointer::segments(pointer) {
        if child(&mut cursor, &segment).and_then(|()| enter(&mut cursor)).is_err() {
            break;
        }
    }
    offset
}

/// Moves into the child that `segment` names; of two members with one name, the last.
fn child(cursor: &mut Cursor<'_>, segment: &str) -> Step {
    let object = match cursor.peek()? {
        b'{' => true,
        b'[' => false,
        _ => return Err(Stop),
    };
    let (mut found, mut index) = (None, 0);
    loop {
        cursor.advance();
        if matches!(cursor.peek()?, b'}' | b']') {
            break;
        }
        let here = if object {
            let start = cursor.position();
            cursor.string()?;
            let name: String = serde_json::from_slice(cursor.since(start)).map_err(|_| Stop)?;
            cursor.expect(b':')?;
            name == segment
        } else {
            index += 1;
            segment == (index - 1).to_string()
        };
        if here {
            found = Some(cursor.clone());
        }
        skip::value(cursor, 0)?;
        if cursor.peek()? != b',' {
            break;
        }
    }
    *cursor = found.ok_or(Stop)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &[u8], code: &'static str, pointer: &str) -> (u64, u64) {
        let finding =
            Finding { code, pointer: pointer.to_owned(), message: String::new(), expected: String::new() };
        let location = locate(text, &finding);
        (location.line, location.column)
    }

    #[test]
    fn pointers_lead_to_their_values() {
        let text = "{\n  \"é\": {\"a/b\": [1, {\"\": 2}]},\n  \"x\": 1, \"x\":\n 7\n}";
        let rows = [
            ("", (1, 1)),
            ("/é", (2, 8)),
            ("/é/a~1b", (2, 16)),
            ("/é/a~1b/1", (2, 20)),
            ("/é/a~1b/1/", (2, 25)),
            ("/é/a~1b/9", (2, 16)),
            ("/é/missing", (2, 8)),
            ("/x", (4, 2)),
            ("/x/y", (4, 2)),
        ];
        for (pointer, expected) in rows {
            assert_eq!(at(text.as_bytes(), "invalid-data", pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn faults_of_the_text_are_where_reading_stops() {
        assert_eq!(at(b"{\n\"a\": 1,\n  }", "invalid-json", ""), (3, 3));
        assert_eq!(at(b"{\"a\": \xff}", "invalid-json", ""), (1, 7));
        assert_eq!(at("[1,".as_bytes(), "invalid-json", ""), (1, 3));
        assert_eq!(at(b"", "invalid-json", ""), (1, 1));
    }
}
