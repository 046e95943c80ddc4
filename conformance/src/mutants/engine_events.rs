//! Engines that take events for something else.

use super::{
    Mutant,
    engine_tools::{hearing, rewritten, ruled, saying},
};
use serde_json::json;
use state_sync::{InvalidationEvent, SyncPhase};
use state_sync_engine::{Gate, Input, Output, Position, Rules};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-malformed-events-dropped",
        summary: "drops what is no event without a word",
        breaks: &["ENG-28"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::InvalidEvent(_) => {}
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-malformed-event-is-a-gap",
        summary: "pulls for what is no event",
        breaks: &["ENG-28"],
        answer: |request| {
            hearing(request, |inside, input| {
                let malformed = matches!(input, Input::InvalidEvent(_));
                inside.hear(input);
                if malformed {
                    inside.hear(Input::Gap);
                }
            })
        },
    },
    Mutant {
        name: "engine-events-of-any-topic",
        summary: "takes events of other topics for its own",
        breaks: &["ENG-29"],
        answer: |request| {
            hearing(request, |inside, input| {
                inside.hear(match input {
                    Input::Event(event) => {
                        Input::Event(InvalidationEvent { topic: inside.engine.topic().clone(), ..event })
                    }
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-topic-without-case",
        summary: "compares topics without regard to case and white space around them",
        breaks: &["ENG-11", "ENG-29"],
        answer: |request| {
            hearing(request, |inside, input| {
                let own = inside.engine.topic().clone();
                let plain = |topic: &str| topic.trim().to_lowercase();
                inside.hear(match input {
                    Input::Event(event) if plain(event.topic.as_str()) == plain(own.as_str()) => {
                        Input::Event(InvalidationEvent { topic: own, ..event })
                    }
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-stale-events-pull",
        summary: "pulls for events that tell nothing new",
        breaks: &["ENG-30"],
        answer: |request| ruled(request, NothingIsStale),
    },
    Mutant {
        name: "engine-stale-only-when-lower",
        summary: "does not take an event of its own revision for stale",
        breaks: &["ENG-30"],
        answer: |request| ruled(request, SameIsNotStale),
    },
    Mutant {
        name: "engine-falsy-is-false",
        summary: "takes null, 0 and the empty text for an answer of false",
        breaks: &["ENG-31"],
        answer: |request| {
            rewritten(request, |input| {
                for entry in input
                    .get_mut("timeline")
                    .and_then(|timeline| timeline.as_array_mut())
                    .into_iter()
                    .flatten()
                {
                    if entry.pointer("/do/answer") == Some(&json!("shouldRefresh"))
                        && let Some(answer) = entry.pointer_mut("/do/resolve")
                        && (answer.is_null() || *answer == json!(0) || *answer == json!(""))
                    {
                        *answer = json!(false);
                    }
                }
            })
        },
    },
    Mutant {
        name: "engine-refused-event-promises",
        summary: "promises what shouldRefresh has refused",
        breaks: &["ENG-31", "ENG-33"],
        answer: |request| {
            hearing(request, |inside, input| {
                inside.hear(match input {
                    Input::ShouldRefresh(Ok(false)) => Input::ShouldRefresh(Ok(true)),
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-failed-question-is-no",
        summary: "ignores an event about which shouldRefresh fails",
        breaks: &["ENG-32"],
        answer: |request| ruled(request, FailedIsUnwanted),
    },
    Mutant {
        name: "engine-failed-question-not-reported",
        summary: "does not report that shouldRefresh fails",
        breaks: &["ENG-32", "ENG-71"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Report(report) if report.phase == SyncPhase::Invalidation => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-promise-is-the-last-event",
        summary: "lowers the promise for an event that was overtaken",
        breaks: &["ENG-33"],
        answer: |request| ruled(request, PromisesLast),
    },
    Mutant {
        name: "engine-promise-is-the-first-event",
        summary: "keeps the first promise, whatever comes after it",
        breaks: &["ENG-33"],
        answer: |request| ruled(request, PromisesFirst),
    },
    Mutant {
        name: "engine-promise-without-epochs",
        summary: "compares promises of different epochs by their revisions",
        breaks: &["ENG-33"],
        answer: |request| ruled(request, PromisesHighest),
    },
    Mutant {
        name: "engine-gaps-ignored",
        summary: "does not care for events that may have been lost",
        breaks: &["ENG-35"],
        answer: |request| {
            hearing(request, |inside, input| match input {
                Input::Gap => {}
                other => inside.hear(other),
            })
        },
    },
    Mutant {
        name: "engine-pulls-although-reached",
        summary: "pulls whenever the limiter calls, though there is nothing left to pull",
        breaks: &["ENG-41"],
        answer: |request| ruled(request, PullsAlways),
    },
    Mutant {
        name: "engine-reached-by-any-epoch",
        summary: "takes a promise for reached by a higher revision of another epoch",
        breaks: &["ENG-41"],
        answer: |request| ruled(request, ReachedByRevision),
    },
    Mutant {
        name: "engine-limiter-does-nothing-while-behind",
        summary: "pulls for gaps alone when the limiter calls",
        breaks: &["ENG-41"],
        answer: |request| ruled(request, PullsForGaps),
    },
];

struct NothingIsStale;
impl Rules for NothingIsStale {
    fn is_stale(&self, _: &Gate, _: &InvalidationEvent) -> bool {
        false
    }
}

struct SameIsNotStale;
impl Rules for SameIsNotStale {
    fn is_stale(&self, gate: &Gate, event: &InvalidationEvent) -> bool {
        gate.is_stale(event) && event.revision != gate.revision()
    }
}

struct FailedIsUnwanted;
impl Rules for FailedIsUnwanted {
    fn is_wanted<E>(&self, answer: &Result<bool, E>) -> bool {
        matches!(answer, Ok(true))
    }
}

struct PromisesLast;
impl Rules for PromisesLast {
    fn raises(&self, _: Option<&Position>, _: &Position, _: &Gate) -> bool {
        true
    }
}

struct PromisesFirst;
impl Rules for PromisesFirst {
    fn raises(&self, promise: Option<&Position>, _: &Position, _: &Gate) -> bool {
        promise.is_none()
    }
}

struct PromisesHighest;
impl Rules for PromisesHighest {
    fn raises(&self, promise: Option<&Position>, event: &Position, _: &Gate) -> bool {
        promise.is_none_or(|promise| promise.revision < event.revision)
    }
}

struct PullsAlways;
impl Rules for PullsAlways {
    fn pulls_when_due(&self, _: bool, _: Option<&Position>, _: &Gate) -> bool {
        true
    }
}

struct ReachedByRevision;
impl Rules for ReachedByRevision {
    fn is_reached(&self, gate: &Gate, promise: &Position) -> bool {
        gate.revision() >= promise.revision
    }
}

struct PullsForGaps;
impl Rules for PullsForGaps {
    fn pulls_when_due(&self, gap: bool, _: Option<&Position>, _: &Gate) -> bool {
        gap
    }
}
