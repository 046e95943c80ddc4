//! From an input that makes a difference to the smallest one that still does.
//!
//! Shrinking works on the input itself, not on the random numbers behind it: JSON loses members, items, digits and
//! characters; a text that is no JSON loses characters. Every step makes the input smaller, so it ends.

use super::scripts;
use crate::{
    script::is_script,
    wire::{Request, parse_deep},
};
use serde_json::{Map, Value, json};
use state_sync::Json;
use std::collections::BTreeSet;

/// Finds the first of the candidates that still makes a difference.
pub(super) type Probe<'a> = dyn FnMut(&[Request]) -> Result<Option<usize>, String> + 'a;

/// Candidates that are asked about at once.
const BATCH: usize = 64;

/// The smallest request that still makes a difference.
pub(super) fn smallest(request: &Request, probe: &mut Probe<'_>) -> Result<Request, String> {
    let mut best = request.clone();
    'search: loop {
        for batch in candidates(&best).chunks(BATCH) {
            if let Some(index) = probe(batch)? {
                best = batch[index].clone();
                continue 'search;
            }
        }
        let sorted = with_members_sorted(&best);
        return Ok(match probe(std::slice::from_ref(&sorted))? {
            Some(_) => sorted,
            None => best,
        });
    }
}

/// The order of members is of no meaning (`MSG-14`), so the plain order is shown where it makes the same difference.
fn with_members_sorted(request: &Request) -> Request {
    let mut request = request.clone();
    if let Some(Value::String(text)) = request.input.get_mut("text")
        && let Ok(value) = parse_deep::<Value>(text)
    {
        *text = value.to_string();
    }
    request
}

/// Smaller requests, those that leave out the most first.
fn candidates(request: &Request) -> Vec<Request> {
    if is_script(&request.op) {
        let mut smaller: Vec<Request> = scripts::smaller(&request.input)
            .into_iter()
            .map(|input| Request { input, ..request.clone() })
            .collect();
        smaller.retain(|smaller| weight(&smaller.input) < weight(&request.input));
        return smaller;
    }
    let mut seen = BTreeSet::new();
    let mut smaller = Vec::new();
    let mut add = |input: Map<String, Value>| {
        if weight(&input) < weight(&request.input) && seen.insert(json!(input).to_string()) {
            smaller.push(Request { input, ..request.clone() });
        }
    };
    let is_message = request.op == "message.decode";
    for (name, value) in &request.input {
        let variants: Vec<Value> = match value {
            Value::String(text) if is_message && name == "text" => {
                texts(text).into_iter().map(Value::String).collect()
            }
            _ if is_message => Vec::new(),
            value => values(&to_json(value)).iter().map(from_json).collect(),
        };
        for variant in variants {
            let mut input = request.input.clone();
            // Two sides that are alike stay alike in one attempt.
            for other in input.values_mut().filter(|other| *other == value && !is_message) {
                other.clone_from(&variant);
            }
            add(input);
            let mut input = request.input.clone();
            input.insert(name.clone(), variant);
            add(input);
        }
    }
    smaller.sort_by_key(|request| weight(&request.input));
    smaller
}

/// How much there is to look at: length first, then how plain the characters are.
fn weight(input: &Map<String, Value>) -> (usize, u64) {
    let text: String =
        input.values().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    let plainness = |character: char| match character {
        '0' => 0,
        'a' => 1,
        other => 2 + u64::from(other),
    };
    (text.chars().count(), text.chars().map(plainness).sum())
}

fn texts(text: &str) -> Vec<String> {
    let mut smaller = Vec::new();
    if let Ok(value) = parse_deep::<Json>(text) {
        smaller.extend(values(&value).iter().filter_map(|value| serde_json::to_string(value).ok()));
    }
    smaller.extend(strings(text));
    smaller
}

/// Smaller strings: halves and quarters left out, then single characters left out or made plain.
fn strings(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut smaller = vec![String::new()];
    let mut width = characters.len() / 2;
    while width > 0 {
        for start in (0..characters.len()).step_by(width) {
            let end = characters.len().min(start + width);
            smaller.push(characters[..start].iter().chain(&characters[end..]).collect());
        }
        width /= 2;
    }
    for (place, character) in characters.iter().enumerate() {
        for plain in ['0', 'a'] {
            if *character != plain {
                let mut changed = characters.clone();
                changed[place] = plain;
                smaller.push(changed.into_iter().collect());
            }
        }
    }
    smaller
}

/// Smaller values: plain ones, parts of this one, and this one with a smaller part.
fn values(value: &Json) -> Vec<Json> {
    let mut smaller = vec![Json::Unsigned(0), Json::Null, Json::Text(String::new())];
    match value {
        Json::Text(text) => smaller.extend(strings(text).into_iter().map(Json::Text)),
        Json::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            smaller.push(Json::Signed(*number as i64))
        }
        Json::Float(number) => smaller.extend([Json::Float(0.5), Json::Float(number.trunc())]),
        Json::Unsigned(number) => smaller.extend([Json::Unsigned(number / 10), Json::Unsigned(number / 2)]),
        Json::Array(items) => {
            smaller.extend(items.iter().cloned());
            smaller.extend((0..items.len()).map(|place| Json::Array(without(items, place))));
            for (place, item) in items.iter().enumerate() {
                smaller.extend(values(item).into_iter().map(|item| Json::Array(with(items, place, item))));
            }
        }
        Json::Object(members) => {
            smaller.extend(members.iter().map(|(_, value)| value.clone()));
            smaller.extend((0..members.len()).map(|place| Json::Object(without(members, place))));
            for (place, (name, value)) in members.iter().enumerate() {
                let changed = |value| Json::Object(with(members, place, (name.clone(), value)));
                smaller.extend(values(value).into_iter().map(changed));
            }
        }
        _ => {}
    }
    smaller
}

fn without<T: Clone>(items: &[T], place: usize) -> Vec<T> {
    let mut items = items.to_vec();
    items.remove(place);
    items
}

fn with<T: Clone>(items: &[T], place: usize, item: T) -> Vec<T> {
    let mut items = items.to_vec();
    items[place] = item;
    items
}

fn to_json(value: &Value) -> Json {
    serde_json::from_value(value.clone()).unwrap_or(Json::Null)
}

fn from_json(value: &Json) -> Value {
    json!(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(op: &str, input: Value) -> Request {
        Request { id: 1, op: op.into(), input: input.as_object().cloned().unwrap_or_default() }
    }

    /// The smallest input for which `differs` holds.
    fn check(op: &str, input: Value, differs: fn(&Map<String, Value>) -> bool, expected: Value) {
        let mut probe = |batch: &[Request]| Ok(batch.iter().position(|candidate| differs(&candidate.input)));
        let found = smallest(&request(op, input), &mut probe).unwrap();
        assert_eq!(Value::Object(found.input), expected);
    }

    #[test]
    fn what_does_not_matter_is_left_out() {
        let long =
            |input: &Map<String, Value>| input["value"].as_str().is_some_and(|text| text.contains('7'));
        check("revision.parse", json!({"value": "1234567890"}), long, json!({"value": "7"}));
        let both = |input: &Map<String, Value>| {
            input["left"].as_str().map(str::len) > Some(1) && input["right"].as_str() == Some("10")
        };
        check(
            "revision.compare",
            json!({"left": "99999", "right": "10"}),
            both,
            json!({"left": "00", "right": "10"}),
        );
    }

    #[test]
    fn messages_shrink_as_json_and_broken_texts_by_characters() {
        let epoch = |input: &Map<String, Value>| {
            input["text"].as_str().is_some_and(|text| text.contains("\"epoch\":"))
        };
        check(
            "message.decode",
            json!({"type": "T", "text": r#"{"revision":"1","epoch":"2026","data":[1,{"a":2}]}"#}),
            epoch,
            json!({"type": "T", "text": r#""epoch":"#}),
        );
        let parses = |input: &Map<String, Value>| {
            let value: Option<Value> =
                input["text"].as_str().and_then(|text| serde_json::from_str(text).ok());
            value.is_some_and(|value| value["data"].is_array())
        };
        check(
            "message.decode",
            json!({"type": "T", "text": r#"{"revision":"1","data":[1,{"a":2}]}"#}),
            parses,
            json!({"type": "T", "text": r#"{"data":[]}"#}),
        );
    }
}
