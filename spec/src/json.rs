//! Decoding of JSON text: quick where the text is right, precise where it is wrong.

use crate::{
    DecodeError, ErrorCode, Json,
    catalog::{PublicType, Role, Visitor, visit_all},
};
use serde::de::DeserializeOwned;

/// How many levels of arrays and objects a message may nest, itself being the first (`MSG-9`, `MSG-10`).
///
/// The bound is serde_json's own, which refuses the level after it.
pub const MAX_DEPTH: usize = 127;

/// Decodes a message from JSON text.
///
/// A right message is decoded in one pass, straight into `T`. Only a wrong one is read a second time, to find
/// the code and the place.
///
/// # Errors
///
/// [`DecodeError`]; a fault of the text (`invalid-json`, `too-deep`) comes before any other (`ERR-4`).
///
/// ```
/// use state_sync::{InvalidationEvent, json};
///
/// let error = json::from_str::<InvalidationEvent>(r#"{"topic":"settings","revision":"01"}"#).unwrap_err();
/// assert_eq!((error.code().as_str(), error.pointer()), ("invalid-revision", "/revision"));
/// ```
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    serde_json::from_str(text).map_err(|error| explain::<T>(text, &error))
}

/// Decodes a message from the bytes of a JSON text.
///
/// # Errors
///
/// As [`from_str`]; bytes that are not UTF-8 are `invalid-json`.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    // serde_json leaves the strings that it skips unchecked, so the whole is checked first.
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let problem = format!("found bytes that are not UTF-8 from byte {}", error.valid_up_to());
        DecodeError::new(ErrorCode::InvalidJson, "", problem, "UTF-8 text (RFC 8259, section 8.1)")
    })?;
    from_str(text)
}

/// Why `T` refuses a text that serde_json has refused with `error`.
fn explain<T: DeserializeOwned>(text: &str, error: &serde_json::Error) -> DecodeError {
    let whole: Json = match serde_json::from_str(text) {
        Ok(whole) => whole,
        Err(error) => return text_fault(&error),
    };
    match whole.decode::<T>() {
        Err(located) => located,
        // Only a payload type that treats text and values differently gets here; the verdict stays.
        Ok(_) => DecodeError::new(ErrorCode::InvalidData, "", error.to_string(), ""),
    }
}

fn text_fault(error: &serde_json::Error) -> DecodeError {
    let problem = error.to_string();
    if problem.starts_with("recursion limit exceeded") {
        let expected = format!("at most {MAX_DEPTH} nested levels");
        return DecodeError::new(ErrorCode::TooDeep, "", problem, expected);
    }
    DecodeError::new(ErrorCode::InvalidJson, "", problem, "one I-JSON text (RFC 7493)")
}

/// The names of the messages that [`decode_named`] knows.
pub fn message_names() -> Vec<&'static str> {
    struct Names(Vec<&'static str>);

    impl Visitor for Names {
        fn visit<T: PublicType>(&mut self) {
            if T::ROLE == Role::Message {
                self.0.push(T::NAME);
            }
        }
    }

    let mut names = Names(Vec::new());
    visit_all(&mut names);
    names.0
}

/// Decodes a message by its name and writes it again: what this implementation understood of the text.
///
/// `None` where there is no message of that name ([`message_names`]).
pub fn decode_named(name: &str, text: &str) -> Option<Result<serde_json::Value, DecodeError>> {
    struct Decode<'a> {
        name: &'a str,
        text: &'a str,
        outcome: Option<Result<serde_json::Value, DecodeError>>,
    }

    impl Visitor for Decode<'_> {
        fn visit<T: PublicType>(&mut self) {
            if T::ROLE == Role::Message && T::NAME == self.name {
                self.outcome = Some(from_str::<T>(self.text).map(|message| {
                    serde_json::to_value(message).expect("a message is made of JSON values alone")
                }));
            }
        }
    }

    let mut decode = Decode { name, text, outcome: None };
    visit_all(&mut decode);
    decode.outcome
}

/// Decodes any JSON value into a scalar or a message, for callers that hold values rather than text.
///
/// # Errors
///
/// [`DecodeError`] with the code and the place of what is wrong.
pub fn from_value<T: DeserializeOwned>(value: &serde_json::Value) -> Result<T, DecodeError> {
    crate::decode(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what each text is refused with; an empty code means that it is accepted.
    fn check(name: &str, rows: &[(&str, &str, &str)]) {
        for (text, code, pointer) in rows {
            match decode_named(name, text).expect("a known name") {
                Ok(_) => assert_eq!(*code, "", "{text} was accepted"),
                Err(error) => {
                    assert_eq!(
                        (error.code().as_str(), error.pointer()),
                        (*code, *pointer),
                        "{text}: {error}"
                    );
                }
            }
        }
    }

    #[test]
    fn events() {
        check(
            "InvalidationEvent",
            &[
                (r#"{"topic":"t","revision":"1"}"#, "", ""),
                (r#"{"topic":"t","revision":"1","epoch":null,"sourceId":null,"timestampMs":null}"#, "", ""),
                (r#"{"topic":"t","revision":"1","Topic":5,"__proto__":[]}"#, "", ""),
                (r#"["t","1"]"#, "wrong-type", ""),
                (r#"{"topic":"t","revision":1}"#, "wrong-type", "/revision"),
                (r#"{"topic":"t","revision":"01"}"#, "invalid-revision", "/revision"),
                (r#"{"topic":" ","revision":"1"}"#, "blank-topic", "/topic"),
                (r#"{"topic":"t"}"#, "missing-member", "/revision"),
                (r#"{"topic":null,"revision":"1"}"#, "wrong-type", "/topic"),
                (r#"{"topic":"t","topic":"t","revision":"1"}"#, "duplicate-member", "/topic"),
                (r#"{"topic":"t","revision":"1","timestampMs":0.5}"#, "out-of-range", "/timestampMs"),
                (r#"{"topic":"t","revision":"1","timestampMs":"5"}"#, "wrong-type", "/timestampMs"),
                (r#"{"topic":"t","revision":1,"#, "invalid-json", ""),
                (r#"{"topic":"\ud800","revision":"1"}"#, "invalid-json", ""),
                (r#"{"topic":"t","revision":"1","unknown":["\ud800"]}"#, "invalid-json", ""),
                (r#"{"topic":"t","revision":"1","\ud800":0}"#, "invalid-json", ""),
                (r#"{"topic":"t","revision":"1","unknown":{"a":1e400}}"#, "invalid-json", ""),
            ],
        );
    }

    #[test]
    fn envelopes_nest_up_to_the_limit() {
        let nested = |levels: usize| {
            format!(r#"{{"revision":"1","data":{}{}}}"#, "[".repeat(levels), "]".repeat(levels))
        };
        check(
            "SnapshotEnvelope",
            &[
                (&nested(MAX_DEPTH - 1), "", ""),
                (&nested(MAX_DEPTH), "too-deep", ""),
                (&nested(100_000), "too-deep", ""),
                (r#"{"revision":"1"}"#, "missing-member", "/data"),
                (r#"{"revision":"1","data":null}"#, "", ""),
                (r#"{"revision":"1","data":1e400}"#, "invalid-json", ""),
            ],
        );
    }

    #[test]
    fn what_is_skipped_counts_too() {
        let nested = |levels: usize| {
            let (open, close) = ("[".repeat(levels), "]".repeat(levels));
            format!(r#"{{"type":"clear","sourceId":"a","snapshot":{open}{close},"unknown":{open}{close}}}"#)
        };
        check("CrossTabMessage", &[(&nested(MAX_DEPTH - 1), "", ""), (&nested(MAX_DEPTH), "too-deep", "")]);
    }

    #[test]
    fn messages_between_tabs() {
        check(
            "CrossTabMessage",
            &[
                (r#"{"type":"clear","sourceId":"a"}"#, "", ""),
                (r#"{"type":"clear","sourceId":"a","snapshot":5}"#, "", ""),
                (r#"{"snapshot":5,"sourceId":"a","type":"clear"}"#, "", ""),
                (r#"{"snapshot":{"revision":"1","data":0},"sourceId":"a","type":"snapshot"}"#, "", ""),
                (
                    r#"{"snapshot":{"revision":"x","data":0},"sourceId":"a","type":"snapshot"}"#,
                    "invalid-revision",
                    "/snapshot/revision",
                ),
                (
                    r#"{"snapshot":0,"snapshot":0,"sourceId":"a","type":"snapshot"}"#,
                    "duplicate-member",
                    "/snapshot",
                ),
                (
                    r#"{"snapshot":{"revision":"1","data":0},"snapshot":{"revision":"1","data":0},"sourceId":"a","type":"snapshot"}"#,
                    "duplicate-member",
                    "/snapshot",
                ),
                (r#"{"type":"snapshot","sourceId":"a"}"#, "missing-member", "/snapshot"),
                (r#"{"type":"other","sourceId":"a"}"#, "unknown-value", "/type"),
                (r#"{"type":null,"sourceId":"a"}"#, "wrong-type", "/type"),
                (r#"{"sourceId":"a"}"#, "missing-member", "/type"),
                (r#"["clear","a"]"#, "wrong-type", ""),
            ],
        );
    }

    #[test]
    fn repeated_members_come_before_the_faults_of_values() {
        check(
            "InvalidationEvent",
            &[
                (r#"{"topic":5,"topic":5,"revision":"1"}"#, "duplicate-member", "/topic"),
                (r#"{"revision":1,"topic":"t","topic":"t"}"#, "duplicate-member", "/topic"),
                (r#"{"topic":"t","revision":"1","more":1,"more":2}"#, "", ""),
            ],
        );
        check(
            "PersistedSnapshot",
            &[
                (
                    r#"{"snapshot":[],"metadata":{"savedAt":"x","hash":"a","hash":"b"}}"#,
                    "duplicate-member",
                    "/metadata/hash",
                ),
                (
                    r#"{"snapshot":{"revision":1,"data":{"a":1,"a":2}},"metadata":{}}"#,
                    "wrong-type",
                    "/snapshot/revision",
                ),
            ],
        );
    }

    #[test]
    fn optional_nulls_are_left_out_when_written() {
        let text = r#"{"revision":"1","data":{"a":null},"epoch":null,"more":1}"#;
        let written = decode_named("SnapshotEnvelope", text).unwrap().unwrap();
        assert_eq!(written.to_string(), r#"{"data":{"a":null},"revision":"1"}"#);
    }

    #[test]
    fn bytes_must_be_utf8_also_where_nobody_looks() {
        let error = from_slice::<Json>(b"{\"unknown\":\"\xff\"}").unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidJson);
    }
}
