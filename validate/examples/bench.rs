//! Measures validation against its peers in the same run and prints one JSON object a measurement.
//!
//! `cargo run --release -p state-sync-validate --example bench [memory]`: without an argument the ratios (about
//! 20 seconds), with `memory` the peak memory on a stream of 50 MB and on one of 500 MB.

use serde_json::{Value, json};
use state_sync::{CrossTabMessage, InvalidationEvent, Json, SnapshotEnvelope};
use state_sync_validate::{LocatedFinding, StreamOptions, Validator, stream};
use std::{
    hint::black_box,
    io::{self, Read},
    num::NonZeroUsize,
    time::{Duration, Instant},
};

fn main() {
    if std::env::args().nth(1).as_deref() == Some("memory") {
        memory();
        return;
    }
    schemas();
    protocol_types();
}

/// A user's schema against parsing into `Value` and asking `jsonschema`.
fn schemas() {
    let schema = order_schema();
    let referee = jsonschema::validator_for(&schema).expect("a schema");
    let validator = Validator::for_schema(&schema).expect("a schema");
    let topic = Validator::for_topic_schema(&schema).expect("a schema");
    for (name, items) in [("small", 1), ("medium", 60)] {
        let lines = ndjson(8 << 20, |index| order(index, items));
        let envelopes =
            ndjson(8 << 20, |index| format!(r#"{{"revision":"{index}","data":{}}}"#, order(index, items)));
        let peer = || {
            for line in split(&lines) {
                let value: Value = serde_json::from_slice(line).expect("JSON");
                assert!(referee.is_valid(&value));
            }
        };
        let [ours, theirs] = alternate([&mut || run(&lines, &validator, 1), &mut || peer()]);
        report(&format!("schema {name}"), &lines, ours, "Value, then jsonschema", theirs);
        let [ours, theirs] = alternate([&mut || run(&envelopes, &topic, 1), &mut || {
            for line in split(&envelopes) {
                let envelope: SnapshotEnvelope<Value> = serde_json::from_slice(line).expect("an envelope");
                assert!(referee.is_valid(&envelope.data));
            }
        }]);
        report(
            &format!("topic {name}"),
            &envelopes,
            ours,
            "SnapshotEnvelope<Value>, then jsonschema",
            theirs,
        );
        threads(&format!("schema {name}"), &lines, &validator);
    }
}

/// The types of the protocol against serde_json into the same types.
fn protocol_types() {
    let event = |index: usize| {
        format!(
            r#"{{"topic":"settings/{index}","revision":"{index}","sourceId":"window-1","timestampMs":{}}}"#,
            1_700_000_000_000 + index
        )
    };
    let envelope = |index: usize| format!(r#"{{"revision":"{index}","data":{}}}"#, order(index, 2));
    let message = |index: usize| {
        format!(r#"{{"type":"snapshot","sourceId":"tab","topic":"orders","snapshot":{}}}"#, envelope(index))
    };
    typed::<InvalidationEvent>("InvalidationEvent", &ndjson(8 << 20, event));
    typed::<SnapshotEnvelope<Json>>("SnapshotEnvelope", &ndjson(8 << 20, envelope));
    typed::<CrossTabMessage<Json>>("CrossTabMessage", &ndjson(8 << 20, message));
}

fn typed<T: serde::de::DeserializeOwned>(name: &str, lines: &[u8]) {
    let validator = Validator::for_type(name).expect("a type");
    let [ours, theirs] = alternate([&mut || run(lines, &validator, 1), &mut || {
        for line in split(lines) {
            black_box(serde_json::from_slice::<T>(line).expect("a message"));
        }
    }]);
    report(&format!("type {name}"), lines, ours, "serde_json into the same type", theirs);
    threads(&format!("type {name}"), lines, &validator);
}

fn threads(name: &str, lines: &[u8], validator: &Validator) {
    let [two, one] = alternate([&mut || run(lines, validator, 2), &mut || run(lines, validator, 1)]);
    report(&format!("{name}, two threads"), lines, two, "one thread", one);
}

fn run(lines: &[u8], validator: &Validator, threads: usize) {
    let threads = NonZeroUsize::new(threads).expect("at least one");
    let options = StreamOptions { threads, ..StreamOptions::default() };
    let mut sink = |found: LocatedFinding| panic!("{}", found.finding);
    let summary = stream(lines, validator, options, &mut sink).expect("memory can be read");
    assert!(summary.documents > 0);
}

/// The shortest of several runs of each, taken in turns so that both meet the same conditions.
fn alternate(mut runs: [&mut dyn FnMut(); 2]) -> [Duration; 2] {
    let mut best = [Duration::MAX; 2];
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(1300) {
        for (run, best) in runs.iter_mut().zip(&mut best) {
            let start = Instant::now();
            run();
            *best = start.elapsed().min(*best);
        }
    }
    best
}

fn report(name: &str, lines: &[u8], ours: Duration, peer: &str, theirs: Duration) {
    let speed = |time: Duration| (lines.len() as f64 / 1e6 / time.as_secs_f64()).round();
    let ratio = (theirs.as_secs_f64() / ours.as_secs_f64() * 100.0).round() / 100.0;
    let line = json!({
        "measured": name,
        "bytes_per_line": lines.len() / split(lines).count(),
        "mb_per_second": speed(ours),
        "peer": peer,
        "peer_mb_per_second": speed(theirs),
        "ratio": ratio,
    });
    println!("{line}");
}

fn split(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

fn ndjson(size: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut lines = Vec::with_capacity(size + (1 << 16));
    for index in 0.. {
        lines.extend_from_slice(line(index).as_bytes());
        lines.push(b'\n');
        if lines.len() >= size {
            break;
        }
    }
    lines
}

/// A schema as applications write them: nested objects, lists, an enum, a nullable member, a union with a tag.
fn order_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["id", "customer", "items", "status"],
        "additionalProperties": false,
        "properties": {
            "id": {"type": "string", "pattern": "^ord-[0-9]+$"},
            "customer": {"$ref": "#/$defs/Customer"},
            "status": {"enum": ["open", "paid", "sent", "closed"]},
            "note": {"type": ["string", "null"], "maxLength": 200},
            "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Item"}},
            "payment": {"oneOf": [{"$ref": "#/$defs/Card"}, {"$ref": "#/$defs/Transfer"}]}
        },
        "$defs": {
            "Customer": {
                "type": "object",
                "required": ["name", "email"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 80},
                    "email": {"type": "string", "format": "email"},
                    "age": {"type": "integer", "minimum": 0, "maximum": 150}
                }
            },
            "Item": {
                "type": "object",
                "required": ["sku", "quantity", "price"],
                "additionalProperties": false,
                "properties": {
                    "sku": {"type": "string", "minLength": 3},
                    "title": {"type": "string"},
                    "quantity": {"type": "integer", "minimum": 1},
                    "price": {"type": "number", "exclusiveMinimum": 0},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "gift": {"type": "boolean"}
                }
            },
            "Card": {
                "type": "object",
                "required": ["kind", "last4"],
                "properties": {"kind": {"const": "card"}, "last4": {"type": "string", "pattern": "^[0-9]{4}$"}}
            },
            "Transfer": {
                "type": "object",
                "required": ["kind", "iban"],
                "properties": {"kind": {"const": "transfer"}, "iban": {"type": "string", "maxLength": 34}}
            }
        }
    })
}

fn order(index: usize, items: usize) -> String {
    let item = |item: usize| {
        format!(
            r#"{{"sku":"sku-{item}","title":"A thing with the number {item}","quantity":{},"price":{}.95,"tags":["new","blue"],"gift":false}}"#,
            item % 7 + 1,
            item + index % 100,
        )
    };
    let items: Vec<String> = (0..items).map(item).collect();
    let payment = match index % 2 {
        0 => r#"{"kind":"card","last4":"4242"}"#,
        _ => r#"{"kind":"transfer","iban":"DE02120300000000202051"}"#,
    };
    format!(
        r#"{{"id":"ord-{index}","customer":{{"name":"Zoë Example","email":"zoe@example.org","age":{}}},"status":"paid","note":null,"items":[{}],"payment":{payment}}}"#,
        index % 90,
        items.join(","),
    )
}

/// The peak memory of this process after a stream of 50 MB and after one of 500 MB.
fn memory() {
    let validator = Validator::for_topic_schema(&order_schema()).expect("a schema");
    let line = format!("{{\"revision\":\"1\",\"data\":{}}}\n", order(1, 2));
    for megabytes in [50_u64, 500] {
        let length = megabytes * 1_000_000 / line.len() as u64 * line.len() as u64;
        let endless = Endless { line: line.as_bytes(), position: 0 };
        let options =
            StreamOptions { threads: NonZeroUsize::new(2).expect("two"), ..StreamOptions::default() };
        let mut sink = |found: LocatedFinding| panic!("{}", found.finding);
        let summary =
            stream(endless.take(length), &validator, options, &mut sink).expect("memory can be read");
        println!(
            "{}",
            json!({"measured": "memory", "stream_mb": megabytes, "documents": summary.documents, "peak_kb": peak_kilobytes()})
        );
    }
}

/// The same line again and again.
struct Endless<'a> {
    line: &'a [u8],
    position: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.line.len() - self.position);
        buffer[..count].copy_from_slice(&self.line[self.position..][..count]);
        self.position = (self.position + count) % self.line.len();
        Ok(count)
    }
}

/// `VmHWM` of this process; `None` where the system has no `/proc`.
fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
