//! Rules as literals for the interpreter that explains a failure (`explain.ts`).

use std::borrow::Cow;

use serde::Serialize;

use super::literals::{is_inherited, key, regular_expression, text, value};
use super::patterns;
use crate::model::{Kind, Model, Rule};

/// A type's rule, ready for the template.
#[derive(Serialize)]
pub(super) struct NamedRule {
    pub name: String,
    pub text: String,
}

/// The literals of all types, and the helpers that they call.
pub(super) fn literals(model: &Model) -> (Vec<NamedRule>, Vec<&'static str>) {
    let mut helpers = Vec::new();
    let rules = model
        .types
        .iter()
        .map(|each| {
            let mut rule = Cow::Borrowed(&each.rule);
            // The kinds of the protocol's messages are a closed set of its own; an application's are its rule.
            if model.null_is_absent && rule.tagged.is_some() && rule.code.is_none() {
                rule.to_mut().code = Some("unknown-value".to_owned());
            }
            NamedRule { name: each.name.clone(), text: literal(&rule, &mut helpers) }
        })
        .collect();
    helpers.sort_unstable();
    helpers.dedup();
    (rules, helpers)
}

pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Boolean => "boolean",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}

fn literal(rule: &Rule, helpers: &mut Vec<&'static str>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let flags = [("never", rule.never), ("nullable", rule.nullable), ("uniqueItems", rule.unique_items)];
    parts.extend(flags.iter().filter(|(_, flag)| *flag).map(|(name, _)| format!("{name}: true")));
    if !rule.kinds.is_empty() {
        parts.push(format!("type: {}", texts(rule.kinds.iter().map(|each| kind_name(*each)))));
    }
    let strings = [("ref", &rule.reference), ("parameter", &rule.parameter), ("code", &rule.code)];
    parts.extend(
        strings.iter().filter_map(|(name, each)| Some(format!("{name}: {}", text(each.as_deref()?)))),
    );
    if let Some(constants) = &rule.constants {
        parts.push(format!("enum: [{}]", constants.iter().map(value).collect::<Vec<_>>().join(", ")));
    }
    let numbers = [
        ("minimum", &rule.minimum),
        ("maximum", &rule.maximum),
        ("exclusiveMinimum", &rule.exclusive_minimum),
        ("exclusiveMaximum", &rule.exclusive_maximum),
        ("multipleOf", &rule.multiple_of),
    ];
    parts.extend(numbers.iter().filter_map(|(name, each)| Some(format!("{name}: {}", each.as_ref()?))));
    let counts = [
        ("minLength", rule.min_length),
        ("maxLength", rule.max_length),
        ("minItems", rule.min_items),
        ("maxItems", rule.max_items),
        ("minContains", rule.min_contains),
        ("maxContains", rule.max_contains),
        ("minProperties", rule.min_properties),
        ("maxProperties", rule.max_properties),
    ];
    parts.extend(counts.iter().filter_map(|(name, each)| Some(format!("{name}: {}", (*each)?))));
    if let Some(pattern) = &rule.pattern {
        parts.push(format!("pattern: {}", tester(pattern, helpers)));
    }
    if !rule.required.is_empty() {
        parts.push(format!("required: {}", texts(rule.required.iter().map(String::as_str))));
    }
    if !rule.properties.is_empty() {
        let members: Vec<String> =
            rule.properties.iter().map(|each| member(&each.name, &each.rule, helpers)).collect();
        parts.push(format!("properties: {{ {} }}", members.join(", ")));
    }
    if !rule.pattern_properties.is_empty() {
        let members: Vec<String> = rule
            .pattern_properties
            .iter()
            .map(|each| format!("[{}, {}]", tester(&each.pattern, helpers), literal(&each.rule, helpers)))
            .collect();
        parts.push(format!("patternProperties: [{}]", members.join(", ")));
    }
    if !rule.dependents.is_empty() {
        let members: Vec<String> = rule
            .dependents
            .iter()
            .map(|each| {
                let rule = each.rule.as_ref().map_or_else(|| "{}".to_owned(), |rule| literal(rule, helpers));
                format!("[{}, {}, {rule}]", text(&each.name), texts(each.required.iter().map(String::as_str)))
            })
            .collect();
        parts.push(format!("dependents: [{}]", members.join(", ")));
    }
    let single = [
        ("items", &rule.items),
        ("contains", &rule.contains),
        ("additional", &rule.additional),
        ("propertyNames", &rule.property_names),
        ("not", &rule.not),
        ("if", &rule.if_rule),
        ("then", &rule.then_rule),
        ("else", &rule.else_rule),
    ];
    for (name, each) in single {
        if let Some(each) = each {
            parts.push(format!("{name}: {}", literal(each, helpers)));
        }
    }
    let lists = [
        ("prefixItems", &rule.prefix_items),
        ("allOf", &rule.all_of),
        ("anyOf", &rule.any_of),
        ("oneOf", &rule.one_of),
    ];
    for (name, each) in lists {
        if !each.is_empty() {
            parts.push(format!(
                "{name}: [{}]",
                each.iter().map(|rule| literal(rule, helpers)).collect::<Vec<_>>().join(", ")
            ));
        }
    }
    if let Some(tagged) = &rule.tagged {
        let variants: Vec<String> =
            tagged.variants.iter().map(|each| member(&each.value, &each.rule, helpers)).collect();
        parts.push(format!("tag: {}, variants: {{ {} }}", text(&tagged.tag), variants.join(", ")));
    }
    if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
}

/// What follows the literal under a name that every object has: the compiler looks for its type in the wrong place.
pub(super) const ASSERTION: &str = " as Rule";

fn member(name: &str, rule: &Rule, helpers: &mut Vec<&'static str>) -> String {
    let assertion = if is_inherited(name) { ASSERTION } else { "" };
    format!("{}: {}{assertion}", key(name), literal(rule, helpers))
}

fn texts<'a>(names: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", names.map(text).collect::<Vec<_>>().join(", "))
}

/// Something with a method `test`.
fn tester(pattern: &str, helpers: &mut Vec<&'static str>) -> String {
    match patterns::known(pattern) {
        Some(helper) => {
            helpers.push(helper);
            format!("{{ test: {helper} }}")
        }
        None => regular_expression(pattern),
    }
}
