//! Engines whose pulls are too many, too few, or serve the wrong callers.

use super::{
    Mutant,
    engine_tools::{Inside, NOBODY, Out, Tamper, between, ms, ruled},
};
use state_sync::SyncPhase;
use state_sync_engine::{
    Caller, Gate, Input, Normative, Outcome, Output, Placement, Position, Pulling, Requester, RetryPolicy,
    Rules, Status, SyncError,
};
use std::{sync::Arc, time::Duration};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-pull-for-each-request",
        summary: "calls getSnapshot for every request, whatever is in flight",
        breaks: &["ENG-43"],
        answer: |request| ruled(request, BeginsAlways),
    },
    Mutant {
        name: "engine-requests-in-flight-dropped",
        summary: "forgets what is requested while a pull is in flight",
        breaks: &["ENG-43", "ENG-45"],
        answer: |request| ruled(request, DropsInFlight),
    },
    Mutant {
        name: "engine-served-by-the-pull-in-flight",
        summary: "serves a refresh by a pull that began before it",
        breaks: &["ENG-45", "ENG-43"],
        answer: |request| ruled(request, JoinsInFlight),
    },
    Mutant {
        name: "engine-refresh-waits-out-the-delay",
        summary: "lets a refresh wait for the retry that is due",
        breaks: &["ENG-44"],
        answer: |request| ruled(request, WaitsOut),
    },
    Mutant {
        name: "engine-event-ends-the-delay",
        summary: "begins the attempt that waits when an event comes",
        breaks: &["ENG-44"],
        answer: |request| ruled(request, EventsHurry),
    },
    Mutant {
        name: "engine-queue-fails-with-the-attempt",
        summary: "fails the callers of the queued pull with the attempt before it, though another attempt follows",
        breaks: &["ENG-46"],
        answer: |request| {
            between(request, Tamper { input: remember_refresh, output: fail_queued, ..Tamper::default() })
        },
    },
    Mutant {
        name: "engine-queue-lost-on-failure",
        summary: "loses a queued refresh when the one in flight fails",
        breaks: &["ENG-47"],
        answer: |request| ruled(request, LosesQueue { on_success: false }),
    },
    Mutant {
        name: "engine-queue-lost-on-success",
        summary: "takes the queued pull for served when the one in flight succeeds",
        breaks: &["ENG-48"],
        answer: |request| ruled(request, LosesQueue { on_success: true }),
    },
    Mutant {
        name: "engine-never-yields",
        summary: "begins the queued pull in the turn in which the one before it ends",
        breaks: &["ENG-49", "ENG-81"],
        answer: |request| ruled(request, NeverTurns),
    },
    Mutant {
        name: "engine-turn-takes-a-millisecond",
        summary: "waits a millisecond where the event loop is to turn once",
        breaks: &["ENG-49", "ENG-81"],
        answer: |request| {
            between(
                request,
                Tamper {
                    next_timer: |inside, due| {
                        due.map(|due| if Some(due) == inside.now { due + ms(1) } else { due })
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-takes-a-lagging-answer-for-success",
        summary: "does not pull again where the answer is older than what was promised",
        breaks: &["ENG-56"],
        answer: |request| ruled(request, NeverBehind),
    },
    Mutant {
        name: "engine-older-answer-is-success",
        summary: "takes an answer that is older than local for success in silence",
        breaks: &["ENG-56", "ENG-57"],
        answer: |request| ruled(request, OlderIsFine),
    },
    Mutant {
        name: "engine-behind-reported-each-time",
        summary: "reports each attempt that leaves the reader behind",
        breaks: &["ENG-58"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        inside.memory.flag = matches!(input, Input::Snapshot { outcome: Ok(_), .. });
                        inside.hear(input);
                    },
                    output: |inside, output| {
                        inside.memory.flag &= !matches!(output, Output::Apply { .. } | Output::Report(_));
                        inside.say(output);
                    },
                    idle: |inside| {
                        if std::mem::take(&mut inside.memory.flag) && inside.status() == Status::Stale {
                            let error = Arc::new(SyncError::Stopped);
                            let context = state_sync::SyncErrorContext::new(SyncPhase::Refresh, error);
                            inside.say(Output::Report(Box::new(context)));
                        }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-gives-up-in-silence",
        summary: "does not say that it stays behind",
        breaks: &["ENG-57"],
        answer: |request| {
            super::engine_tools::saying(request, |inside, output| match output {
                Output::Report(report)
                    if matches!(*report.error, SyncError::Behind { .. } | SyncError::Older { .. }) => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-older-answer-reported-as-refresh",
        summary: "does not tell a source that went back from one that lags",
        breaks: &["ENG-57"],
        answer: |request| {
            super::engine_tools::saying(request, |inside, mut output| {
                if let Output::Report(report) = &mut output
                    && matches!(*report.error, SyncError::Older { .. })
                {
                    report.phase = SyncPhase::Refresh;
                }
                inside.say(output);
            })
        },
    },
    Mutant {
        name: "engine-promise-kept-when-it-gives-up",
        summary: "goes on about a promise after it has given up",
        breaks: &["ENG-57"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        if let Input::Event(event) = &input {
                            inside.memory.event = Some(event.clone());
                        }
                        inside.hear(input);
                    },
                    output: |inside, output| {
                        let given_up = matches!(&output, Output::Report(report) if matches!(*report.error, SyncError::Behind { .. }));
                        inside.say(output);
                        if given_up && let Some(event) = inside.memory.event.take() {
                            inside.hear(Input::Event(event));
                        }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-behind-without-a-delay",
        summary: "pulls again at once as long as it is behind",
        breaks: &["ENG-56"],
        answer: |request| ruled(request, Hurries),
    },
    Mutant {
        name: "engine-limiter-serves-refresh",
        summary: "lets refresh wait for the limiter",
        breaks: &["ENG-42", "ENG-50"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| match input {
                        Input::Refresh(_) if inside.status() == Status::Live => inside.hear(Input::Gap),
                        other => inside.hear(other),
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-pulls-twice",
        summary: "makes sure by a second pull after each refresh",
        breaks: &["ENG-42", "ENG-48"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        let refreshes = matches!(input, Input::Refresh(_));
                        inside.hear(input);
                        if refreshes {
                            inside.hear(Input::Refresh(NOBODY));
                        }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
];

fn remember_refresh(inside: &mut Inside, input: super::engine_tools::In) {
    match &input {
        // The first of them is served by the attempt that it begins.
        Input::Refresh(caller) if inside.memory.flag => inside.memory.callers.push(*caller),
        Input::Refresh(_) => inside.memory.flag = true,
        _ => {}
    }
    inside.hear(input);
}

fn fail_queued(inside: &mut Inside, output: Out) {
    if let Output::Report(report) = &output
        && report.will_retry == Some(true)
        && matches!(report.phase, SyncPhase::GetSnapshot | SyncPhase::Apply)
    {
        let error = Arc::clone(&report.error);
        for caller in std::mem::take(&mut inside.memory.callers) {
            let outcome = Outcome::Failed(Arc::clone(&error));
            inside.say(Output::Settle { caller: Caller::Refresh(caller), outcome });
        }
    }
    inside.say(output);
}

struct BeginsAlways;
impl Rules for BeginsAlways {
    fn place(&self, _: Pulling, _: Requester) -> Placement {
        Placement::Begin
    }
}

struct DropsInFlight;
impl Rules for DropsInFlight {
    fn place(&self, pulling: Pulling, requester: Requester) -> Placement {
        if pulling == Pulling::Attempt { Placement::Drop } else { Normative.place(pulling, requester) }
    }
}

struct JoinsInFlight;
impl Rules for JoinsInFlight {
    fn place(&self, pulling: Pulling, requester: Requester) -> Placement {
        if pulling == Pulling::Attempt { Placement::Join } else { Normative.place(pulling, requester) }
    }
}

struct WaitsOut;
impl Rules for WaitsOut {
    fn place(&self, pulling: Pulling, requester: Requester) -> Placement {
        if pulling == Pulling::Waiting { Placement::Join } else { Normative.place(pulling, requester) }
    }
}

struct EventsHurry;
impl Rules for EventsHurry {
    fn place(&self, pulling: Pulling, requester: Requester) -> Placement {
        if pulling == Pulling::Waiting { Placement::Begin } else { Normative.place(pulling, requester) }
    }
}

struct LosesQueue {
    on_success: bool,
}
impl Rules for LosesQueue {
    fn keeps_queue(&self, attempt_succeeded: bool) -> bool {
        attempt_succeeded != self.on_success
    }
}

struct NeverTurns;
impl Rules for NeverTurns {
    fn turns(&self) -> bool {
        false
    }
}

struct NeverBehind;
impl Rules for NeverBehind {
    fn leaves_behind(&self, _: bool, _: Option<&Position>, _: &Gate) -> bool {
        false
    }
}

struct OlderIsFine;
impl Rules for OlderIsFine {
    fn leaves_behind(&self, _: bool, promise: Option<&Position>, gate: &Gate) -> bool {
        Normative.leaves_behind(false, promise, gate)
    }
}

struct Hurries;
impl Rules for Hurries {
    fn delay_after(&self, _: &RetryPolicy, _: u32, _: f64) -> Duration {
        Duration::ZERO
    }
}
