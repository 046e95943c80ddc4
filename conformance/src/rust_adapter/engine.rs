//! The operation `engine.run`: an engine in virtual time (`conformance/scripts.md`, "Engines").

use super::{
    engine_options::{self, Refused},
    engine_trace::{failure, written, written_error, written_metrics, written_report},
    script::{self, Action, Called, Played, Script, Subject, Unplayable, object},
};
use crate::wire::{Answer, Request};
use serde_json::{Map, Value, json};
use state_sync::{InvalidationEvent, Topic, json as state_sync_json};
use state_sync_engine::{
    Caller, CallerId, Engine, Failure, Input, InvalidOption, Machine, Options, Outcome, Output, Port,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// The error of a port or callback.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Thrown {
    /// A value of the script.
    Script(Value),
    /// The validator has answered `false`.
    Refused,
}

/// What a script is played with: any engine whose data are JSON values.
pub(crate) type AnyMachine = Box<dyn Machine<Value, Thrown>>;

/// The source of chance that a script plays.
pub(crate) type Random = Box<dyn FnMut() -> f64 + Send>;

/// What the engine of the crate does with a script.
pub(crate) fn run(request: &Request) -> Answer {
    run_with(request, |topic, options, random| Ok(Box::new(Engine::new(topic, options, random)?)))
}

/// What any engine does with a script; `make` makes it.
pub(crate) fn run_with(
    request: &Request,
    make: impl FnOnce(Topic, Options, Random) -> Result<AnyMachine, InvalidOption>,
) -> Answer {
    let input = &request.input;
    let mut script = Script::new(input);
    let random = Box::new(script::random(input));
    let made = engine_options::read(input).and_then(|(topic, options)| Ok(make(topic, options, random)?));
    let played = match made {
        Ok(machine) => Player::new(machine, &mut script, input).play(&mut script, input),
        Err(Refused(option)) => {
            script.note(object(json!({ "refused": option })));
            Ok(())
        }
    };
    match played {
        Ok(()) => Answer::Ok { value: script.into_trace() },
        Err(Unplayable(message)) => {
            Answer::Error { code: "unplayable".to_owned(), pointer: String::new(), message }
        }
    }
}

/// Connects a machine to a script.
struct Player {
    machine: AnyMachine,
    /// Outputs are being done; inputs that come meanwhile leave theirs to that.
    draining: bool,
    /// The calls of the application that wait, by the id that the machine knows.
    callers: Vec<(&'static str, u64)>,
    /// The number that the machine gave to a call of a port, by the function and its number in the trace.
    calls: BTreeMap<(&'static str, u64), u64>,
    /// The calls of `subscribe` whose handlers are not ended.
    handlers: BTreeSet<u64>,
    /// The events that `shouldRefresh` was asked about, for failures that come later.
    asked: BTreeMap<u64, InvalidationEvent>,
}

impl Player {
    fn new(machine: AnyMachine, script: &mut Script, input: &Map<String, Value>) -> Self {
        for open in ["subscribe", "getSnapshot", "apply"] {
            script.define(open, None);
        }
        for silent in ["unsubscribe", "validate", "onError"] {
            script.define(silent, Some(Value::Null));
        }
        let callbacks = input.get("callbacks").and_then(Value::as_array).map(Vec::as_slice);
        if callbacks.unwrap_or_default().contains(&json!("status")) {
            script.define("status", Some(Value::Null));
        }
        script.define("shouldRefresh", Some(Value::Bool(true)));
        let (callers, calls, asked) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { machine, draining: false, callers, calls, handlers: BTreeSet::new(), asked }
    }

    fn play(mut self, script: &mut Script, input: &Map<String, Value>) -> Played {
        self.drain(script)?;
        script::play(&mut self, script, input)
    }

    fn input(&mut self, script: &mut Script, input: Input<Value, Thrown>) -> Played {
        // `stop` takes effect before it returns, also in the middle of an output (ENG-23).
        let at_once = matches!(input, Input::Stop);
        self.machine.handle(input, script.now());
        if at_once || !self.draining { self.drain(script) } else { Ok(()) }
    }

    fn drain(&mut self, script: &mut Script) -> Played {
        let before = std::mem::replace(&mut self.draining, true);
        while let Some(output) = self.machine.next_output() {
            self.output(script, output)?;
        }
        self.draining = before;
        Ok(())
    }

    fn output(&mut self, script: &mut Script, output: Output<Value, Thrown>) -> Played {
        match output {
            Output::Subscribe { number } => {
                self.handlers.insert(number);
                self.call_port(script, "subscribe", number, None)
            }
            Output::GetSnapshot { number } => self.call_port(script, "getSnapshot", number, None),
            Output::Apply { number, snapshot } => {
                self.call_port(script, "apply", number, Some(written(&snapshot)))
            }
            Output::Unsubscribe { subscription } => {
                self.handlers.remove(&subscription);
                let called = script::call(self, script, "unsubscribe", None)?;
                self.returned(script, "unsubscribe", called)
            }
            Output::Cancel { port, number } => {
                let found =
                    self.calls.iter().find(|((name, _), made)| *name == port.as_str() && **made == number);
                if let Some((&(name, traced), _)) = found {
                    script.note_cancelled(name, traced);
                }
                Ok(())
            }
            Output::ShouldRefresh { event } => {
                let called = script::call(self, script, "shouldRefresh", Some(written(&event)))?;
                self.asked.insert(called.number, event);
                let answer = called.answer.unwrap_or(Ok(Value::Null));
                let answer = answer
                    .map(|value| value != Value::Bool(false))
                    .map_err(|error| Thrown::Script(error).into());
                self.input(script, Input::ShouldRefresh(answer))
            }
            Output::Validate { snapshot } => {
                let called = script::call(self, script, "validate", Some(written(&snapshot)))?;
                let answer = match called.answer {
                    Some(Err(value)) => Err(Thrown::Script(value).into()),
                    Some(Ok(Value::Bool(false))) => Err(Thrown::Refused.into()),
                    _ => Ok(snapshot),
                };
                self.input(script, Input::Validated(answer))
            }
            Output::Report(report) => {
                script::call(self, script, "onError", Some(written_report(*report))).map(drop)
            }
            Output::Status(status) if script.defines("status") => {
                script::call(self, script, "status", Some(json!(status.as_str()))).map(drop)
            }
            Output::Settle { caller, outcome } => {
                let (Caller::Start(id) | Caller::Refresh(id) | Caller::Offer(id)) = caller;
                let Some(&(name, number)) = usize::try_from(id).ok().and_then(|id| self.callers.get(id))
                else {
                    return Ok(());
                };
                let outcome = match outcome {
                    Outcome::Done => Ok(Value::Null),
                    Outcome::Offered(applied) => Ok(Value::Bool(applied)),
                    Outcome::Failed(error) => Err(written_error(&error)),
                };
                script.note_settled(name, number, outcome);
                Ok(())
            }
            Output::Status(_) | Output::Note(_) => Ok(()),
        }
    }

    fn call_port(
        &mut self,
        script: &mut Script,
        name: &'static str,
        made: u64,
        with: Option<Value>,
    ) -> Played {
        // Known before the call, so that what it does when it is called can cancel it.
        self.calls.insert((name, script.calls(name) + 1), made);
        let called = script::call(self, script, name, with)?;
        self.returned(script, name, called)
    }

    /// A function has returned; where it has answered, that is the next input.
    fn returned(&mut self, script: &mut Script, name: &str, called: Called) -> Played {
        match called.answer {
            Some(answer) => self.settled(script, name, called.number, answer),
            None => Ok(()),
        }
    }

    /// A call of the application that waits for its outcome.
    fn caller(&mut self, script: &mut Script, name: &'static str) -> CallerId {
        let number = script.application(name);
        self.callers.push((name, number));
        self.callers.len() as CallerId - 1
    }

    fn application_calls(&mut self, script: &mut Script, name: &str) -> Played {
        match name {
            "start" => {
                let caller = self.caller(script, "start");
                self.input(script, Input::Start(caller))
            }
            "refresh" => {
                let caller = self.caller(script, "refresh");
                self.input(script, Input::Refresh(caller))
            }
            _ => {
                let number = script.application(name);
                let value = match name {
                    "stop" => self.input(script, Input::Stop).map(|()| Value::Null)?,
                    "getLocalRevision" => written(&self.machine.local_revision()),
                    "metrics" => written_metrics(&self.machine.metrics()),
                    _ => return Err(Unplayable(format!("an engine has no function {name}"))),
                };
                script.note_settled(name, number, Ok(value));
                Ok(())
            }
        }
    }
}

impl Subject for Player {
    fn next_timer(&self) -> Option<Duration> {
        self.machine.next_timer()
    }

    fn fire(&mut self, script: &mut Script) -> Played {
        self.input(script, Input::Timer)
    }

    fn act(&mut self, script: &mut Script, action: &Action) -> Played {
        if let Some(name) = action.get("call").and_then(Value::as_str) {
            self.application_calls(script, name)
        } else if let Some(offer) = action.get("offer") {
            let caller = self.caller(script, "offer");
            let snapshot = state_sync_json::from_value(offer);
            self.input(script, Input::Offer { caller, snapshot })
        } else if self.handlers.is_empty() {
            // A subscriber does not call an ended handler.
            Ok(())
        } else if let Some(event) = action.get("event") {
            let event = state_sync_json::from_value(event);
            self.input(script, event.map_or_else(Input::InvalidEvent, Input::Event))
        } else if action.contains_key("gap") {
            self.input(script, Input::Gap)
        } else {
            Err(Unplayable(format!("nobody knows what {} means for an engine", Value::from(action.clone()))))
        }
    }

    fn settled(
        &mut self,
        script: &mut Script,
        function: &str,
        number: u64,
        outcome: Result<Value, Value>,
    ) -> Played {
        let made = |port: Port| self.calls.get(&(port.as_str(), number)).copied().unwrap_or_default();
        let input = match (function, outcome) {
            ("subscribe", outcome) => {
                let outcome = outcome.map(drop).map_err(failure);
                Input::Subscribed { number: made(Port::Subscribe), outcome }
            }
            ("getSnapshot", outcome) => {
                let decode = |value| state_sync_json::from_value(&value).map_err(Failure::Undecodable);
                Input::Snapshot {
                    number: made(Port::GetSnapshot),
                    outcome: outcome.map_err(failure).and_then(decode),
                }
            }
            ("apply", outcome) => {
                Input::Applied { number: made(Port::Apply), outcome: outcome.map(drop).map_err(failure) }
            }
            ("unsubscribe", Err(error)) => Input::UnsubscribeFailed(Thrown::Script(error).into()),
            ("shouldRefresh", Err(error)) => match self.asked.remove(&number) {
                Some(event) => Input::ShouldRefreshFailed { event, error: Thrown::Script(error).into() },
                None => return Ok(()),
            },
            // What a callback gives later is watched, and comes to nothing (ENG-76).
            _ => return Ok(()),
        };
        self.input(script, input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(options: Value, timeline: Value) -> Answer {
        let input = object(json!({ "options": options, "timeline": timeline, "until": 1000 }));
        run(&Request { id: 1, op: "engine.run".to_owned(), input })
    }

    #[test]
    fn a_script_gives_its_trace() {
        let answer = play(
            json!({ "topic": "settings" }),
            json!([
                { "at": 5, "do": { "answer": "subscribe", "resolve": null } },
                { "at": 5, "do": { "answer": "apply", "resolve": null, "during": [{ "call": "getLocalRevision" }] } },
                { "at": 5, "do": { "call": "start" } },
                { "at": 9, "do": { "settle": "getSnapshot", "number": 1, "resolve": { "revision": "2", "data": 7 } } },
            ]),
        );
        let expected = json!([
            { "at": 5, "call": "subscribe", "number": 1 },
            { "at": 5, "call": "getSnapshot", "number": 1 },
            { "at": 9, "call": "apply", "number": 1, "with": { "revision": "2", "data": 7 } },
            { "at": 9, "settled": "getLocalRevision", "number": 1, "resolve": "0" },
            { "at": 9, "settled": "start", "number": 1, "resolve": null },
        ]);
        assert_eq!(answer, Answer::Ok { value: expected });
    }

    #[test]
    fn options_out_of_range_are_refused_by_name() {
        for (options, name) in [
            (json!({ "topic": "\u{feff}" }), "topic"),
            (json!({ "topic": "t", "throttling": { "debounceMs": -1 } }), "throttling.debounceMs"),
            (json!({ "topic": "t", "retry": { "maxAttempts": 2.5 } }), "retry.maxAttempts"),
            (json!({ "topic": "t", "applyTimeoutMs": 0 }), "applyTimeoutMs"),
            (json!({ "topic": "t", "initialSnapshot": { "revision": "1" } }), "initialSnapshot"),
        ] {
            let expected = json!([{ "at": 0, "refused": name }]);
            assert_eq!(play(options, json!([])), Answer::Ok { value: expected });
        }
    }

    #[test]
    fn what_cannot_be_played_says_why() {
        let spinning = json!([
            { "at": 0, "do": { "answer": "getSnapshot", "throw": "gone" } },
            { "at": 0, "do": { "call": "refresh" } },
        ]);
        let without_clock = json!([
            { "at": 0, "do": { "clock": "fails" } },
            { "at": 0, "do": { "answer": "apply", "resolve": null } },
            { "at": 0, "do": { "answer": "getSnapshot", "resolve": { "revision": "1", "data": 0 }, "during": [{ "call": "refresh" }] } },
            { "at": 0, "do": { "call": "refresh" } },
        ]);
        let endless = json!({ "topic": "t", "retry": { "maxAttempts": "infinite", "initialDelayMs": 0 } });
        let plain = json!({ "topic": "t" });
        for (options, timeline, reason) in [
            (&endless, spinning, "at 0 ms; expected time to go on"),
            (&plain, without_clock, "at 0 ms; expected time to go on"),
            (
                &plain,
                json!([{ "at": 3, "do": { "settle": "apply", "number": 1 } }]),
                "call 1 of apply cannot be settled at 3 ms",
            ),
            (
                &plain,
                json!([{ "at": 0, "do": { "answer": "save", "resolve": 1 } }]),
                "there is no function save",
            ),
            (&plain, json!([{ "at": 0, "do": { "call": "run" } }]), "an engine has no function run"),
        ] {
            match play(options.clone(), timeline) {
                Answer::Error { code, message, .. } => {
                    assert_eq!(code, "unplayable");
                    assert!(message.contains(reason), "{message}");
                }
                other => panic!("{reason}: {other:?}"),
            }
        }
    }
}
