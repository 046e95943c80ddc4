//! The options of a script, as the crate takes them. What its types cannot hold, such as a negative time, is refused
//! here, by the name of the option (ENG-9).

use serde_json::{Map, Value};
use state_sync::{SnapshotEnvelope, Topic, json as state_sync_json};
use state_sync_engine::{Attempts, InvalidOption, Options, Position, RetryPolicy, Throttling};
use std::time::Duration;

/// The name of an option that is refused.
pub(crate) struct Refused(pub(crate) String);

impl From<InvalidOption> for Refused {
    fn from(error: InvalidOption) -> Self {
        Refused(error.option().to_owned())
    }
}

type Read<T> = Result<T, Refused>;

/// The topic and the options of a request.
pub(crate) fn read(input: &Map<String, Value>) -> Read<(Topic, Options)> {
    let empty = Map::new();
    let options = input.get("options").and_then(Value::as_object).unwrap_or(&empty);
    let whole = Group { members: options, prefix: "" };
    let topic = options.get("topic").and_then(Value::as_str).unwrap_or_default();
    let topic = Topic::new(topic).map_err(|_| Refused("topic".to_owned()))?;
    let callbacks = input.get("callbacks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let has = |name: &str| callbacks.iter().any(|callback| callback == name);
    let default = Options::default();
    let options = Options {
        throttling: throttling(&whole.group("throttling", "throttling.", &empty))?,
        retry: retry(&whole.group("retry", "retry.", &empty))?,
        subscribe_timeout: whole.time("subscribeTimeoutMs")?.unwrap_or(default.subscribe_timeout),
        get_snapshot_timeout: whole.time("getSnapshotTimeoutMs")?.unwrap_or(default.get_snapshot_timeout),
        apply_timeout: whole.time("applyTimeoutMs")?.unwrap_or(default.apply_timeout),
        initial: whole.initial("initialSnapshot")?,
        asks_should_refresh: has("shouldRefresh"),
        validates: has("validate"),
    };
    Ok((topic, options))
}

/// The limiter's options, which persistence has too.
pub(crate) fn throttling(group: &Group) -> Read<Throttling> {
    let default = Throttling::default();
    Ok(Throttling {
        debounce: group.time("debounceMs")?.unwrap_or(default.debounce),
        throttle: group.time("throttleMs")?.unwrap_or(default.throttle),
        leading: group.flag("leading")?.unwrap_or(default.leading),
        trailing: group.flag("trailing")?.unwrap_or(default.trailing),
        max_wait: group.time("maxWaitMs")?,
    })
}

fn retry(group: &Group) -> Read<RetryPolicy> {
    let default = RetryPolicy::default();
    let max_attempts = match group.get("maxAttempts") {
        None => default.max_attempts,
        Some(Value::String(word)) if word == "infinite" => Attempts::Infinite,
        Some(value) => match value.as_f64() {
            Some(number) if number >= 1.0 && number.fract() == 0.0 => Attempts::AtMost(number as u32),
            _ => return Err(group.refused("maxAttempts")),
        },
    };
    Ok(RetryPolicy {
        max_attempts,
        initial_delay: group.time("initialDelayMs")?.unwrap_or(default.initial_delay),
        backoff_multiplier: group.number("backoffMultiplier")?.unwrap_or(default.backoff_multiplier),
        max_delay: group.time("maxDelayMs")?.unwrap_or(default.max_delay),
        jitter: group.number("jitter")?.unwrap_or(default.jitter),
    })
}

/// Options that share a prefix of their names.
pub(crate) struct Group<'a> {
    /// The options, by the end of their names.
    pub(crate) members: &'a Map<String, Value>,
    /// What comes before it, such as `throttling.`.
    pub(crate) prefix: &'static str,
}

impl<'a> Group<'a> {
    /// The options of a member, which may be absent.
    pub(crate) fn group(&self, name: &str, prefix: &'static str, empty: &'a Map<String, Value>) -> Group<'a> {
        let members = self.members.get(name).and_then(Value::as_object).unwrap_or(empty);
        Group { members, prefix }
    }

    /// An option that is neither absent nor nothing (ENG-8).
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn refused(&self, name: &str) -> Refused {
        Refused(format!("{}{name}", self.prefix))
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> Read<Option<f64>> {
        self.get(name).map(|value| value.as_f64().ok_or_else(|| self.refused(name))).transpose()
    }

    /// A time in milliseconds, which is not negative.
    pub(crate) fn time(&self, name: &str) -> Read<Option<Duration>> {
        let time = |milliseconds: f64| {
            if milliseconds < 0.0 || !milliseconds.is_finite() {
                return Err(self.refused(name));
            }
            // Seconds would round what doubles hold of the longest times.
            if milliseconds.fract() == 0.0 {
                return Ok(Duration::from_millis(milliseconds as u64));
            }
            Ok(Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or(Duration::MAX))
        };
        self.number(name)?.map(time).transpose()
    }

    fn flag(&self, name: &str) -> Read<Option<bool>> {
        self.get(name).map(|value| value.as_bool().ok_or_else(|| self.refused(name))).transpose()
    }

    fn initial(&self, name: &str) -> Read<Option<Position>> {
        let decode = |value| state_sync_json::from_value::<SnapshotEnvelope<Value>>(value);
        let snapshot = self.get(name).map(decode).transpose().map_err(|_| self.refused(name))?;
        Ok(snapshot.as_ref().map(Position::of))
    }
}
