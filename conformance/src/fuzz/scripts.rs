//! Random scripts for engines, each of which plays: a call is settled only where it is under way.
//!
//! A script grows entry by entry. After each, the Rust engine plays what there is, and its trace tells which calls are
//! open; so a script is one that makes sense for it. An engine that makes other calls differs already.

use super::Random;
use crate::{
    rust_adapter,
    wire::{Answer, Request},
};
use serde_json::{Map, Value, json};

/// Entries of the longest script.
const LONGEST: usize = 24;

/// An input for `engine.run`.
pub(super) fn engine(random: &mut Random) -> Map<String, Value> {
    let mut script = json!({"options": options(random), "timeline": []});
    let callbacks: Vec<&str> =
        ["shouldRefresh", "validate", "status"].into_iter().filter(|_| random.chance(1, 3)).collect();
    if !callbacks.is_empty() {
        script["callbacks"] = json!(callbacks);
    }
    if random.chance(1, 3) {
        let draws: Vec<f64> = (0..4).map(|_| random.one_of(&[0.0, 0.25, 0.5, 0.875])).collect();
        script["random"] = json!(draws);
    }
    let (mut at, entries) = (0, 3 + random.below(LONGEST - 2));
    while script["timeline"].as_array().map_or(0, Vec::len) < entries {
        at += random.one_of(&[0, 0, 1, 5, 10, 10, 40, 90, 100, 300, 500, 1000]);
        script["until"] = json!(at);
        let open = open_calls(&script);
        let first = at == 0 && script["timeline"] == json!([]);
        let action = if first && random.chance(3, 4) {
            json!({"call": "start"})
        } else if !open.is_empty() && random.chance(3, 5) {
            let (name, number) = open[random.below(open.len())].clone();
            settle(random, &name, number)
        } else {
            action(random, &callbacks)
        };
        if let Some(timeline) = script["timeline"].as_array_mut() {
            timeline.push(json!({"at": at, "do": action}));
        }
    }
    script["until"] = json!(at + random.one_of(&[0, 200, 3_000, 20_000]));
    match script {
        Value::Object(script) => script,
        _ => Map::new(),
    }
}

fn options(random: &mut Random) -> Value {
    let mut options = json!({"topic": "t"});
    if random.chance(1, 2) {
        let (debounce, throttle) = (random.one_of(&[0, 0, 50]), random.one_of(&[0, 10, 100, 300]));
        let mut throttling = json!({"debounceMs": debounce, "throttleMs": throttle});
        match random.below(5) {
            0 => throttling["leading"] = json!(false),
            1 => throttling["trailing"] = json!(false),
            2 => throttling["maxWaitMs"] = json!(debounce.max(throttle) + random.one_of(&[0, 20, 200])),
            _ => {}
        }
        options["throttling"] = throttling;
    }
    if random.chance(1, 2) {
        let attempts = [json!(1), json!(2), json!(3), json!("infinite"), Value::Null];
        options["retry"] = json!({
            "maxAttempts": attempts[random.below(attempts.len())],
            "initialDelayMs": random.one_of(&[0, 50, 500]),
            "backoffMultiplier": random.one_of(&[1.0, 1.5, 2.0]),
            "jitter": random.one_of(&[0.0, 0.5, 1.0]),
        });
    }
    for name in ["subscribeTimeoutMs", "getSnapshotTimeoutMs", "applyTimeoutMs"] {
        if random.chance(1, 3) {
            options[name] = json!(random.one_of(&[90, 100, 400]));
        }
    }
    if random.chance(1, 4) {
        options["initialSnapshot"] = snapshot(random);
    }
    options
}

fn action(random: &mut Random, callbacks: &[&str]) -> Value {
    match random.below(30) {
        0..=2 => json!({"call": "start"}),
        3..=6 => json!({"call": "refresh"}),
        7 if random.chance(1, 4) => json!({"call": "stop"}),
        7 | 8 => json!({"call": "getLocalRevision"}),
        9 | 10 => json!({"call": "metrics"}),
        11..=17 => json!({"event": event(random)}),
        18 | 19 => json!({"gap": true}),
        20..=22 => json!({"offer": offered(random)}),
        23 if random.chance(1, 3) => json!({"clock": random.one_of(&["fails", "works", "works"])}),
        23 => json!({"wallClock": 1_000 * random.below(9)}),
        _ => answer(random, callbacks),
    }
}

fn answer(random: &mut Random, callbacks: &[&str]) -> Value {
    let mut names =
        vec!["subscribe", "getSnapshot", "apply", "getSnapshot", "apply", "unsubscribe", "onError"];
    names.extend(callbacks);
    let name = names[random.below(names.len())];
    let is_port = ["subscribe", "getSnapshot", "apply"].contains(&name);
    let mut action = json!({"answer": name});
    match random.below(5) {
        0 | 1 if is_port => action["open"] = json!(true),
        2 => action["throw"] = error(random),
        _ => {
            action["resolve"] = match name {
                "getSnapshot" => snapshot(random),
                "shouldRefresh" => json!(random.one_of(&[true, true, false])),
                _ => Value::Null,
            };
        }
    }
    if random.chance(1, 4) {
        // What pulls while a pull is made goes on for ever where it is answered at once, and so does a report that
        // leads to the next one.
        let calls: &[&str] = if is_port || name == "unsubscribe" {
            &["stop", "getLocalRevision", "start"]
        } else {
            &["stop", "getLocalRevision"]
        };
        let during = match random.below(3) {
            0 if action.get("open").is_some() => json!({"event": event(random)}),
            1 if action.get("open").is_some() => json!({"call": "refresh"}),
            2 if ["subscribe", "getSnapshot"].contains(&name) => json!({"offer": offered(random)}),
            _ => json!({"call": random.one_of(calls)}),
        };
        action["during"] = json!([during]);
    }
    action
}

fn settle(random: &mut Random, name: &str, number: u64) -> Value {
    let mut action = json!({"settle": name, "number": number});
    if random.chance(1, 4) {
        action["reject"] = error(random);
    } else {
        action["resolve"] = match name {
            "getSnapshot" if random.chance(1, 12) => random.one_of(&[json!({}), json!(4)].each_ref()).clone(),
            "getSnapshot" => snapshot(random),
            _ => Value::Null,
        };
    }
    action
}

fn error(random: &mut Random) -> Value {
    match random.below(6) {
        0 => json!({"retryable": false}),
        1 => json!({"retryAfterMs": random.one_of(&[20, 700])}),
        _ => json!(random.one_of(&["gone", "worse"])),
    }
}

/// Members with one fault at most, as which of several is told is not specified (`ERR-4`).
fn event(random: &mut Random) -> Value {
    let mut event = json!({"topic": "t", "revision": random.below(8).to_string()});
    match random.below(16) {
        0 => event["revision"] = json!("01"),
        1 => event["topic"] = json!("other"),
        2 => event["sourceId"] = json!("window-2"),
        3..=6 => event["epoch"] = json!(random.one_of(&["a", "b", ""])),
        _ => {}
    }
    event
}

fn snapshot(random: &mut Random) -> Value {
    let mut snapshot = json!({"revision": random.below(8).to_string(), "data": null});
    if random.chance(1, 4) {
        snapshot["epoch"] = json!(random.one_of(&["a", "b", ""]));
    }
    snapshot
}

fn offered(random: &mut Random) -> Value {
    if random.chance(1, 10) { json!({"revision": "1"}) } else { snapshot(random) }
}

/// The calls of ports that are under way at the end of a script; an empty script has none.
fn open_calls(script: &Value) -> Vec<(String, u64)> {
    let mut open: Vec<(String, u64)> = Vec::new();
    let Some(trace) = played(script) else { return open };
    let answered = answering(script);
    for entry in &trace {
        let named =
            |member: &str| Some((entry.get(member)?.as_str()?.to_owned(), entry.get("number")?.as_u64()?));
        if let Some((name, number)) = named("call")
            && ["subscribe", "getSnapshot", "apply"].contains(&name.as_str())
        {
            let at = entry["at"].as_u64().unwrap_or_default();
            if !answered.iter().any(|(from, to, answered)| *answered == name && (*from..=*to).contains(&at)) {
                open.push((name, number));
            }
        }
    }
    open.retain(|(name, number)| {
        !timeline(script)
            .any(|entry| entry["do"]["settle"] == json!(name) && entry["do"]["number"] == json!(number))
    });
    open
}

/// From when to when a port answers at once. At the instant of a change it counts as doing so.
fn answering(script: &Value) -> Vec<(u64, u64, String)> {
    let mut spans: Vec<(u64, u64, String)> = Vec::new();
    for entry in timeline(script) {
        let (at, action) = (entry["at"].as_u64().unwrap_or_default(), &entry["do"]);
        let Some(name) = action["answer"].as_str() else { continue };
        if action.get("open").is_none() {
            spans.push((at, u64::MAX, name.to_owned()));
        } else {
            for span in spans.iter_mut().filter(|span| span.2 == name && span.1 == u64::MAX) {
                span.1 = at;
            }
        }
    }
    spans
}

fn timeline(script: &Value) -> impl Iterator<Item = &Value> {
    script["timeline"].as_array().into_iter().flatten()
}

/// The trace that the Rust engine gives, where the script can be played.
fn played(script: &Value) -> Option<Vec<Value>> {
    let Value::Object(input) = script else { return None };
    let request = Request { id: 0, op: "engine.run".to_owned(), input: input.clone() };
    match rust_adapter::answer(&request) {
        Answer::Ok { value: Value::Array(trace) } => Some(trace),
        _ => None,
    }
}

/// Smaller scripts that may still show the same, those that leave out the most first.
pub(super) fn smaller(input: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let script = json!(input);
    let mut smaller = Vec::new();
    let mut add = |changed: Value| {
        if let Some(Value::Object(playable)) = playable(changed) {
            smaller.push(playable);
        }
    };
    let entries: Vec<Value> = timeline(&script).cloned().collect();
    let with_timeline = |timeline: Vec<Value>| {
        let mut changed = script.clone();
        changed["timeline"] = json!(timeline);
        changed
    };
    let mut width = entries.len() / 2;
    while width > 0 {
        for start in (0..entries.len()).step_by(width) {
            let end = entries.len().min(start + width);
            let rest: Vec<Value> = entries[..start].iter().chain(&entries[end..]).cloned().collect();
            if !rest.is_empty() {
                add(with_timeline(rest));
            }
        }
        width /= 2;
    }
    for (place, entry) in entries.iter().enumerate() {
        if entry["do"].get("during").is_some() {
            let mut rest = entries.clone();
            if let Some(action) = rest[place]["do"].as_object_mut() {
                action.remove("during");
            }
            add(with_timeline(rest));
        }
    }
    for member in ["callbacks", "random", "until"] {
        add(without(&script, &[], member));
    }
    for name in script["options"].as_object().into_iter().flat_map(Map::keys).filter(|name| *name != "topic")
    {
        add(without(&script, &["options"], name));
        for inner in script["options"][name].as_object().into_iter().flat_map(Map::keys) {
            add(without(&script, &["options", name], inner));
        }
    }
    smaller
}

fn without(script: &Value, path: &[&str], member: &str) -> Value {
    let mut changed = script.clone();
    let mut place = &mut changed;
    for step in path {
        place = &mut place[*step];
    }
    if let Some(object) = place.as_object_mut() {
        object.remove(member);
    }
    changed
}

/// The script without the entries that settle what is not under way any more; `None` where it does not play even so.
fn playable(mut script: Value) -> Option<Value> {
    loop {
        if played(&script).is_some() {
            return Some(script);
        }
        let entries: Vec<Value> = timeline(&script).cloned().collect();
        let plays_until = |count: usize| {
            let mut beginning = script.clone();
            beginning["timeline"] = json!(entries[..count]);
            if let Some(members) = beginning.as_object_mut() {
                members.remove("until");
            }
            played(&beginning).is_some()
        };
        let first = (1..=entries.len()).find(|count| !plays_until(*count))?;
        entries[first - 1]["do"].get("settle")?;
        let rest: Vec<&Value> = entries
            .iter()
            .enumerate()
            .filter(|(place, _)| place + 1 != first)
            .map(|(_, entry)| entry)
            .collect();
        if rest.is_empty() {
            return None;
        }
        script["timeline"] = json!(rest);
    }
}
