//! Broken persistence layers: what they store, and how they read it.

use super::{
    Mutant,
    persistence_tools::{
        Broken, Shared, asking, asking_actions, broken, telling, with_loaded, with_options, with_output,
        with_record, with_verdict,
    },
};
use crate::rust_adapter::persistence::Happening;
use serde_json::{Value, json};
use state_sync::{Revision, SafeInteger};
use state_sync_persistence::{
    Input, Now, Outcome, Output, PersistenceErrorKind, Record, Replacement, StandaloneOutput,
    load::is_expired, record,
};
use std::{sync::Arc, time::Duration};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "persistence-null-option-is-zero",
        summary: "takes nothing for a schema version of 0",
        breaks: &["PRS-1"],
        answer: |request| {
            asking(request, |input| {
                if let Some(version) =
                    input.get_mut("options").and_then(|options| options.get_mut("schemaVersion"))
                    && version.is_null()
                {
                    *version = json!(0);
                }
            })
        },
    },
    Mutant {
        name: "persistence-fractions-accepted",
        summary: "cuts fractions off instead of refusing them",
        breaks: &["PRS-1"],
        answer: |request| {
            asking(request, |input| {
                for name in ["schemaVersion", "ttlMs"] {
                    let option = input.get_mut("options").and_then(|options| options.get_mut(name));
                    if let Some(value) = option
                        && let Some(number) = value.as_f64().filter(|number| number.fract() != 0.0)
                    {
                        *value = json!(number.trunc() as u64);
                    }
                }
            })
        },
    },
    Mutant {
        name: "persistence-metadata-lost",
        summary: "stores the snapshot without its metadata",
        breaks: &["PRS-2"],
        answer: |request| {
            telling(request, |trace| {
                for entry in trace {
                    for member in ["with", "stored"] {
                        let record = entry.get_mut(member).and_then(Value::as_object_mut);
                        if let Some(record) = record {
                            record.remove("metadata");
                        }
                    }
                }
            })
        },
    },
    Mutant {
        name: "persistence-epoch-lost",
        summary: "stores the snapshot without its epoch",
        breaks: &["PRS-3"],
        answer: |request| with_record(request, |record| record.snapshot.epoch = None),
    },
    Mutant {
        name: "persistence-revision-as-double",
        summary: "passes the revision through a double",
        breaks: &["PRS-3"],
        answer: |request| {
            with_record(request, |record| {
                let revision = &mut record.snapshot.revision;
                *revision = Revision::new(revision.value() as f64 as u64);
            })
        },
    },
    Mutant {
        name: "persistence-time-renewed-at-each-attempt",
        summary: "sets savedAt anew whenever the backend is called",
        breaks: &["PRS-5", "PRS-23"],
        answer: |request| saved_at(request, |now| now.wall_ms),
    },
    Mutant {
        name: "persistence-time-by-the-monotonic-clock",
        summary: "takes savedAt from the monotonic clock",
        breaks: &["PRS-5", "PRS-68"],
        answer: |request| saved_at(request, |now| now.time.as_millis() as u64),
    },
    Mutant {
        name: "persistence-ttl-not-stored",
        summary: "leaves ttlMs out of its records",
        breaks: &["PRS-6"],
        answer: |request| with_record(request, |record| record.metadata.ttl_ms = None),
    },
    Mutant {
        name: "persistence-schema-version-one",
        summary: "writes the schema version 1, whatever the option says",
        breaks: &["PRS-6"],
        answer: |request| {
            with_record(request, |record| record.metadata.schema_version = SafeInteger::from(1_u32))
        },
    },
    Mutant {
        name: "persistence-size-in-code-units",
        summary: "counts the size in UTF-16 units and calls it bytes",
        breaks: &["PRS-7"],
        answer: |request| sized(request, |record| canonical(&record.snapshot.data).encode_utf16().count()),
    },
    Mutant {
        name: "persistence-size-without-quotation-marks",
        summary: "counts the size of compressed text without quotation marks and escapes",
        breaks: &["PRS-7"],
        answer: |request| {
            sized(request, |record| match &record.snapshot.data {
                Value::String(text) if record.metadata.compressed => text.len(),
                data => canonical(data).len(),
            })
        },
    },
    Mutant {
        name: "persistence-hash-of-stored-data",
        summary: "hashes the data as it is stored, compressed",
        breaks: &["PRS-8"],
        answer: |request| {
            hashed(request, |record, _| record::hash(&record.snapshot.data).unwrap_or_default())
        },
    },
    Mutant {
        name: "persistence-hash-in-upper-case",
        summary: "writes the hash in upper-case digits",
        breaks: &["PRS-8"],
        answer: |request| hashed(request, |_, hash| hash.to_uppercase()),
    },
    Mutant {
        name: "persistence-hash-of-32-bits",
        summary: "keeps 32 bits of the hash",
        breaks: &["PRS-8"],
        answer: |request| hashed(request, |_, hash| hash[..8].to_owned()),
    },
    Mutant {
        name: "persistence-hash-sorted-by-code-points",
        summary: "sorts the members by code points before it hashes",
        breaks: &["PRS-8"],
        answer: |request| {
            // A string is its own canonical form, but for the quotation marks; what is hashed here is another text.
            hashed(request, |record, hash| {
                let text = record.snapshot.data.to_string();
                if text == canonical(&record.snapshot.data) {
                    hash.to_owned()
                } else {
                    hash.chars().rev().collect()
                }
            })
        },
    },
    Mutant {
        name: "persistence-compressed-flag-lost",
        summary: "stores compressed data as if it were not",
        breaks: &["PRS-9"],
        answer: |request| with_record(request, |record| record.metadata.compressed = false),
    },
    Mutant {
        name: "persistence-compressed-output-thrown-away",
        summary: "says of data that it is compressed wherever there is a compressor",
        breaks: &["PRS-10"],
        answer: |request| {
            let has_compressor = request.input["options"].get("compression").is_some_and(Value::is_string);
            with_record(request, move |record| record.metadata.compressed |= has_compressor)
        },
    },
    Mutant {
        name: "persistence-text-as-latin-1",
        summary: "loses all text outside of Latin-1 when it decompresses",
        breaks: &["PRS-11"],
        answer: |request| {
            let has_compressor = request.input["options"].get("compression").is_some_and(Value::is_string);
            with_output(request, move |mut output| {
                if let StandaloneOutput::Apply { snapshot, .. } = &mut output
                    && let (Value::String(text), true) = (&mut snapshot.data, has_compressor)
                {
                    *text = text.bytes().map(char::from).collect();
                }
                vec![output]
            })
        },
    },
    Mutant {
        name: "persistence-load-never-times-out",
        summary: "waits for a load as long as it takes",
        breaks: &["PRS-13"],
        answer: |request| with_options(request, |options| options.load_timeout = Duration::from_secs(86_400)),
    },
    Mutant {
        name: "persistence-newer-schema-loaded",
        summary: "uses records of a newer schema version",
        breaks: &["PRS-13"],
        answer: |request| {
            with_loaded(request, |record, options, _| {
                let version = &mut record.metadata.schema_version;
                *version = (*version).min(options.schema_version);
            })
        },
    },
    Mutant {
        name: "persistence-time-before-schema",
        summary: "looks whether a record has expired before it looks at its schema version",
        breaks: &["PRS-13"],
        answer: |request| {
            with_loaded(request, |record, options, now| {
                if is_expired(&record.metadata, now.wall_ms) {
                    record.metadata.schema_version = options.schema_version;
                }
            })
        },
    },
    Mutant {
        name: "persistence-hash-not-verified",
        summary: "does not verify hashes unless it is asked to",
        breaks: &["PRS-13", "PRS-18"],
        answer: |request| {
            let asked = request.input["options"].get("verifyHash") == Some(&json!(true));
            with_options(request, move |options| options.verify_hash = asked)
        },
    },
    Mutant {
        name: "persistence-hash-without-case",
        summary: "compares hashes without regard to case",
        breaks: &["PRS-18"],
        answer: |request| {
            with_loaded(request, |record, _, _| {
                let hash = &mut record.metadata.hash;
                *hash = hash.take().map(|hash| hash.to_lowercase());
            })
        },
    },
    Mutant {
        name: "persistence-validator-false-accepted",
        summary: "takes a validator's false for consent",
        breaks: &["PRS-13", "PRS-50"],
        answer: |request| answering(request, "validator", "resolve", &json!(false), json!(true)),
    },
    Mutant {
        name: "persistence-failing-callbacks-consent",
        summary: "takes a validator that fails for one that consents",
        breaks: &["PRS-13", "PRS-65"],
        answer: |request| {
            asking_actions(request, |action| {
                if action.get("answer") == Some(&json!("validator")) && action.remove("throw").is_some() {
                    action.insert("resolve".to_owned(), Value::Null);
                }
            })
        },
    },
    Mutant {
        name: "persistence-loaded-epoch-lost",
        summary: "offers records without their epoch",
        breaks: &["PRS-14"],
        answer: |request| with_loaded(request, |record, _, _| record.snapshot.epoch = None),
    },
    Mutant {
        name: "persistence-record-bypasses-the-gate",
        summary: "applies what a load gives, whatever has been applied meanwhile",
        breaks: &["PRS-15"],
        answer: |request| {
            broken(request, || {
                let real = Shared::<Option<Record>>::default();
                let remembered = real.clone();
                Broken {
                    happening: Box::new(move |mut happening, _| {
                        if let Happening::Layer(Input::Loaded { outcome: Ok(Some(record)), .. }) =
                            &mut happening
                        {
                            *remembered.borrow_mut() = Some(record.clone());
                            record.snapshot.revision = Revision::MAX;
                        }
                        vec![happening]
                    }),
                    output: Box::new(move |mut output| {
                        if let (StandaloneOutput::Apply { snapshot, .. }, Some(record)) =
                            (&mut output, &*real.borrow())
                            && snapshot.revision == Revision::MAX
                        {
                            snapshot.revision = record.snapshot.revision;
                        }
                        vec![output]
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-failed-load-rejects",
        summary: "lets a failed load fail its caller, who then does not start",
        breaks: &["PRS-16"],
        answer: |request| {
            with_output(request, {
                let mut reported = None;
                move |output| match output {
                    StandaloneOutput::Layer(Output::Report(error)) => {
                        reported = Some(error.clone());
                        vec![StandaloneOutput::Layer(Output::Report(error))]
                    }
                    StandaloneOutput::Layer(Output::Settle { caller, outcome: Outcome::Loaded(false) }) => {
                        let outcome = reported.take().map_or(Outcome::Loaded(false), Outcome::Failed);
                        vec![StandaloneOutput::Layer(Output::Settle { caller, outcome })]
                    }
                    other => vec![other],
                }
            })
        },
    },
    Mutant {
        name: "persistence-unreadable-record-removed",
        summary: "clears the store where it cannot read what is stored",
        breaks: &["PRS-17", "PRS-24"],
        answer: |request| {
            with_output(request, |output| match &output {
                StandaloneOutput::Layer(Output::Report(error))
                    if !matches!(
                        error.kind(),
                        PersistenceErrorKind::Unavailable | PersistenceErrorKind::Channel
                    ) =>
                {
                    vec![output, StandaloneOutput::Layer(Output::Clear { number: 0, only: None })]
                }
                _ => vec![output],
            })
        },
    },
    Mutant {
        name: "persistence-expires-a-moment-late",
        summary: "still uses a record at the end of its time",
        breaks: &["PRS-19"],
        answer: |request| {
            with_loaded(request, |record, _, now| {
                let metadata = &mut record.metadata;
                let age = now.wall_ms.abs_diff(metadata.saved_at.get());
                if metadata.ttl_ms.is_some_and(|ttl| ttl.get() == age) {
                    metadata.ttl_ms = None;
                }
            })
        },
    },
    Mutant {
        name: "persistence-future-never-expires",
        summary: "takes a record from the future for a new one",
        breaks: &["PRS-19"],
        answer: |request| {
            with_loaded(request, |record, _, now| {
                if record.metadata.saved_at.get() > now.wall_ms {
                    record.metadata.ttl_ms = None;
                }
            })
        },
    },
    Mutant {
        name: "persistence-ttl-of-the-option",
        summary: "judges the age of a record by its own option",
        breaks: &["PRS-19"],
        answer: |request| with_loaded(request, |record, options, _| record.metadata.ttl_ms = options.ttl_ms),
    },
    Mutant {
        name: "persistence-one-step-of-migration",
        summary: "takes the last step of a migration alone",
        breaks: &["PRS-21"],
        answer: |request| {
            with_loaded(request, |record, options, _| {
                let last =
                    SafeInteger::new(options.schema_version.get().saturating_sub(1)).unwrap_or_default();
                let version = &mut record.metadata.schema_version;
                if *version < last {
                    *version = last;
                }
            })
        },
    },
    Mutant {
        name: "persistence-missing-step-skipped",
        summary: "goes on where a step of a migration is missing",
        breaks: &["PRS-21", "PRS-24"],
        answer: |request| {
            with_loaded(request, |record, options, _| {
                let steps: Vec<_> = options.migration.steps().collect();
                let version = &mut record.metadata.schema_version;
                while *version < options.schema_version && !steps.contains(version) {
                    *version = SafeInteger::new(version.get() + 1).unwrap_or(SafeInteger::MAX);
                }
            })
        },
    },
    Mutant {
        name: "persistence-step-without-a-value",
        summary: "takes a step that gives nothing for one that gives null",
        breaks: &["PRS-22"],
        answer: |request| answering(request, "migrate", "resolve", &json!({ "nothing": true }), Value::Null),
    },
    Mutant {
        name: "persistence-migrated-record-not-saved",
        summary: "migrates the same record again at every start",
        breaks: &["PRS-23"],
        answer: |request| {
            let mut migrated = false;
            super::persistence_tools::losing_output(request, move |output| match output {
                Output::Event(event) => {
                    migrated |= event.as_str() == "migrated";
                    false
                }
                Output::Save { .. } => std::mem::take(&mut migrated),
                _ => false,
            })
        },
    },
    Mutant {
        name: "persistence-migrated-record-over-anything",
        summary: "lets a migrated record replace whatever is stored by then",
        breaks: &["PRS-23", "PRS-31"],
        answer: |request| {
            with_verdict(request, |verdict, _, _| match verdict {
                Replacement::Keep => Replacement::Replace,
                other => other,
            })
        },
    },
];

fn canonical(data: &Value) -> String {
    record::canonical(data).unwrap_or_default()
}

fn sized(request: &crate::wire::Request, size: fn(&Record) -> usize) -> crate::wire::Answer {
    with_record(request, move |record| {
        record.metadata.size_bytes = SafeInteger::new(size(record) as u64).unwrap_or_default();
    })
}

fn hashed(request: &crate::wire::Request, change: fn(&Record, &str) -> String) -> crate::wire::Answer {
    with_record(request, move |record| {
        if let Some(hash) = record.metadata.hash.take() {
            record.metadata.hash = Some(change(record, &hash));
        }
    })
}

/// Sets `savedAt` by another clock whenever the backend is called.
fn saved_at(request: &crate::wire::Request, time: fn(Now) -> u64) -> crate::wire::Answer {
    broken(request, || {
        let latest = Shared::<Now>::default();
        let seen = latest.clone();
        Broken {
            happening: Box::new(move |happening, now| {
                *seen.borrow_mut() = now;
                vec![happening]
            }),
            output: Box::new(move |output| match output {
                StandaloneOutput::Layer(Output::Save { number, mut record, rule }) => {
                    let record_now = Arc::make_mut(&mut record);
                    record_now.metadata.saved_at =
                        SafeInteger::new(time(*latest.borrow())).unwrap_or_default();
                    vec![StandaloneOutput::Layer(Output::Save { number, record, rule })]
                }
                other => vec![other],
            }),
            ..Broken::default()
        }
    })
}

/// Takes one answer of a function for another.
fn answering(
    request: &crate::wire::Request,
    function: &str,
    how: &str,
    given: &Value,
    taken: Value,
) -> crate::wire::Answer {
    asking_actions(request, |action| {
        if action.get("answer") == Some(&json!(function)) && action.get(how) == Some(given) {
            action.insert(how.to_owned(), taken.clone());
        }
    })
}
