//! Broken members: null, and values of the wrong type.

use super::{
    Mutant,
    tools::{each_object_of, error, forgiving, members, real, refusing_with, split, subject, writing},
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "null-in-optional-refused",
        summary: "refuses null in optional members",
        breaks: &["MSG-4"],
        answer: |request| {
            let answer = real(request);
            match (&answer, optional_nulls(request).first()) {
                (Answer::Ok { .. }, Some((pointer, name))) => {
                    error("wrong-type", &format!("{pointer}/{name}"))
                }
                _ => answer,
            }
        },
    },
    Mutant {
        name: "null-in-optional-written-back",
        summary: "keeps null in an optional member",
        breaks: &["MSG-4", "MSG-13"],
        answer: |request| {
            writing(request, |value| {
                for (pointer, name) in optional_nulls(request) {
                    if let Some(Value::Object(object)) = value.pointer_mut(&pointer) {
                        object.insert(name, Value::Null);
                    }
                }
            })
        },
    },
    Mutant {
        name: "null-in-optional-is-default",
        summary: "reads null in an optional member as an empty string or zero",
        breaks: &["MSG-4"],
        answer: |request| {
            writing(request, |value| {
                for (pointer, name) in optional_nulls(request) {
                    if let Some(Value::Object(object)) = value.pointer_mut(&pointer) {
                        let number =
                            ["timestampMs", "attempt", "nextDelayMs", "ttlMs"].contains(&name.as_str());
                        object.insert(name, if number { json!(0) } else { json!("") });
                    }
                }
            })
        },
    },
    Mutant {
        name: "null-in-required-is-absent",
        summary: "takes null in a required member for its absence",
        breaks: &["MSG-5"],
        answer: |request| {
            let found = subject(request);
            refusing_with(request, |code, pointer, _| {
                let null = found.as_ref().and_then(|root| root.pointer(pointer)).is_some_and(Value::is_null);
                if code == "wrong-type" && null && !pointer.is_empty() && request.op == "message.decode" {
                    *code = "missing-member".to_owned();
                }
            })
        },
    },
    Mutant {
        name: "null-in-required-is-default",
        summary: "takes null in a required string or number for the empty one",
        breaks: &["MSG-5"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                root.pointer(pointer)?.is_null().then_some(())?;
                match split(pointer)?.1 {
                    "sourceId" => Some(json!("")),
                    "savedAt" | "schemaVersion" | "sizeBytes" => Some(json!(0)),
                    "compressed" => Some(json!(false)),
                    _ => None,
                }
            })
        },
    },
    Mutant {
        name: "wrong-type-coerced-to-string",
        summary: "takes numbers and booleans for strings",
        breaks: &["MSG-6"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let value = root.pointer(pointer)?;
                let text = ["sourceId", "epoch", "hash"].contains(&split(pointer)?.1);
                (text && (value.is_number() || value.is_boolean())).then(|| json!(value.to_string()))
            })
        },
    },
    Mutant {
        name: "wrong-type-coerced-to-number",
        summary: "takes a string for the number that it spells, or for zero",
        breaks: &["MSG-6"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let text = root.pointer(pointer)?.as_str()?;
                let number = [
                    "timestampMs",
                    "attempt",
                    "nextDelayMs",
                    "savedAt",
                    "schemaVersion",
                    "sizeBytes",
                    "ttlMs",
                ];
                number.contains(&split(pointer)?.1).then(|| json!(text.parse::<u64>().unwrap_or_default()))
            })
        },
    },
    Mutant {
        name: "wrong-type-coerced-to-boolean",
        summary: "takes any value for a boolean by its truth",
        breaks: &["MSG-6"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let value = root.pointer(pointer)?;
                let flag = ["compressed", "willRetry"].contains(&split(pointer)?.1) && !value.is_null();
                flag.then(|| json!(value != &json!(0) && value != &json!("")))
            })
        },
    },
    Mutant {
        name: "wrong-type-in-optional-is-absent",
        summary: "takes a wrong type in an optional member for its absence",
        breaks: &["MSG-6"],
        answer: |request| {
            forgiving(request, "wrong-type", |_, pointer| {
                let (_, name) = split(pointer)?;
                let optional =
                    ["epoch", "timestampMs", "hash", "ttlMs", "attempt", "nextDelayMs", "willRetry"];
                optional.contains(&name).then_some(Value::Null)
            })
        },
    },
];

/// The optional members that are null, each with the pointer to its object.
fn optional_nulls(request: &Request) -> Vec<(String, String)> {
    let mut nulls = Vec::new();
    each_object_of(request, |message, object, pointer| {
        for (name, _, required) in members(message) {
            if !required && object.get(*name).is_some_and(Value::is_null) {
                nulls.push((pointer.to_owned(), (*name).to_owned()));
            }
        }
    });
    nulls
}
