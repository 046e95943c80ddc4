//! Rules as straight-line code: one function a type, one more for each inline object or array.
//!
//! Three decisions make the code fast, and each is an invariant of what is written here:
//!
//! - An object is read only once its prototype is known to be the plain one. A member is read just before that: it
//!   tells the engine the object's shape, so that the look at the prototype costs nothing. Objects with another prototype
//!   are replaced by a copy of their own members, so nothing inherited ever counts. This is written out in every
//!   function, since an engine stops inlining a helper where a function has become large.
//! - A member is absent where it reads as `undefined`: JSON has no such value.
//! - A check is an expression of `&&` and `||` over the value's places; only loops need statements.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::literals::{access, is_inherited, regular_expression, text, value as literal};
use super::patterns;
use crate::model::{Kind, Model, Property, Rule, Shape, names};

/// What the template of the guards needs.
#[derive(serde::Serialize, Default)]
pub(super) struct Checks {
    /// Functions, in order.
    pub functions: Vec<Function>,
    /// Constants: regular expressions and sets.
    pub constants: Vec<Constant>,
    /// The helpers called, sorted.
    pub helpers: Vec<&'static str>,
}

/// A function that checks one place.
#[derive(serde::Serialize, Default)]
pub(super) struct Function {
    pub name: String,
    /// The type that it is the guard of, where it is one.
    pub guarded: String,
    /// That type in a sentence.
    pub told: String,
    /// The statements.
    pub body: String,
}

/// A module constant.
#[derive(serde::Serialize)]
pub(super) struct Constant {
    pub name: String,
    pub text: String,
}

/// The checks of every type. The function of type `X` is `checkX`; that of a type of which no value is read deeper is the
/// guard `isX` itself, as long as it is exported.
pub(super) fn checks<'m>(model: &'m Model, direct: &'m HashSet<&'m str>) -> Checks {
    let mut writer = Writer {
        model,
        direct,
        result: Checks::default(),
        helpers: BTreeSet::new(),
        interned: HashMap::new(),
        taken: HashSet::new(),
    };
    for definition in &model.types {
        let name = writer.check_name(&definition.name);
        writer.function(&name, &definition.rule, object_type(model, &definition.rule));
    }
    writer.result.helpers = writer.helpers.into_iter().collect();
    writer.result
}

fn object_type(_: &Model, rule: &Rule) -> bool {
    rule.kinds == [Kind::Object] && !rule.nullable && rule.constants.is_none()
}

struct Writer<'m> {
    model: &'m Model,
    direct: &'m HashSet<&'m str>,
    result: Checks,
    helpers: BTreeSet<&'static str>,
    interned: HashMap<String, String>,
    taken: HashSet<String>,
}

impl Writer<'_> {
    fn check_name(&self, name: &str) -> String {
        format!("{}{name}", if self.direct.contains(name) { "is" } else { "check" })
    }

    /// Writes the function `name` for `rule`.
    fn function(&mut self, name: &str, rule: &Rule, object: bool) {
        let at = self.result.functions.len();
        // Its place is before the functions that it calls.
        self.result.functions.push(Function { name: name.to_owned(), ..Function::default() });
        let body = if object {
            let mut conditions =
                vec!["typeof v === \"object\"".to_owned(), "v !== null".to_owned(), self.plain(rule)];
            let statements = self.object_parts(name, rule, &mut conditions);
            let mut rest = Vec::new();
            self.compositions(name, rule, "v", &mut rest);
            conditions.extend(rest);
            assemble(conditions, &statements)
        } else {
            let condition = self.condition(name, rule, "v").unwrap_or_else(|| "true".to_owned());
            format!("  return {condition};\n")
        };
        self.result.functions[at].body = body;
    }

    /// A name for a function inside `owner`, unique.
    fn inner(&mut self, owner: &str, hint: &str) -> String {
        let hint = names::camel(hint).unwrap_or_else(|| "part".to_owned());
        let base = format!("{owner}${hint}");
        let mut name = base.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}{count}");
        }
        name
    }

    fn helper(&mut self, name: &'static str) -> &'static str {
        self.helpers.insert(name);
        name
    }

    fn constant(&mut self, prefix: &str, text: String) -> String {
        if let Some(name) = self.interned.get(&text) {
            return name.clone();
        }
        let name = format!("{prefix}{}", self.result.constants.len());
        self.result.constants.push(Constant { name: name.clone(), text: text.clone() });
        self.interned.insert(text, name.clone());
        name
    }

    fn plain(&mut self, rule: &Rule) -> String {
        for helper in ["objectPrototype", "polluted", "prototypeOf", "unusual"] {
            self.helper(helper);
        }
        // The member that most likely comes first in the text is at one place in all shapes of the object.
        let listed = |name: &&String| rule.properties.iter().any(|each| each.required && each.name == **name);
        let tag = rule.tagged.as_ref().map(|each| &each.tag);
        let names = rule
            .required
            .iter()
            .filter(listed)
            .chain(tag)
            .chain(rule.properties.iter().map(|each| &each.name));
        let first = names.into_iter().find(|each| !is_inherited(each));
        let read = first.map(|each| format!("{}, ", access("v", each))).unwrap_or_default();
        format!("({read}prototypeOf(v) === objectPrototype && !polluted || (v = unusual(v)) !== undefined)")
    }

    fn read(&mut self, object: &str, name: &str) -> String {
        if is_inherited(name) {
            self.helper("own");
        }
        access(object, name)
    }

    /// The condition under which `v` satisfies `rule`; none where it always does.
    fn condition(&mut self, owner: &str, rule: &Rule, v: &str) -> Option<String> {
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

    fn one_of_constants(&mut self, constants: &[serde_json::Value], v: &str) -> String {
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
    fn kinds(&mut self, owner: &str, rule: &Rule, v: &str, conditions: &mut Vec<String>) {
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

    fn number_parts(&mut self, rule: &Rule, v: &str) -> Vec<String> {
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

    fn string_parts(&mut self, rule: &Rule, v: &str) -> Vec<String> {
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

    fn compositions(&mut self, owner: &str, rule: &Rule, v: &str, conditions: &mut Vec<String>) {
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

    fn parts(&mut self, owner: &str, name: &str, rules: &[Rule], v: &str) -> Vec<String> {
        let numbered = rules.iter().enumerate();
        numbered
            .map(|(at, each)| {
                self.part(owner, &format!("{name} {}", at + 1), each, v).unwrap_or_else(|| "true".to_owned())
            })
            .collect()
    }

    /// A part of a composition. One about an object's members gets a function, so that it reads a plain object.
    fn part(&mut self, owner: &str, name: &str, rule: &Rule, v: &str) -> Option<String> {
        let owner = if has_object_parts(rule) || has_array_parts(rule) {
            format!("{owner}${}", names::camel(name).unwrap_or_default())
        } else {
            owner.to_owned()
        };
        self.condition(&owner, rule, v)
    }

    fn object_check(&mut self, owner: &str, rule: &Rule) -> String {
        let name = self.inner(owner, "object");
        let parts = Rule { kinds: vec![Kind::Object], ..object_only(rule) };
        self.function(&name, &parts, true);
        name
    }

    /// The conditions and loops about an object's members; `v` is plain.
    fn object_parts(&mut self, owner: &str, rule: &Rule, conditions: &mut Vec<String>) -> String {
        // Senders write members in the order of the schema's author, and memory is fastest in that order.
        let positions: HashMap<&str, usize> =
            rule.required.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut properties: Vec<&Property> = rule.properties.iter().collect();
        properties.sort_by_key(|each| positions.get(each.name.as_str()).copied().unwrap_or(usize::MAX));
        for each in properties {
            let place = self.read("v", &each.name);
            let owner = format!("{owner}${}", names::camel(&each.name).unwrap_or_default());
            if each.required {
                let condition = self.condition(&owner, &each.rule, &place);
                if !self.refuses_undefined(&each.rule, 0) {
                    conditions.push(format!("{place} !== undefined"));
                }
                conditions.extend(condition);
                continue;
            }
            // Loosely equal to null is both: absent, and null where null is accepted.
            let (absent, rule) = match without_null(&each.rule) {
                Some(rule) => (format!("{place} == null"), rule),
                None => (format!("{place} === undefined"), each.rule.clone()),
            };
            if let Some(condition) = self.condition(&owner, &rule, &place) {
                conditions.push(any(vec![absent, condition]));
            }
        }
        for name in
            rule.required.iter().filter(|name| !rule.properties.iter().any(|each| each.name == **name))
        {
            let place = self.read("v", name);
            conditions.push(format!("{place} !== undefined"));
        }
        for each in &rule.dependents {
            let place = self.read("v", &each.name);
            let mut needed: Vec<String> =
                each.required.iter().map(|name| format!("{} !== undefined", self.read("v", name))).collect();
            if let Some(rule) = &each.rule {
                needed.extend(self.part(owner, "dependent", rule, "v"));
            }
            if !needed.is_empty() {
                conditions.push(any(vec![format!("{place} === undefined"), all(needed)]));
            }
        }
        if rule.min_properties.is_some() || rule.max_properties.is_some() {
            self.helper("countMembers");
            let bounds = [(rule.min_properties, ">="), (rule.max_properties, "<=")];
            conditions.extend(
                bounds
                    .iter()
                    .filter_map(|(bound, sign)| Some(format!("countMembers(v) {sign} {}", (*bound)?))),
            );
        }
        self.member_loop(owner, rule)
    }

    /// The loop over all members, where something is said about those that are not listed.
    fn member_loop(&mut self, owner: &str, rule: &Rule) -> String {
        if rule.additional.is_none() && rule.pattern_properties.is_empty() && rule.property_names.is_none() {
            return String::new();
        }
        let mut body = String::new();
        if let Some(names) = &rule.property_names
            && let Some(condition) = self.part(owner, "name", names, "name")
        {
            body.push_str(&format!("    if (!({condition})) return false;\n"));
        }
        let mut matched = Vec::new();
        for each in &rule.pattern_properties {
            let pattern = self.constant("pattern", regular_expression(&each.pattern));
            let test = format!("{pattern}.test(name)");
            if let Some(condition) = self.part(owner, "member", &each.rule, "v[name]") {
                body.push_str(&format!(
                    "    if ({test} && v[name] !== undefined && !({condition})) return false;\n"
                ));
            }
            matched.push(test);
        }
        if let Some(additional) = &rule.additional {
            let listed: Vec<String> =
                rule.properties.iter().map(|each| format!("name === {}", text(&each.name))).collect();
            let listed = if listed.len() > 8 {
                let names: Vec<String> = rule.properties.iter().map(|each| text(&each.name)).collect();
                let set = self.constant("set", format!("new Set<unknown>([{}])", names.join(", ")));
                vec![format!("{set}.has(name)")]
            } else {
                listed
            };
            let condition =
                self.part(owner, "member", additional, "v[name]").unwrap_or_else(|| "true".to_owned());
            let known: Vec<String> = listed
                .into_iter()
                .chain(matched)
                .chain(std::iter::once("v[name] === undefined".to_owned()))
                .collect();
            let known = known.into_iter().chain((condition != "false").then_some(condition)).collect();
            body.push_str(&format!("    if (!({})) return false;\n", any(known)));
        }
        if body.is_empty() { body } else { format!("  for (const name in v) {{\n{body}  }}\n") }
    }

    /// The function for an array's parts.
    fn array_check(&mut self, owner: &str, rule: &Rule) -> String {
        let name = self.inner(owner, "items");
        let at = self.result.functions.len();
        self.result.functions.push(Function { name: name.clone(), ..Function::default() });
        let mut conditions = vec!["Array.isArray(v)".to_owned()];
        let bounds = [(rule.min_items, ">="), (rule.max_items, "<=")];
        conditions
            .extend(bounds.iter().filter_map(|(bound, sign)| Some(format!("v.length {sign} {}", (*bound)?))));
        for (index, each) in rule.prefix_items.iter().enumerate() {
            if let Some(condition) =
                self.part(&name, &format!("item {}", index + 1), each, &format!("v[{index}]"))
            {
                let there = rule.min_items.is_some_and(|least| least > index as u64);
                conditions.push(if there {
                    condition
                } else {
                    any(vec![format!("v.length <= {index}"), condition])
                });
            }
        }
        let mut statements = String::new();
        if let Some(items) = &rule.items
            && let Some(condition) = self.part(&name, "item", items, "v[i]")
        {
            let first = rule.prefix_items.len();
            statements.push_str(&format!(
                "  for (let i = {first}; i < v.length; i++) {{\n    if (!({condition})) return false;\n  }}\n"
            ));
        }
        if let Some(contains) = &rule.contains {
            let condition =
                self.part(&name, "contained", contains, "v[i]").unwrap_or_else(|| "true".to_owned());
            statements.push_str(&format!("  let found = 0;\n  for (let i = 0; i < v.length; i++) {{\n    if ({condition}) found++;\n  }}\n"));
            let (least, most) = (rule.min_contains.unwrap_or(1), rule.max_contains);
            let most = most.map(|each| format!(" || found > {each}")).unwrap_or_default();
            statements.push_str(&format!("  if (found < {least}{most}) return false;\n"));
        }
        if rule.unique_items {
            self.helper("isUnique");
            statements.push_str("  if (!isUnique(v)) return false;\n");
        }
        self.result.functions[at].body = assemble(conditions, &statements);
        name
    }

    /// Whether the check of `rule` is known to refuse `undefined`.
    fn refuses_undefined(&self, rule: &Rule, depth: usize) -> bool {
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

/// The parts about objects alone.
fn object_only(rule: &Rule) -> Rule {
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
pub(super) fn reads_members(rule: &Rule) -> bool {
    rule.kinds == [Kind::Object]
        || has_object_parts(rule)
        || rule.in_place().chain(rule.inside()).any(reads_members)
}

fn has_object_parts(rule: &Rule) -> bool {
    object_only(rule) != Rule::default()
}

fn has_array_parts(rule: &Rule) -> bool {
    !rule.prefix_items.is_empty()
        || rule.items.is_some()
        || rule.min_items.is_some()
        || rule.max_items.is_some()
        || rule.unique_items
        || rule.contains.is_some()
}

/// An integer within the range of `Number.isSafeInteger`, with that range as its bound.
fn is_safe_integer(rule: &Rule) -> bool {
    const LARGEST: u64 = 9_007_199_254_740_991;
    rule.kinds.contains(&Kind::Integer)
        && rule.maximum.as_ref().and_then(serde_json::Number::as_u64) == Some(LARGEST)
        && rule
            .minimum
            .as_ref()
            .and_then(serde_json::Number::as_f64)
            .is_some_and(|each| each >= -9_007_199_254_740_991.0)
}

fn number_kind(rule: &Rule, kind: Kind, v: &str) -> Vec<String> {
    let test = match kind {
        Kind::Integer if is_safe_integer(rule) => "Number.isSafeInteger",
        Kind::Integer => "Number.isInteger",
        _ => "Number.isFinite",
    };
    vec![format!("{test}({v})")]
}

fn of_kinds(constant: &serde_json::Value, kinds: &[Kind]) -> bool {
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
fn exclusive(model: &Model, rules: &[Rule]) -> bool {
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

fn kinds_of(model: &Model, rule: &Rule, depth: usize) -> Vec<Kind> {
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
fn without_null(rule: &Rule) -> Option<Rule> {
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

fn all(conditions: Vec<String>) -> String {
    let mut unique = Vec::with_capacity(conditions.len());
    for each in conditions {
        if !unique.contains(&each) {
            unique.push(each);
        }
    }
    unique.join(" && ")
}

fn any(mut conditions: Vec<String>) -> String {
    if conditions.len() == 1 {
        return conditions.remove(0);
    }
    format!("({})", conditions.join(" || "))
}

/// The body of a function: the conditions, then the loops.
fn assemble(conditions: Vec<String>, statements: &str) -> String {
    let condition = conditions.join(" &&\n    ");
    if statements.is_empty() {
        format!("  return (\n    {condition}\n  );\n")
    } else {
        format!("  if (!(\n    {condition}\n  )) return false;\n{statements}  return true;\n")
    }
}
