//! What all scripts in virtual time have in common (`conformance/scripts.md`): the clock, functions that are open until
//! the script settles them, calls of the application, and the trace of both.

use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
    time::Duration,
};

/// How many timers may fire at one instant before the run is given up.
const TIMERS_AT_ONE_INSTANT: u32 = 10_000;

/// How many calls may be made at one instant before the run is given up; without a clock no timer counts.
const CALLS_AT_ONE_INSTANT: u32 = 10_000;

/// An entry of the timeline, or one of a function's `during`.
pub(crate) type Action = Map<String, Value>;

/// A script that cannot be played to its end; it says what is wrong with the script or with what it plays.
#[derive(Debug)]
pub(crate) struct Unplayable(pub(crate) String);

impl fmt::Display for Unplayable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

pub(crate) type Played<T = ()> = Result<T, Unplayable>;

/// What a script is played with: a machine, and what connects its inputs and outputs to the script.
pub(crate) trait Subject {
    /// The time of the earliest timer.
    fn next_timer(&self) -> Option<Duration>;
    /// That time has come: fires that timer alone, and does all that follows.
    fn fire(&mut self, script: &mut Script) -> Played;
    /// Does an action that is not the player's own: a call, an event, a message.
    fn act(&mut self, script: &mut Script, action: &Action) -> Played;
    /// An open call of a function comes to its end; `Err` is the value with which it is rejected.
    fn settled(
        &mut self,
        script: &mut Script,
        function: &str,
        number: u64,
        outcome: Result<Value, Value>,
    ) -> Played;
}

/// A call of a function that has been noted.
pub(crate) struct Called {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The answer that it gives before it returns; `None` where it is open.
    pub(crate) answer: Option<Result<Value, Value>>,
}

/// A function that can be called.
struct Function {
    calls: u64,
    /// The answer that it gives at once; `None` where its calls stay open.
    answer: Option<Result<Value, Value>>,
    during: Vec<Action>,
    open: BTreeSet<u64>,
}

/// A script that is being played.
pub(crate) struct Script {
    instant: Duration,
    /// How many calls were made at this instant.
    calls_now: (Duration, u32),
    works: bool,
    /// What the wall clock shows at instant 0, in milliseconds; it may be before the epoch after it was set.
    wall_at_zero: i128,
    functions: BTreeMap<&'static str, Function>,
    /// How often the application has called a function.
    applications: BTreeMap<String, u64>,
    trace: Vec<Value>,
}

impl Script {
    /// The script of a request, at instant 0, without any function.
    pub(crate) fn new(input: &Map<String, Value>) -> Self {
        Self {
            instant: Duration::ZERO,
            calls_now: (Duration::ZERO, 0),
            works: true,
            wall_at_zero: input.get("wallClock").and_then(Value::as_u64).unwrap_or(0).into(),
            functions: BTreeMap::new(),
            applications: BTreeMap::new(),
            trace: Vec::new(),
        }
    }

    /// Defines a function that is open until settled, or answers at once with `answer`.
    pub(crate) fn define(&mut self, name: &'static str, answer: Option<Value>) {
        let function =
            Function { calls: 0, answer: answer.map(Ok), during: Vec::new(), open: BTreeSet::new() };
        self.functions.insert(name, function);
    }

    /// Whether there is a function of this name.
    pub(crate) fn defines(&self, name: &str) -> bool {
        self.functions.contains_key(name)
    }

    /// How often a function has been called.
    pub(crate) fn calls(&self, name: &str) -> u64 {
        self.functions.get(name).map_or(0, |function| function.calls)
    }

    /// The answer that a function gives at once, if it does.
    pub(crate) fn answer(&self, name: &str) -> Option<Result<Value, Value>> {
        self.functions.get(name).and_then(|function| function.answer.clone())
    }

    /// The time; `None` while the clock fails.
    pub(crate) fn now(&self) -> Option<Duration> {
        self.works.then_some(self.instant)
    }

    /// The instant at which virtual time stands, whether the clock tells it or not.
    pub(crate) fn instant(&self) -> Duration {
        self.instant
    }

    /// The wall clock, in milliseconds since the Unix epoch.
    pub(crate) fn wall_now(&self) -> u64 {
        let elapsed = i128::try_from(self.instant.as_millis()).unwrap_or(i128::MAX);
        u64::try_from(self.wall_at_zero.saturating_add(elapsed).max(0)).unwrap_or(u64::MAX)
    }

    /// Adds an entry to the trace.
    pub(crate) fn note(&mut self, mut entry: Map<String, Value>) {
        entry.insert("at".to_owned(), milliseconds(self.instant));
        self.trace.push(Value::Object(entry));
    }

    /// Notes a call of the application and gives its number.
    pub(crate) fn application(&mut self, name: &str) -> u64 {
        let number = self.applications.entry(name.to_owned()).or_default();
        *number += 1;
        *number
    }

    /// Notes the end of a call of the application.
    pub(crate) fn note_settled(&mut self, name: &str, number: u64, outcome: Result<Value, Value>) {
        let (how, value) = match outcome {
            Ok(value) => ("resolve", value),
            Err(value) => ("reject", value),
        };
        self.note(object(json!({ "settled": name, "number": number, how: value })));
    }

    /// Notes that the cancellation of a call is signalled, if the call is open.
    pub(crate) fn note_cancelled(&mut self, name: &str, number: u64) {
        if self.functions.get(name).is_some_and(|function| function.open.contains(&number)) {
            self.note(object(json!({ "cancelled": name, "number": number })));
        }
    }

    /// What has been seen from outside.
    pub(crate) fn into_trace(self) -> Value {
        Value::Array(self.trace)
    }

    /// Counts a call of this instant.
    fn count_call(&mut self) -> Played {
        let (instant, calls) = self.calls_now;
        let calls = if instant == self.instant { calls + 1 } else { 1 };
        self.calls_now = (self.instant, calls);
        if calls > CALLS_AT_ONE_INSTANT {
            let at = self.instant.as_millis();
            let problem =
                format!("more than {CALLS_AT_ONE_INSTANT} calls at {at} ms; expected time to go on");
            return Err(Unplayable(problem));
        }
        Ok(())
    }

    fn function(&mut self, name: &str) -> Played<&mut Function> {
        let known = self.functions.keys().copied().collect::<Vec<_>>().join(", ");
        let function = self.functions.get_mut(name);
        function.ok_or_else(|| Unplayable(format!("there is no function {name} here; there are {known}")))
    }
}

/// Calls a function: notes that, does what it does when it is called, and gives its answer.
pub(crate) fn call<S: Subject>(
    subject: &mut S,
    script: &mut Script,
    name: &'static str,
    with: Option<Value>,
) -> Played<Called> {
    script.count_call()?;
    let function = script.function(name)?;
    function.calls += 1;
    let (number, answer, during) = (function.calls, function.answer.clone(), function.during.clone());
    if answer.is_none() {
        function.open.insert(number);
    }
    let mut entry = object(json!({ "call": name, "number": number }));
    entry.extend(with.map(|with| ("with".to_owned(), with)));
    script.note(entry);
    for action in during {
        perform(subject, script, &action)?;
    }
    Ok(Called { number, answer })
}

/// Plays the timeline of a request to its end: the timers due at an instant fire before each of its entries.
pub(crate) fn play<S: Subject>(subject: &mut S, script: &mut Script, input: &Map<String, Value>) -> Played {
    let entries = input.get("timeline").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut last = Duration::ZERO;
    for entry in entries {
        let (Some(at), Some(action)) =
            (entry.get("at").and_then(Value::as_u64), entry.get("do").and_then(Value::as_object))
        else {
            return Err(Unplayable(format!("{entry} is no entry: it needs \"at\" and \"do\"")));
        };
        last = Duration::from_millis(at);
        advance(subject, script, last)?;
        perform(subject, script, action)?;
    }
    let until = input.get("until").and_then(Value::as_u64).map(Duration::from_millis);
    advance(subject, script, until.unwrap_or(last))
}

/// Moves the clock to an instant, and fires on the way all timers that are due by then, those set meanwhile too.
fn advance<S: Subject>(subject: &mut S, script: &mut Script, instant: Duration) -> Played {
    let mut fired = 0;
    while let Some(due) = subject.next_timer().filter(|due| *due <= instant) {
        fired = if due <= script.instant { fired + 1 } else { 1 };
        if fired > TIMERS_AT_ONE_INSTANT {
            return Err(Unplayable(format!(
                "more than {TIMERS_AT_ONE_INSTANT} timers fired at {} ms, and there are more; expected time to go on",
                script.instant.as_millis()
            )));
        }
        script.instant = script.instant.max(due);
        subject.fire(script)?;
    }
    script.instant = script.instant.max(instant);
    Ok(())
}

/// Does what an entry says.
pub(crate) fn perform<S: Subject>(subject: &mut S, script: &mut Script, action: &Action) -> Played {
    if let Some(name) = action.get("settle").and_then(Value::as_str) {
        settle(subject, script, name, action)
    } else if let Some(name) = action.get("answer").and_then(Value::as_str) {
        let function = script.function(name)?;
        let during = action.get("during").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        function.during = during.iter().filter_map(Value::as_object).cloned().collect();
        function.answer = outcome(action, "throw");
        Ok(())
    } else if let Some(wall) = action.get("wallClock").and_then(Value::as_u64) {
        let elapsed = i128::try_from(script.instant.as_millis()).unwrap_or(i128::MAX);
        script.wall_at_zero = i128::from(wall) - elapsed;
        Ok(())
    } else if let Some(clock) = action.get("clock") {
        script.works = clock == "works";
        Ok(())
    } else {
        subject.act(script, action)
    }
}

fn settle<S: Subject>(subject: &mut S, script: &mut Script, name: &str, action: &Action) -> Played {
    let number = action.get("number").and_then(Value::as_u64).unwrap_or_default();
    let at = script.instant.as_millis();
    if !script.function(name)?.open.remove(&number) {
        let problem = format!("call {number} of {name} cannot be settled at {at} ms: it is not open");
        return Err(Unplayable(problem));
    }
    let outcome = outcome(action, "reject").unwrap_or(Ok(Value::Null));
    subject.settled(script, name, number, outcome)
}

/// What an entry says that comes out: `resolve`, or the member for a failure; `None` where it says neither.
fn outcome(action: &Action, failure: &str) -> Option<Result<Value, Value>> {
    let failed = action.get(failure).cloned().map(Err);
    failed.or_else(|| action.get("resolve").cloned().map(Ok))
}

/// Chance: the numbers of the script one after the other, then 0.
pub(crate) fn random(input: &Map<String, Value>) -> impl FnMut() -> f64 + Send + 'static {
    let draws = input.get("random").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut draws: VecDeque<f64> = draws.iter().filter_map(Value::as_f64).collect();
    move || draws.pop_front().unwrap_or(0.0)
}

/// The milliseconds of a time, whole where it is.
fn milliseconds(time: Duration) -> Value {
    if time.subsec_nanos().is_multiple_of(1_000_000) {
        json!(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    } else {
        json!(time.as_nanos() as f64 / 1e6)
    }
}

/// The members of an object that is written as JSON.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
