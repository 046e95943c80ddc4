//! What goes over the harness: one JSON object a line, requests one way and responses the other.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the harness protocol, told in `hello`.
pub const PROTOCOL: u32 = 1;

/// One question to an implementation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the runner; the response repeats it.
    pub id: u64,
    /// The operation, such as `revision.parse`.
    pub op: String,
    /// What the operation is asked about.
    #[serde(default)]
    pub input: Map<String, Value>,
}

/// What an implementation says to a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Answer {
    /// The input is good, and this is what came out.
    Ok {
        /// What came out.
        value: Value,
    },
    /// The input is refused.
    Error {
        /// One of the protocol's codes.
        code: String,
        /// The place of the fault (RFC 6901).
        pointer: String,
        /// A sentence for a person.
        message: String,
    },
    /// The implementation does not have this operation.
    NotImplemented {
        /// Why not, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

impl Answer {
    /// Whether two answers say the same to a program: the sentence for people may differ.
    pub fn agrees_with(&self, other: &Answer) -> bool {
        match (self, other) {
            (Answer::Ok { value: left }, Answer::Ok { value: right }) => same_json(left, right),
            (
                Answer::Error { code: left_code, pointer: left_pointer, .. },
                Answer::Error { code: right_code, pointer: right_pointer, .. },
            ) => left_code == right_code && left_pointer == right_pointer,
            (Answer::NotImplemented { .. }, Answer::NotImplemented { .. }) => true,
            _ => false,
        }
    }
}

/// An answer with the id of its request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The id of the request.
    pub id: u64,
    /// What the implementation says.
    #[serde(flatten)]
    pub answer: Answer,
}

/// JSON equality as the cases mean it: numbers as doubles, objects without order.
pub fn same_json(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_json(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same_json(left, right)))
        }
        _ => left == right,
    }
}

/// Parses a JSON text that may be deeper than serde_json reads by default.
///
/// An answer holds a message of 127 levels inside of its own one, so the default of 127 is a level short. The
/// bound stays finite: an implementation must not be able to overflow the stack of the runner.
///
/// # Errors
///
/// What serde_json says of the text, or that it is deeper than [`DEEPEST`].
pub fn parse_deep<T: serde::de::DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    if nesting(text) > DEEPEST {
        // The default limit refuses it, with the place.
        return serde_json::from_str(text);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    let value = T::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// The levels that [`parse_deep`] reads.
pub const DEEPEST: usize = 160;

/// The most levels of arrays and objects open at once.
pub(crate) fn nesting(text: &str) -> usize {
    let (mut open, mut most, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn responses_are_flat_on_the_wire() {
        for (line, answer) in [
            (r#"{"id":1,"result":"ok","value":null}"#, Answer::Ok { value: Value::Null }),
            (
                r#"{"id":1,"result":"error","code":"wrong-type","pointer":"/a","message":"m"}"#,
                Answer::Error { code: "wrong-type".into(), pointer: "/a".into(), message: "m".into() },
            ),
            (r#"{"id":1,"result":"not-implemented"}"#, Answer::NotImplemented { reason: None }),
        ] {
            let response = Response { id: 1, answer };
            assert_eq!(serde_json::to_string(&response).unwrap(), line);
            assert_eq!(parse_deep::<Response>(line).unwrap(), response);
        }
    }

    #[test]
    fn answers_may_be_a_level_deeper_than_messages() {
        let line = |levels| {
            format!(r#"{{"id":1,"result":"ok","value":{}{}}}"#, "[".repeat(levels), "]".repeat(levels))
        };
        assert!(parse_deep::<Response>(&line(127)).is_ok());
        assert!(parse_deep::<Response>(&line(100_000)).is_err());
        assert!(parse_deep::<Value>("1 2").is_err());
    }

    #[test]
    fn equality_is_of_doubles_and_members() {
        assert!(same_json(&json!({"a": 1, "b": [0.0]}), &json!({"b": [-0.0], "a": 1.0})));
        assert!(same_json(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992.0)));
        assert!(!same_json(&json!({"a": 1}), &json!({"a": 1, "b": null})));
        assert!(!same_json(&json!("1"), &json!(1)));
    }
}
