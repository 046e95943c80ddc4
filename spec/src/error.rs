//! The closed set of reasons for which a message is refused (chapter "Errors").

use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt;
use serde::de::{Error, Expected, Unexpected};

/// Why a message was refused: a closed set with stable codes (`ERR-1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// The text is no JSON, or JSON that I-JSON (RFC 7493) excludes (`MSG-8`).
    InvalidJson,
    /// Arrays and objects nest more than 127 levels deep (`MSG-10`).
    TooDeep,
    /// A JSON value of another type than the required one (`MSG-1`, `MSG-5`, `MSG-6`).
    WrongType,
    /// A required member is absent (`MSG-3`).
    MissingMember,
    /// A member that the protocol defines appears twice in one object (`MSG-7`).
    DuplicateMember,
    /// A string that is not the canonical text of a revision (`REV-2`, `REV-3`).
    InvalidRevision,
    /// A topic of white space alone, or an empty one (`TOP-2`).
    BlankTopic,
    /// A string outside a closed set (`XTB-2`, `ERC-2`).
    UnknownValue,
    /// A number that is not an integer from 0 to 2^53-1 (`MSG-11`).
    OutOfRange,
    /// The payload breaks a rule of the application's own.
    InvalidData,
}

impl ErrorCode {
    /// Every code, in the order of the chapter "Errors".
    pub const ALL: [ErrorCode; 10] = [
        ErrorCode::InvalidJson,
        ErrorCode::TooDeep,
        ErrorCode::WrongType,
        ErrorCode::MissingMember,
        ErrorCode::DuplicateMember,
        ErrorCode::InvalidRevision,
        ErrorCode::BlankTopic,
        ErrorCode::UnknownValue,
        ErrorCode::OutOfRange,
        ErrorCode::InvalidData,
    ];

    /// The code as it is written in messages and reports; it never changes.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorCode::InvalidJson => "invalid-json",
            ErrorCode::TooDeep => "too-deep",
            ErrorCode::WrongType => "wrong-type",
            ErrorCode::MissingMember => "missing-member",
            ErrorCode::DuplicateMember => "duplicate-member",
            ErrorCode::InvalidRevision => "invalid-revision",
            ErrorCode::BlankTopic => "blank-topic",
            ErrorCode::UnknownValue => "unknown-value",
            ErrorCode::OutOfRange => "out-of-range",
            ErrorCode::InvalidData => "invalid-data",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What each type with a rule of its own tells serde that it expects. serde hands an error nothing but this
/// text, so the text is also what the code is looked up by.
pub(crate) mod expectation {
    pub const REVISION: &str = "a revision: a string of decimal digits without sign, space or leading zero, \
                                at most \"18446744073709551615\"";
    pub const TOPIC: &str = "a topic: a string with at least one character that is not white space";
    pub const SAFE_INTEGER: &str = "an integer from 0 to 9007199254740991";
}

/// A refused message: a code, the place, what is wrong there and what would have been right (`ERR-1` to `ERR-3`).
///
/// The `Display` form is one sentence that holds all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    code: ErrorCode,
    pointer: String,
    problem: String,
    expected: String,
}

impl DecodeError {
    /// An error at `pointer`; `problem` says what is wrong there, `expected` what would have been right.
    pub fn new(
        code: ErrorCode,
        pointer: impl Into<String>,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { code, pointer: pointer.into(), problem: problem.into(), expected: expected.into() }
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The place as a JSON Pointer (RFC 6901); for a missing member, the place where it would be.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong, such as `found the number 5`.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What would have been right, such as `a string`.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// A member of this name is there a second time.
    pub(crate) fn repeated(name: &str) -> Self {
        let problem = format!("found the member \"{name}\" a second time");
        Self::new(ErrorCode::DuplicateMember, "", problem, "each member once").inside(name)
    }

    /// The same error seen from the object or array that holds the place under `segment`.
    pub(crate) fn inside(mut self, segment: &str) -> Self {
        let escaped = segment.replace('~', "~0").replace('/', "~1");
        self.pointer.insert_str(0, &escaped);
        self.pointer.insert(0, '/');
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the top level" } else { &self.pointer };
        write!(formatter, "{} at {place}", self.problem)?;
        if !self.expected.is_empty() {
            write!(formatter, "; expected {}", self.expected)?;
        }
        write!(formatter, " ({})", self.code)
    }
}

impl core::error::Error for DecodeError {}

impl Error for DecodeError {
    /// Reached only by rules that a payload type adds for itself.
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(ErrorCode::InvalidData, "", message.to_string(), "")
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(ErrorCode::WrongType, "", format!("found {}", Found(unexpected)), expected.to_string())
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        let code = match expected.as_str() {
            expectation::REVISION => ErrorCode::InvalidRevision,
            expectation::TOPIC => ErrorCode::BlankTopic,
            expectation::SAFE_INTEGER => ErrorCode::OutOfRange,
            _ => ErrorCode::InvalidData,
        };
        Self::new(code, "", format!("found {}", Found(unexpected)), expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let problem = format!("found {length} elements");
        Self::new(ErrorCode::InvalidData, "", problem, expected.to_string())
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(
            ErrorCode::UnknownValue,
            "",
            format!("found {}", Found(Unexpected::Str(variant))),
            format!("one of {}", expected.join(", ")),
        )
    }

    /// Reached only by payload types that refuse unknown members; the protocol's own never do (`MSG-2`).
    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let expected = format!("only the members {}", expected.join(", "));
        Self::new(ErrorCode::InvalidData, "", "found an unknown member", expected).inside(field)
    }

    fn missing_field(field: &'static str) -> Self {
        let expected = format!("the required member \"{field}\"");
        Self::new(ErrorCode::MissingMember, "", "found nothing", expected).inside(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::repeated(field)
    }
}

/// A value in JSON's words; serde's own say "unit value" where a reader knows `null`.
struct Found<'a>(Unexpected<'a>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Unit | Unexpected::Option => formatter.write_str("null"),
            Unexpected::Bool(value) => write!(formatter, "the boolean {value}"),
            Unexpected::Unsigned(value) => write!(formatter, "the number {value}"),
            Unexpected::Signed(value) => write!(formatter, "the number {value}"),
            Unexpected::Float(value) => write!(formatter, "the number {value}"),
            Unexpected::Str(value) => write!(formatter, "the string {}", Quoted(value)),
            Unexpected::Seq => formatter.write_str("an array"),
            Unexpected::Map => formatter.write_str("an object"),
            other => other.fmt(formatter),
        }
    }
}

/// A string in quotes with its invisible characters shown, and cut where it is long.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 40;
        let shown: String = self.0.chars().take(SHOWN).collect();
        write!(formatter, "{shown:?}")?;
        if shown.len() < self.0.len() {
            let rest = self.0.chars().count() - SHOWN;
            write!(formatter, " and {rest} more characters")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_different() {
        let mut codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
    }

    #[test]
    fn pointers_escape_their_segments() {
        let error = DecodeError::missing_field("x").inside("a/b").inside("m~n");
        assert_eq!(error.pointer(), "/m~0n/a~1b/x");
    }

    #[test]
    fn sentences_name_the_place_and_the_remedy() {
        let error = DecodeError::invalid_type(Unexpected::Unit, &"a string").inside("topic");
        assert_eq!(error.to_string(), "found null at /topic; expected a string (wrong-type)");
        let long = "x".repeat(60);
        let error = DecodeError::invalid_value(Unexpected::Str(&long), &expectation::REVISION);
        assert_eq!(error.code(), ErrorCode::InvalidRevision);
        assert!(error.problem().ends_with("and 20 more characters"), "{error}");
    }
}
