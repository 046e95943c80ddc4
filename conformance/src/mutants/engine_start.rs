//! Engines that start wrongly.

use super::{
    Mutant,
    engine_tools::{Inside, NOBODY, Out, Tamper, between, hearing, ruled, saying},
};
use state_sync::SyncPhase;
use state_sync_engine::{
    Advice, Caller, Failure, Input, Normative, Outcome, Output, Placement, Pulling, Requester, Rules, Status,
};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-pulls-before-it-is-subscribed",
        summary: "pulls and subscribes at once, so that what changes in between is lost",
        breaks: &["ENG-16"],
        answer: |request| {
            hearing(request, |inside, input| {
                let starts = matches!(input, Input::Start(_)) && inside.status() == Status::Idle;
                inside.hear(input);
                if starts {
                    inside.hear(Input::Refresh(NOBODY));
                }
            })
        },
    },
    Mutant {
        name: "engine-start-is-over-when-subscribed",
        summary: "lets start succeed without data",
        breaks: &["ENG-17"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        if let Input::Start(caller) = &input {
                            inside.memory.callers.push(*caller);
                        }
                        let subscribed = matches!(&input, Input::Subscribed { outcome: Ok(()), .. });
                        inside.hear(input);
                        if subscribed {
                            for caller in std::mem::take(&mut inside.memory.callers) {
                                inside.say(Output::Settle {
                                    caller: Caller::Start(caller),
                                    outcome: Outcome::Done,
                                });
                            }
                        }
                    },
                    output: |inside, output| match output {
                        Output::Settle { caller: Caller::Start(caller), outcome } => {
                            if let Some(place) =
                                inside.memory.callers.iter().position(|known| *known == caller)
                            {
                                inside.memory.callers.remove(place);
                                inside.say(Output::Settle { caller: Caller::Start(caller), outcome });
                            }
                        }
                        other => inside.say(other),
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-second-start-succeeds-at-once",
        summary: "lets a second start succeed although the first is still under way",
        breaks: &["ENG-18"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Start(caller) if inside.status() == Status::Starting => {
                    inside.say(Output::Settle { caller: Caller::Start(caller), outcome: Outcome::Done });
                }
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-second-start-pulls-again",
        summary: "pulls once more for a start that finds the engine running",
        breaks: &["ENG-18"],
        answer: |request| {
            hearing(request, |inside, input| {
                let again = matches!(input, Input::Start(_)) && inside.status() == Status::Live;
                inside.hear(input);
                if again {
                    inside.hear(Input::Refresh(NOBODY));
                }
            })
        },
    },
    Mutant {
        name: "engine-subscribe-is-not-repeated",
        summary: "gives up when subscribe fails once",
        breaks: &["ENG-19"],
        answer: |request| {
            hearing(request, |inside, input| {
                inside.hear(match input {
                    Input::Subscribed { number, outcome: Err(Failure::Failed { error, .. }) } => {
                        let failure = Failure::Failed { error, advice: Advice::Never };
                        Input::Subscribed { number, outcome: Err(failure) }
                    }
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-failed-start-leaks-the-subscription",
        summary: "does not end the subscription of a start that fails",
        breaks: &["ENG-20"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        inside.memory.flag = matches!(input, Input::Stop);
                        inside.hear(input);
                    },
                    output: |inside, output| match output {
                        Output::Unsubscribe { .. } if !inside.memory.flag => {}
                        other => inside.say(other),
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-failed-start-keeps-its-queue",
        summary: "pulls for an event of a start that has failed",
        breaks: &["ENG-20"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        inside.memory.flag |= matches!(input, Input::Event(_) | Input::Gap);
                        inside.hear(input);
                    },
                    output: |inside, output| {
                        let failed = matches!(
                            &output,
                            Output::Settle { caller: Caller::Start(_), outcome: Outcome::Failed(_) }
                        );
                        inside.say(output);
                        if failed && inside.memory.flag && inside.status() == Status::Idle {
                            inside.hear(Input::Refresh(NOBODY));
                        }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-starts-after-stop",
        summary: "takes a start after stop for a success",
        breaks: &["ENG-21"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Start(caller) if inside.status() == Status::Stopped => {
                    inside.say(Output::Settle { caller: Caller::Start(caller), outcome: Outcome::Done });
                }
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-start-after-stop-not-reported",
        summary: "refuses a start after stop without a report",
        breaks: &["ENG-21", "ENG-71"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Report(report) if report.phase == SyncPhase::Start => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-late-subscription-leaks",
        summary: "keeps a subscription that comes after stop or after its time-out",
        breaks: &["ENG-22"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        inside.memory.flag = matches!(input, Input::Subscribed { outcome: Ok(()), .. });
                        inside.hear(input);
                    },
                    output: |inside, output| match output {
                        Output::Unsubscribe { .. } if inside.memory.flag => {}
                        other => inside.say(other),
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-event-while-subscribing-pulls",
        summary: "pulls for events that come before it is subscribed",
        breaks: &["ENG-34", "ENG-35"],
        answer: |request| ruled(request, TriggersAlways),
    },
    Mutant {
        name: "engine-first-pull-waits",
        summary: "leaves the pull of start to the next event",
        breaks: &["ENG-16", "ENG-42"],
        answer: |request| ruled(request, DropsStart),
    },
    Mutant {
        name: "engine-refresh-needs-start",
        summary: "does nothing for a refresh before start",
        breaks: &["ENG-50"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Refresh(caller) if inside.status() == Status::Idle => {
                    inside.say(Output::Settle { caller: Caller::Refresh(caller), outcome: Outcome::Done });
                }
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-refresh-of-an-idle-engine-waits",
        summary: "does not begin a pull at once though nothing is under way",
        breaks: &["ENG-42"],
        answer: |request| ruled(request, RefreshQueuesAlways),
    },
    Mutant {
        name: "engine-inputs-of-ports-lost",
        summary: "loses what a port does to the engine before it returns",
        breaks: &["ENG-15"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        let of_a_port = matches!(
                            input,
                            Input::Snapshot { .. }
                                | Input::Applied { .. }
                                | Input::Subscribed { .. }
                                | Input::ShouldRefresh(_)
                                | Input::Validated(_)
                                | Input::Stop
                        );
                        if of_a_port || !inside.memory.flag {
                            inside.hear(input);
                        }
                    },
                    output: is_under_way,
                    idle: |inside| inside.memory.flag = false,
                    ..Tamper::default()
                },
            )
        },
    },
];

fn is_under_way(inside: &mut Inside, output: Out) {
    inside.memory.flag = matches!(
        output,
        Output::Subscribe { .. } | Output::GetSnapshot { .. } | Output::Apply { .. } | Output::Report(_)
    );
    inside.say(output);
}

struct TriggersAlways;
impl Rules for TriggersAlways {
    fn triggers(&self, _subscribed: bool) -> bool {
        true
    }
}

struct DropsStart;
impl Rules for DropsStart {
    fn place(&self, pulling: Pulling, requester: Requester) -> Placement {
        if requester == Requester::Start { Placement::Drop } else { Normative.place(pulling, requester) }
    }
}

struct RefreshQueuesAlways;
impl Rules for RefreshQueuesAlways {
    fn place(&self, pulling: Pulling, requester: Requester) -> Placement {
        if requester == Requester::Refresh { Placement::Queue } else { Normative.place(pulling, requester) }
    }
}
