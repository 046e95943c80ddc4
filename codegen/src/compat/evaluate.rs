//! Whether one value is valid: used for the values of `enum` and `const`.

use std::cmp::Ordering;

use serde_json::Value;

use super::keywords::{Class, class};
use super::node::Node;
use super::number::{Exact, json_equal};
use super::types::Types;

/// Deeper than this, the answer is "not known". (References may make schemas deeper than their files.)
const DEEPEST: usize = 32;

/// `Some(valid)`, or `None` where that is not known: formats, unknown keywords, patterns that are no pattern.
pub(super) fn evaluate(schema: Node<'_>, value: &Value) -> Option<bool> {
    valid(schema, value, 0)
}

/// Whether a pattern of ECMA-262 is found in a text; `None` if it is no such pattern.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    regress::Regex::with_flags(pattern, "u").ok().map(|regex| regex.find(text).is_some())
}

/// All must hold: one that fails decides, one that is not known leaves it open.
fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

fn not(answer: Option<bool>) -> Option<bool> {
    answer.map(|valid| !valid)
}

fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    not(all(answers.into_iter().map(not)))
}

/// How many hold, at least and at most.
fn count(answers: impl IntoIterator<Item = Option<bool>>) -> (u64, u64) {
    answers.into_iter().fold((0, 0), |(least, most), answer| match answer {
        Some(true) => (least + 1, most + 1),
        Some(false) => (least, most),
        None => (least, most + 1),
    })
}

fn valid(schema: Node<'_>, value: &Value, depth: usize) -> Option<bool> {
    if depth > DEEPEST {
        return None;
    }
    if let Value::Bool(answer) = schema.value {
        return Some(*answer);
    }
    all(schema.keywords().map(|(keyword, rule)| follows(schema, keyword, rule, value, depth + 1)))
}

fn follows(schema: Node<'_>, keyword: &str, rule: &Value, value: &Value, depth: usize) -> Option<bool> {
    let here = |node: Node<'_>| valid(node, value, depth);
    let list = || schema.list(keyword).unwrap_or_default().into_iter();
    match keyword {
        "$ref" => schema.target().and_then(here),
        "allOf" => all(list().map(here)),
        "anyOf" => any(list().map(here)),
        "oneOf" => match count(list().map(here)) {
            (1, 1) => Some(true),
            (least, most) if least > 1 || most == 0 => Some(false),
            _ => None,
        },
        "not" => not(here(schema.at(rule))),
        "if" => {
            let condition = here(schema.at(rule));
            let branch = |keyword| schema.schema(keyword).map_or(Some(true), here);
            match condition {
                Some(true) => branch("then"),
                Some(false) => branch("else"),
                None => (branch("then") == branch("else")).then(|| branch("then")).flatten(),
            }
        }
        "then" | "else" => Some(true),
        "type" => Some(Types::of_keyword(rule).contains(Types::of(value))),
        "const" => Some(json_equal(rule, value)),
        "enum" => {
            Some(rule.as_array().is_some_and(|values| values.iter().any(|each| json_equal(each, value))))
        }
        _ => match value {
            Value::Number(number) => number_follows(keyword, rule, Exact::new(number)),
            Value::String(text) => string_follows(keyword, rule, text),
            Value::Array(items) => array_follows(schema, keyword, rule, items, depth),
            Value::Object(members) => object_follows(schema, keyword, rule, members, depth),
            _ => None,
        }
        .or_else(|| unless_opaque(keyword, value)),
    }
}

/// A rule for another type of value holds; what is opaque is not known.
fn unless_opaque(keyword: &str, value: &Value) -> Option<bool> {
    match class(keyword) {
        Class::Opaque => None,
        Class::Rule => (!of_type(keyword, value)).then_some(true),
        Class::Annotation | Class::Structure | Class::Agreement => Some(true),
    }
}

/// Whether the keyword is about values of this type, so that no answer means "not known".
fn of_type(keyword: &str, value: &Value) -> bool {
    match value {
        Value::Number(_) => matches!(
            keyword,
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "format"
        ),
        Value::String(_) => matches!(keyword, "minLength" | "maxLength" | "pattern" | "format"),
        Value::Array(_) => matches!(
            keyword,
            "prefixItems"
                | "items"
                | "contains"
                | "minContains"
                | "maxContains"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
        ),
        Value::Object(_) => matches!(
            keyword,
            "properties"
                | "patternProperties"
                | "additionalProperties"
                | "propertyNames"
                | "required"
                | "minProperties"
                | "maxProperties"
                | "dependentRequired"
                | "dependentSchemas"
        ),
        _ => false,
    }
}

fn exact(rule: &Value) -> Option<Exact> {
    match rule {
        Value::Number(number) => Some(Exact::new(number)),
        _ => None,
    }
}

fn number_follows(keyword: &str, rule: &Value, value: Exact) -> Option<bool> {
    let rule = exact(rule)?;
    let order = value.compare(rule);
    match keyword {
        "minimum" => Some(order != Ordering::Less),
        "maximum" => Some(order != Ordering::Greater),
        "exclusiveMinimum" => Some(order == Ordering::Greater),
        "exclusiveMaximum" => Some(order == Ordering::Less),
        "multipleOf" => value.is_multiple_of(rule),
        _ => None,
    }
}

fn within(keyword: &str, rule: &Value, size: usize) -> Option<bool> {
    let order = Exact::Integer(i128::try_from(size).ok()?).compare(exact(rule)?);
    Some(if keyword.starts_with("min") { order != Ordering::Less } else { order != Ordering::Greater })
}

fn string_follows(keyword: &str, rule: &Value, text: &str) -> Option<bool> {
    match keyword {
        "minLength" | "maxLength" => within(keyword, rule, text.chars().count()),
        "pattern" => matches(rule.as_str()?, text),
        _ => None,
    }
}

fn array_follows(
    schema: Node<'_>,
    keyword: &str,
    rule: &Value,
    items: &[Value],
    depth: usize,
) -> Option<bool> {
    let prefix = || schema.list("prefixItems").unwrap_or_default();
    match keyword {
        "minItems" | "maxItems" => within(keyword, rule, items.len()),
        "uniqueItems" => {
            let repeated = items
                .iter()
                .enumerate()
                .any(|(at, item)| items[..at].iter().any(|other| json_equal(item, other)));
            Some(rule != &Value::Bool(true) || !repeated)
        }
        "prefixItems" => all(prefix().into_iter().zip(items).map(|(node, item)| valid(node, item, depth))),
        "items" => all(items.iter().skip(prefix().len()).map(|item| valid(schema.at(rule), item, depth))),
        "contains" => {
            let (least, most) = count(items.iter().map(|item| valid(schema.at(rule), item, depth)));
            let bound = |keyword, otherwise| schema.get(keyword).and_then(Value::as_f64).unwrap_or(otherwise);
            #[allow(clippy::cast_precision_loss)] // counts of items
            let fits = |count: u64| {
                count as f64 >= bound("minContains", 1.0)
                    && count as f64 <= bound("maxContains", f64::INFINITY)
            };
            (least == most).then(|| fits(least))
        }
        // Part of `contains`.
        "minContains" | "maxContains" => Some(true),
        _ => None,
    }
}

fn object_follows(
    schema: Node<'_>,
    keyword: &str,
    rule: &Value,
    members: &serde_json::Map<String, Value>,
    depth: usize,
) -> Option<bool> {
    match keyword {
        "minProperties" | "maxProperties" => within(keyword, rule, members.len()),
        "required" => Some(schema.names(keyword).all(|name| members.contains_key(name))),
        "properties" => all(schema
            .map(keyword)
            .filter_map(|(name, node)| members.get(name).map(|value| valid(node, value, depth)))),
        "patternProperties" => all(schema.map(keyword).flat_map(|(pattern, node)| {
            members.iter().map(move |(name, value)| match matches(pattern, name)? {
                true => valid(node, value, depth),
                false => Some(true),
            })
        })),
        "additionalProperties" => all(members.iter().map(|(name, value)| {
            if schema.member("properties", name).is_some() {
                return Some(true);
            }
            match any(schema.map("patternProperties").map(|(pattern, _)| matches(pattern, name)))? {
                true => Some(true),
                false => valid(schema.at(rule), value, depth),
            }
        })),
        "propertyNames" => {
            all(members.keys().map(|name| valid(schema.at(rule), &Value::String(name.clone()), depth)))
        }
        "dependentRequired" => Some(rule.as_object()?.iter().all(|(name, needed)| {
            !members.contains_key(name)
                || needed
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .all(|each| members.contains_key(each))
        })),
        "dependentSchemas" => all(schema
            .map(keyword)
            .filter(|(name, _)| members.contains_key(*name))
            .map(|(_, node)| valid(node, &Value::Object(members.clone()), depth))),
        _ => None,
    }
}
