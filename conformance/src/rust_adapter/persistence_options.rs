//! The options of a persistence script, as the crate takes them, and the functions that the script plays in them.

use super::{
    engine_options::{Group, Refused, throttling},
    script::Script,
};
use serde_json::{Map, Value, json};
use state_sync::{SafeInteger, Topic, json as state_sync_json};
use state_sync_persistence::{Cause, Compressor, Migration, Options, Tabs, Validator};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// What the tab is called here; the trace writes "self".
pub(crate) const SOURCE_ID: &str = "d41a6c0e5b9f7328";

/// An error that the script has given.
#[derive(Debug)]
pub(crate) struct ScriptError(pub(crate) Value);

impl fmt::Display for ScriptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for ScriptError {}

/// Why a function that the script plays gave nothing.
#[derive(Debug)]
struct Problem(&'static str);

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Problem {}

fn problem<T>(problem: &'static str) -> Result<T, Cause> {
    Err(Arc::new(Problem(problem)))
}

/// The validator and the steps of a migration, which the layer calls while it handles an input. What they answer is
/// known before, and that they were called is noted after.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Calls>>);

#[derive(Default)]
struct Calls {
    validator: Option<Result<Value, Value>>,
    migrate: Option<Result<Value, Value>>,
    made: Vec<(&'static str, Value)>,
}

impl Asked {
    /// Takes the answers that the functions give at present.
    pub(crate) fn prepare(&self, script: &Script) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.validator = script.answer("validator");
        calls.migrate = script.answer("migrate");
    }

    /// The calls that were made, in order, with their arguments.
    pub(crate) fn take(&self) -> Vec<(&'static str, Value)> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).made)
    }

    fn validate(&self, data: &Value) -> Result<(), Cause> {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.made.push(("validator", data.clone()));
        match &calls.validator {
            Some(Err(error)) => Err(Arc::new(ScriptError(error.clone()))),
            Some(Ok(Value::Bool(false))) => problem("the validator answered false"),
            _ => Ok(()),
        }
    }

    fn migrate(&self, from: u64, data: Value) -> Result<Value, Cause> {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.made.push(("migrate", json!({ "from": from, "data": data })));
        match &calls.migrate {
            Some(Err(error)) => Err(Arc::new(ScriptError(error.clone()))),
            Some(Ok(answer)) if answer.get("nothing") == Some(&Value::Bool(true)) => {
                problem("the step gave no JSON value")
            }
            Some(Ok(answer)) => Ok(answer.clone()),
            None => Ok(data),
        }
    }
}

/// The options of a request.
pub(crate) fn read(input: &Map<String, Value>, asked: &Asked) -> Result<Options, Refused> {
    let empty = Map::new();
    let options = input.get("options").and_then(Value::as_object).unwrap_or(&empty);
    let whole = Group { members: options, prefix: "" };
    let default = Options::default();
    let mut throttling = throttling(&whole.group("throttling", "throttling.", &empty))?;
    let has_debounce = options.get("throttling").is_some_and(|group| !group["debounceMs"].is_null());
    if let Some(debounce) = whole.time("debounceMs")?.filter(|_| !has_debounce) {
        throttling.debounce = debounce;
    }
    let callbacks = input.get("callbacks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(Options {
        topic: decoded::<Topic>(&whole, "topic")?,
        throttling,
        schema_version: decoded(&whole, "schemaVersion")?.unwrap_or(default.schema_version),
        ttl_ms: decoded(&whole, "ttlMs")?,
        compressor: whole.get("compression").and_then(compressor),
        hash: flag(&whole, "enableHash", default.hash),
        load_timeout: whole.time("loadTimeoutMs")?.unwrap_or(default.load_timeout),
        save_timeout: whole.time("saveTimeoutMs")?.unwrap_or(default.save_timeout),
        tabs: flag(&whole, "crossTabSync", false).then(|| Tabs {
            source_id: SOURCE_ID.to_owned(),
            receive_updates: flag(&whole, "receiveUpdates", true),
            broadcast_saves: flag(&whole, "broadcastSaves", true),
        }),
        migration: migration(&whole, asked),
        validator: callbacks.contains(&json!("validator")).then(|| {
            let asked = asked.clone();
            Arc::new(move |data: &Value| asked.validate(data)) as Validator
        }),
        verify_hash: flag(&whole, "verifyHash", default.verify_hash),
        ignore_ttl: flag(&whole, "ignoreTTL", default.ignore_ttl),
    })
}

fn decoded<T: serde::de::DeserializeOwned>(group: &Group, name: &str) -> Result<Option<T>, Refused> {
    let decode = |value| state_sync_json::from_value(value).map_err(|_| Refused(name.to_owned()));
    group.get(name).map(decode).transpose()
}

fn flag(group: &Group, name: &str, default: bool) -> bool {
    group.get(name).and_then(Value::as_bool).unwrap_or(default)
}

fn migration(group: &Group, asked: &Asked) -> Migration {
    let versions = group.get("migration").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let versions = versions.iter().filter_map(Value::as_u64).filter_map(|from| SafeInteger::new(from).ok());
    let with_step = |builder: state_sync_persistence::MigrationBuilder, from: SafeInteger| {
        let asked = asked.clone();
        builder.step(from, move |data| asked.migrate(from.get(), data))
    };
    versions.fold(Migration::builder(), with_step).build_unchecked()
}

fn compressor(name: &Value) -> Option<Arc<dyn Compressor>> {
    match name.as_str()? {
        "base64" => Some(Arc::new(Base64)),
        "runs" => Some(Arc::new(Runs)),
        "fails" => Some(Arc::new(Fails)),
        _ => None,
    }
}

/// Base64 (RFC 4648, section 4) of the text in UTF-8.
struct Base64;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Compressor for Base64 {
    fn algorithm(&self) -> &str {
        "base64"
    }

    fn compress(&self, text: &str) -> Result<String, Cause> {
        let mut encoded = String::new();
        for group in text.as_bytes().chunks(3) {
            let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
            for at in 0..4 {
                let digit = char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63]);
                encoded.push(if at <= group.len() { digit } else { '=' });
            }
        }
        Ok(encoded)
    }

    fn decompress(&self, text: &str) -> Result<String, Cause> {
        let digits = text.trim_end_matches('=');
        if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
            return problem("Base64 comes in groups of four, padded with =");
        }
        let mut bytes = Vec::new();
        for group in digits.as_bytes().chunks(4) {
            let mut bits = 0;
            for at in 0..4 {
                let digit = group.get(at).copied().unwrap_or(b'A');
                let Some(value) = ALPHABET.iter().position(|known| *known == digit) else {
                    return problem("a character that Base64 does not have");
                };
                bits = bits << 6 | value as u32;
            }
            bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
        }
        String::from_utf8(bytes).or_else(|_| problem("the bytes are not UTF-8"))
    }
}

/// Each run of two to nine equal ASCII letters becomes the letter and a digit; text with a digit fails.
struct Runs;

impl Compressor for Runs {
    fn algorithm(&self) -> &str {
        "runs"
    }

    fn compress(&self, text: &str) -> Result<String, Cause> {
        if text.contains(|letter: char| letter.is_ascii_digit()) {
            return problem("text with a digit");
        }
        let mut left = text.chars().peekable();
        let mut compressed = String::new();
        while let Some(letter) = left.next() {
            let mut count = 1_u8;
            while letter.is_ascii_alphabetic() && count < 9 && left.next_if_eq(&letter).is_some() {
                count += 1;
            }
            compressed.push(letter);
            if count > 1 {
                compressed.push(char::from(b'0' + count));
            }
        }
        Ok(compressed)
    }

    fn decompress(&self, text: &str) -> Result<String, Cause> {
        let mut left = text.chars().peekable();
        let mut whole = String::new();
        while let Some(letter) = left.next() {
            let count = left.next_if(char::is_ascii_digit).and_then(|digit| digit.to_digit(10));
            whole.extend(std::iter::repeat_n(letter, count.unwrap_or(1) as usize));
        }
        Ok(whole)
    }
}

/// Fails both ways.
struct Fails;

impl Compressor for Fails {
    fn algorithm(&self) -> &str {
        "fails"
    }

    fn compress(&self, _text: &str) -> Result<String, Cause> {
        problem("it always fails")
    }

    fn decompress(&self, _text: &str) -> Result<String, Cause> {
        problem("it always fails")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressors_give_back_what_they_got() {
        for text in ["", "a", "ab", "abc", "{\"theme\":\"dark\"}", "aaaaaaaaaaaaé\u{1F600}\u{0}"] {
            for compressor in [&Base64 as &dyn Compressor, &Runs] {
                let compressed = compressor.compress(text).unwrap();
                assert_eq!(compressor.decompress(&compressed).unwrap(), text, "{compressed}");
            }
        }
        assert_eq!(Base64.compress("{\"theme\":\"dark\"}").unwrap(), "eyJ0aGVtZSI6ImRhcmsifQ==");
        for text in ["a", "====", "a=b=", "é==="] {
            assert!(Base64.decompress(text).is_err(), "{text}");
        }
    }
}
