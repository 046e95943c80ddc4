//! What a rule asks for, as far as it decides how its check is written.

use crate::model::{Kind, Model, Rule, Shape};

/// The parts about objects alone.
pub(super) fn object_only(rule: &Rule) -> Rule {
    Rule {
        properties: rule.properties.clone(),
        required: rule.required.clone(),
        pattern_properties: rule.pattern_properties.clone(),
        additional: rule.additional.clone(),
        property_names: rule.property_names.clone(),
        min_properties: rule.min_properties,
        max_properties: rule.max_properties,
        dependents: rule.dependents.clone(),
        ..Rule::default()
    }
}

/// Whether the check of the rule itself, references aside, reads any object.
pub(in super::super) fn reads_members(rule: &Rule) -> bool {
    rule.kinds == [Kind::Object]
        || has_object_parts(rule)
        || rule.in_place().chain(rule.inside()).any(reads_members)
}

pub(super) fn has_object_parts(rule: &Rule) -> bool {
    object_only(rule) != Rule::default()
}

pub(super) fn has_array_parts(rule: &Rule) -> bool {
    !rule.prefix_items.is_empty()
        || rule.items.is_some()
        || rule.min_items.is_some()
        || rule.max_items.is_some()
        || rule.unique_items
        || rule.contains.is_some()
}

/// An integer within the range of `Number.isSafeInteger`, with that range as its bound.
pub(super) fn is_safe_integer(rule: &Rule) -> bool {
    const LARGEST: u64 = 9_007_199_254_740_991;
    rule.kinds.contains(&Kind::Integer)
        && rule.maximum.as_ref().and_then(serde_json::Number::as_u64) == Some(LARGEST)
        && rule
            .minimum
            .as_ref()
            .and_then(serde_json::Number::as_f64)
            .is_some_and(|each| each >= -9_007_199_254_740_991.0)
}

pub(super) fn number_kind(rule: &Rule, kind: Kind, v: &str) -> Vec<String> {
    let test = match kind {
        Kind::Integer if is_safe_integer(rule) => "Number.isSafeInteger",
        Kind::Integer => "Number.isInteger",
        _ => "Number.isFinite",
    };
    vec![format!("{test}({v})")]
}

pub(super) fn of_kinds(constant: &serde_json::Value, kinds: &[Kind]) -> bool {
    use serde_json::Value;
    kinds.is_empty()
        || kinds.iter().any(|kind| match (kind, constant) {
            (Kind::Null, Value::Null)
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::String, Value::String(_))
            | (Kind::Array, Value::Array(_))
            | (Kind::Object, Value::Object(_)) => true,
            (Kind::Integer, Value::Number(number)) => number.as_f64().is_some_and(|each| each.fract() == 0.0),
            _ => false,
        })
}

/// Whether no value can satisfy two of the rules, as far as their JSON types tell.
pub(super) fn exclusive(model: &Model, rules: &[Rule]) -> bool {
    let mut seen: Vec<Kind> = Vec::new();
    for rule in rules {
        let mut kinds = kinds_of(model, rule, 0);
        if kinds.is_empty() {
            return false;
        }
        if kinds.contains(&Kind::Number) {
            kinds.push(Kind::Integer);
        }
        if kinds
            .iter()
            .any(|each| seen.contains(each) || (*each == Kind::Integer && seen.contains(&Kind::Number)))
        {
            return false;
        }
        seen.extend(kinds);
    }
    true
}

pub(super) fn kinds_of(model: &Model, rule: &Rule, depth: usize) -> Vec<Kind> {
    let mut kinds = rule.kinds.clone();
    if kinds.is_empty()
        && depth < 8
        && let Some(definition) = rule.reference.as_deref().and_then(|name| model.get(name))
    {
        if matches!(definition.shape, Shape::Enumeration { .. }) {
            kinds = vec![Kind::String];
        } else {
            kinds = kinds_of(model, &definition.rule, depth + 1);
        }
    }
    if rule.nullable && !kinds.is_empty() {
        kinds.push(Kind::Null);
    }
    kinds
}

/// The rule for values other than null, where null is accepted whatever else the rule says.
pub(super) fn without_null(rule: &Rule) -> Option<Rule> {
    if rule.nullable {
        return Some(Rule { nullable: false, ..rule.clone() });
    }
    let others: Vec<Kind> = rule.kinds.iter().copied().filter(|each| *each != Kind::Null).collect();
    if others.len() == rule.kinds.len()
        || others.is_empty()
        || rule.constants.is_some()
        || rule.reference.is_some()
    {
        return None;
    }
    rule.in_place().next().is_none().then(|| Rule { kinds: others, ..rule.clone() })
}
