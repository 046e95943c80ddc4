//! The program never accepts what serde_json and `jsonschema` refuse: random schemas, random and spoilt texts.

use super::{
    generate::Generator,
    program::{ObjectRule, Program, Rule},
    random::Random,
};
use serde_json::Value;
use state_sync::SnapshotEnvelope;

type Sabotage = fn(&mut Program);

/// How the corpus went.
#[derive(Debug, Default)]
struct Tally {
    texts: usize,
    valid: usize,
    accepted: usize,
    /// Schema and text of the first disagreement.
    disagreement: Option<(Value, String)>,
}

/// Runs `cases` random schemas, each compiled and then changed by `sabotage`, over texts of all kinds.
fn run(seed: u64, cases: usize, sabotage: Sabotage) -> Tally {
    let mut tally = Tally::default();
    let mut generator = Generator::new(Random::new(seed));
    for _ in 0..cases {
        let schema = generator.schema();
        let Ok(referee) = crate::schema_check::build(&schema) else { continue };
        let Some(mut program) = Program::new(&schema) else { continue };
        sabotage(&mut program);
        for _ in 0..24 {
            let text = generator.text(&schema);
            let value: Option<Value> = serde_json::from_str(&text).ok();
            let valid = value.is_some_and(|value| referee.is_valid(&value));
            let accepted = program.accepts(&text);
            tally.texts += 1;
            tally.valid += usize::from(valid);
            tally.accepted += usize::from(valid && accepted);
            if accepted && !valid {
                tally.disagreement = Some((schema, text));
                return tally;
            }
        }
    }
    tally
}

#[test]
fn no_disagreement_on_a_random_corpus() {
    for seed in 1..=4 {
        let tally = run(seed, 1000, |_| {});
        if let Some((schema, text)) = tally.disagreement {
            panic!("seed {seed}: accepted {text}\nby {schema}");
        }
        // A program that accepted nothing would agree too.
        assert!(tally.valid * 5 > tally.texts, "few texts are valid: {tally:?}");
        assert!(tally.accepted * 10 > tally.valid * 8, "little is settled in one pass: {tally:?}");
    }
}

/// A program in an envelope accepts what the typed decoding of the envelope and `jsonschema` accept, no more.
#[test]
fn no_disagreement_about_envelopes() {
    let mut generator = Generator::new(Random::new(77));
    let (mut valid_texts, mut accepted_texts) = (0, 0);
    for _ in 0..1500 {
        let schema = generator.schema();
        let Ok(referee) = crate::schema_check::build(&schema) else { continue };
        let Some(program) = Program::new(&schema).map(Program::in_envelope) else { continue };
        for _ in 0..16 {
            let data = generator.text(&schema);
            let text = generator.envelope(&data);
            let envelope = state_sync::json::from_str::<SnapshotEnvelope<Value>>(&text);
            let valid = envelope.is_ok_and(|envelope| referee.is_valid(&envelope.data));
            let accepted = program.accepts(&text);
            assert!(valid || !accepted, "accepted {text}\nby {schema}");
            valid_texts += usize::from(valid);
            accepted_texts += usize::from(accepted);
        }
    }
    assert!(valid_texts > 3000 && accepted_texts * 10 > valid_texts * 7, "{accepted_texts} of {valid_texts}");
}

/// The random corpus, larger: `cargo test --release -p state-sync-validate -- --ignored`.
#[test]
#[ignore = "takes a minute"]
fn no_disagreement_on_a_large_corpus() {
    let mut total = Tally::default();
    for seed in 100..200 {
        let tally = run(seed, 5000, |_| {});
        assert_eq!(tally.disagreement, None, "seed {seed}");
        total.texts += tally.texts;
        total.valid += tally.valid;
        total.accepted += tally.accepted;
    }
    println!("{total:?}");
}

/// Programs broken on purpose: the corpus must find out about each.
#[test]
fn the_corpus_notices_what_is_broken() {
    let sabotages: [(&str, Sabotage); 9] = [
        ("required members", |program| members(program, |members| members.required = 0)),
        ("least number of members", |program| members(program, |members| members.minimum = 0)),
        ("most members", |program| members(program, |members| members.maximum = usize::MAX)),
        ("length of strings", |program| strings(program, |rule| rule.maximum = usize::MAX)),
        ("patterns", |program| strings(program, |rule| rule.patterns.clear())),
        ("enums", |program| strings(program, |rule| rule.allowed = None)),
        ("limits of numbers", |program| {
            for node in &mut program.nodes {
                if let Rule::Check(rule) = &mut node.number {
                    rule.limits.clear();
                }
            }
        }),
        ("integers", |program| {
            for node in &mut program.nodes {
                if let Rule::Check(rule) = &mut node.number {
                    rule.integer = false;
                }
            }
        }),
        ("tags", |program| {
            for node in &mut program.nodes {
                if let Rule::Check(ObjectRule::Tagged(tagged)) = &mut node.object {
                    tagged.kinds.rotate_left(1);
                    let first = tagged.kinds[0].1;
                    tagged.kinds.iter_mut().for_each(|kind| kind.1 = first);
                }
            }
            members(program, |members| {
                for member in &mut members.members {
                    member.bit = 0;
                }
                members.required = 0;
            });
        }),
    ];
    for (name, sabotage) in sabotages {
        let found = (1..=8).any(|seed| run(seed, 1000, sabotage).disagreement.is_some());
        assert!(found, "the corpus does not notice broken {name}");
    }
}

fn members(program: &mut Program, change: fn(&mut super::program::Members)) {
    for node in &mut program.nodes {
        if let Rule::Check(ObjectRule::Members(members)) = &mut node.object {
            change(members);
        }
    }
}

fn strings(program: &mut Program, change: fn(&mut super::program::StringRule)) {
    for node in &mut program.nodes {
        if let Rule::Check(rule) = &mut node.string {
            change(rule);
        }
    }
}
