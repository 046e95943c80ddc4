//! Broken objects: what is required, optional, unknown, or left out when written.

use super::{
    Mutant,
    tools::{
        Kind, each_object_of, error, forgiving, members, message_name, real, refusing_with, split, subject,
        writing, writing_objects,
    },
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "array-for-object",
        summary: "accepts an array of the members in order, as derived decoders do",
        breaks: &["MSG-1"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let items = root.pointer(pointer)?.as_array().filter(|_| pointer.is_empty())?;
                let names = members(message_name(request)).iter().map(|member| member.0.to_owned());
                Some(Value::Object(names.zip(items.iter().cloned()).collect()))
            })
        },
    },
    Mutant {
        name: "scalar-for-empty-object",
        summary: "takes a scalar for an object without members, and so names a missing member",
        breaks: &["MSG-1"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                (pointer.is_empty()
                    && request.op == "message.decode"
                    && !root.is_array()
                    && !root.is_object())
                .then(|| json!({}))
            })
        },
    },
    Mutant {
        name: "message-in-a-string-unpacked",
        summary: "unpacks a message that was encoded twice",
        breaks: &["MSG-1"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let inner = root.as_str().filter(|_| pointer.is_empty())?;
                serde_json::from_str(inner).ok()
            })
        },
    },
    Mutant {
        name: "nested-array-for-object",
        summary: "accepts an array of the members in order inside of a message",
        breaks: &["MSG-6"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let items = root.pointer(pointer)?.as_array().filter(|items| !items.is_empty())?;
                let (_, name) = split(pointer)?;
                let member = members(message_name(request)).iter().find(|member| member.0 == name)?;
                let Kind::Message(inner) = member.1 else { return None };
                let names = members(inner).iter().map(|member| member.0.to_owned());
                Some(Value::Object(names.zip(items.iter().cloned()).collect()))
            })
        },
    },
    Mutant {
        name: "unknown-members-refused",
        summary: "refuses unknown members",
        breaks: &["MSG-2"],
        answer: |request| {
            let answer = real(request);
            let unknown = unknown_members(request);
            match (&answer, unknown.first()) {
                (Answer::Ok { .. }, Some((pointer, name, _))) => {
                    error("invalid-data", &format!("{pointer}/{name}"))
                }
                _ => answer,
            }
        },
    },
    Mutant {
        name: "unknown-objects-refused",
        summary: "refuses unknown members that are objects or arrays",
        breaks: &["MSG-2"],
        answer: |request| {
            let answer = real(request);
            let unknown = unknown_members(request);
            match (&answer, unknown.iter().find(|(_, _, value)| value.is_object() || value.is_array())) {
                (Answer::Ok { .. }, Some((pointer, name, _))) => {
                    error("wrong-type", &format!("{pointer}/{name}"))
                }
                _ => answer,
            }
        },
    },
    Mutant {
        name: "unknown-members-kept",
        summary: "writes unknown members back",
        breaks: &["MSG-2"],
        answer: |request| {
            writing(request, |value| {
                for (pointer, name, unknown) in unknown_members(request) {
                    if let Some(Value::Object(object)) = value.pointer_mut(&pointer) {
                        object.insert(name, unknown);
                    }
                }
            })
        },
    },
    Mutant {
        name: "missing-string-is-empty",
        summary: "takes an absent required string for the empty one",
        breaks: &["MSG-3"],
        answer: |request| {
            forgiving(request, "missing-member", |_, pointer| {
                pointer.ends_with("/sourceId").then(|| json!(""))
            })
        },
    },
    Mutant {
        name: "missing-number-is-zero",
        summary: "takes an absent required number for zero",
        breaks: &["MSG-3"],
        answer: |request| {
            forgiving(request, "missing-member", |_, pointer| {
                ["savedAt", "schemaVersion", "sizeBytes"].contains(&split(pointer)?.1).then(|| json!(0))
            })
        },
    },
    Mutant {
        name: "missing-member-is-null",
        summary: "reads an absent required member as null, and so refuses with wrong-type",
        breaks: &["MSG-3"],
        answer: |request| {
            refusing_with(request, |code, _, _| {
                if code == "missing-member" {
                    *code = "wrong-type".to_owned();
                }
            })
        },
    },
    Mutant {
        name: "missing-member-told-at-its-object",
        summary: "points to the object that lacks a member, not to where the member would be",
        breaks: &["MSG-3", "ERR-2"],
        answer: |request| {
            refusing_with(request, |code, pointer, _| {
                if code == "missing-member" {
                    *pointer = split(pointer).map(|(object, _)| object.to_owned()).unwrap_or_default();
                }
            })
        },
    },
    Mutant {
        name: "nested-fault-told-at-the-outer-member",
        summary: "points to the outer member for a fault inside of it",
        breaks: &["ERR-2"],
        answer: |request| {
            refusing_with(request, |_, pointer, _| {
                if let Some(end) = pointer[1.min(pointer.len())..].find('/') {
                    pointer.truncate(end + 1);
                }
            })
        },
    },
    Mutant {
        name: "absent-written-as-null",
        summary: "writes absent optional members as null",
        breaks: &["MSG-13"],
        answer: |request| {
            writing_objects(request, |message, object| {
                let optional = members(message).iter().filter(|member| !member.2);
                for (name, _, _) in optional {
                    object.entry(*name).or_insert(Value::Null);
                }
            })
        },
    },
    Mutant {
        name: "absent-epoch-written-as-empty",
        summary: "writes an absent epoch as the empty string",
        breaks: &["MSG-13"],
        answer: |request| {
            writing_objects(request, |message, object| {
                if members(message).iter().any(|member| member.0 == "epoch") {
                    object.entry("epoch").or_insert(json!(""));
                }
            })
        },
    },
    Mutant {
        name: "absent-integer-written-as-zero",
        summary: "writes absent integers as zero",
        breaks: &["MSG-13"],
        answer: |request| {
            writing_objects(request, |message, object| {
                for (name, kind, required) in members(message) {
                    if *kind == Kind::Integer && !required {
                        object.entry(*name).or_insert(json!(0));
                    }
                }
            })
        },
    },
    Mutant {
        name: "zero-and-false-left-out",
        summary: "leaves out what is zero or false, as an `omitempty` does",
        breaks: &["MSG-13"],
        answer: |request| {
            writing_objects(request, |message, object| {
                for (name, _, _) in members(message).iter().filter(|member| !member.2) {
                    if object.get(*name).is_some_and(|value| *value == json!(0) || *value == json!(false)) {
                        object.remove(*name);
                    }
                }
            })
        },
    },
    Mutant {
        name: "all-members-required",
        summary: "requires the optional members too",
        breaks: &["EVT-1", "ENV-1", "ERC-1", "PST-2", "XTB-1"],
        answer: |request| {
            let answer = real(request);
            let Answer::Ok { value: Value::Object(object) } = &answer else { return answer };
            let absent = members(message_name(request))
                .iter()
                .find(|(name, _, required)| !required && !object.contains_key(*name));
            absent.map_or(answer.clone(), |(name, _, _)| error("missing-member", &format!("/{name}")))
        },
    },
    Mutant {
        name: "nested-messages-unchecked",
        summary: "takes any object for a nested message",
        breaks: &["ERC-1", "PST-1", "XTB-1"],
        answer: |request| {
            let answer = real(request);
            match (&answer, subject(request)) {
                (Answer::Error { pointer, .. }, Some(root))
                    if pointer.rfind('/').is_some_and(|start| start > 0) =>
                {
                    Answer::Ok { value: root }
                }
                _ => answer,
            }
        },
    },
];

/// The members that the protocol does not define, each with the pointer to its object.
fn unknown_members(request: &Request) -> Vec<(String, String, Value)> {
    let mut unknown = Vec::new();
    each_object_of(request, |message, object, pointer| {
        let known = |name: &String| members(message).iter().any(|member| member.0 == name);
        for (name, value) in object.iter().filter(|(name, _)| !known(name)) {
            unknown.push((pointer.to_owned(), name.clone(), value.clone()));
        }
    });
    unknown
}
