//! "Compatible" is never contradicted by a value.

use serde_json::Value;
use state_sync_codegen::compat::Verdict;

use crate::edits::{all, compare_schemas};
use crate::instances::{Pool, Random};
use crate::oracle::Oracle;
use crate::random_schemas;

/// How many levels a generated value has at most.
const DEPTH: usize = 5;

/// A value that a sender of `from` writes and a receiver of `to` refuses.
fn counterexample(from: &Value, to: &Value, tries: usize, random: &mut Random) -> Option<Value> {
    let (sender, receiver) = (Oracle::new(from), Oracle::new(to));
    let pool = Pool::new([from, to]);
    (0..tries).find_map(|_| {
        let near = if random.chance(65) { from } else { to };
        let value = pool.value(near, near, random, DEPTH);
        (sender.writes(&value) && !receiver.accepts(&value)).then_some(value)
    })
}

#[test]
fn labels_and_verdicts_of_the_corpus_hold_for_values() {
    let mut random = Random::new(1);
    let (mut found, mut sought) = (0, 0);
    for edit in all() {
        let verdicts = compare_schemas(&edit.old, &edit.new);
        for (side, label, verdict, from, to) in [
            ("senders", edit.senders, verdicts.senders, &edit.old, &edit.new),
            ("receivers", edit.receivers, verdicts.receivers, &edit.new, &edit.old),
        ] {
            let value = counterexample(from, to, 300, &mut random);
            for (what, said) in [("labelled", label), ("called", verdict)] {
                assert!(
                    said == Verdict::Breaking || value.is_none(),
                    "{} is {what} compatible for {side}, which {value:?} contradicts",
                    edit.name
                );
            }
            if label == Verdict::Breaking {
                sought += 1;
                found += usize::from(value.is_some());
            }
        }
    }
    println!("of {sought} breaking directions {found} were shown by a value");
    assert!(
        found * 100 >= sought * 80,
        "the values are too weak: {found} of {sought} breaking directions shown"
    );
}

#[test]
fn verdicts_on_random_pairs_hold_for_values() {
    // More pairs by hand: COMPAT_PAIRS=100000 cargo test -p state-sync-codegen --test compat
    let number = |name: &str, otherwise| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (pairs, first): (u64, u64) = (number("COMPAT_PAIRS", 1_000), number("COMPAT_SEED", 0));
    let (mut proved, mut refuted) = (0, 0);
    for seed in first..first + pairs {
        let mut random = Random::new(seed);
        let old = random_schemas::schema(&mut random, 3);
        let old = random_schemas::with_definition(old, &mut random);
        let new = random_schemas::edited(&old, &mut random);
        let new = if random.chance(20) { random_schemas::edited(&new, &mut random) } else { new };
        let verdicts = compare_schemas(&old, &new);
        for (side, verdict, from, to) in
            [("senders", verdicts.senders, &old, &new), ("receivers", verdicts.receivers, &new, &old)]
        {
            let value = counterexample(from, to, 40, &mut random);
            proved += usize::from(verdict == Verdict::Compatible);
            refuted += usize::from(value.is_some());
            assert!(
                verdict == Verdict::Breaking || value.is_none(),
                "seed {seed}: compatible for {side}, which {value:?} contradicts\nold {old}\nnew {new}\n{:#?}",
                verdicts.changes
            );
        }
    }
    println!("{pairs} pairs: {proved} directions proved, {refuted} refuted by a value");
    assert!(proved > 0 && refuted > 0);
}
