//! Broken persistence layers: what they store.

use super::{
    Mutant,
    persistence_tools::{Broken, Shared, asking, broken, telling, with_output, with_record},
};
use serde_json::{Value, json};
use state_sync::{Revision, SafeInteger};
use state_sync_persistence::{Now, Output, Record, StandaloneOutput, record};
use std::sync::Arc;

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
