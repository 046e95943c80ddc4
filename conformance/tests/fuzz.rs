//! The fuzzer finds the fault of a mutant and shrinks it to its core.

use serde_json::{Value, json};
use state_sync_conformance::{
    fuzz::{self, FuzzReport, InProcess, Inputs, Launched, Options, Reply},
    harness::{Connection, Ending, Launcher, Limits, Received},
    mutants, rust_adapter,
    suite::CASE_SCHEMA,
    wire::{Answer, Request, Response},
};
use std::{collections::VecDeque, time::Duration};

/// Fuzzes the Rust implementation against a mutant.
fn against_mutant(name: &str, options: Options) -> FuzzReport {
    let mutant = mutants::find(name).unwrap_or_else(|| panic!("there is no mutant {name}"));
    fuzz::run(&mut InProcess(rust_adapter::answer), &mut InProcess(mutant.answer), options, &|_| {}).unwrap()
}

#[test]
fn mutants_are_found_and_shrunk_to_the_core() {
    for (mutant, op, input) in [
        ("revision-plus-sign-accepted", "revision.parse", json!({"value": "+0"})),
        ("revision-leading-zeros-accepted", "revision.parse", json!({"value": "00"})),
        ("revision-empty-is-zero", "revision.parse", json!({"value": ""})),
        ("next-wraps", "revision.next", json!({"value": "18446744073709551615"})),
        ("topic-byte-order-mark-not-blank", "topic.parse", json!({"value": "\u{feff}"})),
        ("topic-next-line-blank", "topic.parse", json!({"value": "\u{85}"})),
        (
            "data-null-refused",
            "message.decode",
            json!({"type": "SnapshotEnvelope", "value": {"revision": "0", "data": null}}),
        ),
        ("topic-equal-never", "topic.equal", json!({"left": "0", "right": "0"})),
    ] {
        let report =
            against_mutant(mutant, Options { seed: 7, cases: 6_000, differences: 20, ..Options::default() });
        let found = report
            .differences
            .iter()
            .any(|difference| difference.case["op"] == op && difference.case["input"] == input);
        let cases: Vec<_> =
            report.differences.iter().map(|difference| difference.case["input"].to_string()).collect();
        assert!(found, "{mutant} is not shrunk to {input}, but to {cases:#?}");
    }
}

#[test]
fn a_difference_is_a_case_of_the_format() {
    let report = against_mutant(
        "envelope-without-data-accepted",
        Options { seed: 1, cases: 20_000, differences: 1, ..Options::default() },
    );
    let case = &report.differences[0].case;
    assert_eq!(case["expect"], json!({"error": {"code": "missing-member", "pointer": "/data"}}));
    assert_eq!(case["input"], json!({"type": "SnapshotEnvelope", "value": {"revision": "0"}}));
    let schema: Value = serde_json::from_str(CASE_SCHEMA).unwrap();
    let file = json!({"description": "Found by the fuzzer.", "cases": [case]});
    jsonschema::validate(&schema, &file).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_seed_gives_the_same_inputs_again_and_another_gives_others() {
    let inputs = |seed| (0..500).map(|number| fuzz::generate(Inputs::Core, seed, number)).collect::<Vec<_>>();
    assert_eq!(inputs(3), inputs(3));
    assert_ne!(inputs(3), inputs(4));
}

#[test]
fn an_implementation_agrees_with_itself() {
    let mut one = InProcess(rust_adapter::answer);
    let mut other = InProcess(rust_adapter::answer);
    let report =
        fuzz::run(&mut one, &mut other, Options { cases: 3_000, ..Options::default() }, &|_| {}).unwrap();
    assert_eq!((report.asked, report.differences.len()), (3_000, 0));
}

/// A program that answers as a function does, and ends where that has no answer.
struct Fake(fn(&Request) -> Option<Answer>);

struct FakeConnection {
    answer: fn(&Request) -> Option<Answer>,
    lines: VecDeque<Vec<u8>>,
    ended: bool,
}

impl Launcher for Fake {
    fn launch(&mut self) -> Result<Box<dyn Connection>, String> {
        Ok(Box::new(FakeConnection { answer: self.0, lines: VecDeque::new(), ended: false }))
    }
}

impl Connection for FakeConnection {
    fn send(&mut self, line: Vec<u8>) {
        let request: Request = serde_json::from_slice(&line).unwrap();
        match (self.answer)(&request).filter(|_| !self.ended) {
            Some(answer) => {
                self.lines.push_back(serde_json::to_vec(&Response { id: request.id, answer }).unwrap());
            }
            None => self.ended = true,
        }
    }

    fn receive(&mut self, _: Duration) -> Received {
        self.lines.pop_front().map_or(Received::Ended(Vec::new()), Received::Line)
    }

    fn close_input(&mut self) {}

    fn end(&mut self, _: Duration) -> Ending {
        Ending { clean: false, how: "it crashed".into(), stderr: String::new() }
    }
}

#[test]
fn a_program_that_crashes_on_an_input_is_a_difference_and_is_asked_on() {
    let crashing = |request: &Request| {
        let crashes = request.input.get("value").is_some_and(|value| value == "18446744073709551615");
        (!crashes).then(|| rust_adapter::answer(request))
    };
    let mut program = Launched::new(Box::new(Fake(crashing)), Limits::default());
    let options = Options { seed: 1, cases: 2_000, differences: 10, ..Options::default() };
    let report = fuzz::run(&mut InProcess(rust_adapter::answer), &mut program, options, &|_| {}).unwrap();
    assert_eq!(report.asked, 2_000);
    assert!(!report.differences.is_empty());
    for difference in &report.differences {
        assert!(matches!(difference.with, Reply::Fault { .. }), "{difference:?}");
        assert_eq!(difference.case["input"], json!({"value": "18446744073709551615"}));
    }
}
