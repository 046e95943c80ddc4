//! The machine's speed, beside the same work written by hand in the same run. Prints one JSON document.
//!
//! `cargo run --release -p state-sync-engine --example bench`

use serde_json::{Value, json};
use state_sync::{InvalidationEvent, Revision, SnapshotEnvelope, Topic};
use state_sync_engine::{Engine, Input, Options, Output, Throttling};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::{
    alloc::System,
    hint::black_box,
    time::{Duration, Instant},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 9;
const STALE_EVENTS: u32 = 2_000_000;
const APPLIED_EVENTS: u64 = 200_000;

type Machine = Engine<u64, String>;

fn main() {
    let document = json!({ "benchmark": "engine-rust", "results": [stale_events(), applied_events()] });
    println!("{document}");
}

/// A speed in millions a second.
fn millions(rate: f64) -> f64 {
    (rate / 1e4).round() / 100.0
}

fn event(revision: u64) -> InvalidationEvent {
    InvalidationEvent::new(Topic::new("settings").expect("not blank"), Revision::new(revision))
}

/// An engine that has started, without a throttle.
fn started() -> Machine {
    let throttling = Throttling { throttle: Duration::ZERO, ..Throttling::default() };
    let options = Options { throttling, ..Options::default() };
    let mut engine =
        Machine::new(event(0).topic, options, || 0.0).expect("the options are within their ranges");
    engine.handle(Input::Start(1), Duration::ZERO);
    settle(&mut engine, Duration::ZERO, 1_000);
    engine
}

/// Does what the machine wants, with ports that answer at once.
fn settle(engine: &mut Machine, now: Duration, revision: u64) {
    while let Some(output) = engine.next_output() {
        match output {
            Output::Subscribe { number } => engine.handle(Input::Subscribed { number, outcome: Ok(()) }, now),
            Output::GetSnapshot { number } => {
                let snapshot = SnapshotEnvelope::new(Revision::new(revision), revision);
                engine.handle(Input::Snapshot { number, outcome: Ok(snapshot) }, now);
            }
            Output::Apply { number, snapshot } => {
                black_box(snapshot);
                engine.handle(Input::Applied { number, outcome: Ok(()) }, now);
            }
            _ => {}
        }
    }
}

/// The check of a stale event as one would write it by hand for one topic without epochs.
struct ByHand {
    topic: String,
    revision: u64,
    events: u64,
    wanted: u64,
}

impl ByHand {
    #[inline(never)]
    fn event(&mut self, event: &InvalidationEvent) {
        self.events += 1;
        if event.topic.as_str() == self.topic && event.revision.value() > self.revision {
            self.wanted += 1;
        }
    }
}

/// Stale events a second, of the machine and by hand, in turns; and what the machine allocates for all of them.
fn stale_events() -> Value {
    let mut engine = started();
    let mut by_hand = ByHand { topic: "settings".to_owned(), revision: 1_000, events: 0, wanted: 0 };
    let events = [event(1_000), event(999), event(1)];
    let (mut machine_rates, mut by_hand_rates, mut allocations) = (Vec::new(), Vec::new(), 0);
    for _ in 0..=ROUNDS {
        let region = Region::new(ALLOCATOR);
        let begin = Instant::now();
        for number in 0..STALE_EVENTS {
            let now = Duration::from_nanos(number.into());
            engine.handle_event(black_box(&events[number as usize % events.len()]), now);
        }
        let (elapsed, change) = (begin.elapsed(), region.change());
        machine_rates.push(f64::from(STALE_EVENTS) / elapsed.as_secs_f64());
        allocations += change.allocations + change.reallocations;

        let begin = Instant::now();
        for number in 0..STALE_EVENTS {
            by_hand.event(black_box(&events[number as usize % events.len()]));
        }
        by_hand_rates.push(f64::from(STALE_EVENTS) / begin.elapsed().as_secs_f64());
    }
    let (expected, outputs) = (u64::from(STALE_EVENTS) * (ROUNDS as u64 + 1), engine.next_output().is_some());
    assert_eq!((engine.metrics().events, engine.metrics().pulls, outputs), (expected, 1, false));
    assert_eq!((by_hand.events, by_hand.wanted), (expected, 0));
    let (machine, by_hand) = (median(machine_rates), median(by_hand_rates));
    json!({
        "task": "stale events",
        "millionsASecond": millions(machine),
        "ratios": { "byHand": (machine / by_hand * 100.0).round() / 100.0 },
        "allocations": allocations,
        "target": { "millionsASecond": 10, "allocations": 0 },
    })
}

/// Events a second that are pulled and applied at once, and the allocations of each.
fn applied_events() -> Value {
    let mut engine = started();
    let (mut rates, mut revision, mut allocations) = (Vec::new(), 1_000, 0);
    for _ in 0..=ROUNDS {
        let mut given = event(0);
        let region = Region::new(ALLOCATOR);
        let begin = Instant::now();
        for _ in 0..APPLIED_EVENTS {
            revision += 1;
            given.revision = Revision::new(revision);
            let now = Duration::from_millis(revision);
            engine.handle_event(&given, now);
            settle(&mut engine, now, revision);
        }
        let (elapsed, change) = (begin.elapsed(), region.change());
        rates.push(APPLIED_EVENTS as f64 / elapsed.as_secs_f64());
        allocations = change.allocations + change.reallocations;
    }
    assert_eq!(engine.local_revision().value(), revision, "each event is applied");
    json!({
        "task": "event to applied, ports that answer at once",
        "millionsASecond": millions(median(rates)),
        "allocationsOfEach": allocations as f64 / APPLIED_EVENTS as f64,
    })
}

/// The median of the turns after the first, which warms up.
fn median(mut rates: Vec<f64>) -> f64 {
    rates.remove(0);
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
