//! Engines that take the time from the wrong clock, or in the wrong order.

use super::{
    Mutant,
    engine_tools::{Inside, Tamper, between, entries, ms, saying},
};
use crate::wire::{Answer, Request};
use serde_json::Value;
use state_sync::SyncPhase;
use state_sync_engine::Output;
use std::{cell::RefCell, time::Duration};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-wall-clock",
        summary: "takes durations from the wall clock, which somebody may set",
        breaks: &["ENG-77"],
        answer: by_the_wall_clock,
    },
    Mutant {
        name: "engine-failing-clock-not-reported",
        summary: "does not report that its clock fails",
        breaks: &["ENG-79"],
        answer: |request| {
            saying(request, |inside, output| match output {
                Output::Report(report) if report.phase == SyncPhase::Throttle => {}
                other => inside.say(other),
            })
        },
    },
    Mutant {
        name: "engine-failing-clock-stands-still",
        summary: "goes on with the time that it was told last",
        breaks: &["ENG-79"],
        answer: |request| {
            between(
                request,
                Tamper {
                    clock: |inside, now| now.or(inside.now).or(Some(Duration::ZERO)),
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-timers-after-inputs",
        summary: "fires timers after what happens at their time",
        breaks: &["ENG-80"],
        answer: |request| {
            between(
                request,
                Tamper {
                    // Later than the instant, and still at its millisecond.
                    next_timer: |inside, due| {
                        let late = due.map(|due| due + Duration::from_nanos(1));
                        if due == inside.now { due } else { late }
                    },
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-times-rounded-up",
        summary: "fires timers a millisecond late",
        breaks: &["ENG-36", "ENG-65", "ENG-69", "ENG-77"],
        answer: |request| {
            between(request, Tamper { next_timer: |_, due| due.map(|due| due + ms(1)), ..Tamper::default() })
        },
    },
];

thread_local! {
    /// How far the wall clock is from virtual time, from each instant on, for the script that plays on this thread.
    static OFFSETS: RefCell<Vec<(Duration, Duration)>> = const { RefCell::new(Vec::new()) };
}

fn by_the_wall_clock(request: &Request) -> Answer {
    let begins = request.input.get("wallClock").and_then(Value::as_u64).unwrap_or_default();
    let set =
        entries(&request.input).filter_map(|(at, action)| Some((at, action.get("wallClock")?.as_u64()?)));
    let offsets = std::iter::once((Duration::ZERO, ms(begins)))
        .chain(set.map(|(at, wall)| (ms(at), ms(wall.saturating_sub(at)))));
    OFFSETS.with(|known| *known.borrow_mut() = offsets.collect());
    between(
        request,
        Tamper {
            clock: |_, now| now.map(|now| now + offset_at(now)),
            next_timer: |_: &Inside, due| due.map(reached),
            ..Tamper::default()
        },
    )
}

fn offset_at(now: Duration) -> Duration {
    OFFSETS.with(|offsets| {
        let offsets = offsets.borrow();
        let known = offsets.iter().rev().find(|(from, _)| *from <= now);
        known.map(|(_, offset)| *offset).unwrap_or_default()
    })
}

/// When the wall clock reaches a time of its own.
fn reached(due: Duration) -> Duration {
    OFFSETS.with(|offsets| {
        let offsets = offsets.borrow();
        let ends = offsets.iter().skip(1).map(|(from, _)| *from).chain([Duration::MAX]);
        let found = offsets.iter().zip(ends).find_map(|((from, offset), end)| {
            let instant = due.saturating_sub(*offset).max(*from);
            (instant < end).then_some(instant)
        });
        found.unwrap_or(due)
    })
}
