//! Broken persistence layers: how they read and migrate what is stored.

use super::{
    Mutant,
    persistence_tools::{
        Broken, Shared, asking_actions, broken, with_loaded, with_options, with_output, with_verdict,
    },
};
use crate::rust_adapter::persistence::Happening;
use serde_json::{Value, json};
use state_sync::{Revision, SafeInteger};
use state_sync_persistence::{
    Input, Outcome, Output, PersistenceErrorKind, Record, Replacement, StandaloneOutput, load::is_expired,
};
use std::time::Duration;

pub(super) const MUTANTS: &[Mutant] = &[
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
