//! The suite catches every mutant.

use state_sync_conformance::{mutants, requirements::Requirements, suite::Suite};
use std::collections::BTreeSet;

#[test]
fn every_mutant_is_caught_and_every_must_has_one() {
    let requirements = Requirements::embedded();
    let suite = Suite::embedded(&requirements).unwrap_or_else(|error| panic!("{error}"));
    let report = mutants::run(&suite.cases, &requirements);
    assert_eq!(report.unsound_cases, [""; 0], "the Rust implementation fails cases");
    assert_eq!(report.survivors, [""; 0], "mutants survive");
    assert_eq!(report.requirements_without_mutant, [""; 0], "MUSTs without a mutant");
    assert_eq!(report.unknown_requirements, [""; 0], "mutants break what no chapter has");
    assert!(report.is_strong());
    let of = |profile: &str| report.mutants.iter().filter(|mutant| mutant.name.starts_with(profile)).count();
    assert!(report.mutants.len() >= 350, "there are {} mutants", report.mutants.len());
    assert!(of("engine-") >= 100, "there are {} broken engines", of("engine-"));
}

#[test]
fn names_tell_mutants_apart() {
    let catalog = mutants::catalog();
    let names: BTreeSet<_> = catalog.iter().map(|mutant| mutant.name).collect();
    assert_eq!(names.len(), catalog.len());
    for mutant in &catalog {
        let kebab = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        assert!(mutant.name.chars().all(kebab), "{}", mutant.name);
        assert!(!mutant.summary.is_empty() && !mutant.breaks.is_empty(), "{}", mutant.name);
    }
}

#[test]
fn a_mutant_speaks_the_harness_protocol() {
    let request = r#"{"id":1,"op":"revision.parse","input":{"value":"007"}}"#;
    let mut output = Vec::new();
    mutants::serve_mutant("revision-leading-zeros-accepted", request.as_bytes(), &mut output).unwrap();
    assert_eq!(String::from_utf8(output).unwrap(), "{\"id\":1,\"result\":\"ok\",\"value\":\"7\"}\n");
    let error = mutants::serve_mutant("nobody", request.as_bytes(), std::io::sink()).unwrap_err();
    assert!(error.to_string().contains("revision-compared-as-double"), "{error}");
}
