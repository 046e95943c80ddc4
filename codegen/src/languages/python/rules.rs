//! Rules as Python dictionaries, for the runtime's `rules.py`.

use serde_json::Value;

use super::super::layout::Piece;
use super::super::pattern::{Dialect, translate};
use crate::model::{Rule, Tagged};

/// A string literal of ASCII alone, so that no character can hide in the source.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            ' '..='~' => out.push(character),
            _ if (character as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", u32::from(character))),
            _ if (character as u32) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(character))),
        }
    }
    out.push('"');
    out
}

/// A JSON value as a Python literal.
pub(super) fn value(value: &Value) -> Piece {
    match value {
        Value::Null => Piece::text("None"),
        Value::Bool(true) => Piece::text("True"),
        Value::Bool(false) => Piece::text("False"),
        Value::Number(number) => Piece::text(number.to_string()),
        Value::String(text) => Piece::text(string(text)),
        Value::Array(items) => Piece::group("[", items.iter().map(self::value).collect(), "]"),
        Value::Object(members) => {
            let parts =
                members.iter().map(|(name, each)| self::value(each).after(&format!("{}: ", string(name))));
            Piece::group("{", parts.collect(), "}")
        }
    }
}

/// What a rule cannot say in Python, as a sentence.
pub(super) type Refusal = String;

/// Collects the entries of one dictionary.
#[derive(Default)]
struct Entries {
    parts: Vec<Piece>,
}

impl Entries {
    fn put(&mut self, name: &str, piece: Piece) {
        self.parts.push(piece.after(&format!("\"{name}\": ")));
    }

    fn flag(&mut self, name: &str, set: bool) {
        if set {
            self.put(name, Piece::text("True"));
        }
    }

    fn shown(&mut self, name: &str, value: Option<&impl std::fmt::Display>) {
        if let Some(value) = value {
            self.put(name, Piece::text(value.to_string()));
        }
    }

    fn rule(&mut self, name: &str, rule: Option<&Rule>, tag_code: Option<&str>) -> Result<(), Refusal> {
        if let Some(rule) = rule {
            self.put(name, self::rule(rule, tag_code)?);
        }
        Ok(())
    }

    fn rules(&mut self, name: &str, rules: &[Rule], tag_code: Option<&str>) -> Result<(), Refusal> {
        if !rules.is_empty() {
            let parts = rules.iter().map(|each| rule(each, tag_code)).collect::<Result<_, _>>()?;
            self.put(name, Piece::group("[", parts, "]"));
        }
        Ok(())
    }
}

fn strings(names: &[String]) -> Piece {
    Piece::group("[", names.iter().map(|each| Piece::text(string(each))).collect(), "]")
}

fn expression(pattern: &str) -> Result<Piece, Refusal> {
    let written = translate(pattern, Dialect::Python)
        .map_err(|reason| format!("the pattern `{pattern}` cannot be checked in Python: {reason}"))?;
    // The expression is ASCII without quotation marks, so a raw string holds it as it is.
    Ok(Piece::text(format!("r\"{written}\"")))
}

/// The dictionary of one rule. `tag_code` is the code of an unknown tag, where it is not the usual one.
pub(super) fn rule(rule: &Rule, tag_code: Option<&str>) -> Result<Piece, Refusal> {
    let mut entries = Entries::default();
    entries.flag("never", rule.never);
    entries.flag("nullable", rule.nullable);
    if let Some(name) = &rule.reference {
        entries.put("reference", Piece::text(string(name)));
    }
    if !rule.kinds.is_empty() {
        let words = rule.kinds.iter().map(|each| Piece::text(format!("\"{}\"", kind(*each)))).collect();
        entries.put("kinds", Piece::group("[", words, "]"));
    }
    let code = rule.code.as_deref().or(tag_code.filter(|_| rule.tagged.is_some()));
    if let Some(code) = code {
        entries.put("code", Piece::text(string(code)));
    }
    if let Some(constants) = &rule.constants {
        entries.put("constants", Piece::group("[", constants.iter().map(value).collect(), "]"));
    }
    entries.shown("minimum", rule.minimum.as_ref());
    entries.shown("maximum", rule.maximum.as_ref());
    entries.shown("exclusive_minimum", rule.exclusive_minimum.as_ref());
    entries.shown("exclusive_maximum", rule.exclusive_maximum.as_ref());
    entries.shown("multiple_of", rule.multiple_of.as_ref());
    entries.shown("min_length", rule.min_length.as_ref());
    entries.shown("max_length", rule.max_length.as_ref());
    if let Some(pattern) = &rule.pattern {
        entries.put("pattern", expression(pattern)?);
    }
    entries.rules("prefix_items", &rule.prefix_items, tag_code)?;
    entries.rule("items", rule.items.as_deref(), tag_code)?;
    entries.shown("min_items", rule.min_items.as_ref());
    entries.shown("max_items", rule.max_items.as_ref());
    entries.flag("unique_items", rule.unique_items);
    entries.rule("contains", rule.contains.as_deref(), tag_code)?;
    entries.shown("min_contains", rule.min_contains.as_ref());
    entries.shown("max_contains", rule.max_contains.as_ref());
    objects(rule, tag_code, &mut entries)?;
    entries.rules("all_of", &rule.all_of, tag_code)?;
    entries.rules("any_of", &rule.any_of, tag_code)?;
    entries.rules("one_of", &rule.one_of, tag_code)?;
    if let Some(each) = &rule.tagged {
        entries.put("tagged", tagged(each, tag_code)?);
    }
    entries.rule("not", rule.not.as_deref(), tag_code)?;
    entries.rule("if", rule.if_rule.as_deref(), tag_code)?;
    entries.rule("then", rule.then_rule.as_deref(), tag_code)?;
    entries.rule("else", rule.else_rule.as_deref(), tag_code)?;
    Ok(Piece::group("{", entries.parts, "}"))
}

fn objects(rule: &Rule, tag_code: Option<&str>, entries: &mut Entries) -> Result<(), Refusal> {
    if !rule.required.is_empty() {
        entries.put("required", strings(&rule.required));
    }
    if !rule.properties.is_empty() {
        let mut parts = Vec::with_capacity(rule.properties.len());
        for each in &rule.properties {
            parts.push(self::rule(&each.rule, tag_code)?.after(&format!("{}: ", string(&each.name))));
        }
        entries.put("properties", Piece::group("{", parts, "}"));
    }
    if !rule.pattern_properties.is_empty() {
        let mut parts = Vec::new();
        for each in &rule.pattern_properties {
            parts.push(Piece::group(
                "(",
                vec![expression(&each.pattern)?, self::rule(&each.rule, tag_code)?],
                ")",
            ));
        }
        entries.put("pattern_properties", Piece::group("[", parts, "]"));
    }
    entries.rule("additional", rule.additional.as_deref(), tag_code)?;
    entries.rule("property_names", rule.property_names.as_deref(), tag_code)?;
    entries.shown("min_properties", rule.min_properties.as_ref());
    entries.shown("max_properties", rule.max_properties.as_ref());
    if !rule.dependents.is_empty() {
        let mut parts = Vec::new();
        for each in &rule.dependents {
            let whole = match &each.rule {
                Some(rule) => self::rule(rule, tag_code)?,
                None => Piece::text("None"),
            };
            parts.push(Piece::group(
                "(",
                vec![Piece::text(string(&each.name)), strings(&each.required), whole],
                ")",
            ));
        }
        entries.put("dependents", Piece::group("[", parts, "]"));
    }
    Ok(())
}

fn tagged(tagged: &Tagged, tag_code: Option<&str>) -> Result<Piece, Refusal> {
    let mut parts = Vec::with_capacity(tagged.variants.len());
    for each in &tagged.variants {
        parts.push(rule(&each.rule, tag_code)?.after(&format!("{}: ", string(&each.value))));
    }
    let variants = Piece::group("{", parts, "}").after("\"variants\": ");
    Ok(Piece::group("{", vec![Piece::text(format!("\"tag\": {}", string(&tagged.tag))), variants], "}"))
}

fn kind(kind: crate::model::Kind) -> &'static str {
    use crate::model::Kind;
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
