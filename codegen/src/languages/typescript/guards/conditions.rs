//! The condition under which a value satisfies a rule: constants, kinds, numbers, strings, compositions.

use super::super::{
    literals::{regular_expression, text, value as literal},
    patterns,
};
use super::{
    Writer, all, any,
    questions::{exclusive, has_array_parts, has_object_parts, is_safe_integer, number_kind, of_kinds},
};
use crate::model::{Kind, Rule, names};

impl Writer<'_> {
    /// The condition under which `v` satisfies `rule`; none where it always does.
    pub(super) fn condition(&mut self, owner: &str, rule: &Rule, v: &str) -> Option<String> {
        if rule.never {
            return Some("false".to_owned());
        }
        let mut conditions = Vec::new();
        if let Some(constants) = &rule.constants {
            conditions.push(self.one_of_constants(constants, v));
        }
        self.kinds(owner, rule, v, &mut conditions);
        self.compositions(owner, rule, v, &mut conditions);
        if conditions.is_empty() {
            return None;
        }
        let joined = all(conditions);
        Some(if rule.nullable { format!("({v} === null || {joined})") } else { joined })
    }

    pub(super) fn one_of_constants(&mut self, constants: &[serde_json::Value], v: &str) -> String {
        let strings = constants.iter().all(serde_json::Value::is_string);
        if strings && constants.len() > 8 {
            let list: Vec<String> = constants.iter().map(literal).collect();
            let set = self.constant("set", format!("new Set<unknown>([{}])", list.join(", ")));
            return format!("{set}.has({v})");
        }
        let each: Vec<String> = constants
            .iter()
            .map(|constant| match constant {
                serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                    self.helper("isEqual");
                    format!("isEqual({v}, {})", literal(constant))
                }
                other => format!("{v} === {}", literal(other)),
            })
            .collect();
        any(each)
    }

    /// The JSON type, and the keywords about one JSON type.
    pub(super) fn kinds(&mut self, owner: &str, rule: &Rule, v: &str, conditions: &mut Vec<String>) {
        // Constants of the listed types need no second look at their type.
        let settled = rule
            .constants
            .as_ref()
            .is_some_and(|each| each.iter().all(|constant| of_kinds(constant, &rule.kinds)));
        let numbers = self.number_parts(rule, v);
        let strings = self.string_parts(rule, v);
        if rule.kinds.is_empty() || settled {
            if !numbers.is_empty() {
                conditions.push(any(vec![format!("typeof {v} !== \"number\""), all(numbers)]));
            }
            if !strings.is_empty() {
                conditions.push(any(vec![format!("typeof {v} !== \"string\""), all(strings)]));
            }
            if has_array_parts(rule) {
                let check = self.array_check(owner, rule);
                conditions.push(any(vec![format!("!Array.isArray({v})"), format!("{check}({v})")]));
            }
            if has_object_parts(rule) {
                self.helper("isObject");
                let check = self.object_check(owner, rule);
                conditions.push(any(vec![format!("!isObject({v})"), format!("{check}({v})")]));
            }
            return;
        }
        let mut alternatives = Vec::new();
        for kind in &rule.kinds {
            alternatives.push(match kind {
                Kind::Null => format!("{v} === null"),
                Kind::Boolean => format!("typeof {v} === \"boolean\""),
                Kind::Integer | Kind::Number => {
                    all(number_kind(rule, *kind, v).into_iter().chain(numbers.iter().cloned()).collect())
                }
                Kind::String => all(std::iter::once(format!("typeof {v} === \"string\""))
                    .chain(strings.iter().cloned())
                    .collect()),
                Kind::Array if has_array_parts(rule) => format!("{}({v})", self.array_check(owner, rule)),
                Kind::Array => format!("Array.isArray({v})"),
                Kind::Object if has_object_parts(rule) => format!("{}({v})", self.object_check(owner, rule)),
                Kind::Object => {
                    self.helper("isObject");
                    format!("isObject({v})")
                }
            });
        }
        conditions.push(any(alternatives));
    }

    pub(super) fn number_parts(&mut self, rule: &Rule, v: &str) -> Vec<String> {
        let mut parts = Vec::new();
        let bounds = [
            (&rule.minimum, ">="),
            (&rule.maximum, "<="),
            (&rule.exclusive_minimum, ">"),
            (&rule.exclusive_maximum, "<"),
        ];
        let safe = is_safe_integer(rule);
        for (bound, sign) in bounds {
            if let Some(bound) = bound
                && !(safe && sign == "<=")
            {
                parts.push(format!("{v} {sign} {bound}"));
            }
        }
        if let Some(of) = &rule.multiple_of {
            let whole = rule.kinds == [Kind::Integer] && of.as_u64() == Some(1);
            if !whole {
                self.helper("isMultiple");
                parts.push(format!("isMultiple({v}, {of})"));
            }
        }
        parts
    }

    pub(super) fn string_parts(&mut self, rule: &Rule, v: &str) -> Vec<String> {
        let mut parts = Vec::new();
        let (minimum, maximum) = (rule.min_length.unwrap_or(0), rule.max_length);
        match (minimum, maximum) {
            (0, None) => {}
            (1, None) => parts.push(format!("{v} !== \"\"")),
            (minimum, maximum) => {
                self.helper("hasLength");
                let maximum = maximum.map_or_else(|| "Infinity".to_owned(), |each| each.to_string());
                parts.push(format!("hasLength({v}, {minimum}, {maximum})"));
            }
        }
        if let Some(pattern) = &rule.pattern {
            match patterns::known(pattern) {
                Some(helper) => {
                    self.helper(helper);
                    parts.push(format!("{helper}({v})"));
                }
                None => {
                    let constant = self.constant("pattern", regular_expression(pattern));
                    parts.push(format!("{constant}.test({v})"));
                }
            }
        }
        parts
    }

    pub(super) fn compositions(&mut self, owner: &str, rule: &Rule, v: &str, conditions: &mut Vec<String>) {
        if let Some(reference) = &rule.reference {
            conditions.push(format!("{}({v})", self.check_name(reference)));
        }
        for (at, each) in rule.all_of.iter().enumerate() {
            let name = format!("all {}", at + 1);
            conditions.extend(self.part(owner, &name, each, v));
        }
        if let Some(tagged) = &rule.tagged {
            let tag = self.read(v, &tagged.tag);
            let mut choice = String::from("(");
            for each in &tagged.variants {
                let check = self.part(owner, &each.value, &each.rule, v).unwrap_or_else(|| "true".to_owned());
                choice.push_str(&format!("{tag} === {} ? {check} : ", text(&each.value)));
            }
            conditions.push(choice + "false)");
        }
        if !rule.any_of.is_empty() {
            let parts = self.parts(owner, "any", &rule.any_of, v);
            conditions.push(any(parts));
        }
        if !rule.one_of.is_empty() {
            let parts = self.parts(owner, "one", &rule.one_of, v);
            if exclusive(self.model, &rule.one_of) {
                conditions.push(any(parts));
            } else {
                let sum: Vec<String> = parts.iter().map(|each| format!("({each} ? 1 : 0)")).collect();
                conditions.push(format!("{} === 1", sum.join(" + ")));
            }
        }
        if let Some(not) = &rule.not {
            let part = self.part(owner, "not", not, v).unwrap_or_else(|| "true".to_owned());
            conditions.push(format!("!({part})"));
        }
        if let Some(condition) = &rule.if_rule {
            let mut branch = |name: &str, rule: &Option<Box<Rule>>| {
                rule.as_ref()
                    .and_then(|each| self.part(owner, name, each, v))
                    .unwrap_or_else(|| "true".to_owned())
            };
            let (then, otherwise) = (branch("then", &rule.then_rule), branch("else", &rule.else_rule));
            let condition = self.part(owner, "if", condition, v).unwrap_or_else(|| "true".to_owned());
            conditions.push(format!("({condition} ? {then} : {otherwise})"));
        }
    }

    pub(super) fn parts(&mut self, owner: &str, name: &str, rules: &[Rule], v: &str) -> Vec<String> {
        let numbered = rules.iter().enumerate();
        numbered
            .map(|(at, each)| {
                self.part(owner, &format!("{name} {}", at + 1), each, v).unwrap_or_else(|| "true".to_owned())
            })
            .collect()
    }

    /// A part of a composition. One about an object's members gets a function, so that it reads a plain object.
    pub(super) fn part(&mut self, owner: &str, name: &str, rule: &Rule, v: &str) -> Option<String> {
        let owner = if has_object_parts(rule) || has_array_parts(rule) {
            format!("{owner}${}", names::camel(name).unwrap_or_default())
        } else {
            owner.to_owned()
        };
        self.condition(&owner, rule, v)
    }

    /// Whether the check of `rule` is known to refuse `undefined`.
    pub(super) fn refuses_undefined(&self, rule: &Rule, depth: usize) -> bool {
        !rule.kinds.is_empty()
            || rule.constants.is_some()
            || rule.tagged.is_some()
            || rule.never
            || depth < 8
                && rule
                    .reference
                    .as_deref()
                    .and_then(|name| self.model.get(name))
                    .is_some_and(|each| self.refuses_undefined(&each.rule, depth + 1))
    }
}
