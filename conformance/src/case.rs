//! What a case is, and what an implementation is asked by it.

use crate::{
    script::{is_script, written_out},
    wire::{Request, parse_deep},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// One golden case: an operation, its input, and what must come out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// `group/name`, unlike that of every other case.
    pub id: String,
    /// The profile that an implementation claims by passing it.
    pub profile: String,
    /// The file that it stands in, relative to the folder of cases.
    pub file: String,
    /// What the name alone does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The requirements that an implementation breaks if it fails.
    pub requirements: Vec<String>,
    /// The operation, such as `revision.parse`.
    pub op: String,
    /// What the operation is asked about, as the file has it.
    pub input: Map<String, Value>,
    /// What must come out.
    pub expect: Expectation,
}

/// What must come out of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// This value.
    Ok(Value),
    /// The value that went in; it stands in the file as `{"same": true}`.
    Same(bool),
    /// A refusal with this code at this place.
    Error {
        /// One of the protocol's codes.
        code: String,
        /// The place of the fault (RFC 6901).
        pointer: String,
    },
    /// The calls that a script in virtual time gives (`conformance/scripts.md`).
    Trace(Vec<Value>),
}

/// A case as its file has it; the profile and the file are told by where it lies.
#[derive(Deserialize)]
pub(crate) struct WrittenCase {
    pub id: String,
    pub description: Option<String>,
    pub requirements: Vec<String>,
    pub op: String,
    pub input: Map<String, Value>,
    pub expect: Expectation,
}

impl Case {
    /// The group, which is the folder that the file lies in.
    pub fn group(&self) -> &str {
        self.id.split_once('/').map_or("", |(group, _)| group)
    }

    /// What an implementation is asked.
    ///
    /// A message goes out as text always, so that text is what an implementation decodes.
    pub fn request(&self, id: u64) -> Request {
        let input = match (self.op.as_str(), self.input.get("value")) {
            ("message.decode", Some(value)) => Map::from_iter([
                ("type".to_owned(), self.input.get("type").cloned().unwrap_or_default()),
                ("text".to_owned(), Value::String(value.to_string())),
            ]),
            (op, _) if is_script(op) => written_out(&self.input),
            _ => self.input.clone(),
        };
        Request { id, op: self.op.clone(), input }
    }

    /// The value that must come out, where the input is not to be refused.
    pub fn expected_value(&self) -> Option<Cow<'_, Value>> {
        match &self.expect {
            Expectation::Ok(value) => Some(Cow::Borrowed(value)),
            Expectation::Same(_) => self.value_that_goes_in(),
            Expectation::Error { .. } => None,
            Expectation::Trace(trace) => Some(Cow::Owned(json!(trace))),
        }
    }

    /// None where the input is a text that is no JSON.
    pub(crate) fn value_that_goes_in(&self) -> Option<Cow<'_, Value>> {
        match self.input.get("text").filter(|_| self.op == "message.decode") {
            Some(text) => parse_deep(text.as_str()?).ok().map(Cow::Owned),
            None => self.input.get("value").map(Cow::Borrowed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(op: &str, input: Value, expect: Value) -> Case {
        let Value::Object(input) = input else { panic!("an input is an object") };
        Case {
            id: "group/name".into(),
            profile: "core".into(),
            file: "core/group/file.json".into(),
            description: None,
            requirements: vec![],
            op: op.into(),
            input,
            expect: serde_json::from_value(expect).unwrap(),
        }
    }

    #[test]
    fn messages_go_out_as_text() {
        let decode = |input| case("message.decode", input, json!({"same": true})).request(7);
        let by_value = decode(json!({"type": "SnapshotEnvelope", "value": {"revision": "1", "data": null}}));
        assert_eq!(by_value.input["text"], json!(r#"{"data":null,"revision":"1"}"#));
        assert_eq!(by_value.input.len(), 2);
        let by_text = decode(json!({"type": "SnapshotEnvelope", "text": " {} "}));
        assert_eq!((by_text.id, &by_text.input["text"]), (7, &json!(" {} ")));
        let scalar = case("revision.parse", json!({"value": 5}), json!({"ok": "5"})).request(1);
        assert_eq!(scalar.input["value"], json!(5));
    }

    #[test]
    fn the_expected_value_is_a_value_also_where_it_is_written_as_same() {
        for (input, expect, expected) in [
            (json!({"type": "T", "text": "{\"a\":[1]}"}), json!({"same": true}), Some(json!({"a": [1]}))),
            (json!({"type": "T", "value": [1]}), json!({"same": true}), Some(json!([1]))),
            (json!({"type": "T", "value": [1]}), json!({"ok": null}), Some(json!(null))),
            (json!({"type": "T", "text": "{"}), json!({"error": {"code": "c", "pointer": ""}}), None),
            (json!({}), json!({"trace": [{"at": 0}]}), Some(json!([{"at": 0}]))),
        ] {
            let case = case("message.decode", input, expect);
            assert_eq!(case.expected_value().as_deref(), expected.as_ref());
        }
    }
}
