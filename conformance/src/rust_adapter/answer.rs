//! The operations of the harness, each a call into the crate.

use super::{engine, persistence};
use crate::wire::{Answer, PROTOCOL, Request};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use state_sync::{DecodeError, Revision, Topic, json as state_sync_json};

/// What the Rust implementation says to a request.
pub fn answer(request: &Request) -> Answer {
    let refusal = match request.op.as_str() {
        "engine.run" => return engine::run(request),
        "persistence.run" => return persistence::run(request),
        "hello" => Ok(hello()),
        "revision.parse" => scalar::<Revision>(request, "value").map(written),
        "revision.next" => scalar::<Revision>(request, "value").map(|revision| written(revision.next())),
        "revision.compare" => pair::<Revision>(request).map(|(left, right)| json!(left.cmp(&right) as i8)),
        "topic.parse" => scalar::<Topic>(request, "value").map(written),
        "topic.equal" => pair::<Topic>(request).map(|(left, right)| json!(left == right)),
        "message.decode" => match decode(request) {
            Some(decoded) => decoded.map_err(Refusal::from),
            None => return not_implemented("message.decode needs the name of a message and a text"),
        },
        other => return not_implemented(&format!("there is no operation {other}")),
    };
    match refusal {
        Ok(value) => Answer::Ok { value },
        Err(Refusal { error, inside }) => Answer::Error {
            code: error.code().as_str().to_owned(),
            pointer: inside.to_owned() + error.pointer(),
            message: error.to_string(),
        },
    }
}

/// An error of the crate, and the member of the input that it was about where there are two.
struct Refusal {
    error: DecodeError,
    inside: &'static str,
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        Self { error, inside: "" }
    }
}

fn hello() -> Value {
    json!({
        "protocol": PROTOCOL,
        "implementation": "state-sync",
        "version": env!("CARGO_PKG_VERSION"),
        "language": "rust",
        "profiles": ["core", "engine", "persistence"],
    })
}

fn scalar<T: DeserializeOwned>(request: &Request, member: &str) -> Result<T, Refusal> {
    let value = request.input.get(member).unwrap_or(&Value::Null);
    state_sync_json::from_value(value).map_err(Refusal::from)
}

fn pair<T: DeserializeOwned>(request: &Request) -> Result<(T, T), Refusal> {
    let left = scalar(request, "left").map_err(|refusal| Refusal { inside: "/left", ..refusal })?;
    let right = scalar(request, "right").map_err(|refusal| Refusal { inside: "/right", ..refusal })?;
    Ok((left, right))
}

fn written(scalar: impl Serialize) -> Value {
    serde_json::to_value(scalar).expect("a scalar is a JSON string")
}

fn decode(request: &Request) -> Option<Result<Value, DecodeError>> {
    let name = request.input.get("type")?.as_str()?;
    let text = request.input.get("text")?.as_str()?;
    state_sync_json::decode_named(name, text)
}

fn not_implemented(reason: &str) -> Answer {
    Answer::NotImplemented { reason: Some(reason.to_owned()) }
}
