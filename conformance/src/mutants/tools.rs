//! What mutants are made of: ways to break the answer of the real implementation at one place.
//!
//! Each way starts from the real answer, so that a mutant is right in all that it does not mean to break.

use crate::{
    rust_adapter,
    wire::{Answer, Request, parse_deep},
};
use serde_json::{Map, Value};

/// What the real implementation says.
pub(super) fn real(request: &Request) -> Answer {
    rust_adapter::answer(request)
}

/// What a member is, as far as mutants care.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Revision,
    Topic,
    Integer,
    Epoch,
    Text,
    Flag,
    Word,
    Any,
    Message(&'static str),
}

/// A member of a message: its name, what it is, whether it is required.
pub(super) type Member = (&'static str, Kind, bool);

/// The members of a message. A mistake here shows as a mutant that survives.
pub(super) fn members(message: &str) -> &'static [Member] {
    match message {
        "InvalidationEvent" => &[
            ("topic", Kind::Topic, true),
            ("revision", Kind::Revision, true),
            ("sourceId", Kind::Text, false),
            ("timestampMs", Kind::Integer, false),
            ("epoch", Kind::Epoch, false),
        ],
        "SnapshotEnvelope" => {
            &[("revision", Kind::Revision, true), ("data", Kind::Any, true), ("epoch", Kind::Epoch, false)]
        }
        "SyncErrorContext" => &[
            ("phase", Kind::Word, true),
            ("error", Kind::Any, true),
            ("topic", Kind::Topic, false),
            ("sourceEvent", Kind::Message("InvalidationEvent"), false),
            ("localRevision", Kind::Revision, false),
            ("eventRevision", Kind::Revision, false),
            ("snapshotRevision", Kind::Revision, false),
            ("sourceId", Kind::Text, false),
            ("attempt", Kind::Integer, false),
            ("willRetry", Kind::Flag, false),
            ("nextDelayMs", Kind::Integer, false),
        ],
        "PersistedMetadata" => &[
            ("savedAt", Kind::Integer, true),
            ("schemaVersion", Kind::Integer, true),
            ("sizeBytes", Kind::Integer, true),
            ("compressed", Kind::Flag, true),
            ("hash", Kind::Text, false),
            ("ttlMs", Kind::Integer, false),
        ],
        "PersistedSnapshot" => &[
            ("snapshot", Kind::Message("SnapshotEnvelope"), true),
            ("metadata", Kind::Message("PersistedMetadata"), true),
        ],
        "CrossTabMessage" => &[
            ("type", Kind::Word, true),
            ("sourceId", Kind::Text, true),
            ("topic", Kind::Topic, false),
            ("timestampMs", Kind::Integer, false),
            ("snapshot", Kind::Message("SnapshotEnvelope"), true),
        ],
        _ => &[],
    }
}

/// The text of the message that a request holds.
pub(super) fn text(request: &Request) -> Option<&str> {
    request.input.get("text")?.as_str()
}

/// The name of the message that a request is about, empty where it is about a scalar.
pub(super) fn message_name(request: &Request) -> &str {
    request.input.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// What the pointers of an answer point into: the message, the scalar, or the two sides of a comparison.
pub(super) fn subject(request: &Request) -> Option<Value> {
    match request.op.as_str() {
        "message.decode" => parse_deep(text(request)?).ok(),
        "revision.compare" | "topic.equal" => Some(Value::Object(request.input.clone())),
        _ => request.input.get("value").cloned(),
    }
}

/// The same request about something else.
pub(super) fn about(request: &Request, subject: Value) -> Request {
    let mut request = request.clone();
    match (request.op.as_str(), subject) {
        ("message.decode", subject) => {
            request.input.insert("text".to_owned(), Value::String(subject.to_string()));
        }
        ("revision.compare" | "topic.equal", Value::Object(input)) => request.input = input,
        (_, subject) => {
            request.input.insert("value".to_owned(), subject);
        }
    }
    request
}

/// The same request with another text.
pub(super) fn with_text(request: &Request, text: String) -> Request {
    let mut request = request.clone();
    request.input.insert("text".to_owned(), Value::String(text));
    request
}

/// Is shown an object of a message: the message's name, the object, and the pointer to it.
pub(super) type VisitObject<'a> = &'a mut dyn FnMut(&str, &mut Map<String, Value>, &str);

/// Calls `visit` with every object that the protocol defines in a message, its name and its pointer.
pub(super) fn each_object(message: &str, value: &mut Value, pointer: &str, visit: VisitObject) {
    let Some(object) = value.as_object_mut() else { return };
    visit(message, object, pointer);
    for (name, kind, _) in members(message) {
        if let (Kind::Message(inner), Some(value)) = (kind, object.get_mut(*name)) {
            each_object(inner, value, &format!("{pointer}/{name}"), visit);
        }
    }
}

/// Calls `visit` with every value of a kind that is in what a request or an answer is about.
pub(super) fn each_value(
    request: &Request,
    value: &mut Value,
    kind: Kind,
    visit: &mut dyn FnMut(&mut Value, &str),
) {
    let about_kind = match request.op.split('.').next() {
        Some("revision") => Some(Kind::Revision),
        Some("topic") => Some(Kind::Topic),
        _ => None,
    };
    match request.op.as_str() {
        "message.decode" => each_object(message_name(request), value, "", &mut |message, object, pointer| {
            for (name, _, _) in members(message).iter().filter(|member| member.1 == kind) {
                if let Some(value) = object.get_mut(*name) {
                    visit(value, &format!("{pointer}/{name}"));
                }
            }
        }),
        "revision.compare" | "topic.equal" if about_kind == Some(kind) => {
            for side in ["left", "right"] {
                if let Some(value) = value.get_mut(side) {
                    visit(value, &format!("/{side}"));
                }
            }
        }
        _ if about_kind == Some(kind) => visit(value, ""),
        _ => {}
    }
}

/// Refuses more: where the real one accepts, every value of `kind` must also satisfy `accept`.
pub(super) fn refusing(request: &Request, kind: Kind, code: &str, accept: impl Fn(&Value) -> bool) -> Answer {
    let answer = real(request);
    let (Answer::Ok { .. }, Some(mut subject)) = (&answer, subject(request)) else { return answer };
    let mut refused = None;
    each_value(request, &mut subject, kind, &mut |value, pointer| {
        if !value.is_null() && !accept(value) {
            refused.get_or_insert_with(|| pointer.to_owned());
        }
    });
    refused.map_or(answer, |pointer| error(code, &pointer))
}

/// Takes something else for what it is given: where the real one accepts, it is asked about changed strings.
pub(super) fn reading(request: &Request, kind: Kind, change: impl Fn(&str) -> String) -> Answer {
    let answer = real(request);
    let (Answer::Ok { .. }, Some(mut subject)) = (&answer, subject(request)) else { return answer };
    each_value(request, &mut subject, kind, &mut |value, _| {
        if let Value::String(text) = value {
            *text = change(text);
        }
    });
    real(&about(request, subject))
}

/// Forgives: where the real one refuses with `code`, the place is repaired and it is asked again.
pub(super) fn forgiving(
    request: &Request,
    code: &str,
    repair: impl Fn(&Value, &str) -> Option<Value>,
) -> Answer {
    const REPAIRS: usize = 16;
    let mut request = request.clone();
    let mut answer = real(&request);
    for _ in 0..REPAIRS {
        let Answer::Error { code: found, pointer, .. } = &answer else { break };
        let Some(mut root) = subject(&request).filter(|_| found == code) else { break };
        let Some(repaired) = repair(&root, pointer) else { break };
        set(&mut root, pointer, repaired);
        request = about(&request, root);
        answer = real(&request);
    }
    answer
}

/// As [`forgiving`], where only the string at the place counts.
pub(super) fn forgiving_string(request: &Request, code: &str, repair: fn(&str) -> Option<String>) -> Answer {
    forgiving(request, code, |root, pointer| repair(root.pointer(pointer)?.as_str()?).map(Value::String))
}

/// Forgives faults of the text: where the real one refuses with `code`, it is asked about a repaired text.
pub(super) fn forgiving_text(request: &Request, code: &str, repair: fn(&str) -> Option<String>) -> Answer {
    let answer = real(request);
    match &answer {
        Answer::Error { code: found, .. } if found == code => {
            text(request).and_then(repair).map_or(answer, |text| real(&with_text(request, text)))
        }
        _ => answer,
    }
}

/// Writes something else: changes what the real one has accepted.
pub(super) fn writing(request: &Request, change: impl FnOnce(&mut Value)) -> Answer {
    let mut answer = real(request);
    if let Answer::Ok { value } = &mut answer {
        change(value);
    }
    answer
}

/// As [`writing`], for every object that the protocol defines.
pub(super) fn writing_objects(
    request: &Request,
    mut change: impl FnMut(&str, &mut Map<String, Value>),
) -> Answer {
    writing(request, |value| {
        each_object(message_name(request), value, "", &mut |name, object, _| change(name, object));
    })
}

/// Leaves a member of a message out when it is written.
pub(super) fn losing(request: &Request, message: &str, member: &str) -> Answer {
    writing_objects(request, |name, object| {
        if name == message {
            object.remove(member);
        }
    })
}

/// Takes a required member that is absent for `default`.
pub(super) fn defaulting(request: &Request, message: &str, member: &str, default: Value) -> Answer {
    if message_name(request) != message {
        return real(request);
    }
    forgiving(request, "missing-member", |_, pointer| {
        (pointer.strip_prefix('/') == Some(member)).then(|| default.clone())
    })
}

/// Requires an optional member of a message.
pub(super) fn requiring(request: &Request, message: &str, member: &str) -> Answer {
    let answer = real(request);
    match &answer {
        Answer::Ok { value } if message_name(request) == message && value.get(member).is_none() => {
            error("missing-member", &format!("/{member}"))
        }
        _ => answer,
    }
}

/// Refuses otherwise: changes the code, the pointer or the sentence of a refusal.
pub(super) fn refusing_with(
    request: &Request,
    change: impl FnOnce(&mut String, &mut String, &mut String),
) -> Answer {
    let mut answer = real(request);
    if let Answer::Error { code, pointer, message } = &mut answer {
        change(code, pointer, message);
    }
    answer
}

/// A refusal.
pub(super) fn error(code: &str, pointer: &str) -> Answer {
    Answer::Error {
        code: code.to_owned(),
        pointer: pointer.to_owned(),
        message: "A mutant refuses this.".to_owned(),
    }
}

/// A pointer cut before its last segment.
pub(super) fn split(pointer: &str) -> Option<(&str, &str)> {
    pointer.rsplit_once('/')
}

fn set(root: &mut Value, pointer: &str, value: Value) {
    let Some((parent, name)) = split(pointer) else {
        *root = value;
        return;
    };
    if let Some(Value::Object(object)) = root.pointer_mut(parent) {
        object.insert(name.to_owned(), value);
    }
}

/// Calls `visit` with every object that the protocol defines in the message that a request holds.
pub(super) fn each_object_of(request: &Request, mut visit: impl FnMut(&str, &mut Map<String, Value>, &str)) {
    if let Some(mut root) = subject(request).filter(|_| request.op == "message.decode") {
        each_object(message_name(request), &mut root, "", &mut visit);
    }
}
