//! Random schedules for two engines: Rust against TypeScript, and Rust against broken ones.

use serde_json::{Value, json};
use state_sync_conformance::{
    built_in::{Prepared, Surroundings, prepare},
    fuzz::{self, InProcess, Inputs, Launched, Options},
    harness::Limits,
    mutants,
    progress::Quiet,
    rust_adapter,
    suite::CASE_SCHEMA,
};
use std::path::Path;

/// Schedules that both engines play in this test; `state-sync conformance fuzz --profile engine` plays more.
const SCHEDULES: u64 = 2_000;

#[test]
fn rust_and_typescript_do_the_same_on_random_schedules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the room has a root");
    let surroundings = Surroundings { own_program: "unused".into(), repository: Some(root.to_owned()) };
    let program = match prepare("typescript", &surroundings, &Quiet) {
        Prepared::Ready(program) => program,
        Prepared::Skipped(reason) | Prepared::Broken(reason) => {
            panic!("the TypeScript engine is needed: {reason}")
        }
    };
    let mut typescript = Launched::new(Box::new(program), Limits::default());
    let options = Options { inputs: Inputs::Engine, seed: 11, cases: SCHEDULES, differences: 1 };
    let report = fuzz::run(&mut InProcess(rust_adapter::answer), &mut typescript, options, &|_| {}).unwrap();
    let found: Vec<_> = report.differences.iter().map(|difference| &difference.case).collect();
    assert!(found.is_empty(), "{}", serde_json::to_string_pretty(&found).unwrap());
    assert_eq!(report.asked, SCHEDULES);
}

#[test]
fn schedules_find_broken_engines_and_are_shrunk() {
    for mutant in [
        "engine-queue-lost-on-failure",
        "engine-left-epochs-forgotten",
        "engine-promise-is-the-last-event",
        "engine-offers-pass-the-gate",
        "engine-never-stale",
    ] {
        let broken = mutants::find(mutant).unwrap_or_else(|| panic!("there is no mutant {mutant}"));
        let options = Options { inputs: Inputs::Engine, seed: 5, cases: 600, differences: 1 };
        let (mut one, mut other) = (InProcess(rust_adapter::answer), InProcess(broken.answer));
        let report = fuzz::run(&mut one, &mut other, options, &|_| {}).unwrap();
        let [difference] = &report.differences[..] else { panic!("{mutant} is not found") };
        let length = |input: &Value| input["timeline"].as_array().map_or(0, Vec::len);
        let case = &difference.case;
        assert!(length(&case["input"]) <= 12, "{mutant}: {case:#}");
        assert!(length(&case["input"]) <= length(&json!(difference.found.input)), "{mutant}");
        let schema: Value = serde_json::from_str(CASE_SCHEMA).unwrap();
        let file = json!({"description": "Found by the fuzzer.", "cases": [case]});
        jsonschema::validate(&schema, &file).unwrap_or_else(|error| panic!("{mutant}: {error}"));
    }
}

#[test]
fn a_seed_gives_the_same_schedules_again() {
    let schedules =
        |seed| (0..20).map(|number| fuzz::generate(Inputs::Engine, seed, number)).collect::<Vec<_>>();
    assert_eq!(schedules(3), schedules(3));
    assert_ne!(schedules(3), schedules(4));
}

#[test]
fn schedules_can_be_played() {
    for number in 0..200 {
        let request = fuzz::generate(Inputs::Engine, 1, number);
        let answer = rust_adapter::answer(&request);
        let traced =
            matches!(&answer, state_sync_conformance::wire::Answer::Ok { value } if value.is_array());
        assert!(traced, "schedule {number} cannot be played: {answer:?}\n{}", json!(request.input));
    }
}
