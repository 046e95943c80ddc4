//! Engines that are stopped and go on.

use super::{
    Mutant,
    engine_tools::{Inside, Out, Tamper, between, hearing, ms, saying},
};
use state_sync::{SyncErrorContext, SyncPhase};
use state_sync_engine::{Caller, Input, Outcome, Output, Status, SyncError};
use std::sync::Arc;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-stop-cancels-nothing",
        summary: "does not tell the calls under way that they are not wanted any more",
        breaks: &["ENG-23"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Cancel { .. } if inside.status() == Status::Stopped => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-stop-keeps-the-subscription",
        summary: "stops without ending the subscription",
        breaks: &["ENG-23", "ENG-27"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Unsubscribe { .. } if inside.status() == Status::Stopped => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-subscription-ended-twice",
        summary: "ends a subscription as often as it is stopped",
        breaks: &["ENG-27"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        let again = matches!(input, Input::Stop) && inside.status() == Status::Stopped;
                        inside.hear(input);
                        // Once is enough, and unsubscribe may stop the engine itself.
                        if again && !std::mem::replace(&mut inside.memory.flag, true) {
                            inside.say(Output::Unsubscribe { subscription: inside.memory.number });
                        }
                    },
                    output: |inside, output| {
                        if let Output::Unsubscribe { subscription } = output {
                            inside.memory.number = subscription;
                        }
                        inside.say(output);
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-applies-after-stop",
        summary: "applies an answer that comes after stop",
        breaks: &["ENG-24"],
        answer: |request| {
            hearing(request, |inside, input| {
                if let (Input::Snapshot { outcome: Ok(snapshot), .. }, Status::Stopped) =
                    (&input, inside.status())
                {
                    inside.say(Output::Apply { number: 99, snapshot: snapshot.clone() });
                }
                inside.hear(input);
            })
        },
    },
    Mutant {
        name: "engine-offers-after-stop",
        summary: "applies an offer that comes after stop",
        breaks: &["ENG-24"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Offer { snapshot: Ok(snapshot), .. } if inside.status() == Status::Stopped => {
                    inside.say(Output::Apply { number: 99, snapshot });
                }
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-timers-survive-stop",
        summary: "pulls when a timer fires that was set before stop",
        breaks: &["ENG-24", "ENG-39", "ENG-67"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| match input {
                        Input::Stop if inside.status() != Status::Stopped => {
                            inside.memory.time = inside.engine.next_timer();
                            inside.hear(Input::Stop);
                        }
                        Input::Timer if inside.memory.time.take().is_some() => {
                            inside.say(Output::GetSnapshot { number: 99 });
                        }
                        other => inside.hear(other),
                    },
                    next_timer: |inside, due| inside.memory.time.or(due),
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-delay-outlives-stop",
        summary: "settles what waits for a retry only when the delay is over",
        breaks: &["ENG-67", "ENG-26"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| match input {
                        Input::Stop if inside.status() != Status::Stopped => {
                            inside.memory.time = inside.engine.next_timer();
                            inside.hear(Input::Stop);
                        }
                        Input::Timer if inside.memory.time.take().is_some() => {
                            for output in std::mem::take(&mut inside.memory.kept) {
                                inside.say(output);
                            }
                        }
                        other => inside.hear(other),
                    },
                    output: |inside, output| match output {
                        Output::Settle { caller: Caller::Refresh(_) | Caller::Start(_), .. }
                            if inside.memory.time.is_some() =>
                        {
                            inside.memory.kept.push(output);
                        }
                        other => inside.say(other),
                    },
                    next_timer: |inside, due| inside.memory.time.or(due),
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-stop-reports-start",
        summary: "reports a start as failed because the application has stopped it",
        breaks: &["ENG-25"],
        answer: |request| {
            saying(request, |inside, output| {
                if let Output::Settle { caller: Caller::Start(_), outcome: Outcome::Failed(error) } = &output
                    && matches!(**error, SyncError::Stopped)
                {
                    let context = SyncErrorContext::new(SyncPhase::Start, Arc::new(SyncError::Stopped));
                    inside.say(Output::Report(Box::new(context)));
                }
                inside.say(output);
            })
        },
    },
    Mutant {
        name: "engine-stop-lets-start-succeed",
        summary: "lets a start succeed that was stopped",
        breaks: &["ENG-25"],
        answer: |request| {
            saying(request, |inside, output| {
                inside.say(match output {
                    Output::Settle { caller: Caller::Start(caller), .. }
                        if inside.status() == Status::Stopped =>
                    {
                        Output::Settle { caller: Caller::Start(caller), outcome: Outcome::Done }
                    }
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-stop-leaves-refresh-waiting",
        summary: "never settles a refresh that was under way when it was stopped",
        breaks: &["ENG-26"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        inside.memory.flag = matches!(input, Input::Stop);
                        inside.hear(input);
                    },
                    output: |inside, output| match output {
                        Output::Settle { caller: Caller::Refresh(_), .. } if inside.memory.flag => {}
                        other => inside.say(other),
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-refresh-fails-after-stop",
        summary: "lets a refresh after stop fail",
        breaks: &["ENG-26"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Refresh(caller) if inside.status() == Status::Stopped => fails(inside, caller),
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-stop-takes-a-moment",
        summary: "ends the subscription a millisecond after stop has returned",
        breaks: &["ENG-23"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| match input {
                        Input::Timer if inside.memory.time.take().is_some() => {
                            for output in std::mem::take(&mut inside.memory.kept) {
                                inside.say(output);
                            }
                        }
                        other => inside.hear(other),
                    },
                    output: later,
                    next_timer: |inside, due| inside.memory.time.or(due),
                    ..Tamper::default()
                },
            )
        },
    },
];

fn fails(inside: &mut Inside, caller: u64) {
    let outcome = Outcome::Failed(Arc::new(SyncError::Stopped));
    inside.say(Output::Settle { caller: Caller::Refresh(caller), outcome });
}

fn later(inside: &mut Inside, output: Out) {
    match output {
        Output::Unsubscribe { .. } if inside.status() == Status::Stopped => {
            inside.memory.time = inside.now.map(|now| now + ms(1));
            inside.memory.kept.push(output);
        }
        other => inside.say(other),
    }
}
