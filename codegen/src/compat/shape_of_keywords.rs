//! Whether the keywords of one schema object hold values of the right kind.

use serde_json::{Map, Value};

use super::check::{is_type, kind};

/// The first keyword that holds something else than it must, and a sentence about it.
pub(super) fn fault(object: &Map<String, Value>) -> Option<(&str, String)> {
    object.iter().find_map(|(keyword, value)| {
        let wanted = expected(keyword, value)?;
        Some((keyword.as_str(), format!("`{keyword}` is {wanted}, not {}", shown(value))))
    })
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => value.to_string(),
        _ => kind(value).to_owned(),
    }
}

/// What the keyword should have held, if it does not.
fn expected(keyword: &str, value: &Value) -> Option<&'static str> {
    let (fine, wanted) = match keyword {
        "$schema" | "$id" | "$ref" | "$anchor" | "$dynamicRef" | "$dynamicAnchor" | "pattern" | "format" => {
            (value.is_string(), "a string")
        }
        "type" => (is_type_list(value), "one of the seven type names, or an array of different ones"),
        "enum" => (value.is_array(), "an array"),
        "required" => (is_names(value), "an array of strings"),
        "dependentRequired" => (
            value.as_object().is_some_and(|map| map.values().all(is_names)),
            "an object of arrays of strings",
        ),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => (value.is_number(), "a number"),
        "multipleOf" => (value.as_f64().is_some_and(|step| step > 0.0), "a number above 0"),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "minContains" | "maxContains" => (is_count(value), "a whole number from 0 on"),
        "uniqueItems" => (value.is_boolean(), "true or false"),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
            (value.as_array().is_some_and(|list| !list.is_empty()), "an array of at least one schema")
        }
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            (value.is_object(), "an object of schemas")
        }
        "not"
        | "if"
        | "then"
        | "else"
        | "additionalProperties"
        | "propertyNames"
        | "items"
        | "contains"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "contentSchema" => {
            (value.is_object() || value.is_boolean(), "one schema: an object, `true` or `false`")
        }
        _ => (true, ""),
    };
    (!fine).then_some(wanted)
}

fn is_names(value: &Value) -> bool {
    value.as_array().is_some_and(|names| names.iter().all(Value::is_string))
}

fn is_count(value: &Value) -> bool {
    value.as_f64().is_some_and(|count| count >= 0.0 && count.fract() == 0.0)
}

fn is_type_list(value: &Value) -> bool {
    match value {
        Value::String(name) => is_type(name),
        Value::Array(names) => {
            !names.is_empty()
                && names.iter().all(|name| name.as_str().is_some_and(is_type))
                && names.iter().enumerate().all(|(at, name)| !names[..at].contains(name))
        }
        _ => false,
    }
}
