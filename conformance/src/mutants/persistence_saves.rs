//! Broken persistence layers: saving.

use super::{
    Mutant,
    persistence_tools::{
        Broken, Flag, Shared, asking, broken, forgetting_saves, instead, losing_output, telling,
        with_happening, with_options, with_output, with_verdict,
    },
};
use crate::rust_adapter::persistence::Happening;
use serde_json::{Value, json};
use state_sync::{Epoch, SnapshotEnvelope};
use state_sync_persistence::{
    Input, Outcome, Output, PersistenceError, PersistenceErrorKind, PersistenceEvent, Replacement,
    StandaloneOutput,
};
use std::{sync::Arc, time::Duration};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "persistence-first-of-a-burst-saved",
        summary: "saves the first snapshot of a burst instead of the last",
        breaks: &["PRS-26"],
        answer: |request| {
            broken(request, || {
                let first = Shared::<Option<SnapshotEnvelope<Value>>>::default();
                let seen = first.clone();
                Broken {
                    happening: Box::new(move |happening, _| {
                        if let Happening::Apply(_, snapshot) = &happening {
                            seen.borrow_mut().get_or_insert_with(|| snapshot.clone());
                        }
                        vec![happening]
                    }),
                    output: Box::new(move |output| match output {
                        StandaloneOutput::Layer(Output::Save { number, mut record, rule }) => {
                            if let Some(first) = first.borrow_mut().take() {
                                Arc::make_mut(&mut record).snapshot = first;
                            }
                            vec![StandaloneOutput::Layer(Output::Save { number, record, rule })]
                        }
                        other => vec![other],
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-apply-waits-for-its-save",
        summary: "lets the application of a snapshot wait for its save",
        breaks: &["PRS-27"],
        answer: |request| {
            let mut held = Vec::new();
            with_output(request, move |output| match &output {
                StandaloneOutput::Applied { outcome: Ok(()), .. } => {
                    held.push(output);
                    Vec::new()
                }
                StandaloneOutput::Layer(Output::Event(PersistenceEvent::SaveComplete)) => {
                    std::mem::take(&mut held).into_iter().chain([output]).collect()
                }
                _ => vec![output],
            })
        },
    },
    Mutant {
        name: "persistence-without-a-limiter",
        summary: "saves every snapshot at once",
        breaks: &["PRS-28"],
        answer: |request| {
            with_options(request, |options| {
                options.throttling.throttle = Duration::ZERO;
                options.throttling.debounce = Duration::ZERO;
            })
        },
    },
    Mutant {
        name: "persistence-always-waits-for-the-window",
        summary: "never saves at once",
        breaks: &["PRS-28"],
        answer: |request| with_options(request, |options| options.throttling.leading = false),
    },
    Mutant {
        name: "persistence-two-saves-in-flight",
        summary: "begins a save while another is in flight",
        breaks: &["PRS-29"],
        answer: |request| forgetting_saves(request, |happening| matches!(happening, Happening::Apply(..))),
    },
    Mutant {
        name: "persistence-newer-schema-replaced",
        summary: "replaces records of a newer schema version",
        breaks: &["PRS-30"],
        answer: |request| instead(request, Replacement::NewerSchema, Replacement::Replace),
    },
    Mutant {
        name: "persistence-newer-schema-tried-again",
        summary: "tries again and again to replace a record of a newer schema version",
        breaks: &["PRS-30"],
        answer: |request| {
            with_happening(request, |happening, _| match happening {
                Happening::Layer(Input::Saved { number, outcome: Ok(Replacement::NewerSchema) }) => {
                    let error =
                        PersistenceError::new(PersistenceErrorKind::NewerSchema, "a newer schema version");
                    vec![Happening::Layer(Input::Saved { number, outcome: Err(error) })]
                }
                other => vec![other],
            })
        },
    },
    Mutant {
        name: "persistence-older-replaces-newer",
        summary: "replaces a stored record of a higher revision",
        breaks: &["PRS-31"],
        answer: |request| {
            with_verdict(request, |verdict, stored, new| match stored {
                Some(stored)
                    if verdict == Replacement::Keep && stored.snapshot.revision > new.snapshot.revision =>
                {
                    Replacement::Replace
                }
                _ => verdict,
            })
        },
    },
    Mutant {
        name: "persistence-same-revision-replaced",
        summary: "replaces a stored record of the same revision",
        breaks: &["PRS-31"],
        answer: |request| {
            with_verdict(request, |verdict, stored, new| match stored {
                Some(stored)
                    if verdict == Replacement::Keep && stored.snapshot.revision == new.snapshot.revision =>
                {
                    Replacement::Replace
                }
                _ => verdict,
            })
        },
    },
    Mutant {
        name: "persistence-expired-record-protected",
        summary: "keeps a record that has expired because of its revision",
        breaks: &["PRS-31"],
        answer: |request| {
            with_verdict(request, |verdict, stored, new| match stored {
                Some(stored)
                    if stored.snapshot.revision >= new.snapshot.revision
                        && Epoch::same(stored.snapshot.epoch.as_ref(), new.snapshot.epoch.as_ref())
                        && stored.metadata.schema_version == new.metadata.schema_version
                        && verdict == Replacement::Replace =>
                {
                    Replacement::Keep
                }
                _ => verdict,
            })
        },
    },
    Mutant {
        name: "persistence-revisions-compared-as-text",
        summary: "compares the revision of the stored record as text",
        breaks: &["PRS-31"],
        answer: |request| {
            with_verdict(request, |verdict, stored, new| match (verdict, stored) {
                (Replacement::Keep, Some(stored))
                    if stored.snapshot.revision.to_string() < new.snapshot.revision.to_string() =>
                {
                    Replacement::Replace
                }
                _ => verdict,
            })
        },
    },
    Mutant {
        name: "persistence-stored-record-judged-early",
        summary: "judges the stored record as it was when the layer was made",
        breaks: &["PRS-32"],
        answer: |request| {
            asking(request, |input| {
                if let Some(timeline) = input.get_mut("timeline").and_then(Value::as_array_mut) {
                    timeline.retain(|entry| entry["do"].get("store").is_none());
                }
            })
        },
    },
    Mutant {
        name: "persistence-timed-out-save-writes",
        summary: "lets a save that has timed out write all the same",
        breaks: &["PRS-32", "PRS-38"],
        answer: |request| instead(request, Replacement::Revoked, Replacement::Replace),
    },
    Mutant {
        name: "persistence-failed-save-forgotten",
        summary: "does not try a failed save again",
        breaks: &["PRS-33"],
        answer: |request| {
            let (mut saving, mut failed) = (None, None);
            losing_output(request, move |output| match output {
                Output::Save { record, .. } => {
                    let revision = record.snapshot.revision;
                    saving = Some(revision);
                    failed == Some(revision)
                }
                Output::Event(PersistenceEvent::SaveError) => {
                    failed = saving;
                    false
                }
                _ => false,
            })
        },
    },
    Mutant {
        name: "persistence-failed-save-repeated-at-once",
        summary: "repeats a failed save at once, for ever",
        breaks: &["PRS-33"],
        answer: |request| {
            let mut left = 50;
            with_happening(request, move |happening, _| match &happening {
                Happening::Layer(Input::Saved { outcome: Err(_), .. }) if left > 0 => {
                    left -= 1;
                    vec![happening, Happening::Layer(Input::PageHidden)]
                }
                _ => vec![happening],
            })
        },
    },
    Mutant {
        name: "persistence-flush-does-not-wait",
        summary: "lets flush succeed when it is called",
        breaks: &["PRS-34"],
        answer: |request| {
            let timeline =
                request.input.get("timeline").and_then(Value::as_array).cloned().unwrap_or_default();
            telling(request, |trace| {
                let called = timeline.iter().filter(|entry| entry["do"]["call"] == "flush");
                let called: Vec<_> = called.filter_map(|entry| entry["at"].as_u64()).collect();
                for entry in trace.iter_mut().filter(|entry| entry["settled"] == "flush") {
                    let number = entry["number"].as_u64().unwrap_or(1) as usize;
                    if let Some(at) = called.get(number - 1) {
                        entry["at"] = json!(at);
                    }
                }
                trace.sort_by_key(|entry| entry["at"].as_u64());
            })
        },
    },
    Mutant {
        name: "persistence-flush-waits-for-the-limiter",
        summary: "leaves the pending save to the limiter when it is flushed",
        breaks: &["PRS-34"],
        answer: |request| {
            with_happening(request, |happening, _| match happening {
                Happening::Layer(Input::Flush(_)) => Vec::new(),
                other => vec![other],
            })
        },
    },
    Mutant {
        name: "persistence-failures-swallowed",
        summary: "lets flush, dispose and clear succeed when they have failed",
        breaks: &["PRS-34", "PRS-35", "PRS-37"],
        answer: |request| {
            with_output(request, |output| match output {
                StandaloneOutput::Layer(Output::Settle { caller, outcome: Outcome::Failed(_) }) => {
                    vec![StandaloneOutput::Layer(Output::Settle { caller, outcome: Outcome::Done })]
                }
                other => vec![other],
            })
        },
    },
    Mutant {
        name: "persistence-dispose-drops-what-is-pending",
        summary: "drops the pending save when it is disposed of",
        breaks: &["PRS-35"],
        answer: |request| {
            broken(request, || {
                let disposed = Flag::default();
                let seen = disposed.clone();
                Broken {
                    happening: Box::new(move |happening, _| {
                        seen.set(seen.get() || matches!(happening, Happening::Layer(Input::Dispose(_))));
                        vec![happening]
                    }),
                    output: Box::new(move |output| match &output {
                        StandaloneOutput::Layer(Output::Save { .. }) if disposed.get() => Vec::new(),
                        _ => vec![output],
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-dispose-is-not-final",
        summary: "goes on saving and sending after it was disposed of",
        breaks: &["PRS-35"],
        answer: |request| {
            with_happening(request, |happening, _| match happening {
                Happening::Layer(Input::Dispose(caller)) => vec![Happening::Layer(Input::Flush(caller))],
                other => vec![other],
            })
        },
    },
    Mutant {
        name: "persistence-page-hidden-ignored",
        summary: "leaves the pending save to the limiter when the page goes away",
        breaks: &["PRS-36"],
        answer: |request| {
            with_happening(request, |happening, _| match happening {
                Happening::Layer(Input::PageHidden) => Vec::new(),
                other => vec![other],
            })
        },
    },
];
