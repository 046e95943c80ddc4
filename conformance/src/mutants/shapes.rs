//! Broken events, envelopes, persisted snapshots and error contexts.

use super::{
    Mutant,
    tools::{Kind, defaulting, error, forgiving, losing, reading, real, refusing, requiring, split},
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "event-loses-source-id",
        summary: "drops the sourceId of an event",
        breaks: &["EVT-1"],
        answer: |request| losing(request, "InvalidationEvent", "sourceId"),
    },
    Mutant {
        name: "event-loses-timestamp",
        summary: "drops the timestampMs of an event",
        breaks: &["EVT-1"],
        answer: |request| losing(request, "InvalidationEvent", "timestampMs"),
    },
    Mutant {
        name: "event-loses-epoch",
        summary: "drops the epoch of an event",
        breaks: &["EVT-1", "EPO-1"],
        answer: |request| losing(request, "InvalidationEvent", "epoch"),
    },
    Mutant {
        name: "event-requires-source-id",
        summary: "requires the sourceId of an event",
        breaks: &["EVT-1"],
        answer: |request| requiring(request, "InvalidationEvent", "sourceId"),
    },
    Mutant {
        name: "event-without-topic-accepted",
        summary: "takes an event without a topic for one of the topic \"default\"",
        breaks: &["EVT-1", "MSG-3"],
        answer: |request| defaulting(request, "InvalidationEvent", "topic", json!("default")),
    },
    Mutant {
        name: "event-without-revision-accepted",
        summary: "takes an event without a revision for one of revision 0",
        breaks: &["EVT-1", "MSG-3"],
        answer: |request| defaulting(request, "InvalidationEvent", "revision", json!("0")),
    },
    Mutant {
        name: "source-id-must-not-be-blank",
        summary: "refuses a blank sourceId",
        breaks: &["EVT-1"],
        answer: |request| {
            refusing(request, Kind::Text, "wrong-type", |value| {
                value.as_str().is_some_and(|text| !text.trim().is_empty())
            })
        },
    },
    Mutant {
        name: "epoch-trimmed",
        summary: "trims the epoch",
        breaks: &["EPO-1"],
        answer: |request| reading(request, Kind::Epoch, |epoch| epoch.trim().to_owned()),
    },
    Mutant {
        name: "epoch-lower-cased",
        summary: "folds the epoch to lower case",
        breaks: &["EPO-1"],
        answer: |request| reading(request, Kind::Epoch, str::to_lowercase),
    },
    Mutant {
        name: "epoch-composed",
        summary: "normalises the epoch",
        breaks: &["EPO-1"],
        answer: |request| reading(request, Kind::Epoch, |epoch| epoch.replace("e\u{301}", "\u{e9}")),
    },
    Mutant {
        name: "epoch-must-not-be-blank",
        summary: "refuses a blank epoch, as if it were a topic",
        breaks: &["EPO-1"],
        answer: |request| {
            refusing(request, Kind::Epoch, "wrong-type", |value| {
                value.as_str().is_some_and(|text| !text.trim().is_empty())
            })
        },
    },
    Mutant {
        name: "epoch-number-accepted",
        summary: "takes a number for an epoch",
        breaks: &["EPO-1", "MSG-6"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let value = root.pointer(pointer)?;
                (split(pointer)?.1 == "epoch" && value.is_number()).then(|| json!(value.to_string()))
            })
        },
    },
    Mutant {
        name: "envelope-loses-epoch",
        summary: "drops the epoch of an envelope",
        breaks: &["ENV-1", "EPO-1"],
        answer: |request| losing(request, "SnapshotEnvelope", "epoch"),
    },
    Mutant {
        name: "envelope-requires-epoch",
        summary: "requires the epoch of an envelope",
        breaks: &["ENV-1"],
        answer: |request| requiring(request, "SnapshotEnvelope", "epoch"),
    },
    Mutant {
        name: "envelope-without-data-accepted",
        summary: "takes missing data for null",
        breaks: &["ENV-1", "MSG-3"],
        answer: |request| defaulting(request, "SnapshotEnvelope", "data", Value::Null),
    },
    Mutant {
        name: "envelope-without-revision-accepted",
        summary: "takes an envelope without a revision for one of revision 0",
        breaks: &["ENV-1", "MSG-3"],
        answer: |request| defaulting(request, "SnapshotEnvelope", "revision", json!("0")),
    },
    Mutant {
        name: "data-null-refused",
        summary: "refuses null as data",
        breaks: &["ENV-2"],
        answer: |request| refusing_data(request, |data| !data.is_null()),
    },
    Mutant {
        name: "data-must-be-an-object",
        summary: "refuses data that is no object",
        breaks: &["ENV-2"],
        answer: |request| refusing_data(request, Value::is_object),
    },
    Mutant {
        name: "data-must-be-true-in-a-condition",
        summary: "refuses data that JavaScript takes for false",
        breaks: &["ENV-2"],
        answer: |request| {
            refusing_data(request, |data| ![json!(null), json!(false), json!(0), json!("")].contains(data))
        },
    },
    Mutant {
        name: "persisted-snapshot-loses-metadata",
        summary: "drops the metadata of a persisted snapshot",
        breaks: &["PST-1"],
        answer: |request| losing(request, "PersistedSnapshot", "metadata"),
    },
    Mutant {
        name: "persisted-snapshot-without-metadata-accepted",
        summary: "takes a persisted snapshot without metadata",
        breaks: &["PST-1"],
        answer: |request| {
            let metadata = json!({"savedAt": 0, "schemaVersion": 1, "sizeBytes": 0, "compressed": false});
            defaulting(request, "PersistedSnapshot", "metadata", metadata)
        },
    },
    Mutant {
        name: "persisted-metadata-loses-hash",
        summary: "drops the hash of the metadata",
        breaks: &["PST-2"],
        answer: |request| losing(request, "PersistedMetadata", "hash"),
    },
    Mutant {
        name: "persisted-metadata-loses-time-to-live",
        summary: "drops the ttlMs of the metadata",
        breaks: &["PST-2"],
        answer: |request| losing(request, "PersistedMetadata", "ttlMs"),
    },
    Mutant {
        name: "persisted-metadata-without-schema-version-accepted",
        summary: "takes metadata without a schemaVersion for version 1",
        breaks: &["PST-2", "MSG-3"],
        answer: |request| defaulting(request, "PersistedMetadata", "schemaVersion", json!(1)),
    },
    Mutant {
        name: "persisted-metadata-without-compressed-accepted",
        summary: "takes metadata without `compressed` for not compressed",
        breaks: &["PST-2", "MSG-3"],
        answer: |request| defaulting(request, "PersistedMetadata", "compressed", json!(false)),
    },
    Mutant {
        name: "error-context-loses-source-event",
        summary: "drops the sourceEvent of an error context",
        breaks: &["ERC-1"],
        answer: |request| losing(request, "SyncErrorContext", "sourceEvent"),
    },
    Mutant {
        name: "error-context-loses-will-retry",
        summary: "drops the willRetry of an error context",
        breaks: &["ERC-1"],
        answer: |request| losing(request, "SyncErrorContext", "willRetry"),
    },
    Mutant {
        name: "error-context-loses-next-delay",
        summary: "drops the nextDelayMs of an error context",
        breaks: &["ERC-1"],
        answer: |request| losing(request, "SyncErrorContext", "nextDelayMs"),
    },
    Mutant {
        name: "error-context-loses-snapshot-revision",
        summary: "drops the snapshotRevision of an error context",
        breaks: &["ERC-1"],
        answer: |request| losing(request, "SyncErrorContext", "snapshotRevision"),
    },
    Mutant {
        name: "error-context-without-error-accepted",
        summary: "takes a missing error for null",
        breaks: &["ERC-1", "MSG-3"],
        answer: |request| defaulting(request, "SyncErrorContext", "error", Value::Null),
    },
    Mutant {
        name: "error-context-requires-topic",
        summary: "requires the topic of an error context",
        breaks: &["ERC-1"],
        answer: |request| requiring(request, "SyncErrorContext", "topic"),
    },
    Mutant {
        name: "unknown-phase-accepted",
        summary: "accepts any string as a phase",
        breaks: &["ERC-2"],
        answer: |request| forgiving_phase(request, |_| true),
    },
    Mutant {
        name: "phase-without-case",
        summary: "compares phases without regard to case",
        breaks: &["ERC-2"],
        answer: |request| {
            forgiving_phase(request, |phase| {
                ["apply", "getsnapshot"].contains(&phase.to_lowercase().as_str())
            })
        },
    },
    Mutant {
        name: "phase-inherited-name-accepted",
        summary: "looks phases up in an object, and so finds `constructor`",
        breaks: &["ERC-2"],
        answer: |request| {
            forgiving_phase(request, |phase| ["constructor", "toString", "valueOf"].contains(&phase))
        },
    },
    Mutant {
        name: "phase-throttle-unknown",
        summary: "does not know the phase throttle",
        breaks: &["ERC-2"],
        answer: |request| match real(request) {
            Answer::Ok { value } if value.get("phase") == Some(&json!("throttle")) => {
                error("unknown-value", "/phase")
            }
            answer => answer,
        },
    },
];

fn refusing_data(request: &Request, accept: fn(&Value) -> bool) -> Answer {
    let answer = real(request);
    let Answer::Ok { value } = &answer else { return answer };
    let refused = ["/data", "/snapshot/data"].into_iter().find(|pointer| {
        request.op == "message.decode" && value.pointer(pointer).is_some_and(|data| !accept(data))
    });
    refused.map_or(answer, |pointer| error("wrong-type", pointer))
}

fn forgiving_phase(request: &Request, accept: fn(&str) -> bool) -> Answer {
    forgiving(request, "unknown-value", |root, pointer| {
        let phase = root.pointer(pointer)?.as_str()?;
        (pointer == "/phase" && accept(phase)).then(|| json!("apply"))
    })
}
