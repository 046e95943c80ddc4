//! Changes in words.

use serde_json::Value;

use super::number::json_equal;
use super::types::Types;

/// A value longer than this is not written out.
const LONGEST: usize = 80;

/// What happened to a keyword.
pub(super) fn described(keyword: &str, values: (Option<&Value>, Option<&Value>)) -> String {
    match values {
        (Some(before), Some(after)) => changed(keyword, before, after),
        (None, Some(Value::Object(_) | Value::Array(_))) if !matches!(keyword, "enum" | "type" | "const") => {
            format!("`{keyword}` was added")
        }
        (None, Some(after)) => format!("`{keyword}` was added: {}", shown(after)),
        (Some(Value::Object(_) | Value::Array(_)), None) if !matches!(keyword, "enum" | "type" | "const") => {
            format!("`{keyword}` was removed")
        }
        (Some(before), None) => format!("`{keyword}` was removed: it was {}", shown(before)),
        (None, None) => format!("`{keyword}` is as it was"),
    }
}

fn changed(keyword: &str, before: &Value, after: &Value) -> String {
    match (keyword, before, after) {
        ("type", _, _) => {
            format!(
                "the type was {} and is {}",
                Types::of_keyword(before).words(),
                Types::of_keyword(after).words()
            )
        }
        ("enum", Value::Array(before), Value::Array(after)) => {
            let missing = |some: &[Value], all: &[Value]| -> Vec<String> {
                some.iter()
                    .filter(|value| !all.iter().any(|other| json_equal(value, other)))
                    .map(shown)
                    .collect()
            };
            let parts = [("gained", missing(after, before)), ("lost", missing(before, after))];
            let parts = parts.into_iter().filter(|(_, values)| !values.is_empty());
            let parts: Vec<String> =
                parts.map(|(verb, values)| format!("{verb} {}", values.join(", "))).collect();
            if parts.is_empty() {
                "`enum` was reordered".to_owned()
            } else {
                format!("`enum` {}", parts.join(" and "))
            }
        }
        ("title" | "description" | "examples" | "$comment", _, _) => format!("`{keyword}` was reworded"),
        _ => format!("`{keyword}` was {} and is {}", shown(before), shown(after)),
    }
}

/// A value as it is written, if it is short.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    match value {
        Value::Object(_) => "another object".to_owned(),
        Value::Array(_) => "another list".to_owned(),
        _ => format!("{}…", text.chars().take(LONGEST).collect::<String>()),
    }
}

/// Why some keywords cannot be compared with themselves.
pub(super) fn undecided(keyword: &str, values: (Option<&Value>, Option<&Value>)) -> Option<&'static str> {
    match (keyword, values) {
        ("pattern", (Some(_), Some(_))) => Some(
            "Whether one pattern includes another is not decided, and what is not decided counts as breaking.",
        ),
        ("format", (Some(_), Some(_))) => Some(
            "Whether one format includes another is not decided, and what is not decided counts as breaking.",
        ),
        _ => None,
    }
}
