//! The operation `persistence.run`: a persistence layer in virtual time (`conformance/scripts.md`, "Persistence layers").

use super::{
    engine_options::Refused,
    persistence_options::{self, Asked, SOURCE_ID, ScriptError},
    persistence_trace::{
        backend_error, written, written_cause, written_error, written_message, written_stats,
    },
    script::{self, Action, Called, Played, Script, Subject, Unplayable, object},
};
use crate::wire::{Answer, Request};
use serde_json::{Map, Value, json};
use state_sync::{SnapshotEnvelope, json as state_sync_json};
use state_sync_persistence::{
    CallerId, Cause, Input, Layer, Now, Options, Outcome, Output, Record, ReplaceRule, Replacement,
    Standalone, StandaloneOutput, record,
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

/// What happens to a layer that has a gate of its own.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    Layer(Input),
    Apply(CallerId, SnapshotEnvelope<Value>),
    ApplyEnded(u64, Result<(), Cause>),
}

/// What is between the script and the layer. It changes nothing here; a mutant does.
pub(crate) trait Twist {
    /// What the layer is made with.
    fn options(&mut self, options: &mut Options) {
        let _ = options;
    }

    /// What happens to the layer, in place of `happening`.
    fn happening(&mut self, happening: Happening, now: Now) -> Vec<Happening> {
        let _ = now;
        vec![happening]
    }

    /// What is done in place of `output`.
    fn output(&mut self, output: StandaloneOutput) -> Vec<StandaloneOutput> {
        vec![output]
    }

    /// What becomes of the stored record in place of `verdict`.
    fn verdict(&mut self, verdict: Replacement, stored: Option<&Record>, new: &Record) -> Replacement {
        let _ = (stored, new);
        verdict
    }
}

/// The layer of the crate as it is.
struct Straight;

impl Twist for Straight {}

/// What the layer of the crate does with a script.
pub(crate) fn run(request: &Request) -> Answer {
    run_with(request, Straight)
}

/// What the layer does with a script where `twist` is in between.
pub(crate) fn run_with(request: &Request, mut twist: impl Twist + 'static) -> Answer {
    let input = &request.input;
    let mut script = Script::new(input);
    let asked = Asked::default();
    let made = persistence_options::read(input, &asked).and_then(|mut options| {
        twist.options(&mut options);
        Ok(Layer::new(options, script::random(input))?)
    });
    let played = match made {
        Ok(layer) => Player::new(layer, asked, Box::new(twist), input, &mut script).play(&mut script, input),
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

/// Connects a layer to a script.
struct Player {
    machine: Standalone,
    twist: Box<dyn Twist>,
    asked: Asked,
    /// What the store holds.
    stored: Option<Value>,
    /// Inputs that wait until the one at hand is handled.
    waiting: VecDeque<Happening>,
    handling: bool,
    /// The calls of the application that wait, by the id that the machine knows.
    callers: Vec<(&'static str, u64)>,
    /// What the machine wants of a call of a port, by the function and its number in the trace.
    calls: BTreeMap<(&'static str, u64), Wanted>,
}

/// The input that a call of the application is.
type Calling = fn(CallerId) -> Input;

/// What a call of a port is about.
#[derive(Clone)]
enum Wanted {
    Load(u64),
    Save(u64, Arc<Record>, ReplaceRule),
    Clear(u64, Option<Arc<Record>>),
    Apply(u64),
}

impl Player {
    fn new(
        layer: Layer,
        asked: Asked,
        twist: Box<dyn Twist>,
        input: &Map<String, Value>,
        script: &mut Script,
    ) -> Self {
        for open in ["save", "load", "clear", "apply"] {
            script.define(open, None);
        }
        for silent in ["post", "validator", "onPersistenceError"] {
            script.define(silent, Some(Value::Null));
        }
        // Without an answer of the script's, a step gives back the data that it was given.
        script.define("migrate", None);
        let callbacks = input.get("callbacks").and_then(Value::as_array).map(Vec::as_slice);
        if callbacks.unwrap_or_default().contains(&json!("on")) {
            script.define("on", Some(Value::Null));
        }
        Self {
            machine: Standalone::new(layer),
            twist,
            asked,
            stored: input.get("stored").cloned(),
            waiting: VecDeque::new(),
            handling: false,
            callers: Vec::new(),
            calls: BTreeMap::new(),
        }
    }

    fn play(mut self, script: &mut Script, input: &Map<String, Value>) -> Played {
        let outputs = self.machine.open(now(script));
        self.handling = true;
        self.all(script, outputs)?;
        self.handling = false;
        self.drain(script)?;
        script::play(&mut self, script, input)
    }

    fn input(&mut self, script: &mut Script, input: Input) -> Played {
        self.happen(script, Happening::Layer(input))
    }

    fn happen(&mut self, script: &mut Script, happening: Happening) -> Played {
        let happenings = self.twist.happening(happening, now(script));
        self.waiting.extend(happenings);
        if self.handling { Ok(()) } else { self.drain(script) }
    }

    fn drain(&mut self, script: &mut Script) -> Played {
        self.handling = true;
        while let Some(happening) = self.waiting.pop_front() {
            self.asked.prepare(script);
            let now = now(script);
            let outputs = match happening {
                Happening::Layer(input) => self.machine.handle(input, now),
                Happening::Apply(caller, snapshot) => self.machine.apply(caller, snapshot, now),
                Happening::ApplyEnded(number, outcome) => self.machine.apply_ended(number, outcome, now),
            };
            for (name, with) in self.asked.take() {
                script::call(self, script, name, Some(with))?;
            }
            self.all(script, outputs)?;
        }
        self.handling = false;
        Ok(())
    }

    fn all(&mut self, script: &mut Script, outputs: Vec<StandaloneOutput>) -> Played {
        for output in outputs {
            for output in self.twist.output(output) {
                self.output(script, output)?;
            }
        }
        Ok(())
    }

    fn output(&mut self, script: &mut Script, output: StandaloneOutput) -> Played {
        match output {
            StandaloneOutput::Apply { number, snapshot } => {
                self.call_port(script, "apply", Wanted::Apply(number), Some(written(&snapshot)))
            }
            StandaloneOutput::Applied { caller, outcome } => {
                let outcome = outcome.map(|()| Value::Null).map_err(|cause| written_cause(&cause));
                self.note_settled(script, caller, outcome)
            }
            StandaloneOutput::Layer(output) => self.layer_output(script, output),
        }
    }

    fn layer_output(&mut self, script: &mut Script, output: Output) -> Played {
        match output {
            Output::Load { number } => self.call_port(script, "load", Wanted::Load(number), None),
            Output::Save { number, record, rule } => {
                let with = written(record.as_ref());
                self.call_port(script, "save", Wanted::Save(number, record, rule), Some(with))
            }
            Output::Clear { number, only } => {
                self.call_port(script, "clear", Wanted::Clear(number, only), None)
            }
            Output::Post(message) => {
                let called = script::call(self, script, "post", Some(written_message(&message)))?;
                self.returned(script, "post", called)
            }
            Output::Report(error) => {
                script::call(self, script, "onPersistenceError", Some(written_error(&error))).map(drop)
            }
            Output::Event(event) if script.defines("on") => {
                script::call(self, script, "on", Some(json!(event.as_str()))).map(drop)
            }
            Output::Settle { caller, outcome } => {
                let outcome = match outcome {
                    Outcome::Loaded(applied) => Ok(Value::Bool(applied)),
                    Outcome::Done => Ok(Value::Null),
                    Outcome::Failed(error) => Err(written_error(&error)),
                };
                self.note_settled(script, caller, outcome)
            }
            Output::Event(_) | Output::Offer { .. } => Ok(()),
        }
    }

    fn note_settled(
        &mut self,
        script: &mut Script,
        caller: CallerId,
        outcome: Result<Value, Value>,
    ) -> Played {
        let called = usize::try_from(caller).ok().and_then(|caller| self.callers.get(caller));
        if let Some(&(name, number)) = called {
            script.note_settled(name, number, outcome);
        }
        Ok(())
    }

    fn call_port(
        &mut self,
        script: &mut Script,
        name: &'static str,
        wanted: Wanted,
        with: Option<Value>,
    ) -> Played {
        self.calls.insert((name, script.calls(name) + 1), wanted);
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

    fn caller(&mut self, script: &mut Script, name: &'static str) -> CallerId {
        let number = script.application(name);
        self.callers.push((name, number));
        self.callers.len() as CallerId - 1
    }

    fn application_calls(&mut self, script: &mut Script, name: &str, with: Option<&Value>) -> Played {
        if name == "apply" {
            let snapshot = with.map(state_sync_json::from_value);
            let Some(Ok(snapshot)) = snapshot else {
                return Err(Unplayable("what an engine applies is a snapshot; `with` is none".to_owned()));
            };
            let caller = self.caller(script, "apply");
            return self.happen(script, Happening::Apply(caller, snapshot));
        }
        let waiting: Option<(_, Calling)> = match name {
            "load" => Some(("load", Input::Load)),
            "flush" => Some(("flush", Input::Flush)),
            "clear" => Some(("clear", Input::Clear)),
            "dispose" => Some(("dispose", Input::Dispose)),
            _ => None,
        };
        if let Some((name, input)) = waiting {
            let caller = self.caller(script, name);
            return self.input(script, input(caller));
        }
        let value = match name {
            "hasPendingSave" => json!(self.machine.layer().has_pending_save()),
            "getStats" => written_stats(self.machine.layer()),
            _ => return Err(Unplayable(format!("a persistence layer has no function {name}"))),
        };
        let number = script.application(name);
        script.note_settled(name, number, Ok(value));
        Ok(())
    }

    /// The backend saves: the layer judges what is stored right before it is replaced (PRS-32).
    fn replace(&mut self, script: &mut Script, record: &Record, rule: &ReplaceRule) -> Replacement {
        let stored = self.stored.as_ref().and_then(|stored| record::decode(stored).ok());
        let verdict = rule.judge(stored.as_ref(), record, script.wall_now());
        let verdict = self.twist.verdict(verdict, stored.as_ref(), record);
        if verdict.is_replaced() {
            let stored = written(record);
            script.note(object(json!({ "stored": stored })));
            self.stored = Some(stored);
        }
        verdict
    }

    /// The backend clears; a late clearing removes one record and no other (PRS-59).
    fn empty(&mut self, script: &mut Script, only: Option<&Record>) {
        let stored = self.stored.as_ref().and_then(|stored| record::decode(stored).ok());
        if only.is_none() || stored.as_ref() == only {
            self.stored = None;
            script.note(object(json!({ "cleared": true })));
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
            self.application_calls(script, name, action.get("with"))
        } else if let Some(message) = action.get("message") {
            let mut message = message.clone();
            if message.get("sourceId") == Some(&json!("self")) {
                message["sourceId"] = json!(SOURCE_ID);
            }
            self.input(script, Input::Message(message))
        } else if action.contains_key("pageHidden") {
            self.input(script, Input::PageHidden)
        } else if let Some(stored) = action.get("store") {
            self.stored = (!action.contains_key("nothing")).then(|| stored.clone());
            Ok(())
        } else {
            let action = Value::from(action.clone());
            Err(Unplayable(format!("nobody knows what {action} means for a persistence layer")))
        }
    }

    fn settled(
        &mut self,
        script: &mut Script,
        function: &str,
        number: u64,
        outcome: Result<Value, Value>,
    ) -> Played {
        let Some(wanted) = self.calls.iter().find(|((name, made), _)| *name == function && *made == number)
        else {
            return match (function, outcome) {
                ("post", Err(error)) => self.input(script, Input::PostFailed(Arc::new(ScriptError(error)))),
                // What a callback gives later is watched, and comes to nothing (ENG-76).
                _ => Ok(()),
            };
        };
        match (wanted.1.clone(), outcome) {
            (Wanted::Apply(number), outcome) => {
                let outcome = outcome.map(drop).map_err(|error| Arc::new(ScriptError(error)) as Cause);
                self.happen(script, Happening::ApplyEnded(number, outcome))
            }
            (Wanted::Load(number), Err(error)) => {
                self.input(script, Input::Loaded { number, outcome: Err(backend_error(error)) })
            }
            (Wanted::Load(number), Ok(_)) => {
                let outcome = self.stored.as_ref().map(record::decode).transpose();
                self.input(script, Input::Loaded { number, outcome })
            }
            (Wanted::Save(number, ..), Err(error)) => {
                self.input(script, Input::Saved { number, outcome: Err(backend_error(error)) })
            }
            (Wanted::Save(number, record, rule), Ok(_)) => {
                let outcome = Ok(self.replace(script, &record, &rule));
                self.input(script, Input::Saved { number, outcome })
            }
            (Wanted::Clear(number, _), Err(error)) => {
                self.input(script, Input::Cleared { number, outcome: Err(backend_error(error)) })
            }
            (Wanted::Clear(number, only), Ok(_)) => {
                self.empty(script, only.as_deref());
                self.input(script, Input::Cleared { number, outcome: Ok(()) })
            }
        }
    }
}

fn now(script: &Script) -> Now {
    Now { time: script.instant(), wall_ms: script.wall_now() }
}
