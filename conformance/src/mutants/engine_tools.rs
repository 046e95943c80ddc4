//! What broken engines are made of: the machine of the crate `state-sync-engine` with other options, with other rules,
//! or with somebody between it and its driver.

use crate::{
    rust_adapter::{
        self,
        engine::{Thrown, run_with},
    },
    wire::{Answer, Request},
};
use serde_json::{Map, Value};
use state_sync::{InvalidationEvent, Revision};
use state_sync_engine::{CallerId, Engine, Input, Machine, Metrics, Options, Output, Rules, Status};
use std::{collections::VecDeque, time::Duration};

pub(super) type In = Input<Value, Thrown>;
pub(super) type Out = Output<Value, Thrown>;

/// A call of the application that the script did not make; nobody hears of its outcome.
pub(super) const NOBODY: CallerId = CallerId::MAX;
/// Longer than any script.
pub(super) const FOREVER: Duration = Duration::from_secs(1_000_000_000);

pub(super) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn is_engine(request: &Request) -> bool {
    request.op == "engine.run"
}

/// An engine that decides by other rules.
pub(super) fn ruled(request: &Request, rules: impl Rules + 'static) -> Answer {
    if !is_engine(request) {
        return rust_adapter::answer(request);
    }
    run_with(request, |topic, options, random| {
        Ok(Box::new(Engine::with_rules(topic, options, random, rules)?))
    })
}

/// An engine that is made with other options than it was given.
pub(super) fn made(request: &Request, change: fn(&mut Options)) -> Answer {
    if !is_engine(request) {
        return rust_adapter::answer(request);
    }
    run_with(request, |topic, mut options, random| {
        change(&mut options);
        Ok(Box::new(Engine::new(topic, options, random)?))
    })
}

/// An engine whose chance is drawn by somebody else.
pub(super) fn drawing(request: &Request, draw: fn(&mut dyn FnMut() -> f64) -> f64) -> Answer {
    if !is_engine(request) {
        return rust_adapter::answer(request);
    }
    run_with(request, |topic, options, mut random| {
        Ok(Box::new(Engine::new(topic, options, move || draw(&mut random))?))
    })
}

/// The engine, told another script than the one that is judged.
pub(super) fn rewritten(request: &Request, change: fn(&mut Map<String, Value>)) -> Answer {
    let mut request = request.clone();
    if is_engine(&request) {
        change(&mut request.input);
    }
    rust_adapter::answer(&request)
}

/// The engine, whose trace is changed afterwards.
pub(super) fn retold(request: &Request, change: fn(&Map<String, Value>, &mut Vec<Value>)) -> Answer {
    let mut answer = rust_adapter::answer(request);
    if let (true, Answer::Ok { value: Value::Array(trace) }) = (is_engine(request), &mut answer) {
        change(&request.input, trace);
    }
    answer
}

/// An engine with somebody between it and its driver.
pub(super) fn between(request: &Request, tamper: Tamper) -> Answer {
    if !is_engine(request) {
        return rust_adapter::answer(request);
    }
    run_with(request, |topic, options, random| {
        let engine = Engine::new(topic, options, random)?;
        let inside = Inside { engine, now: None, given: VecDeque::new(), memory: Memory::default() };
        Ok(Box::new(Tampered { inside, tamper }))
    })
}

/// An engine whose inputs go through somebody's hands.
pub(super) fn hearing(request: &Request, input: fn(&mut Inside, In)) -> Answer {
    between(request, Tamper { input, ..Tamper::default() })
}

/// An engine whose outputs go through somebody's hands.
pub(super) fn saying(request: &Request, output: fn(&mut Inside, Out)) -> Answer {
    between(request, Tamper { output, ..Tamper::default() })
}

/// Whose hands; each does nothing at first.
#[derive(Clone, Copy)]
pub(super) struct Tamper {
    pub input: fn(&mut Inside, In),
    pub output: fn(&mut Inside, Out),
    /// There is nothing more to do.
    pub idle: fn(&mut Inside),
    pub clock: fn(&Inside, Option<Duration>) -> Option<Duration>,
    pub next_timer: fn(&Inside, Option<Duration>) -> Option<Duration>,
    pub local_revision: fn(&Inside, Revision) -> Revision,
    pub metrics: fn(&Inside, Metrics) -> Metrics,
}

impl Default for Tamper {
    fn default() -> Self {
        Self {
            input: |inside, input| inside.hear(input),
            output: |inside, output| inside.say(output),
            idle: |_| {},
            clock: |_, now| now,
            next_timer: |_, due| due,
            local_revision: |_, revision| revision,
            metrics: |_, metrics| metrics,
        }
    }
}

/// The engine that is tampered with.
pub(super) struct Inside {
    pub engine: Engine<Value, Thrown>,
    pub now: Option<Duration>,
    given: VecDeque<Out>,
    pub memory: Memory,
}

/// What a mutant may remember, each in its own way.
#[derive(Default)]
pub(super) struct Memory {
    pub flag: bool,
    pub number: u64,
    pub time: Option<Duration>,
    pub event: Option<InvalidationEvent>,
    pub callers: Vec<CallerId>,
    pub kept: Vec<Out>,
}

impl Inside {
    pub fn hear(&mut self, input: In) {
        self.engine.handle(input, self.now);
    }

    pub fn say(&mut self, output: Out) {
        self.given.push_back(output);
    }

    pub fn status(&self) -> Status {
        self.engine.status()
    }
}

struct Tampered {
    inside: Inside,
    tamper: Tamper,
}

impl Machine<Value, Thrown> for Tampered {
    fn handle(&mut self, input: In, now: Option<Duration>) {
        self.inside.now = (self.tamper.clock)(&self.inside, now);
        (self.tamper.input)(&mut self.inside, input);
    }

    fn next_output(&mut self) -> Option<Out> {
        loop {
            if let Some(output) = self.inside.given.pop_front() {
                return Some(output);
            }
            match self.inside.engine.next_output() {
                Some(output) => (self.tamper.output)(&mut self.inside, output),
                None => {
                    (self.tamper.idle)(&mut self.inside);
                    return self.inside.given.pop_front();
                }
            }
        }
    }

    fn next_timer(&self) -> Option<Duration> {
        (self.tamper.next_timer)(&self.inside, self.inside.engine.next_timer())
    }

    fn local_revision(&self) -> Revision {
        (self.tamper.local_revision)(&self.inside, self.inside.engine.local_revision())
    }

    fn local_epoch(&self) -> &str {
        self.inside.engine.local_epoch()
    }

    fn status(&self) -> Status {
        self.inside.engine.status()
    }

    fn metrics(&self) -> Metrics {
        (self.tamper.metrics)(&self.inside, self.inside.engine.metrics())
    }
}

/// The entries of a timeline, with their instants.
pub(super) fn entries(input: &Map<String, Value>) -> impl Iterator<Item = (u64, &Value)> {
    let timeline = input.get("timeline").and_then(Value::as_array);
    let at = |entry: &Value| entry.get("at").and_then(Value::as_u64).unwrap_or_default();
    timeline.into_iter().flatten().map(move |entry| (at(entry), &entry["do"]))
}
