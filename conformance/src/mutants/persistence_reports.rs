//! Broken persistence layers: clearing, and what they tell and count.

use super::{
    Mutant,
    persistence_tools::{forgetting_saves, instead, losing_output, telling, with_happening, with_output},
};
use crate::{
    rust_adapter::persistence::Happening,
    wire::{Answer, Request},
};
use serde_json::{Value, json};
use state_sync_persistence::{
    Input, Output, PersistenceError, PersistenceErrorKind, PersistenceEvent, Replacement, StandaloneOutput,
};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "persistence-clear-does-not-wait",
        summary: "clears the store while a save is in flight",
        breaks: &["PRS-37"],
        answer: |request| {
            forgetting_saves(request, |happening| matches!(happening, Happening::Layer(Input::Clear(_))))
        },
    },
    Mutant {
        name: "persistence-cleared-data-comes-back",
        summary: "saves after a clearing what was applied before",
        breaks: &["PRS-38"],
        answer: |request| {
            let mut latest = None;
            with_happening(request, move |happening, _| match &happening {
                Happening::Apply(_, snapshot) => {
                    latest = Some(snapshot.clone());
                    vec![happening]
                }
                Happening::Layer(Input::Cleared { outcome: Ok(()), .. }) => {
                    let again = latest.take().map(|snapshot| Happening::Layer(Input::Applied(snapshot)));
                    [happening].into_iter().chain(again).collect()
                }
                _ => vec![happening],
            })
        },
    },
    Mutant {
        name: "persistence-nothing-saved-after-clearing",
        summary: "saves nothing any more once it has been cleared",
        breaks: &["PRS-39"],
        answer: |request| {
            let mut cleared = false;
            losing_output(request, move |output| {
                cleared |= matches!(output, Output::Event(PersistenceEvent::Cleared));
                cleared && matches!(output, Output::Save { .. })
            })
        },
    },
    Mutant {
        name: "persistence-errors-told-twice",
        summary: "reports each failure twice",
        breaks: &["PRS-64"],
        answer: |request| {
            with_output(request, |output| match &output {
                StandaloneOutput::Layer(Output::Report(_)) => vec![output.clone(), output],
                _ => vec![output],
            })
        },
    },
    Mutant {
        name: "persistence-errors-without-cause",
        summary: "loses the cause of a failure",
        breaks: &["PRS-64"],
        answer: |request| reporting(request, |error| PersistenceError::new(error.kind(), error.message())),
    },
    Mutant {
        name: "persistence-full-store-told-as-unavailable",
        summary: "tells a full store as one that cannot be used",
        breaks: &["PRS-64"],
        answer: |request| {
            reporting(request, |error| {
                let kind = match error.kind() {
                    PersistenceErrorKind::QuotaExceeded => PersistenceErrorKind::Unavailable,
                    other => other,
                };
                let told = PersistenceError::new(kind, error.message());
                match error.cause() {
                    Some(cause) => told.caused_by(cause.clone()),
                    None => told,
                }
            })
        },
    },
    Mutant {
        name: "persistence-failed-apply-not-told",
        summary: "says nothing of an offer that could not be applied",
        breaks: &["PRS-72"],
        answer: |request| {
            losing_output(
                request,
                |output| matches!(output, Output::Report(error) if error.message().contains("could not be applied")),
            )
        },
    },
    Mutant {
        name: "persistence-save-start-missing",
        summary: "does not tell that a save begins",
        breaks: &["PRS-66"],
        answer: |request| losing_event(request, PersistenceEvent::SaveStart),
    },
    Mutant {
        name: "persistence-expiry-not-told",
        summary: "does not tell that a record has expired",
        breaks: &["PRS-66"],
        answer: |request| losing_event(request, PersistenceEvent::Expired),
    },
    Mutant {
        name: "persistence-load-complete-after-a-refusal",
        summary: "tells that a load is complete before the validator has refused the data",
        breaks: &["PRS-66"],
        answer: |request| {
            with_output(request, |output| match &output {
                StandaloneOutput::Layer(Output::Event(PersistenceEvent::Migrated)) => {
                    let complete = Output::Event(PersistenceEvent::LoadComplete);
                    vec![output, StandaloneOutput::Layer(complete)]
                }
                _ => vec![output],
            })
        },
    },
    Mutant {
        name: "persistence-failed-saves-counted-as-saves",
        summary: "counts failed saves as saves",
        breaks: &["PRS-67"],
        answer: |request| {
            counting(request, |stats| {
                let failed = stats["saveErrorCount"].as_u64().unwrap_or_default();
                stats["saveCount"] = json!(stats["saveCount"].as_u64().unwrap_or_default() + failed);
            })
        },
    },
    Mutant {
        name: "persistence-replaced-saves-not-counted",
        summary: "does not count the pending saves that a later one replaced",
        breaks: &["PRS-67"],
        answer: |request| counting(request, |stats| stats["throttledCount"] = json!(0)),
    },
    Mutant {
        name: "persistence-useless-record-protected",
        summary: "lets a record that nobody can read keep every save out",
        breaks: &["PRS-70"],
        answer: |request| instead(request, Replacement::ReplaceUseless, Replacement::Keep),
    },
];

fn reporting(request: &Request, change: fn(&PersistenceError) -> PersistenceError) -> Answer {
    with_output(request, move |output| match output {
        StandaloneOutput::Layer(Output::Report(error)) => {
            vec![StandaloneOutput::Layer(Output::Report(change(&error)))]
        }
        other => vec![other],
    })
}

fn losing_event(request: &Request, lost: PersistenceEvent) -> Answer {
    losing_output(request, move |output| matches!(output, Output::Event(event) if *event == lost))
}

fn counting(request: &Request, change: fn(&mut Value)) -> Answer {
    telling(request, |trace| {
        for entry in trace.iter_mut().filter(|entry| entry["settled"] == "getStats") {
            change(&mut entry["resolve"]);
        }
    })
}
