//! Engines whose limiter calls at the wrong times.

use super::{
    Mutant,
    engine_tools::{FOREVER, Tamper, between, ms, ruled},
};
use state_sync_engine::{Input, Limiter, Rules};
use std::{cell::Cell, time::Duration};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-debounce-starves",
        summary: "waits for a pause that a steady stream never makes",
        breaks: &["ENG-36", "ENG-38"],
        answer: |request| ruled(request, Starves),
    },
    Mutant {
        name: "engine-last-event-lost-without-trailing",
        summary: "loses the last event of a burst for good, with trailing false",
        breaks: &["ENG-36", "ENG-38"],
        answer: |request| ruled(request, LosesLast),
    },
    Mutant {
        name: "engine-throttle-begins-again",
        summary: "puts the end of the window off with each trigger",
        breaks: &["ENG-36"],
        answer: |request| ruled(request, PutsOff),
    },
    Mutant {
        name: "engine-leading-always",
        summary: "calls for the first trigger of a burst though leading is false",
        breaks: &["ENG-36"],
        answer: |request| ruled(request, LeadsAlways),
    },
    Mutant {
        name: "engine-pause-ends-inside-of-the-window",
        summary: "debounces without regard to the window",
        breaks: &["ENG-36"],
        answer: |request| ruled(request, PausesOnly),
    },
    Mutant {
        name: "engine-trailing-call-begins-no-window",
        summary: "begins a window with leading calls alone, so that bursts come too close",
        breaks: &["ENG-37"],
        answer: |request| ruled(request, LeadingWindow(Cell::new(None))),
    },
    Mutant {
        name: "engine-trigger-served-twice",
        summary: "calls again at the end of the window for a trigger that was served",
        breaks: &["ENG-37"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| {
                        if matches!(input, Input::Gap) {
                            inside.hear(Input::Gap);
                        }
                        inside.hear(input);
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-deaf-after-a-failure",
        summary: "takes no triggers any more once a call has failed",
        breaks: &["ENG-40"],
        answer: |request| {
            between(
                request,
                Tamper {
                    input: |inside, input| match input {
                        Input::Gap | Input::Event(_) if inside.memory.flag => {}
                        other => {
                            inside.memory.flag |= matches!(
                                other,
                                Input::Snapshot { outcome: Err(_), .. }
                                    | Input::Applied { outcome: Err(_), .. }
                            );
                            inside.hear(other);
                        }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-limiter-a-millisecond-early",
        summary: "calls a millisecond before the window ends",
        breaks: &["ENG-36", "ENG-37"],
        answer: |request| ruled(request, Early),
    },
    Mutant {
        name: "engine-wait-of-a-second-always",
        summary: "lets no trigger wait longer than a second, however long the window is",
        breaks: &["ENG-36"],
        answer: |request| ruled(request, WaitsASecond),
    },
];

struct Starves;
impl Rules for Starves {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        let throttling = limiter.throttling();
        if throttling.debounce.is_zero() {
            return limiter.due_after_trigger(now);
        }
        (now + throttling.debounce).max(limiter.window_end().unwrap_or_default())
    }
}

struct LosesLast;
impl Rules for LosesLast {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        let throttling = limiter.throttling();
        let inside = limiter.window_end().is_some_and(|end| now < end);
        if inside && !throttling.trailing && throttling.debounce.is_zero() {
            FOREVER
        } else {
            limiter.due_after_trigger(now)
        }
    }
}

struct PutsOff;
impl Rules for PutsOff {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        let due = limiter.due_after_trigger(now);
        if due > now { due.max(now + limiter.throttling().throttle) } else { due }
    }
}

struct LeadsAlways;
impl Rules for LeadsAlways {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        let open = limiter.window_end().is_some_and(|end| now < end);
        if open || !limiter.throttling().debounce.is_zero() { limiter.due_after_trigger(now) } else { now }
    }
}

struct PausesOnly;
impl Rules for PausesOnly {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        let debounce = limiter.throttling().debounce;
        let due = limiter.due_after_trigger(now);
        if debounce.is_zero() { due } else { due.min(now + debounce) }
    }
}

/// The end of the window that the last leading call has begun.
struct LeadingWindow(Cell<Option<Duration>>);
impl Rules for LeadingWindow {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        let throttling = limiter.throttling();
        if !throttling.leading || !throttling.debounce.is_zero() {
            return limiter.due_after_trigger(now);
        }
        if limiter.first().is_none() && self.0.get().is_none_or(|end| now >= end) {
            self.0.set(Some(now + throttling.throttle));
            return now;
        }
        limiter.due_after_trigger(now)
    }
}

struct Early;
impl Rules for Early {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        let due = limiter.due_after_trigger(now);
        if due > now { due - ms(1) } else { due }
    }
}

struct WaitsASecond;
impl Rules for WaitsASecond {
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        limiter.due_after_trigger(now).min(limiter.first().unwrap_or(now) + ms(1000))
    }
}
