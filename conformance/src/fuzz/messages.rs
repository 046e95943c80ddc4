//! Messages as text: right ones, and such with one fault.

use super::{
    Random,
    scalars::{any, canonical, damaged, name, odd_text, stranger},
};
use serde_json::{Map, Value, json};
use state_sync::Json;

const NAMES: [&str; 6] = [
    "InvalidationEvent",
    "SnapshotEnvelope",
    "SyncErrorContext",
    "PersistedMetadata",
    "PersistedSnapshot",
    "CrossTabMessage",
];

/// An input for `message.decode`.
pub(super) fn message(random: &mut Random) -> Map<String, Value> {
    let message = random.one_of(&NAMES);
    let Value::Object(members) = right(random, message) else { return Map::new() };
    let members = shuffled(random, members.into_iter().collect());
    let text = match random.below(10) {
        0..=3 => written(&members),
        4..=6 => with_other_value(random, members),
        7 => with_member_less_or_twice(random, members),
        8 => with_extreme(random, members),
        _ => damaged(random, &written(&members)),
    };
    Map::from_iter([("type".to_owned(), json!(message)), ("text".to_owned(), json!(text))])
}

fn right(random: &mut Random, message_name: &str) -> Value {
    let mut message = match message_name {
        "InvalidationEvent" => json!({"topic": name(random), "revision": canonical(random)}),
        "SnapshotEnvelope" => json!({"revision": canonical(random), "data": any(random, 3)}),
        "SyncErrorContext" => {
            const PHASES: [&str; 8] = [
                "start",
                "subscribe",
                "invalidation",
                "refresh",
                "getSnapshot",
                "apply",
                "protocol",
                "throttle",
            ];
            json!({"phase": random.one_of(&PHASES), "error": any(random, 2)})
        }
        "PersistedMetadata" => json!({
            "savedAt": integer(random),
            "schemaVersion": integer(random),
            "sizeBytes": integer(random),
            "compressed": random.chance(1, 2),
        }),
        "PersistedSnapshot" => {
            json!({"snapshot": right(random, "SnapshotEnvelope"), "metadata": right(random, "PersistedMetadata")})
        }
        _ => match random.below(3) {
            0 => {
                json!({"type": "snapshot", "sourceId": odd_text(random), "snapshot": right(random, "SnapshotEnvelope")})
            }
            1 => json!({"type": "request-sync", "sourceId": odd_text(random)}),
            _ => json!({"type": "clear", "sourceId": odd_text(random)}),
        },
    };
    let optional: &[&str] = match message_name {
        "InvalidationEvent" => &["sourceId", "timestampMs", "epoch"],
        "SnapshotEnvelope" => &["epoch"],
        "SyncErrorContext" => {
            &["topic", "sourceEvent", "localRevision", "sourceId", "attempt", "willRetry", "nextDelayMs"]
        }
        "PersistedMetadata" => &["hash", "ttlMs"],
        "CrossTabMessage" => &["topic", "timestampMs"],
        _ => &[],
    };
    for member in optional {
        if random.chance(1, 3) {
            message[member] = match *member {
                _ if random.chance(1, 4) => Value::Null,
                "sourceId" | "epoch" | "hash" => json!(odd_text(random)),
                "timestampMs" | "attempt" | "nextDelayMs" | "ttlMs" => integer(random),
                "localRevision" => json!(canonical(random)),
                "willRetry" => json!(random.chance(1, 2)),
                "sourceEvent" => right(random, "InvalidationEvent"),
                _ => json!(name(random)),
            };
        }
    }
    if random.chance(1, 4) {
        let unknown = random.one_of(&["extra", "__proto__", "constructor", "Topic", "source_id", ""]);
        message[unknown] = any(random, 2);
    }
    message
}

fn integer(random: &mut Random) -> Value {
    let value = match random.below(3) {
        0 => random.one_of(&[0, 1, 9_007_199_254_740_991]),
        _ => random.number() >> (11 + random.below(53)),
    };
    // Half of them as doubles, which are written with a point: the value counts, not its spelling (`MSG-11`).
    if random.chance(1, 2) { json!(value as f64) } else { json!(value) }
}

fn shuffled(random: &mut Random, mut members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    for end in (1..members.len()).rev() {
        members.swap(end, random.below(end + 1));
    }
    members
}

fn written(members: &[(String, Value)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// A member, of the message or of a message inside of it, gets a value that it may not have.
fn with_other_value(random: &mut Random, mut members: Vec<(String, Value)>) -> String {
    let place = random.below(members.len());
    let (name, value) = &mut members[place];
    let inner = ["snapshot", "metadata", "sourceEvent"].contains(&name.as_str()) && random.chance(2, 3);
    let target = match value {
        Value::Object(object) if inner && !object.is_empty() => {
            let place = random.below(object.len());
            object.values_mut().nth(place).expect("the place is one of the members")
        }
        other => other,
    };
    *target = match (random.below(3), &target) {
        (0, Value::String(text)) => json!(damaged(random, text)),
        (0, Value::Number(_)) => random
            .one_of(&[json!(-1), json!(0.5), json!(9_007_199_254_740_992_u64), json!(1e300)].each_ref())
            .clone(),
        (1, _) => stranger(random),
        _ => json!(odd_text(random)),
    };
    written(&members)
}

fn with_member_less_or_twice(random: &mut Random, mut members: Vec<(String, Value)>) -> String {
    let place = random.below(members.len());
    if random.chance(1, 2) {
        members.remove(place);
    } else if is_defined(&members[place].0, &members) {
        members.push(members[place].clone());
    }
    written(&members)
}

/// Whether a member may be given twice for the sake of a refusal: that is open for unknown members (`MSG-15`).
fn is_defined(name: &str, members: &[(String, Value)]) -> bool {
    let unknown = ["extra", "__proto__", "constructor", "Topic", "source_id", ""].contains(&name);
    let other_variant =
        name == "snapshot" && members.iter().any(|(_, value)| value == "clear" || value == "request-sync");
    !unknown && !other_variant
}

/// A payload that is deep, or that is not I-JSON.
fn with_extreme(random: &mut Random, members: Vec<(String, Value)>) -> String {
    let levels = random.one_of(&[100, 124, 125, 126, 127, 128, 200]);
    let text = match random.below(4) {
        0 => "\"\\ud800\"".to_owned(),
        1 => "\"\\ud83d\\ude00\\u0000\"".to_owned(),
        2 => random.one_of(&["1e400", "-1e400", "1e308", "5e-324", "1E2", "-0", "-0.0", "1e0"]).to_owned(),
        _ => "[".repeat(levels) + &"]".repeat(levels),
    };
    let mut message = written(&members);
    for name in ["\"data\":", "\"error\":", "\"extra\":"] {
        if let Some(start) = message.find(name).map(|start| start + name.len()) {
            // The payload is a whole JSON value, so the rest of the text begins after it.
            let mut values = serde_json::Deserializer::from_str(&message[start..]).into_iter::<Json>();
            if matches!(values.next(), Some(Ok(_))) {
                let end = start + values.byte_offset();
                message.replace_range(start..end, &text);
                break;
            }
        }
    }
    message
}
