//! Rules as calls of the runtime's `rule.go`.

use serde_json::Value;

use super::super::layout::{Layout, Piece};
use super::super::pattern::{Dialect, translate};
use crate::model::{Kind, Rule, Tagged};

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
            _ if (character as u32) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(character))),
        }
    }
    out.push('"');
    out
}

/// A JSON value as the runtime's `DecodeText` would give it.
fn value(value: &Value) -> Piece {
    match value {
        Value::Null => Piece::text("nil"),
        Value::Bool(flag) => Piece::text(flag.to_string()),
        Value::Number(number) if number.is_i64() => Piece::text(number.to_string()),
        Value::Number(number) => Piece::text(format!("float64({number})")),
        Value::String(text) => Piece::text(string(text)),
        Value::Array(items) => Piece::group("[]any{", items.iter().map(self::value).collect(), "}"),
        Value::Object(members) => {
            let parts =
                members.iter().map(|(name, each)| self::value(each).after(&format!("{}: ", string(name))));
            Piece::group("map[string]any{", parts.collect(), "}")
        }
    }
}

/// A value on one line: broken over lines, gofmt would align its members.
fn flat(of: &Value) -> Piece {
    let mut text = String::new();
    value(of).write(&Layout { width: usize::MAX, ..super::LAYOUT }, 0, &mut text);
    Piece::text(text)
}

/// What a rule cannot say in Go, as a sentence.
pub(super) type Refusal = String;

/// Collects the calls that make one rule.
struct Parts<'a> {
    parts: Vec<Piece>,
    tag_code: Option<&'a str>,
}

impl Parts<'_> {
    fn call(&mut self, name: &str, arguments: Vec<Piece>) {
        self.parts.push(Piece::group(format!("{name}("), arguments, ")"));
    }

    fn flag(&mut self, name: &str, set: bool) {
        if set {
            self.call(name, Vec::new());
        }
    }

    fn number(&mut self, name: &str, value: Option<&impl std::fmt::Display>) {
        if let Some(value) = value {
            self.call(name, vec![Piece::text(value.to_string())]);
        }
    }

    /// Counts past what an `int` holds are never reached.
    fn count(&mut self, name: &str, value: Option<u64>) {
        self.number(name, value.map(|each| each.min(i64::MAX as u64)).as_ref());
    }

    fn rule(&mut self, name: &str, before: Vec<Piece>, rule: Option<&Rule>) -> Result<(), Refusal> {
        if let Some(rule) = rule {
            let mut arguments = before;
            arguments.extend(parts(rule, self.tag_code)?);
            self.call(name, arguments);
        }
        Ok(())
    }

    fn rules(&mut self, name: &str, rules: &[Rule]) -> Result<(), Refusal> {
        rules.iter().try_for_each(|each| self.rule(name, Vec::new(), Some(each)))
    }

    fn objects(&mut self, rule: &Rule) -> Result<(), Refusal> {
        if !rule.required.is_empty() {
            self.call("required", strings(&rule.required));
        }
        for each in &rule.properties {
            self.rule("member", vec![Piece::text(string(&each.name))], Some(&each.rule))?;
        }
        for each in &rule.pattern_properties {
            self.rule("patternMember", vec![expression(&each.pattern)?], Some(&each.rule))?;
        }
        self.rule("additional", Vec::new(), rule.additional.as_deref())?;
        self.rule("names", Vec::new(), rule.property_names.as_deref())?;
        self.count("minProperties", rule.min_properties);
        self.count("maxProperties", rule.max_properties);
        for each in &rule.dependents {
            let required = Piece::group("[]string{", strings(&each.required), "}");
            let any = Rule::any();
            let whole = each.rule.as_ref().unwrap_or(&any);
            self.rule("dependent", vec![Piece::text(string(&each.name)), required], Some(whole))?;
        }
        Ok(())
    }

    fn tagged(&mut self, tagged: &Tagged) -> Result<(), Refusal> {
        self.call("tag", vec![Piece::text(string(&tagged.tag))]);
        for each in &tagged.variants {
            self.rule("variant", vec![Piece::text(string(&each.value))], Some(&each.rule))?;
        }
        Ok(())
    }
}

fn strings(names: &[String]) -> Vec<Piece> {
    names.iter().map(|each| Piece::text(string(each))).collect()
}

fn expression(pattern: &str) -> Result<Piece, Refusal> {
    let written = translate(pattern, Dialect::Go)
        .map_err(|reason| format!("the pattern `{pattern}` cannot be checked in Go: {reason}"))?;
    // The expression is ASCII without backquotes, so a raw string holds it as it is.
    Ok(Piece::text(format!("`{written}`")))
}

/// The calls that make one rule. `tag_code` is the code of an unknown tag, where it is not the usual one.
pub(super) fn parts(rule: &Rule, tag_code: Option<&str>) -> Result<Vec<Piece>, Refusal> {
    let mut parts = Parts { parts: Vec::new(), tag_code };
    parts.flag("never", rule.never);
    parts.flag("nullable", rule.nullable);
    if let Some(name) = &rule.reference {
        parts.call("refer", vec![Piece::text(string(name))]);
    }
    if !rule.kinds.is_empty() {
        parts.call("kinds", rule.kinds.iter().map(|each| Piece::text(kind(*each))).collect());
    }
    if let Some(code) = rule.code.as_deref().or(tag_code.filter(|_| rule.tagged.is_some())) {
        parts.call("code", vec![Piece::text(string(code))]);
    }
    if let Some(constants) = &rule.constants {
        parts.call("constants", constants.iter().map(flat).collect());
    }
    parts.number("minimum", rule.minimum.as_ref());
    parts.number("maximum", rule.maximum.as_ref());
    parts.number("exclusiveMinimum", rule.exclusive_minimum.as_ref());
    parts.number("exclusiveMaximum", rule.exclusive_maximum.as_ref());
    parts.number("multipleOf", rule.multiple_of.as_ref().map(|each| string(&each.to_string())).as_ref());
    parts.count("minLength", rule.min_length);
    parts.count("maxLength", rule.max_length);
    if let Some(pattern) = &rule.pattern {
        parts.call("pattern", vec![expression(pattern)?]);
    }
    parts.rules("prefixItem", &rule.prefix_items)?;
    parts.rule("items", Vec::new(), rule.items.as_deref())?;
    parts.count("minItems", rule.min_items);
    parts.count("maxItems", rule.max_items);
    parts.flag("uniqueItems", rule.unique_items);
    parts.rule("contains", Vec::new(), rule.contains.as_deref())?;
    parts.count("minContains", rule.min_contains);
    parts.count("maxContains", rule.max_contains);
    parts.objects(rule)?;
    parts.rules("allOf", &rule.all_of)?;
    parts.rules("anyOf", &rule.any_of)?;
    parts.rules("oneOf", &rule.one_of)?;
    if let Some(tagged) = &rule.tagged {
        parts.tagged(tagged)?;
    }
    parts.rule("not", Vec::new(), rule.not.as_deref())?;
    parts.rule("condition", Vec::new(), rule.if_rule.as_deref())?;
    parts.rule("thenRule", Vec::new(), rule.then_rule.as_deref())?;
    parts.rule("elseRule", Vec::new(), rule.else_rule.as_deref())?;
    Ok(parts.parts)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "isNull",
        Kind::Boolean => "isBoolean",
        Kind::Integer => "isInteger",
        Kind::Number => "isNumber",
        Kind::String => "isString",
        Kind::Array => "isArray",
        Kind::Object => "isObject",
    }
}
