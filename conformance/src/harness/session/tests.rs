//! The session against implementations in memory, which misbehave on purpose and at once.

use super::*;
use crate::{
    case::Expectation,
    harness::{Connection, Ending, Received},
    rust_adapter,
    wire::{Request, Response},
};
use serde_json::{Map, json};
use std::{cell::RefCell, rc::Rc};

/// What an implementation does when a request reaches it.
enum Does {
    Says(Vec<u8>),
    Crashes,
    /// Ends and takes with it what it had buffered.
    CrashesUnflushed,
    Hangs,
    FloodsOneLine,
}

type Behaviour = fn(&Request, usize) -> Vec<Does>;

/// What misbehaves how, and the cases that are to blame.
type Row = (&'static str, Behaviour, &'static [(usize, FailureKind)]);

struct Fake {
    behaviour: Behaviour,
    launches: Rc<RefCell<usize>>,
}

struct FakeConnection {
    behaviour: Behaviour,
    launch: usize,
    output: VecDeque<Received>,
    over: bool,
    hanging: bool,
    input_closed: bool,
}

impl Launcher for Fake {
    fn launch(&mut self) -> Result<Box<dyn Connection>, String> {
        *self.launches.borrow_mut() += 1;
        Ok(Box::new(FakeConnection {
            behaviour: self.behaviour,
            launch: *self.launches.borrow(),
            output: VecDeque::new(),
            over: false,
            hanging: false,
            input_closed: false,
        }))
    }
}

impl Connection for FakeConnection {
    fn send(&mut self, line: Vec<u8>) {
        let request: Request = serde_json::from_slice(&line).unwrap();
        for does in (self.behaviour)(&request, self.launch) {
            if self.over || self.hanging {
                return;
            }
            match does {
                Does::Says(line) => self.output.push_back(Received::Line(line)),
                Does::Crashes => self.over = true,
                Does::CrashesUnflushed => {
                    self.output.clear();
                    self.over = true;
                }
                Does::Hangs => self.hanging = true,
                Does::FloodsOneLine => self.output.push_back(Received::TooLong),
            }
        }
    }

    fn receive(&mut self, _: Duration) -> Received {
        let nothing = if self.over || (self.input_closed && !self.hanging) {
            Received::Ended(Vec::new())
        } else {
            Received::Silence
        };
        self.output.pop_front().unwrap_or(nothing)
    }

    fn close_input(&mut self) {
        self.input_closed = true;
    }

    fn end(&mut self, _: Duration) -> Ending {
        Ending {
            clean: !self.over,
            how: "it exited with status 3".to_owned(),
            stderr: "last words".to_owned(),
        }
    }
}

fn right(request: &Request) -> Vec<u8> {
    serde_json::to_vec(&Response { id: request.id, answer: rust_adapter::answer(request) }).unwrap()
}

/// The value that the request is about; cases of these tests are numbered by it.
fn number(request: &Request) -> &str {
    if request.op == "hello" {
        ""
    } else {
        request.input.get("value").and_then(|value| value.as_str()).unwrap_or("")
    }
}

/// Cases `c/0`, `c/1` …, each of which asks for the revision of that number plus 100.
fn cases(count: usize) -> Vec<Case> {
    let case = |index: usize| Case {
        id: format!("c/{index}"),
        profile: if index == 3 { "other" } else { "core" }.to_owned(),
        file: String::new(),
        description: None,
        requirements: vec![],
        op: "revision.parse".to_owned(),
        input: Map::from_iter([("value".to_owned(), json!((index + 100).to_string()))]),
        expect: Expectation::Same(true),
    };
    (0..count).map(case).collect()
}

fn talk(behaviour: Behaviour, count: usize, limits: &Limits) -> Result<Conversation, String> {
    let cases = cases(count);
    let done = RefCell::new(0);
    let mut fake = Fake { behaviour, launches: Rc::default() };
    let conversation =
        converse(&mut fake, &cases.iter().collect::<Vec<_>>(), limits, &|more| *done.borrow_mut() += more)?;
    assert_eq!(conversation.outcomes.len(), count);
    Ok(conversation)
}

/// The failed cases with their kinds.
fn failed(conversation: &Conversation) -> Vec<(usize, FailureKind)> {
    let kind = |outcome: &Outcome| match &outcome.verdict {
        Verdict::Failed(failure) => Some(failure.kind),
        _ => None,
    };
    let numbered = conversation.outcomes.iter().enumerate();
    numbered.filter_map(|(index, outcome)| Some((index, kind(outcome)?))).collect()
}

#[test]
fn only_the_case_that_did_it_is_blamed() {
    use Does::{Crashes, CrashesUnflushed, FloodsOneLine, Hangs, Says};
    use FailureKind::{
        Crash, ExtraOutput, Hang, InvalidAnswer, NotJson, NotUtf8, OutOfTurn, TooLong, WrongValue,
    };
    let table: &[Row] = &[
        ("right", |request, _| vec![Says(right(request))], &[]),
        (
            "crash",
            |request, _| match number(request) {
                "107" => vec![Crashes],
                _ => vec![Says(right(request))],
            },
            &[(7, Crash)],
        ),
        (
            "crash that loses earlier answers",
            |request, _| match number(request) {
                "107" => vec![CrashesUnflushed],
                _ => vec![Says(right(request))],
            },
            &[(7, Crash)],
        ),
        (
            "two crashes in a row and one later",
            |request, _| match number(request) {
                "104" | "105" | "119" => vec![Crashes],
                _ => vec![Says(right(request))],
            },
            &[(4, Crash), (5, Crash), (19, Crash)],
        ),
        (
            "crash after the answer",
            |request, _| match number(request) {
                "107" => vec![Says(right(request)), Crashes],
                _ => vec![Says(right(request))],
            },
            &[(7, Crash)],
        ),
        (
            "hang",
            |request, _| match number(request) {
                "107" => vec![Hangs],
                _ => vec![Says(right(request))],
            },
            &[(7, Hang)],
        ),
        (
            "a line before the answer",
            |request, _| match number(request) {
                "107" => vec![Says(b"parsing".to_vec()), Says(right(request))],
                _ => vec![Says(right(request))],
            },
            &[(7, NotJson)],
        ),
        (
            "a line behind the answer",
            |request, _| match number(request) {
                "107" => vec![Says(right(request)), Says(b"done".to_vec())],
                _ => vec![Says(right(request))],
            },
            &[(7, ExtraOutput)],
        ),
        (
            "a line behind the last answer",
            |request, _| match number(request) {
                "119" => vec![Says(right(request)), Says(b"bye".to_vec())],
                _ => vec![Says(right(request))],
            },
            &[(19, ExtraOutput)],
        ),
        (
            "answered twice",
            |request, _| match number(request) {
                "107" => vec![Says(right(request)), Says(right(request))],
                _ => vec![Says(right(request))],
            },
            &[(7, ExtraOutput)],
        ),
        (
            "not answered",
            |request, _| match number(request) {
                "107" => vec![],
                _ => vec![Says(right(request))],
            },
            &[(7, Hang)],
        ),
        (
            "answered under another id",
            |request, _| match number(request) {
                "107" => vec![Says(right(&Request { id: 9999, ..request.clone() }))],
                _ => vec![Says(right(request))],
            },
            &[(7, OutOfTurn)],
        ),
        (
            "not UTF-8",
            |request, _| match number(request) {
                "107" => vec![Says(b"\"\xff\"".to_vec())],
                _ => vec![Says(right(request))],
            },
            &[(7, NotUtf8)],
        ),
        (
            "JSON that is no answer",
            |request, _| match number(request) {
                "107" => vec![Says(b"{}".to_vec())],
                _ => vec![Says(right(request))],
            },
            &[(7, InvalidAnswer)],
        ),
        (
            "a line without an end",
            |request, _| match number(request) {
                "107" => vec![FloodsOneLine],
                _ => vec![Says(right(request))],
            },
            &[(7, TooLong)],
        ),
        (
            "wrong and crashing",
            |request, _| match number(request) {
                "106" => vec![Says(
                    format!("{{\"id\":{},\"result\":\"ok\",\"value\":\"1\"}}", request.id).into_bytes(),
                )],
                "107" => vec![Crashes],
                _ => vec![Says(right(request))],
            },
            &[(6, WrongValue), (7, Crash)],
        ),
    ];
    for window in [1, 4, 64] {
        for (name, behaviour, expected) in table {
            let limits = Limits { window, ..Limits::default() };
            let conversation = talk(*behaviour, 20, &limits).unwrap();
            assert_eq!(failed(&conversation), *expected, "{name}, window {window}");
            assert_eq!(conversation.incidents, Vec::<String>::new(), "{name}, window {window}");
            let other = &conversation.outcomes[3].verdict;
            assert!(matches!(other, Verdict::NotImplemented(Some(_))), "{name}: {other:?}");
        }
    }
}

#[test]
fn a_crash_tells_the_status_and_the_last_words() {
    let conversation = talk(
        |request, _| {
            if number(request) == "101" { vec![Does::Crashes] } else { vec![Does::Says(right(request))] }
        },
        3,
        &Limits::default(),
    );
    let outcome = &conversation.unwrap().outcomes[1];
    let Verdict::Failed(failure) = &outcome.verdict else { panic!("{outcome:?}") };
    assert_eq!(failure.message, "it ended without an answer: it exited with status 3");
    assert_eq!(outcome.stderr, "last words");
}

#[test]
fn what_does_not_happen_again_is_kept_as_an_incident() {
    let once: Behaviour = |request, launch| match (number(request), launch) {
        ("107", 1) => vec![Does::Crashes],
        _ => vec![Does::Says(right(request))],
    };
    let conversation = talk(once, 20, &Limits { window: 4, ..Limits::default() }).unwrap();
    assert_eq!(failed(&conversation), []);
    assert_eq!(conversation.incidents.len(), 1);
    let incident = &conversation.incidents[0];
    assert!(incident.contains("none of the cases from c/6 to c/10 did it again"), "{incident}");
}

#[test]
fn a_program_that_always_fails_is_given_up() {
    let crashes: Behaviour = |request, _| {
        if number(request).len() == 3 { vec![Does::Crashes] } else { vec![Does::Says(right(request))] }
    };
    let hangs: Behaviour = |request, _| {
        if number(request).len() == 3 { vec![Does::Hangs] } else { vec![Does::Says(right(request))] }
    };
    for (behaviour, tried, reason) in
        [(crashes, 40, "40 cases one after"), (hangs, 6, "6 cases got no answer")]
    {
        let conversation = talk(behaviour, 200, &Limits::default()).unwrap();
        let failed = failed(&conversation);
        assert_eq!(failed.len(), 199, "all but the one of another profile");
        assert_eq!(failed.iter().filter(|(_, kind)| *kind != FailureKind::NotAsked).count(), tried);
        assert!(conversation.incidents.iter().any(|incident| incident.contains(reason)));
        assert!(conversation.restarts <= tried + 2, "{} restarts", conversation.restarts);
    }
}

#[test]
fn a_program_that_cannot_start_again_is_given_up() {
    let once: Behaviour = |request, launch| match (number(request), launch) {
        ("107", _) => vec![Does::Crashes],
        (_, 1) => vec![Does::Says(right(request))],
        _ => vec![Does::Crashes],
    };
    let conversation = talk(once, 20, &Limits { window: 4, ..Limits::default() }).unwrap();
    assert!(conversation.incidents[0].contains("could not be started again"), "{:?}", conversation.incidents);
    assert_eq!(failed(&conversation).first(), Some(&(7, FailureKind::NotAsked)));
}

#[test]
fn who_fails_the_greeting_or_the_smoke_test_is_not_judged() {
    let table: &[(Behaviour, &str)] = &[
        (|_, _| vec![Does::Crashes], "to \"hello\" it ended without an answer (it exited with status 3)"),
        (|_, _| vec![Does::Hangs], "does it flush its output"),
        (|_, _| vec![Does::Says(b"Ready.".to_vec())], "only answers may go to standard output"),
        (
            |request, _| {
                vec![Does::Says(
                    format!(r#"{{"id":{},"result":"ok","value":{{}}}}"#, request.id).into_bytes(),
                )]
            },
            "its answer to \"hello\" is incomplete",
        ),
        (
            |request, _| {
                let value =
                    r#"{"protocol":2,"implementation":"i","version":"v","language":"l","profiles":[]}"#;
                vec![Does::Says(
                    format!(r#"{{"id":{},"result":"ok","value":{value}}}"#, request.id).into_bytes(),
                )]
            },
            "version 2 of the harness protocol",
        ),
        (
            |request, _| match request.op.as_str() {
                "smoke.test" => {
                    vec![Does::Says(
                        format!(r#"{{"id":{},"result":"ok","value":0}}"#, request.id).into_bytes(),
                    )]
                }
                _ => vec![Does::Says(right(request))],
            },
            "which is no operation, it did not answer \"not-implemented\"",
        ),
        (
            |request, _| match request.op.as_str() {
                "smoke.test" => vec![Does::Crashes],
                _ => vec![Does::Says(right(request))],
            },
            "to \"smoke.test\", it ended without an answer",
        ),
    ];
    for (behaviour, expected) in table {
        let problem = talk(*behaviour, 5, &Limits::default()).unwrap_err();
        assert!(problem.contains(expected), "{problem}\ndoes not say {expected}");
        assert!(problem.contains("last words"), "{problem}");
    }
}
