//! A difference as a case.

use super::Reply;
use crate::{
    script::is_script,
    trace::parting,
    wire::{Answer, Request, parse_deep, same_json},
};
use serde_json::{Value, json};

/// The request as a case, in the format of a case file. Its name and its requirements are a proposal for the person
/// who finds out which of the two is right.
pub(super) fn written(request: &Request, against: &Reply, with: &Reply, seed: u64, number: u64) -> Value {
    // Where the first gave no answer, the second is the one to be believed.
    let right = match (against, with) {
        (Reply::Answer(answer), _) | (_, Reply::Answer(answer)) => Some(answer),
        _ => None,
    };
    let input = input(request);
    let cited = match (against, with) {
        (
            Reply::Answer(Answer::Ok { value: Value::Array(left) }),
            Reply::Answer(Answer::Ok { value: Value::Array(right) }),
        ) if is_script(&request.op) => of_a_trace(left, right),
        _ if is_script(&request.op) => "ENG-24",
        _ => requirement(request, right),
    };
    let expect = match right {
        Some(Answer::Error { code, pointer, .. }) => json!({"error": {"code": code, "pointer": pointer}}),
        Some(Answer::Ok { value: trace }) if is_script(&request.op) => json!({"trace": trace}),
        Some(Answer::Ok { value }) if went_in(request).is_some_and(|given| same_json(&given, value)) => {
            json!({"same": true})
        }
        Some(Answer::Ok { value }) => json!({"ok": value}),
        _ => json!({"same": true}),
    };
    json!({
        "id": format!("fuzz/seed-{seed}-input-{number}"),
        "requirements": [cited],
        "op": request.op,
        "input": input,
        "expect": expect,
    })
}

/// A message is shown as a value, where its text is nothing but that value.
fn input(request: &Request) -> Value {
    let text = request.input.get("text").and_then(Value::as_str).filter(|_| request.op == "message.decode");
    let plain = text.and_then(|text| {
        let value: Value = serde_json::from_str(text).ok()?;
        serde_json::to_string(&value).is_ok_and(|written| written == text).then_some(value)
    });
    match plain {
        Some(value) => json!({"type": request.input["type"], "value": value}),
        None => json!(request.input),
    }
}

fn went_in(request: &Request) -> Option<Value> {
    match (request.op.as_str(), request.input.get("text").and_then(Value::as_str)) {
        ("message.decode", Some(text)) => parse_deep(text).ok(),
        _ => request.input.get("value").cloned(),
    }
}

/// By what the traces differ in.
fn of_a_trace(left: &[Value], right: &[Value]) -> &'static str {
    let parting = parting(left, right).or_else(|| parting(right, left));
    let entry = parting.and_then(|parting| parting.expected.or(parting.got)).unwrap_or_default();
    match entry["call"].as_str().or(entry["cancelled"].as_str()).or(entry["settled"].as_str()) {
        Some("subscribe" | "start") => "ENG-16",
        Some("apply") => "ENG-52",
        Some("unsubscribe") => "ENG-27",
        Some("shouldRefresh") => "ENG-31",
        Some("validate") => "ENG-51",
        Some("onError") => "ENG-71",
        Some("status") => "ENG-84",
        Some("offer") => "ENG-64",
        Some("refresh") => "ENG-45",
        Some("metrics") => "ENG-85",
        Some("stop") => "ENG-23",
        Some("getLocalRevision") => "ENG-13",
        _ => "ENG-42",
    }
}

fn requirement(request: &Request, right: Option<&Answer>) -> &'static str {
    let code = match right {
        Some(Answer::Error { code, .. }) => code.as_str(),
        _ => "",
    };
    match (request.op.as_str(), code) {
        (_, "invalid-json") => "MSG-8",
        (_, "too-deep") => "MSG-10",
        (_, "missing-member") => "MSG-3",
        (_, "duplicate-member") => "MSG-7",
        (_, "out-of-range") => "MSG-11",
        (_, "blank-topic") => "TOP-2",
        (_, "invalid-revision") => "REV-2",
        ("revision.parse" | "revision.compare" | "revision.next", "wrong-type") => "REV-4",
        ("topic.parse" | "topic.equal", "wrong-type") => "TOP-4",
        (_, "wrong-type") => "MSG-6",
        ("revision.parse", _) => "REV-1",
        ("revision.compare", _) => "REV-5",
        ("revision.next", _) => "REV-6",
        ("topic.parse", _) => "TOP-1",
        ("topic.equal", _) => "TOP-3",
        _ => match request.input.get("type").and_then(Value::as_str).unwrap_or_default() {
            "InvalidationEvent" => "EVT-1",
            "SnapshotEnvelope" => "ENV-3",
            "SyncErrorContext" => "ERC-1",
            "PersistedMetadata" => "PST-2",
            "PersistedSnapshot" => "PST-1",
            _ => "XTB-1",
        },
    }
}
