//! Reading one line of an implementation as an answer.

use crate::{
    judge::{Failure, FailureKind},
    wire::{Answer, Response, parse_deep},
};
use serde_json::{Map, Value};

/// The longest line that is read, in bytes. The longest answer of the suite has some hundred thousand.
pub const LONGEST_LINE: usize = 16 << 20;

/// Reads a line as an answer.
///
/// # Errors
///
/// What the line is instead: not UTF-8, not JSON, or JSON that the schema of the harness refuses.
pub fn read_answer(line: &[u8]) -> Result<Response, Failure> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let message = format!("the line is not UTF-8 from byte {}: {}", error.valid_up_to(), shown(line));
        Failure::new(FailureKind::NotUtf8, message)
    })?;
    let value: Value = parse_deep(text).map_err(|error| {
        let message = format!("the line is no JSON ({error}): {}", shown(line));
        Failure::new(FailureKind::NotJson, message)
    })?;
    response(value).map_err(|problem| {
        Failure::new(FailureKind::InvalidAnswer, format!("the line is no answer: {problem}: {}", shown(line)))
    })
}

fn response(value: Value) -> Result<Response, String> {
    let Value::Object(mut answer) = value else { return Err("it is no JSON object".to_owned()) };
    let id = answer.get("id").and_then(Value::as_u64).ok_or("it has no \"id\" that is an integer")?;
    let answer = match answer.get("result").and_then(Value::as_str) {
        Some("ok") => {
            Answer::Ok { value: answer.remove("value").ok_or("the result \"ok\" comes with a \"value\"")? }
        }
        Some("error") => Answer::Error {
            code: string(&mut answer, "code")?,
            pointer: string(&mut answer, "pointer")?,
            message: string(&mut answer, "message")?,
        },
        Some("not-implemented") => Answer::NotImplemented {
            reason: if answer.contains_key("reason") { Some(string(&mut answer, "reason")?) } else { None },
        },
        _ => return Err("its \"result\" is none of \"ok\", \"error\", \"not-implemented\"".to_owned()),
    };
    Ok(Response { id, answer })
}

fn string(answer: &mut Map<String, Value>, member: &str) -> Result<String, String> {
    match answer.remove(member) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(format!("its \"{member}\" is no string")),
    }
}

/// The beginning of a line, as a person can read it.
pub(super) fn shown(line: &[u8]) -> String {
    const SHOWN: usize = 200;
    let text = String::from_utf8_lossy(&line[..line.len().min(4 * SHOWN)]);
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < line.len() {
        format!("{start:?}… ({} bytes)", line.len())
    } else {
        format!("{start:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::HARNESS_SCHEMA;

    /// Lines, and what they are.
    const LINES: &[(&str, Result<(), FailureKind>)] = &[
        (r#"{"id":1,"result":"ok","value":null}"#, Ok(())),
        (r#" {"result":"ok","more":[],"value":{"a":[]},"id":1} "#, Ok(())),
        (r#"{"id":1,"result":"error","code":"c","pointer":"/a","message":"m"}"#, Ok(())),
        (r#"{"id":1,"result":"error","code":"c","pointer":"/a","message":""}"#, Ok(())),
        (r#"{"id":1,"result":"not-implemented"}"#, Ok(())),
        (r#"{"id":1,"result":"not-implemented","reason":"r"}"#, Ok(())),
        (r#"{"id":1,"result":"not-implemented","reason":null}"#, Err(FailureKind::InvalidAnswer)),
        (r#"{"id":1,"result":"ok"}"#, Err(FailureKind::InvalidAnswer)),
        (r#"{"id":1,"result":"error","code":"c","pointer":"/a"}"#, Err(FailureKind::InvalidAnswer)),
        (r#"{"id":1,"result":"error","code":5,"pointer":"","message":"m"}"#, Err(FailureKind::InvalidAnswer)),
        (r#"{"id":"1","result":"ok","value":1}"#, Err(FailureKind::InvalidAnswer)),
        (r#"{"result":"ok","value":1}"#, Err(FailureKind::InvalidAnswer)),
        (r#"{"id":1,"value":1}"#, Err(FailureKind::InvalidAnswer)),
        (r#"{"id":1,"result":"fine","value":1}"#, Err(FailureKind::InvalidAnswer)),
        ("[1]", Err(FailureKind::InvalidAnswer)),
        ("null", Err(FailureKind::InvalidAnswer)),
        ("", Err(FailureKind::NotJson)),
        ("Listening on stdin", Err(FailureKind::NotJson)),
        (r#"{"id":1,"result":"ok","value":NaN}"#, Err(FailureKind::NotJson)),
        (r#"{"id":1,"result":"ok","value":1}{"id":2}"#, Err(FailureKind::NotJson)),
    ];

    #[test]
    fn lines_are_read_as_the_schema_says() {
        let mut schema: Value = serde_json::from_str(HARNESS_SCHEMA).unwrap();
        schema["$ref"] = "#/$defs/response".into();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for (line, expected) in LINES {
            let read = read_answer(line.as_bytes());
            assert_eq!(read.as_ref().map(|_| ()).map_err(|failure| failure.kind), *expected, "{line}");
            if let Ok(value) = serde_json::from_str(line) {
                assert_eq!(validator.is_valid(&value), read.is_ok(), "the schema on {line}");
            }
        }
    }

    #[test]
    fn requests_keep_to_the_schema() {
        use crate::{requirements::Requirements, suite::Suite};
        let mut schema: Value = serde_json::from_str(HARNESS_SCHEMA).unwrap();
        schema["$ref"] = "#/$defs/request".into();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for case in Suite::embedded(&Requirements::embedded()).unwrap().cases {
            let request = serde_json::to_value(case.request(5)).unwrap();
            assert!(validator.is_valid(&request), "{}: {request}", case.id);
        }
    }

    #[test]
    fn what_is_not_utf8_is_no_json_either_but_is_told_apart() {
        let failure = read_answer(b"{\"id\":1,\"result\":\"ok\",\"value\":\"\xff\"}").unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotUtf8);
        assert!(failure.message.contains("byte 31"), "{}", failure.message);
    }

    #[test]
    fn long_lines_are_shown_by_their_beginning() {
        let line = "é".repeat(1000);
        assert!(shown(line.as_bytes()).ends_with("… (2000 bytes)"));
        assert_eq!(shown(b"a\tb"), "\"a\\tb\"");
    }
}
