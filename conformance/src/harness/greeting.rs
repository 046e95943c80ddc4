//! The first words: who are you, and do you speak as the harness asks?

use super::{Connection, Received, answer::shown, read_answer};
use crate::wire::{Answer, PROTOCOL, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use std::time::Duration;

/// What an implementation says that it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the harness protocol that it speaks.
    pub protocol: u32,
    /// Its name.
    pub implementation: String,
    /// Its version.
    pub version: String,
    /// The language that it is written in.
    pub language: String,
    /// The profiles that it has.
    pub profiles: Vec<String>,
}

/// The line that asks for a [`Hello`]. It may be asked at any time, and so serves as a fence between cases.
pub(super) fn hello_line(id: u64) -> Vec<u8> {
    let input = Map::from_iter([("protocol".to_owned(), PROTOCOL.into())]);
    line(&Request { id, op: "hello".to_owned(), input })
}

pub(super) fn line(request: &Request) -> Vec<u8> {
    serde_json::to_vec(request).expect("a request is JSON")
}

/// Says hello. Ids 1 to 9 are for greetings.
pub(super) fn greet(connection: &mut dyn Connection, within: Duration) -> Result<Hello, String> {
    connection.send(hello_line(1));
    let answer = reply(connection, 1, within).map_err(|problem| format!("to \"hello\" {problem}"))?;
    let Answer::Ok { value } = answer else {
        return Err("to \"hello\" it did not answer \"ok\"".to_owned());
    };
    let hello: Hello = serde_json::from_value(value).map_err(|error| {
        format!(
            "its answer to \"hello\" is incomplete ({error}); it needs protocol, implementation, version, language and profiles"
        )
    })?;
    if hello.protocol != PROTOCOL {
        return Err(format!(
            "it speaks version {} of the harness protocol; this runner speaks version {PROTOCOL}",
            hello.protocol
        ));
    }
    Ok(hello)
}

/// Tries what every case relies on: a good question, an unknown one, and `hello` for the second time.
pub(super) fn smoke_test(connection: &mut dyn Connection, within: Duration) -> Result<(), String> {
    let input = Map::from_iter([("value".to_owned(), json!("1"))]);
    connection.send(line(&Request { id: 2, op: "revision.parse".to_owned(), input }));
    connection.send(line(&Request { id: 3, op: "smoke.test".to_owned(), input: Map::new() }));
    connection.send(hello_line(4));
    let problem = |op: &str, problem: String| format!("in the smoke test, to \"{op}\", {problem}");
    reply(connection, 2, within).map_err(|error| problem("revision.parse", error))?;
    match reply(connection, 3, within).map_err(|error| problem("smoke.test", error))? {
        Answer::NotImplemented { .. } => {}
        _ => {
            let wrong = "which is no operation, it did not answer \"not-implemented\"".to_owned();
            return Err(problem("smoke.test", wrong));
        }
    }
    match reply(connection, 4, within).map_err(|error| problem("hello", error))? {
        Answer::Ok { .. } => Ok(()),
        _ => Err(problem("hello", "asked for the second time, it did not answer \"ok\"".to_owned())),
    }
}

fn reply(connection: &mut dyn Connection, id: u64, within: Duration) -> Result<Answer, String> {
    match connection.receive(within) {
        Received::Line(line) => match read_answer(&line) {
            Ok(response) if response.id == id => Ok(response.answer),
            Ok(response) => Err(format!("it gave the answer to request {} and not to {id}", response.id)),
            Err(failure) => Err(format!(
                "it printed something else than an answer: {} (only answers may go to standard output)",
                failure.message
            )),
        },
        Received::TooLong => Err("it printed a line without an end".to_owned()),
        Received::Ended(rest) if rest.is_empty() => Err("it ended without an answer".to_owned()),
        Received::Ended(rest) => Err(format!("it ended in the middle of a line: {}", shown(&rest))),
        Received::Silence => {
            Err(format!("it did not answer within {within:?} (does it flush its output after each line?)"))
        }
    }
}
