//! Engines that report wrongly, and engines that the application's callbacks break.

use super::{
    Mutant,
    engine_tools::{Tamper, between, entries, retold, saying},
};
use serde_json::{Map, Value, json};
use state_sync::{Revision, SafeInteger, SyncPhase};
use state_sync_engine::{Input, Output, Status};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-reports-nothing",
        summary: "reports no failure of getSnapshot while it tries again",
        breaks: &["ENG-71"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Report(report)
                    if report.phase == SyncPhase::GetSnapshot && report.will_retry == Some(true) => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-reports-without-members",
        summary: "reports the error alone",
        breaks: &["ENG-71"],
        answer: |request| {
            saying(request, |inside, mut output| {
                if let Output::Report(report) = &mut output {
                    (report.local_revision, report.attempt) = (None, None);
                }
                inside.say(output);
            })
        },
    },
    Mutant {
        name: "engine-reports-twice",
        summary: "reports a failure when it happens and when it settles a caller",
        breaks: &["ENG-71"],
        answer: |request| {
            saying(request, |inside, output| {
                if matches!(&output, Output::Report(report) if report.will_retry == Some(false)) {
                    inside.say(output.clone());
                }
                inside.say(output);
            })
        },
    },
    Mutant {
        name: "engine-event-revision-is-local",
        summary: "reports its own revision for that of the promise",
        breaks: &["ENG-72"],
        answer: |request| {
            saying(request, |inside, mut output| {
                if let Output::Report(report) = &mut output {
                    report.event_revision = report.event_revision.and(report.local_revision);
                }
                inside.say(output);
            })
        },
    },
    Mutant {
        name: "engine-question-reported-with-the-promise",
        summary: "reports the promise in place of the event about which shouldRefresh failed",
        breaks: &["ENG-72"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        if let Input::Event(event) = &input {
                            inside.memory.number = inside.memory.number.max(event.revision.value());
                        }
                        inside.hear(input);
                    },
                    output: |inside, mut output| {
                        if let Output::Report(report) = &mut output
                            && report.phase == SyncPhase::Invalidation
                        {
                            report.event_revision = Some(Revision::new(inside.memory.number));
                        }
                        inside.say(output);
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-delay-always-told",
        summary: "reports a delay of 0 where no attempt follows",
        breaks: &["ENG-72"],
        answer: |request| {
            saying(request, |inside, mut output| {
                if let Output::Report(report) = &mut output
                    && report.will_retry == Some(false)
                {
                    report.next_delay_ms = Some(SafeInteger::from(0_u32));
                }
                inside.say(output);
            })
        },
    },
    Mutant {
        name: "engine-settles-before-it-reports",
        summary: "settles the callers of a failure before it reports it",
        breaks: &["ENG-73"],
        answer: |request| {
            between(
                request,
                Tamper {
                    output: |inside, output| match output {
                        Output::Report(_) => inside.memory.kept.push(output),
                        other => inside.say(other),
                    },
                    idle: |inside| {
                        for output in std::mem::take(&mut inside.memory.kept) {
                            inside.say(output);
                        }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-callback-escapes",
        summary: "is left in the middle of what it does by a callback that throws",
        breaks: &["ENG-74"],
        answer: |request| retold(request, |input, trace| ends_at_a_callback(input, trace, "throw")),
    },
    Mutant {
        name: "engine-unhandled-rejection",
        summary: "lets the later failure of a callback end the process",
        breaks: &["ENG-76"],
        answer: |request| {
            retold(request, |input, trace| {
                let failed = entries(input).find(|(_, action)| {
                    let of_a_callback = ["onError", "status", "unsubscribe", "shouldRefresh"]
                        .iter()
                        .any(|name| action.get("settle") == Some(&json!(name)));
                    of_a_callback && action.get("reject").is_some()
                });
                if let Some((at, _)) = failed {
                    trace.retain(|entry| entry["at"].as_u64().is_some_and(|instant| instant < at));
                }
            })
        },
    },
    Mutant {
        name: "engine-waits-for-on-error",
        summary: "goes on only when what onError returned has settled",
        breaks: &["ENG-76"],
        answer: |request| retold(request, |input, trace| ends_at_a_callback(input, trace, "open")),
    },
    Mutant {
        name: "engine-never-stale",
        summary: "calls itself live although its last attempt has failed",
        breaks: &["ENG-84"],
        answer: |request| super::engine_tools::ruled(request, NeverStale),
    },
    Mutant {
        name: "engine-status-told-again",
        summary: "tells the status at each attempt, changed or not",
        breaks: &["ENG-84"],
        answer: |request| {
            saying(request, |inside, output| {
                let status = inside.status();
                if matches!(output, Output::GetSnapshot { .. }) && status != Status::Idle {
                    inside.say(Output::Status(status));
                }
                inside.say(output);
            })
        },
    },
    Mutant {
        name: "engine-settles-before-the-status",
        summary: "tells the status after it has settled the callers of the same step",
        breaks: &["ENG-84"],
        answer: |request| {
            between(
                request,
                Tamper {
                    output: |inside, output| match output {
                        Output::Status(_) => inside.memory.kept.push(output),
                        other => inside.say(other),
                    },
                    idle: |inside| {
                        for output in std::mem::take(&mut inside.memory.kept) {
                            inside.say(output);
                        }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-counts-stale-events-not",
        summary: "counts the events alone that it pulls for",
        breaks: &["ENG-85"],
        answer: |request| {
            figures(request, |figures| figures.events = figures.events.min(figures.pulls.saturating_sub(1)))
        },
    },
    Mutant {
        name: "engine-counts-every-request",
        summary: "counts a queued pull as coalesced although nothing was there to join",
        breaks: &["ENG-85"],
        answer: |request| figures(request, |figures| figures.coalesced += u64::from(figures.coalesced > 0)),
    },
    Mutant {
        name: "engine-counts-answers-as-applied",
        summary: "counts a snapshot as applied that the gate has not let through",
        breaks: &["ENG-85"],
        answer: |request| figures(request, |figures| figures.applied += std::mem::take(&mut figures.skipped)),
    },
    Mutant {
        name: "engine-counts-pulls-that-succeed",
        summary: "counts the calls of getSnapshot that lead to something",
        breaks: &["ENG-85"],
        answer: |request| figures(request, |figures| figures.pulls = figures.pulls.min(figures.applied)),
    },
];

fn figures(
    request: &crate::wire::Request,
    change: fn(&mut state_sync_engine::Metrics),
) -> crate::wire::Answer {
    // Figures are read only, so that one mutant more is one more line here.
    COUNTING.with(|counting| counting.set(Some(change)));
    between(
        request,
        Tamper {
            metrics: |_, mut metrics| {
                if let Some(change) = COUNTING.with(std::cell::Cell::get) {
                    change(&mut metrics);
                }
                metrics
            },
            ..Tamper::default()
        },
    )
}

thread_local! {
    /// What the mutant that plays on this thread does to its figures.
    static COUNTING: std::cell::Cell<Option<fn(&mut state_sync_engine::Metrics)>> = const { std::cell::Cell::new(None) };
}

/// Nothing follows in the trace after the first call of a callback that answers so.
fn ends_at_a_callback(input: &Map<String, Value>, trace: &mut Vec<Value>, how: &str) {
    let callback = entries(input).find_map(|(at, action)| {
        let name = action.get("answer")?.as_str()?;
        let is_callback = ["onError", "status", "unsubscribe", "shouldRefresh"].contains(&name);
        (is_callback && action.get(how).is_some()).then_some((at, name))
    });
    let Some((at, name)) = callback else { return };
    let called =
        |entry: &Value| entry["call"] == name && entry["at"].as_u64().is_some_and(|instant| instant >= at);
    if let Some(place) = trace.iter().position(called) {
        trace.truncate(place + 1);
    }
}

struct NeverStale;
impl state_sync_engine::Rules for NeverStale {
    fn status(&self, state: state_sync_engine::State, _: bool) -> Status {
        state_sync_engine::Normative.status(state, false)
    }
}
