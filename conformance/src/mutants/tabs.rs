//! Broken messages between tabs.

use super::{
    Mutant,
    tools::{defaulting, error, forgiving, losing, message_name, real, refusing_with, subject, with_text},
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "tabs-request-sync-unknown",
        summary: "does not know request-sync",
        breaks: &["XTB-1"],
        answer: |request| refusing_type(request, "request-sync"),
    },
    Mutant {
        name: "tabs-clear-unknown",
        summary: "does not know clear",
        breaks: &["XTB-1"],
        answer: |request| refusing_type(request, "clear"),
    },
    Mutant {
        name: "tabs-topic-lost",
        summary: "drops the topic of a message between tabs",
        breaks: &["XTB-1"],
        answer: |request| losing(request, "CrossTabMessage", "topic"),
    },
    Mutant {
        name: "tabs-timestamp-lost",
        summary: "drops the timestampMs of a message between tabs",
        breaks: &["XTB-1"],
        answer: |request| losing(request, "CrossTabMessage", "timestampMs"),
    },
    Mutant {
        name: "tabs-type-lost",
        summary: "drops the type when it writes",
        breaks: &["XTB-1"],
        answer: |request| losing(request, "CrossTabMessage", "type"),
    },
    Mutant {
        name: "tabs-without-source-id-accepted",
        summary: "takes a message without a sourceId",
        breaks: &["XTB-1", "MSG-3"],
        answer: |request| defaulting(request, "CrossTabMessage", "sourceId", json!("")),
    },
    Mutant {
        name: "tabs-without-type-is-a-snapshot",
        summary: "takes a message without a type for a snapshot",
        breaks: &["XTB-1", "MSG-3"],
        answer: |request| defaulting(request, "CrossTabMessage", "type", json!("snapshot")),
    },
    Mutant {
        name: "tabs-snapshot-optional",
        summary: "takes a snapshot message without a snapshot",
        breaks: &["XTB-1", "MSG-3"],
        answer: |request| {
            defaulting(request, "CrossTabMessage", "snapshot", json!({"revision": "0", "data": null}))
        },
    },
    Mutant {
        name: "tabs-unknown-type-accepted",
        summary: "accepts any type",
        breaks: &["XTB-2"],
        answer: |request| forgiving_type(request, |_| true),
    },
    Mutant {
        name: "tabs-inherited-type-accepted",
        summary: "looks types up in an object, and so finds `constructor`",
        breaks: &["XTB-2"],
        answer: |request| {
            forgiving_type(request, |name| ["constructor", "toString", "valueOf"].contains(&name))
        },
    },
    Mutant {
        name: "tabs-type-without-case",
        summary: "compares types without regard to case and separators",
        breaks: &["XTB-2"],
        answer: |request| {
            forgiving_type(request, |name| {
                ["snapshot", "requestsync"].contains(&name.replace('_', "").to_lowercase().as_str())
            })
        },
    },
    Mutant {
        name: "tabs-unknown-type-told-at-the-message",
        summary: "points to the message for an unknown type",
        breaks: &["XTB-2", "ERR-2"],
        answer: |request| {
            refusing_with(request, |code, pointer, _| {
                if code == "unknown-value" && pointer == "/type" {
                    pointer.clear();
                }
            })
        },
    },
    Mutant {
        name: "tabs-unknown-type-ignored",
        summary: "takes a message of an unknown type for a clear",
        breaks: &["XTB-2"],
        answer: |request| forgiving_type(request, |name| name == "ping"),
    },
    Mutant {
        name: "tabs-other-members-checked",
        summary: "checks the snapshot of messages that have none",
        breaks: &["XTB-3"],
        answer: |request| {
            let answer = real(request);
            let (Answer::Ok { value }, Some(root)) = (&answer, subject(request)) else { return answer };
            let stray =
                root.get("snapshot").filter(|_| is_tab_message(request) && value.get("snapshot").is_none());
            let Some(snapshot) = stray else { return answer };
            let mut inner = with_text(request, snapshot.to_string());
            inner.input.insert("type".to_owned(), json!("SnapshotEnvelope"));
            match real(&inner) {
                Answer::Error { code, pointer, .. } => error(&code, &format!("/snapshot{pointer}")),
                _ => answer,
            }
        },
    },
    Mutant {
        name: "tabs-other-members-refused",
        summary: "refuses a snapshot in messages that have none",
        breaks: &["XTB-3"],
        answer: |request| {
            let answer = real(request);
            let given = subject(request).is_some_and(|root| root.get("snapshot").is_some());
            match &answer {
                Answer::Ok { value }
                    if is_tab_message(request) && given && value.get("snapshot").is_none() =>
                {
                    error("invalid-data", "/snapshot")
                }
                _ => answer,
            }
        },
    },
    Mutant {
        name: "tabs-other-members-kept",
        summary: "writes the snapshot of messages that have none",
        breaks: &["XTB-3"],
        answer: |request| {
            let mut answer = real(request);
            let given = subject(request).and_then(|root| root.get("snapshot").cloned());
            if let (Answer::Ok { value: Value::Object(object) }, Some(snapshot), true) =
                (&mut answer, given, is_tab_message(request))
            {
                object.entry("snapshot").or_insert(snapshot);
            }
            answer
        },
    },
];

fn is_tab_message(request: &Request) -> bool {
    message_name(request) == "CrossTabMessage"
}

fn refusing_type(request: &Request, name: &str) -> Answer {
    match real(request) {
        Answer::Ok { value } if is_tab_message(request) && value.get("type") == Some(&json!(name)) => {
            error("unknown-value", "/type")
        }
        answer => answer,
    }
}

fn forgiving_type(request: &Request, accept: fn(&str) -> bool) -> Answer {
    forgiving(request, "unknown-value", |root, pointer| {
        let name = root.pointer(pointer)?.as_str()?;
        (pointer == "/type" && accept(name)).then(|| json!("clear"))
    })
}
