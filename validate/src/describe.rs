//! JSON values in words, for sentences.

use serde_json::Value;

/// How much of a value a sentence shows.
const SHOWN: usize = 60;

/// What was found.
pub(crate) fn found(value: &Value) -> String {
    match value {
        Value::Null => "found null".to_owned(),
        Value::Bool(value) => format!("found the boolean {value}"),
        Value::Number(value) => format!("found the number {value}"),
        Value::String(_) => format!("found the string {}", shown(value)),
        Value::Array(_) => "found an array".to_owned(),
        Value::Object(_) => "found an object".to_owned(),
    }
}

/// A value as JSON, cut where it is long.
pub(crate) fn shown(value: &Value) -> String {
    if let Value::String(string) = value {
        let mut rest = string.chars();
        let head: String = rest.by_ref().take(SHOWN).collect();
        let left = rest.count();
        let more = if left == 0 { String::new() } else { format!(" and {left} more characters") };
        return format!("{}{more}", Value::String(head));
    }
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A list of values as `1`, `1 or 2`, `1, 2 or 3`, cut where it is long.
pub(crate) fn one_of(values: &[Value]) -> String {
    const LISTED: usize = 12;
    let mut words: Vec<String> = values.iter().take(LISTED).map(shown).collect();
    if values.len() > LISTED {
        words.push(format!("{} other values", values.len() - LISTED));
    }
    match words.len() {
        0 => "no value".to_owned(),
        1 => words.remove(0),
        _ => {
            let last = words.pop().unwrap_or_default();
            format!("{} or {last}", words.join(", "))
        }
    }
}

/// A count with its noun.
pub(crate) fn count(count: impl Into<u64>, noun: &str) -> String {
    let count = count.into();
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
