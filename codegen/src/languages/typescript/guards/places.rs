//! The checks of what holds other values: objects with their members, arrays with their items.

use super::super::literals::{regular_expression, text};
use super::{
    Function, Writer, all, any, assemble,
    questions::{object_only, without_null},
};
use crate::model::{Kind, Property, Rule, names};
use std::collections::HashMap;

impl Writer<'_> {
    pub(super) fn object_check(&mut self, owner: &str, rule: &Rule) -> String {
        let name = self.inner(owner, "object");
        let parts = Rule { kinds: vec![Kind::Object], ..object_only(rule) };
        self.function(&name, &parts, true);
        name
    }

    /// The conditions and loops about an object's members; `v` is plain.
    pub(super) fn object_parts(&mut self, owner: &str, rule: &Rule, conditions: &mut Vec<String>) -> String {
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
    pub(super) fn member_loop(&mut self, owner: &str, rule: &Rule) -> String {
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
    pub(super) fn array_check(&mut self, owner: &str, rule: &Rule) -> String {
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
}
