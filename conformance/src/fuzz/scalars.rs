//! Revisions, topics and other values, at random and at the edges.

use super::Random;
use serde_json::{Map, Value, json};

/// An input of one value.
pub(super) fn one(random: &mut Random, make: fn(&mut Random) -> Value) -> Map<String, Value> {
    Map::from_iter([("value".to_owned(), make(random))])
}

/// An input of two values to compare, often alike; one of them at most is at fault.
pub(super) fn two(
    random: &mut Random,
    right_one: fn(&mut Random) -> String,
    any_one: fn(&mut Random) -> Value,
) -> Map<String, Value> {
    let text = right_one(random);
    let (left, right) = match random.below(5) {
        0 => (json!(text), json!(text)),
        1 => (json!(text), json!(damaged(random, &text))),
        2 => (json!(text), json!(right_one(random))),
        3 => (json!(text), any_one(random)),
        _ => (any_one(random), json!(text)),
    };
    Map::from_iter([("left".to_owned(), left), ("right".to_owned(), right)])
}

/// A revision, sometimes one that is none.
pub(super) fn revision(random: &mut Random) -> Value {
    let text = canonical(random);
    match random.below(8) {
        0..=3 => json!(damaged(random, &text)),
        4 => stranger(random),
        _ => json!(text),
    }
}

/// The text of a revision: around the edges, or of any number of digits.
pub(super) fn canonical(random: &mut Random) -> String {
    let edge = match random.below(4) {
        0 => 10_u64.pow(random.below(20) as u32),
        1 => 1 << random.one_of(&[31, 32, 53, 63]),
        2 => u64::MAX,
        _ => random.number() >> random.below(64),
    };
    edge.wrapping_add_signed(random.one_of(&[-2, -1, 0, 0, 1, 2])).to_string()
}

/// A string that is not blank.
pub(super) fn name(random: &mut Random) -> String {
    let text = odd_text(random);
    if random.chance(1, 2) { text + "t" } else { format!("t{text}") }
}

/// A topic, sometimes one that is none.
pub(super) fn topic(random: &mut Random) -> Value {
    if random.chance(1, 10) {
        return stranger(random);
    }
    json!(odd_text(random))
}

/// A string of characters of which somebody has had a wrong opinion.
pub(super) fn odd_text(random: &mut Random) -> String {
    const LETTERS: [char; 12] = ['a', 'A', 'z', '0', '9', '/', '.', '_', '"', '\\', '\u{e9}', '\u{1f600}'];
    const WHITE: [char; 25] = [
        '\t', '\n', '\u{b}', '\u{c}', '\r', ' ', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2001}', '\u{2002}',
        '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}',
        '\u{2028}', '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}', '\u{feff}',
    ];
    const NEARLY_WHITE: [char; 14] = [
        '\0', '\u{1c}', '\u{1d}', '\u{1e}', '\u{1f}', '\u{7f}', '\u{85}', '\u{180e}', '\u{200b}', '\u{200d}',
        '\u{2060}', '\u{301}', '\u{fffd}', '\u{2800}',
    ];
    let length = random.below(5);
    let sets: &[&[char]] = match random.below(4) {
        0 => &[&WHITE],
        1 => &[&WHITE, &NEARLY_WHITE],
        _ => &[&LETTERS, &WHITE, &NEARLY_WHITE],
    };
    (0..length)
        .map(|_| {
            let set = random.one_of(sets);
            random.one_of(set)
        })
        .collect()
}

/// The text with one character put in, left out, doubled or changed.
pub(super) fn damaged(random: &mut Random, text: &str) -> String {
    const PUT: [char; 20] = [
        '0', '1', '9', '+', '-', ' ', '\n', '\t', '_', '.', 'e', 'x', '"', ',', '{', '\\', '\u{0}',
        '\u{feff}', '\u{ff11}', '\u{661}',
    ];
    let mut characters: Vec<char> = text.chars().collect();
    let place = random.below(characters.len() + 1);
    match random.below(4) {
        0 => characters.insert(place, random.one_of(&PUT)),
        1 if place < characters.len() => drop(characters.remove(place)),
        2 if place < characters.len() => characters.insert(place, characters[place]),
        3 if place < characters.len() => characters[place] = random.one_of(&PUT),
        _ => characters.push(random.one_of(&PUT)),
    }
    characters.into_iter().collect()
}

/// A value of another JSON type than string.
pub(super) fn stranger(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => json!(random.chance(1, 2)),
        2 => json!([]),
        3 => json!(["1"]),
        4 => json!({}),
        5 => json!({"value": "1"}),
        6 => json!(random.number() >> random.below(64)),
        _ => json!(random.one_of(&[0.0, 1.0, -1.0, 1.5, 9_007_199_254_740_993.0])),
    }
}

/// Any JSON value, of few levels.
pub(super) fn any(random: &mut Random, levels: usize) -> Value {
    const NAMES: [&str; 14] = [
        "a",
        "",
        "__proto__",
        "constructor",
        "toString",
        "0",
        "10",
        "type",
        "data",
        "revision",
        "a b",
        "\u{e9}",
        "e\u{301}",
        "\u{1f600}",
    ];
    match random.below(if levels == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => json!(random.chance(1, 2)),
        2 => json!(random.number() >> random.below(64)),
        3 => json!(double(random)),
        4 | 5 => json!(odd_text(random)),
        6 => (0..random.below(4)).map(|_| any(random, levels - 1)).collect(),
        _ => {
            let members =
                (0..random.below(4)).map(|_| (random.one_of(&NAMES).to_owned(), any(random, levels - 1)));
            Value::Object(members.collect())
        }
    }
}

/// A finite double of any size.
fn double(random: &mut Random) -> f64 {
    let value = f64::from_bits(random.number());
    if value.is_finite() { value } else { 0.1 }
}
