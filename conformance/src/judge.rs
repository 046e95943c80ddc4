//! Judging one answer by one case.

use crate::{
    case::{Case, Expectation},
    trace::parting,
    wire::{Answer, same_json},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an answer, or the lack of one, is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// What was expected.
    Passed,
    /// The implementation says that it does not have this; it is never counted as passed.
    NotImplemented(Option<String>),
    /// Anything else.
    Failed(Failure),
}

/// A failed case: the kind for programs and a sentence for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// What was wrong, and what would have been right.
    pub message: String,
}

/// Every way to fail a case: the first seven are answers, the others are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The input is good, and something else came out.
    WrongValue,
    /// The input is good and was refused.
    Refused,
    /// The input is bad and was accepted.
    Accepted,
    /// The refusal has another code.
    WrongCode,
    /// The refusal has another place.
    WrongPointer,
    /// The script gives other calls, or gives them at other times.
    WrongTrace,
    /// The refusal has no sentence (`ERR-3`).
    NoMessage,
    /// A line that is JSON and no answer.
    InvalidAnswer,
    /// An answer to another request.
    OutOfTurn,
    /// A line that is no JSON.
    NotJson,
    /// A line that is not UTF-8.
    NotUtf8,
    /// A line longer than the runner reads.
    TooLong,
    /// More output when the answer was given.
    ExtraOutput,
    /// The program ended before its answer.
    Crash,
    /// No answer in time.
    Hang,
    /// Not asked, because the program had failed too often.
    NotAsked,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [FailureKind; 16] = [
        FailureKind::WrongValue,
        FailureKind::Refused,
        FailureKind::Accepted,
        FailureKind::WrongCode,
        FailureKind::WrongPointer,
        FailureKind::WrongTrace,
        FailureKind::NoMessage,
        FailureKind::InvalidAnswer,
        FailureKind::OutOfTurn,
        FailureKind::NotJson,
        FailureKind::NotUtf8,
        FailureKind::TooLong,
        FailureKind::ExtraOutput,
        FailureKind::Crash,
        FailureKind::Hang,
        FailureKind::NotAsked,
    ];

    /// The kind as it is written in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            FailureKind::WrongValue => "wrong-value",
            FailureKind::Refused => "refused",
            FailureKind::Accepted => "accepted",
            FailureKind::WrongCode => "wrong-code",
            FailureKind::WrongPointer => "wrong-pointer",
            FailureKind::WrongTrace => "wrong-trace",
            FailureKind::NoMessage => "no-message",
            FailureKind::InvalidAnswer => "invalid-answer",
            FailureKind::OutOfTurn => "out-of-turn",
            FailureKind::NotJson => "not-json",
            FailureKind::NotUtf8 => "not-utf8",
            FailureKind::TooLong => "too-long",
            FailureKind::ExtraOutput => "extra-output",
            FailureKind::Crash => "crash",
            FailureKind::Hang => "hang",
            FailureKind::NotAsked => "not-asked",
        }
    }
}

impl std::fmt::Display for FailureKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// What an answer is worth for a case.
pub fn judge(case: &Case, answer: &Answer) -> Verdict {
    let failed = |kind, message: String| Verdict::Failed(Failure::new(kind, message));
    match (answer, &case.expect) {
        (Answer::NotImplemented { reason }, _) => Verdict::NotImplemented(reason.clone()),
        (Answer::Error { message, .. }, _) if message.trim().is_empty() => failed(
            FailureKind::NoMessage,
            "the refusal has no sentence that says what is wrong (ERR-3)".to_owned(),
        ),
        (
            Answer::Error { code, pointer, .. },
            Expectation::Error { code: right_code, pointer: right_pointer },
        ) => {
            if code != right_code {
                failed(
                    FailureKind::WrongCode,
                    format!("the refusal has the code \"{code}\"; right is \"{right_code}\""),
                )
            } else if pointer != right_pointer {
                failed(
                    FailureKind::WrongPointer,
                    format!("the refusal points to \"{pointer}\"; right is \"{right_pointer}\""),
                )
            } else {
                Verdict::Passed
            }
        }
        (Answer::Ok { .. }, Expectation::Error { code, pointer }) => failed(
            FailureKind::Accepted,
            format!("the input was accepted; right is a refusal with the code \"{code}\" at \"{pointer}\""),
        ),
        (Answer::Error { code, pointer, .. }, _) => failed(
            FailureKind::Refused,
            format!("the input was refused with the code \"{code}\" at \"{pointer}\", although it is good"),
        ),
        (Answer::Ok { value: Value::Array(got) }, Expectation::Trace(expected)) => {
            match parting(expected, got) {
                None => Verdict::Passed,
                Some(parting) => failed(FailureKind::WrongTrace, parting.sentence()),
            }
        }
        (Answer::Ok { .. }, Expectation::Trace(_)) => {
            failed(FailureKind::WrongTrace, "the answer is no trace; right is a list of entries".to_owned())
        }
        (Answer::Ok { value }, _) => match case.expected_value() {
            Some(expected) if same_json(value, &expected) => Verdict::Passed,
            _ => failed(FailureKind::WrongValue, "another value came out than the expected one".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value, json};

    fn verdict(expect: Value, answer: Value) -> String {
        let case = Case {
            id: "a/b".into(),
            profile: "core".into(),
            file: String::new(),
            description: None,
            requirements: vec![],
            op: "revision.parse".into(),
            input: Map::from_iter([("value".to_owned(), json!({"a": 1, "b": [2.0]}))]),
            expect: serde_json::from_value(expect).unwrap(),
        };
        match judge(&case, &serde_json::from_value(answer).unwrap()) {
            Verdict::Passed => "passed".to_owned(),
            Verdict::NotImplemented(_) => "not implemented".to_owned(),
            Verdict::Failed(failure) => failure.kind.to_string(),
        }
    }

    #[test]
    fn answers_are_judged_by_value_code_place_and_sentence() {
        let error = |code: &str, pointer: &str, message: &str| json!({"result": "error", "code": code, "pointer": pointer, "message": message});
        let refuse = json!({"error": {"code": "wrong-type", "pointer": "/a"}});
        let same = json!({"same": true});
        for (expect, answer, expected) in [
            (json!({"ok": 1}), json!({"result": "ok", "value": 1.0}), "passed"),
            (json!({"ok": 1}), json!({"result": "ok", "value": "1"}), "wrong-value"),
            (json!({"ok": null}), json!({"result": "ok", "value": null}), "passed"),
            (same.clone(), json!({"result": "ok", "value": {"b": [2], "a": 1.0}}), "passed"),
            (same.clone(), json!({"result": "ok", "value": {"b": [2], "a": 1, "c": null}}), "wrong-value"),
            (same.clone(), error("wrong-type", "", "m"), "refused"),
            (same.clone(), error("wrong-type", "", " "), "no-message"),
            (same, json!({"result": "not-implemented"}), "not implemented"),
            (refuse.clone(), error("wrong-type", "/a", "m"), "passed"),
            (refuse.clone(), error("wrong-type", "/a", ""), "no-message"),
            (refuse.clone(), error("invalid-data", "/a", "m"), "wrong-code"),
            (refuse.clone(), error("wrong-type", "", "m"), "wrong-pointer"),
            (refuse.clone(), json!({"result": "ok", "value": 1}), "accepted"),
            (refuse, json!({"result": "not-implemented"}), "not implemented"),
        ] {
            assert_eq!(verdict(expect.clone(), answer.clone()), expected, "{expect} {answer}");
        }
    }

    #[test]
    fn kinds_are_written_as_serde_writes_them() {
        for kind in FailureKind::ALL {
            assert_eq!(json!(kind), json!(kind.as_str()));
        }
    }
}
