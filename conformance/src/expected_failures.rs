//! Failures that are known: a file of entries, each of which must keep coming out as it says, so that the file
//! cannot rot.

use crate::{
    judge::FailureKind,
    wire::{Answer, same_json},
};
use globset::{Glob, GlobMatcher};
use serde::Deserialize;
use serde_json::Value;

/// The entries of a file.
#[derive(Debug, Default)]
pub struct ExpectedFailures {
    /// In the order of the file.
    pub entries: Vec<Entry>,
}

/// One entry: the cases that are expected to fail, why, and how.
#[derive(Debug)]
pub struct Entry {
    /// A glob over the ids of cases.
    pub pattern: String,
    /// Why it fails, for the reader.
    pub reason: String,
    /// The one implementation that it is about; without it, all.
    pub implementation: Option<String>,
    /// What comes out.
    pub expect: Expected,
    matcher: GlobMatcher,
}

/// What comes out of a case that is expected to fail.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Expected {
    /// A kind of failure, such as `crash`.
    Kind(FailureKind),
    /// A refusal.
    Error {
        /// Its code and pointer.
        error: ExpectedError,
    },
    /// An acceptance.
    Ok {
        /// What is answered.
        ok: Value,
    },
}

/// A refusal that is expected although it is wrong.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// Its code.
    pub code: String,
    /// Its place.
    pub pointer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenFile {
    #[serde(default)]
    expected_failure: Vec<WrittenEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    pattern: String,
    reason: String,
    implementation: Option<String>,
    expect: Expected,
}

impl ExpectedFailures {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with the text, after the number of the line where it can be told:
    /// `4: unknown variant`, or ` the entry has no reason`, to be written after the file's name and a colon.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: WrittenFile = toml::from_str(text).map_err(|error| fault(text, &error))?;
        let entry = |entry: WrittenEntry| {
            if entry.reason.trim().is_empty() {
                return Err(format!(" the entry {:?} has no reason", entry.pattern));
            }
            let matcher = Glob::new(&entry.pattern).map_err(|error| format!(" {error}"))?.compile_matcher();
            let WrittenEntry { pattern, reason, implementation, expect } = entry;
            Ok(Entry { pattern, reason, implementation, expect, matcher })
        };
        Ok(Self { entries: file.expected_failure.into_iter().map(entry).collect::<Result<_, _>>()? })
    }

    /// The first entry about this case of this implementation, with its place in the file.
    pub fn find(&self, implementation: &str, case: &str) -> Option<(usize, &Entry)> {
        self.entries.iter().enumerate().find(|(_, entry)| {
            entry.matches(case) && entry.implementation.as_deref().is_none_or(|name| name == implementation)
        })
    }
}

/// One line, whatever the file holds: toml's own text would show the line of the file, of any length.
fn fault(text: &str, error: &toml::de::Error) -> String {
    let line = |start: usize| 1 + text.bytes().take(start).filter(|&byte| byte == b'\n').count();
    let line = error.span().map(|span| format!("{}:", line(span.start)));
    format!("{} {}", line.unwrap_or_default(), error.message())
}

impl Entry {
    /// Whether the pattern is about this case.
    pub fn matches(&self, case: &str) -> bool {
        self.matcher.is_match(case)
    }
}

impl Expected {
    /// Whether a failure is the expected one.
    pub fn is(&self, kind: FailureKind, answer: Option<&Answer>) -> bool {
        match (self, answer) {
            (Expected::Kind(expected), _) => *expected == kind,
            (Expected::Error { error }, Some(Answer::Error { code, pointer, .. })) => {
                error.code == *code && error.pointer == *pointer
            }
            (Expected::Ok { ok }, Some(Answer::Ok { value })) => same_json(ok, value),
            _ => false,
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expected::Kind(kind) => write!(formatter, "{kind}"),
            Expected::Error { error } => write!(formatter, "error {} at \"{}\"", error.code, error.pointer),
            Expected::Ok { ok } => write!(formatter, "ok {ok}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FILE: &str = r#"
        [[expected-failure]]
        pattern = "text/deep-*"
        reason = "the parser stops at 64 levels"
        implementation = "theirs"
        expect = "crash"

        [[expected-failure]]
        pattern = "revision/*"
        reason = "wrong code"
        expect = { error = { code = "wrong-type", pointer = "" } }

        [[expected-failure]]
        pattern = "topic/one"
        reason = "trimmed"
        expect = { ok = "one" }
    "#;

    #[test]
    fn entries_are_about_cases_of_implementations() {
        let file = ExpectedFailures::parse(FILE).unwrap();
        for (implementation, case, place) in [
            ("theirs", "text/deep-arrays", Some(0)),
            ("other", "text/deep-arrays", None),
            ("other", "revision/empty", Some(1)),
            ("other", "topic/two", None),
        ] {
            assert_eq!(
                file.find(implementation, case).map(|found| found.0),
                place,
                "{implementation} {case}"
            );
        }
    }

    #[test]
    fn what_comes_out_is_compared() {
        let file = ExpectedFailures::parse(FILE).unwrap();
        let refused =
            |code: &str| Answer::Error { code: code.into(), pointer: "".into(), message: "m".into() };
        let ok = |value| Answer::Ok { value };
        for (entry, kind, answer, is) in [
            (0, FailureKind::Crash, None, true),
            (0, FailureKind::Hang, None, false),
            (1, FailureKind::WrongCode, Some(refused("wrong-type")), true),
            (1, FailureKind::WrongCode, Some(refused("too-deep")), false),
            (1, FailureKind::Crash, None, false),
            (2, FailureKind::WrongValue, Some(ok(json!("one"))), true),
            (2, FailureKind::WrongValue, Some(ok(json!("two"))), false),
        ] {
            assert_eq!(file.entries[entry].expect.is(kind, answer.as_ref()), is, "{entry} {kind} {answer:?}");
        }
    }

    #[test]
    fn faults_of_the_file_are_told() {
        for (text, fault) in [
            ("[[expected-failure]]\npattern = \"a\"\nexpect = \"crash\"", "reason"),
            ("[[expected-failure]]\npattern = \"a\"\nreason = \" \"\nexpect = \"crash\"", "has no reason"),
            ("[[expected-failure]]\npattern = \"a[\"\nreason = \"r\"\nexpect = \"crash\"", "a["),
            ("[[expected-failure]]\npattern = \"a\"\nreason = \"r\"\nexpect = \"splash\"", "4: "),
            ("[[expected]]\n", "expected"),
            ("expected-failure = 5", "1: "),
        ] {
            let error = ExpectedFailures::parse(text).unwrap_err();
            assert!(error.contains(fault), "{error}\ndoes not say {fault}");
        }
        assert!(ExpectedFailures::parse("").unwrap().entries.is_empty());
    }
}
