//! Random and boundary inputs to two implementations, and the smallest input on which they differ.
//!
//! A case can say only what somebody has thought of. Here two implementations are each other's measure: where they
//! answer an input differently, at least one of them is wrong, or the prose leaves something open. An input has one
//! fault at most, as which of several is told is not specified (`ERR-4`).

mod case;
mod implementation;
mod messages;
mod random;
mod scalars;
mod scripts;
mod shrink;

pub use implementation::{Implementation, InProcess, Launched, Reply};
pub use random::Random;

use crate::{
    script::is_script,
    trace::same,
    wire::{Answer, Request},
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the inputs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    /// Revisions, topics and messages.
    #[default]
    Core,
    /// Scripts in virtual time for engines.
    Engine,
}

/// How long to look.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What the inputs are.
    pub inputs: Inputs,
    /// The same seed gives the same inputs, on every platform.
    pub seed: u64,
    /// How many inputs.
    pub cases: u64,
    /// How many different differences end the search.
    pub differences: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { inputs: Inputs::Core, seed: 1, cases: 10_000, differences: 5 }
    }
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct FuzzReport {
    /// The seed, to do it again.
    pub seed: u64,
    /// How many inputs both were asked about.
    pub asked: u64,
    /// Where they differ: each input as small as it can be, and none twice.
    pub differences: Vec<Difference>,
    /// How many more inputs they differ on in a way that is already among the differences.
    pub alike: u64,
}

/// One input that two implementations answer differently.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Which of the inputs it was found with, counted from 0.
    pub number: u64,
    /// The input as it was found.
    pub found: Request,
    /// The smallest input that still makes a difference.
    pub smallest: Request,
    /// What the first implementation says to the smallest input.
    pub against: Reply,
    /// What the second one says.
    pub with: Reply,
    /// The smallest input as a case, in the format of a case file; it takes the first implementation to be right.
    pub case: Value,
}

impl Difference {
    fn case_is_about(&self, request: &Request) -> bool {
        self.smallest.op == request.op && self.smallest.input == request.input
    }
}

/// How many requests are on their way at once.
const BATCH: u64 = 64;
/// How many differences of one kind are shrunk: one fault shows on many inputs, and most of them shrink to the same.
const SHRUNK_OF_A_KIND: usize = 3;

/// Looks for inputs that two implementations answer differently.
///
/// `progress` is called with the number of inputs so far.
///
/// # Errors
///
/// Where an implementation cannot be started.
pub fn run(
    against: &mut dyn Implementation,
    with: &mut dyn Implementation,
    options: Options,
    progress: &dyn Fn(u64),
) -> Result<FuzzReport, String> {
    let mut pair = Pair { against, with };
    let mut report = FuzzReport { seed: options.seed, asked: 0, differences: Vec::new(), alike: 0 };
    let mut shrunk: BTreeMap<_, usize> = BTreeMap::new();
    while report.asked < options.cases && report.differences.len() < options.differences {
        let end = options.cases.min(report.asked + BATCH);
        let requests: Vec<Request> =
            (report.asked..end).map(|number| generate(options.inputs, options.seed, number)).collect();
        let replies = pair.ask(&requests)?;
        for ((number, found), (left, right)) in (report.asked..end).zip(requests).zip(replies) {
            if agree(&found, &left, &right) || report.differences.len() == options.differences {
                continue;
            }
            let kind = (left.kind(), right.kind());
            let shrunk = shrunk
                .entry((found.op.clone(), found.input.get("type").map(Value::to_string), kind.clone()))
                .or_default();
            *shrunk += 1;
            if *shrunk > SHRUNK_OF_A_KIND {
                report.alike += 1;
                continue;
            }
            let smallest =
                shrink::smallest(&found, &mut |candidates| pair.first_difference(candidates, &kind))?;
            if report.differences.iter().any(|known| known.case_is_about(&smallest)) {
                report.alike += 1;
                continue;
            }
            let Some((against, with)) = pair.ask(std::slice::from_ref(&smallest))?.pop() else { continue };
            let case = case::written(&smallest, &against, &with, options.seed, number);
            report.differences.push(Difference { number, found, smallest, against, with, case });
        }
        report.asked = end;
        progress(end);
    }
    Ok(report)
}

/// The input of this number: each has a generator of its own, so that one can be had without those before it.
pub fn generate(inputs: Inputs, seed: u64, number: u64) -> Request {
    let mut random = Random::new(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    if inputs == Inputs::Engine {
        return Request { id: number, op: "engine.run".to_owned(), input: scripts::engine(&mut random) };
    }
    let (op, input) = match random.below(8) {
        0 => ("revision.parse", scalars::one(&mut random, scalars::revision)),
        1 => ("revision.compare", scalars::two(&mut random, scalars::canonical, scalars::revision)),
        2 => ("revision.next", scalars::one(&mut random, scalars::revision)),
        3 => ("topic.parse", scalars::one(&mut random, scalars::topic)),
        4 => ("topic.equal", scalars::two(&mut random, scalars::name, scalars::topic)),
        _ => ("message.decode", messages::message(&mut random)),
    };
    Request { id: number, op: op.to_owned(), input }
}

/// Whether two replies say the same. Traces do where an application could not tell them apart; and in which words
/// an implementation says that a script cannot be played is its own affair.
fn agree(request: &Request, left: &Reply, right: &Reply) -> bool {
    match (left, right) {
        (
            Reply::Answer(Answer::Ok { value: Value::Array(left) }),
            Reply::Answer(Answer::Ok { value: Value::Array(right) }),
        ) if is_script(&request.op) => same(left, right),
        (Reply::Answer(Answer::Error { .. }), Reply::Answer(Answer::Error { .. }))
            if is_script(&request.op) =>
        {
            true
        }
        _ => left.agrees_with(right),
    }
}

/// Both implementations.
struct Pair<'a> {
    against: &'a mut dyn Implementation,
    with: &'a mut dyn Implementation,
}

impl Pair<'_> {
    fn ask(&mut self, requests: &[Request]) -> Result<Vec<(Reply, Reply)>, String> {
        let left = self.against.ask(requests)?;
        let right = self.with.ask(requests)?;
        Ok(left.into_iter().zip(right).collect())
    }

    /// The first of the candidates that still makes a difference of this kind. Of another kind it may be one that
    /// the prose allows, such as which of two faults is told.
    fn first_difference(
        &mut self,
        candidates: &[Request],
        kind: &(String, String),
    ) -> Result<Option<usize>, String> {
        let replies = self.ask(candidates)?;
        let differs = |(request, (left, right)): (&Request, &(Reply, Reply))| {
            !agree(request, left, right) && (left.kind(), right.kind()) == *kind
        };
        Ok(candidates.iter().zip(&replies).position(differs))
    }
}
