//! Broken persistence layers: the channel to the other tabs.

use super::{
    Mutant,
    persistence_tools::{
        Broken, Flag, Shared, asking, broken, losing_output, posts_snapshot, with_happening, with_message,
        with_options, with_output,
    },
};
use crate::rust_adapter::persistence::Happening;
use serde_json::{Value, json};
use state_sync::{CrossTabMessage, SafeInteger, SnapshotEnvelope};
use state_sync_persistence::{
    Input, Options, Output, PersistenceErrorKind, PersistenceEvent, StandaloneOutput, record,
};

type Snapshot = SnapshotEnvelope<Value>;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "persistence-own-messages-used",
        summary: "uses its own messages",
        breaks: &["PRS-49"],
        answer: |request| {
            with_message(request, |message| {
                if let Some(source_id) = message.get_mut("sourceId").filter(|source_id| source_id.is_string())
                {
                    *source_id = json!("somebody");
                }
                true
            })
        },
    },
    Mutant {
        name: "persistence-other-topics-used",
        summary: "uses messages of other topics",
        breaks: &["PRS-49"],
        answer: |request| {
            with_message(request, |message| {
                if let Some(message) = message.as_object_mut() {
                    message.remove("topic");
                }
                true
            })
        },
    },
    Mutant {
        name: "persistence-topics-trimmed",
        summary: "trims topics before it compares them",
        breaks: &["PRS-49"],
        answer: |request| {
            with_message(request, |message| {
                if let Some(Value::String(topic)) = message.get_mut("topic") {
                    *topic = topic.trim().to_owned();
                }
                true
            })
        },
    },
    Mutant {
        name: "persistence-refused-messages-not-told",
        summary: "says nothing of a message that it refuses",
        breaks: &["PRS-50", "PRS-64"],
        answer: |request| {
            losing_output(
                request,
                |output| matches!(output, Output::Report(error) if error.kind() == PersistenceErrorKind::Channel),
            )
        },
    },
    Mutant {
        name: "persistence-sends-after-the-save",
        summary: "sends a snapshot to the other tabs when it has been saved",
        breaks: &["PRS-51"],
        answer: |request| {
            let mut held = Vec::new();
            with_output(request, move |output| match &output {
                StandaloneOutput::Layer(inner) if posts_snapshot(inner) => {
                    held.push(output);
                    Vec::new()
                }
                StandaloneOutput::Layer(Output::Event(PersistenceEvent::SaveComplete)) => {
                    [output].into_iter().chain(std::mem::take(&mut held)).collect()
                }
                _ => vec![output],
            })
        },
    },
    Mutant {
        name: "persistence-sends-compressed-data",
        summary: "sends the data as it is stored",
        breaks: &["PRS-52"],
        answer: |request| {
            broken(request, || {
                let known = Shared::<Options>::default();
                let remembered = known.clone();
                Broken {
                    options: Box::new(move |options| *remembered.borrow_mut() = options.clone()),
                    output: Box::new(move |mut output| {
                        if let StandaloneOutput::Layer(Output::Post(CrossTabMessage::Snapshot {
                            snapshot,
                            ..
                        })) = &mut output
                            && let Ok(record) =
                                record::make(snapshot, &known.borrow().record(), SafeInteger::default())
                        {
                            *snapshot = record.snapshot;
                        }
                        vec![output]
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-messages-bypass-the-gate",
        summary: "applies whatever another tab sends",
        breaks: &["PRS-53"],
        answer: |request| {
            broken(request, || {
                // Each message comes with a revision above all others, and is applied with its own.
                let real = Shared::<Vec<Value>>::default();
                let seen = real.clone();
                const ABOVE: u64 = 1 << 62;
                Broken {
                    happening: Box::new(move |mut happening, _| {
                        if let Happening::Layer(Input::Message(message)) = &mut happening
                            && let Some(revision) = message.pointer_mut("/snapshot/revision")
                            && revision.as_str().is_some_and(|text| text.parse::<u64>().is_ok())
                        {
                            let mut seen = seen.borrow_mut();
                            seen.push(revision.clone());
                            *revision = json!((ABOVE + seen.len() as u64).to_string());
                        }
                        vec![happening]
                    }),
                    output: Box::new(move |mut output| {
                        if let StandaloneOutput::Apply { snapshot, .. } = &mut output
                            && let Some(number) = snapshot.revision.value().checked_sub(ABOVE + 1)
                            && let Some(revision) = real.borrow().get(number as usize).and_then(Value::as_str)
                        {
                            snapshot.revision = revision.parse().unwrap_or(snapshot.revision);
                        }
                        vec![output]
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-epochs-of-messages-ignored",
        summary: "compares revisions of messages without regard to their epoch",
        breaks: &["PRS-53"],
        answer: |request| {
            broken(request, || {
                let epoch = Shared::<Option<Value>>::default();
                Broken {
                    happening: Box::new(move |mut happening, _| {
                        match &mut happening {
                            Happening::Apply(_, snapshot) => {
                                *epoch.borrow_mut() = Some(json!(snapshot.epoch));
                            }
                            Happening::Layer(Input::Message(message)) => {
                                let local = epoch.borrow().clone();
                                if let (Some(snapshot), Some(local)) = (message.get_mut("snapshot"), local)
                                    && snapshot.is_object()
                                {
                                    snapshot["epoch"] = local;
                                }
                            }
                            _ => {}
                        }
                        vec![happening]
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-echo",
        summary: "saves and sends what a message has brought",
        breaks: &["PRS-54"],
        answer: |request| after_messages(request, |received, _| Some(received)),
    },
    Mutant {
        name: "persistence-pending-save-survives-a-message",
        summary: "saves an older snapshot after another tab's newer one was applied",
        breaks: &["PRS-55"],
        answer: |request| after_messages(request, |_, own| own),
    },
    Mutant {
        name: "persistence-does-not-ask",
        summary: "asks nobody when it opens the channel",
        breaks: &["PRS-56"],
        answer: |request| {
            losing_output(request, |output| {
                matches!(output, Output::Post(CrossTabMessage::RequestSync { .. }))
            })
        },
    },
    Mutant {
        name: "persistence-does-not-answer",
        summary: "never answers a request-sync",
        breaks: &["PRS-57"],
        answer: |request| with_message(request, |message| message["type"] != "request-sync"),
    },
    Mutant {
        name: "persistence-answers-at-once",
        summary: "answers a request-sync without a delay, as all other tabs do",
        breaks: &["PRS-57"],
        answer: |request| {
            asking(request, |input| {
                input.remove("random");
            })
        },
    },
    Mutant {
        name: "persistence-not-silenced",
        summary: "answers a request-sync that another tab has answered",
        breaks: &["PRS-57"],
        answer: |request| {
            let mut asked = false;
            with_message(request, move |message| {
                asked |= message["type"] == "request-sync";
                !(asked && message["type"] == "snapshot")
            })
        },
    },
    Mutant {
        name: "persistence-clear-of-others-ignored",
        summary: "ignores a clear of another tab",
        breaks: &["PRS-58", "PRS-59"],
        answer: |request| with_message(request, |message| message["type"] != "clear"),
    },
    Mutant {
        name: "persistence-save-after-clear-not-made-up-for",
        summary: "lets a save that was in flight bring back what another tab has cleared",
        breaks: &["PRS-59"],
        answer: |request| {
            losing_output(request, |output| matches!(output, Output::Clear { only: Some(_), .. }))
        },
    },
    Mutant {
        name: "persistence-makes-up-for-too-much",
        summary: "clears what another tab has stored since it cleared",
        breaks: &["PRS-59"],
        answer: |request| {
            with_output(request, |mut output| {
                if let StandaloneOutput::Layer(Output::Clear { only, .. }) = &mut output {
                    *only = None;
                }
                vec![output]
            })
        },
    },
    Mutant {
        name: "persistence-clear-sent-again",
        summary: "passes a received clear on",
        breaks: &["PRS-60"],
        answer: |request| {
            broken(request, || {
                let received = Flag::default();
                let seen = received.clone();
                Broken {
                    happening: Box::new(move |happening, _| {
                        if let Happening::Layer(Input::Message(message)) = &happening {
                            seen.set(seen.get() || message["type"] == "clear");
                        }
                        vec![happening]
                    }),
                    output: Box::new(move |output| match &output {
                        StandaloneOutput::Layer(Output::Event(PersistenceEvent::Cleared))
                            if received.take() =>
                        {
                            let source_id = "somebody".to_owned();
                            let message =
                                CrossTabMessage::Clear { source_id, topic: None, timestamp_ms: None };
                            vec![output, StandaloneOutput::Layer(Output::Post(message))]
                        }
                        _ => vec![output],
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-clear-not-sent",
        summary: "clears the store without a word to the other tabs",
        breaks: &["PRS-37", "PRS-61"],
        answer: |request| {
            losing_output(request, |output| matches!(output, Output::Post(CrossTabMessage::Clear { .. })))
        },
    },
    Mutant {
        name: "persistence-receives-although-told-not-to",
        summary: "uses snapshots of other tabs although receiveUpdates is false",
        breaks: &["PRS-61"],
        answer: |request| {
            with_options(request, |options| {
                if let Some(tabs) = &mut options.tabs {
                    tabs.receive_updates = true;
                }
            })
        },
    },
    Mutant {
        name: "persistence-sends-although-told-not-to",
        summary: "sends snapshots although broadcastSaves is false",
        breaks: &["PRS-61"],
        answer: |request| {
            with_options(request, |options| {
                if let Some(tabs) = &mut options.tabs {
                    tabs.broadcast_saves = true;
                }
            })
        },
    },
    Mutant {
        name: "persistence-needs-a-channel",
        summary: "saves nothing where there is no channel",
        breaks: &["PRS-62"],
        answer: |request| {
            broken(request, || {
                let has_channel = Flag::default();
                let known = has_channel.clone();
                Broken {
                    options: Box::new(move |options| known.set(options.tabs.is_some())),
                    output: Box::new(move |output| match &output {
                        StandaloneOutput::Layer(Output::Save { .. }) if !has_channel.get() => Vec::new(),
                        _ => vec![output],
                    }),
                    ..Broken::default()
                }
            })
        },
    },
    Mutant {
        name: "persistence-failed-sending-throws",
        summary: "says nothing where sending a message fails",
        breaks: &["PRS-50", "PRS-65"],
        answer: |request| {
            with_happening(request, |happening, _| match happening {
                Happening::Layer(Input::PostFailed(_)) => Vec::new(),
                other => vec![other],
            })
        },
    },
];

/// Takes a snapshot for one of the provider's once a message has been applied; `which` chooses between the one that it
/// brought and the one that the engine had applied before.
fn after_messages(
    request: &crate::wire::Request,
    which: fn(Snapshot, Option<Snapshot>) -> Option<Snapshot>,
) -> crate::wire::Answer {
    broken(request, || {
        let under_way = Shared::<Option<Snapshot>>::default();
        let begun = under_way.clone();
        let mut own = Vec::new();
        Broken {
            happening: Box::new(move |happening, _| {
                if let Happening::Apply(_, snapshot) = &happening {
                    own.push(snapshot.clone());
                }
                let applied = match &happening {
                    Happening::ApplyEnded(_, Ok(())) => under_way.borrow_mut().take(),
                    _ => None,
                };
                let received = applied.filter(|snapshot| !own.contains(snapshot));
                let again = received.and_then(|received| which(received, own.last().cloned()));
                let again = again.map(|snapshot| Happening::Layer(Input::Applied(snapshot)));
                [happening].into_iter().chain(again).collect()
            }),
            output: Box::new(move |output| {
                if let StandaloneOutput::Apply { snapshot, .. } = &output {
                    *begun.borrow_mut() = Some(snapshot.clone());
                }
                vec![output]
            }),
            ..Broken::default()
        }
    })
}
