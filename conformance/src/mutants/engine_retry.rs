//! Engines that try again at the wrong times, and take time-outs lightly.

use super::{
    Mutant,
    engine_tools::{Tamper, between, drawing, hearing, ruled, saying},
};
use state_sync_engine::{Advice, Attempts, Failure, Input, Output, RetryPolicy, Rules, Status};
use std::time::Duration;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-one-attempt-more",
        summary: "makes one attempt more than it may",
        breaks: &["ENG-65"],
        answer: |request| ruled(request, OneMore),
    },
    Mutant {
        name: "engine-gives-up-on-infinite",
        summary: "gives up after three attempts though it was told not to",
        breaks: &["ENG-65"],
        answer: |request| ruled(request, ThreeAtMost),
    },
    Mutant {
        name: "engine-delays-do-not-grow",
        summary: "waits as long after the second attempt as after the first",
        breaks: &["ENG-65"],
        answer: |request| ruled(request, SameDelay),
    },
    Mutant {
        name: "engine-delays-without-end",
        summary: "lets delays grow beyond the longest",
        breaks: &["ENG-65"],
        answer: |request| ruled(request, NoLongest),
    },
    Mutant {
        name: "engine-without-jitter",
        summary: "leaves nothing to chance, so that all readers come back at once",
        breaks: &["ENG-65", "ENG-82"],
        answer: |request| drawing(request, |_| 0.0),
    },
    Mutant {
        name: "engine-draws-twice",
        summary: "asks for chance twice for one delay",
        breaks: &["ENG-82"],
        answer: |request| {
            drawing(request, |random| {
                random();
                random()
            })
        },
    },
    Mutant {
        name: "engine-one-draw-for-all",
        summary: "asks for chance once and uses it for ever",
        breaks: &["ENG-82", "ENG-65"],
        answer: |request| ruled(request, OneDraw(std::cell::Cell::new(None))),
    },
    Mutant {
        name: "engine-advice-ignored",
        summary: "tries again though the port said that it is of no use",
        breaks: &["ENG-66"],
        answer: unadvised,
    },
    Mutant {
        name: "engine-apply-not-repeated",
        summary: "does not try again where apply has failed",
        breaks: &["ENG-66"],
        answer: |request| {
            hearing(request, |inside, input| {
                inside.hear(match input {
                    Input::Applied { number, outcome: Err(Failure::Failed { error, .. }) } => {
                        let failure = Failure::Failed { error, advice: Advice::Never };
                        Input::Applied { number, outcome: Err(failure) }
                    }
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-late-answer-taken",
        summary: "takes an answer for that of the attempt that is under way now",
        breaks: &["ENG-69"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        inside.hear(match input {
                            Input::Snapshot { outcome, .. } => {
                                Input::Snapshot { number: inside.memory.number, outcome }
                            }
                            other => other,
                        });
                    },
                    output: |inside, output| {
                        if let Output::GetSnapshot { number } = output {
                            inside.memory.number = number;
                        }
                        inside.say(output);
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-time-out-cancels-nothing",
        summary: "does not tell a call that its time is over",
        breaks: &["ENG-69"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Cancel { .. } if inside.status() != Status::Stopped => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-throwing-port-escapes",
        summary: "is left in the middle of a call by a port that throws before it returns",
        breaks: &["ENG-70"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        let failed = matches!(
                            input,
                            Input::Snapshot { outcome: Err(_), .. }
                                | Input::Applied { outcome: Err(_), .. }
                                | Input::Subscribed { outcome: Err(_), .. }
                        );
                        if !(failed && inside.memory.flag) {
                            inside.hear(input);
                        }
                    },
                    output: |inside, output| {
                        inside.memory.flag = matches!(
                            output,
                            Output::Subscribe { .. } | Output::GetSnapshot { .. } | Output::Apply { .. }
                        );
                        inside.say(output);
                    },
                    idle: |inside| inside.memory.flag = false,
                    ..Tamper::default()
                },
            )
        },
    },
];

fn unadvised(request: &crate::wire::Request) -> crate::wire::Answer {
    fn plain<E>(failure: Failure<E>) -> Failure<E> {
        match failure {
            Failure::Failed { error, .. } => Failure::Failed { error, advice: Advice::Policy },
            other => other,
        }
    }
    hearing(request, |inside, input| {
        inside.hear(match input {
            Input::Snapshot { number, outcome } => {
                Input::Snapshot { number, outcome: outcome.map_err(plain) }
            }
            Input::Applied { number, outcome } => Input::Applied { number, outcome: outcome.map_err(plain) },
            Input::Subscribed { number, outcome } => {
                Input::Subscribed { number, outcome: outcome.map_err(plain) }
            }
            other => other,
        });
    })
}

struct OneMore;
impl Rules for OneMore {
    fn allows_after(&self, policy: &RetryPolicy, number: u32) -> bool {
        number <= 1 || policy.allows_after(number - 1)
    }
}

struct ThreeAtMost;
impl Rules for ThreeAtMost {
    fn allows_after(&self, policy: &RetryPolicy, number: u32) -> bool {
        policy.allows_after(number) && (policy.max_attempts != Attempts::Infinite || number < 3)
    }
}

struct SameDelay;
impl Rules for SameDelay {
    fn delay_after(&self, policy: &RetryPolicy, _: u32, random: f64) -> Duration {
        policy.delay_after(1, random)
    }
}

struct NoLongest;
impl Rules for NoLongest {
    fn delay_after(&self, policy: &RetryPolicy, number: u32, random: f64) -> Duration {
        RetryPolicy { max_delay: Duration::MAX, ..*policy }.delay_after(number, random)
    }
}

struct OneDraw(std::cell::Cell<Option<f64>>);
impl Rules for OneDraw {
    fn delay_after(&self, policy: &RetryPolicy, number: u32, random: f64) -> Duration {
        let first = self.0.get().unwrap_or(random);
        self.0.set(Some(first));
        policy.delay_after(number, first)
    }
}
