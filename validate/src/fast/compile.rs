//! Compiles a schema into a [`Program`].
//!
//! A node stands for the set of subschemas that apply at a place, so `allOf` and `$ref` cost nothing when the
//! program runs, and a recursive schema makes finitely many nodes. A branch of a union is chosen by the JSON type
//! or by a tag. What does not fit is left to `jsonschema`: for one type at one place, where that is possible.

use super::{
    expand::{Expansion, Kind, Place, UnionKind, expand},
    names::{MAX_NAMES, NameTable, quoted},
    program::{ArrayRule, Member, Members, Node, NodeId, ObjectRule, Program, Rule, Tagged},
    rules,
    source::{SchemaId, Source, Unsupported},
    unions,
};
use crate::json_pointer;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// A program of more nodes than this is not worth its memory.
const MAX_NODES: usize = 20_000;

/// Each validator of a subtree holds a copy of the document.
const MAX_ASKED: usize = 32;

impl Program {
    /// `None` where one pass would settle nothing.
    pub fn new(document: &Value) -> Option<Self> {
        let source = Source::new(document).ok()?;
        let root = source.at("").ok()?;
        let mut compiler = Compiler {
            source: &source,
            nodes: Vec::new(),
            by_place: HashMap::new(),
            asked: Vec::new(),
            asked_by_schemas: HashMap::new(),
            budget: MAX_NODES * 8,
        };
        compiler.node(Place::new(vec![root])).ok()?;
        let nodes = compiler.nodes;
        let hopeless = matches!(
            (&nodes[0].object, &nodes[0].array, &nodes[0].string, &nodes[0].number),
            (Rule::Never, Rule::Never, Rule::Never, Rule::Never)
        );
        (!hopeless).then_some(Self { nodes, root: 0, asked: compiler.asked })
    }
}

struct Compiler<'s, 'a> {
    source: &'s Source<'a>,
    nodes: Vec<Node>,
    by_place: HashMap<Place, NodeId>,
    asked: Vec<jsonschema::Validator>,
    asked_by_schemas: HashMap<Vec<SchemaId>, Option<usize>>,
    /// Rules that may still be made: alternatives inside alternatives multiply.
    budget: usize,
}

type Build<T> = Result<T, Unsupported>;

/// Makes the rule of a scalar of the keywords that apply and of the constants that are left.
type BuildScalar<'a, T> = fn(&[&'a Map<String, Value>], Option<Vec<&'a Value>>) -> Build<Rule<T>>;

impl<'a> Compiler<'_, 'a> {
    /// The node of a place. It may still be empty while a recursive schema is being compiled.
    fn node(&mut self, place: Place) -> Build<NodeId> {
        if let Some(&id) = self.by_place.get(&place) {
            return Ok(id);
        }
        let id = self.nodes.len();
        if id >= MAX_NODES {
            return Err(Unsupported);
        }
        self.nodes.push(Node::never());
        self.by_place.insert(place.clone(), id);
        let node = Node {
            any: false,
            null: self.scalar(&place, Kind::Null, |_, allowed| Ok(rules::null(allowed)))?,
            boolean: self.scalar(&place, Kind::Boolean, |_, allowed| Ok(rules::boolean(allowed)))?,
            number: self.scalar(&place, Kind::Number, rules::number)?,
            string: self.scalar(&place, Kind::String, rules::string)?,
            array: self.container(&place, Kind::Array, Self::array)?,
            object: self.container(&place, Kind::Object, Self::object)?,
        };
        self.nodes[id] = node.sealed();
        Ok(id)
    }

    fn scalar<T>(&mut self, place: &Place, kind: Kind, build: BuildScalar<'a, T>) -> Build<Rule<T>> {
        self.budget = self.budget.checked_sub(1).ok_or(Unsupported)?;
        let expansion = match expand(self.source, place, kind) {
            Ok(Some(expansion)) => expansion,
            Ok(None) => return Ok(Rule::Never),
            Err(Unsupported) => return Ok(self.ask(place)),
        };
        let mut constants = Vec::new();
        for union in &expansion.unions {
            match unions::constants(self.source, union, kind) {
                Ok(Some(values)) => constants.push(values),
                _ if union.kind == UnionKind::AnyOf && union.branches.len() <= 8 => {
                    let mut rules = Vec::new();
                    for &branch in &union.branches {
                        rules.push(self.scalar(&place.choosing(union, branch), kind, build)?);
                    }
                    return Ok(Rule::Either(rules));
                }
                _ => return Ok(self.ask(place)),
            }
        }
        let schemas: Vec<_> = expansion.schemas.iter().map(|(_, schema)| *schema).collect();
        let rule = rules::allowed(&schemas, constants, kind).and_then(|allowed| build(&schemas, allowed));
        Ok(rule.unwrap_or_else(|Unsupported| self.ask(place)))
    }

    fn container<T>(
        &mut self,
        place: &Place,
        kind: Kind,
        build: impl Fn(&mut Self, &Place, &Expansion<'a>) -> Build<Option<Rule<T>>>,
    ) -> Build<Rule<T>> {
        self.budget = self.budget.checked_sub(1).ok_or(Unsupported)?;
        let expansion = match expand(self.source, place, kind) {
            Ok(Some(expansion)) => expansion,
            Ok(None) => return Ok(Rule::Never),
            Err(Unsupported) => return Ok(self.ask(place)),
        };
        if expansion
            .schemas
            .iter()
            .any(|(_, schema)| schema.contains_key("const") || schema.contains_key("enum"))
        {
            return Ok(self.ask(place));
        }
        match build(self, place, &expansion)? {
            Some(rule) => Ok(rule),
            None => Ok(self.ask(place)),
        }
    }

    fn array(&mut self, _: &Place, expansion: &Expansion<'a>) -> Build<Option<Rule<ArrayRule>>> {
        let (mut minimum, mut maximum, mut prefixes) = (0, usize::MAX, Vec::new());
        for (schema, object) in &expansion.schemas {
            let Ok(sizes) = rules::sizes(object, "minItems", "maxItems") else { return Ok(None) };
            (minimum, maximum) = (minimum.max(sizes.0), maximum.min(sizes.1));
            prefixes.push(self.source.list(*schema, "prefixItems")?);
            if object.get("uniqueItems") == Some(&Value::Bool(true)) {
                return Ok(None);
            }
        }
        if !expansion.unions.is_empty() {
            return Ok(None);
        }
        let mut rest = Vec::new();
        for (schema, object) in &expansion.schemas {
            let has_items = object.contains_key("items");
            rest.push(if has_items { Some(self.source.below(*schema, &["items"])?) } else { None });
        }
        let longest = prefixes.iter().map(Vec::len).max().unwrap_or(0);
        let mut prefix = Vec::new();
        for index in 0..longest {
            let schemas =
                prefixes.iter().zip(&rest).filter_map(|(list, rest)| list.get(index).copied().or(*rest));
            prefix.push(self.node(Place::new(schemas.collect()))?);
        }
        let any_rest = rest.iter().all(Option::is_none);
        let rest = self.node(Place::new(rest.into_iter().flatten().collect()))?;
        let free = any_rest && prefix.is_empty() && minimum == 0 && maximum == usize::MAX;
        Ok(Some(if free { Rule::Any } else { Rule::Check(ArrayRule { prefix, rest, minimum, maximum }) }))
    }

    fn object(&mut self, place: &Place, expansion: &Expansion<'a>) -> Build<Option<Rule<ObjectRule>>> {
        for union in &expansion.unions {
            let Some(tags) = unions::tags(self.source, union)? else { continue };
            let quoted = quoted(&tags.name);
            if quoted.is_empty() {
                continue;
            }
            let mut kinds = Vec::new();
            for (value, branch) in tags.branches {
                let node = self.node(place.choosing(union, branch))?;
                kinds.push((value.into_bytes().into(), node));
            }
            return Ok(Some(Rule::Check(ObjectRule::Tagged(Tagged { quoted, kinds }))));
        }
        if !expansion.unions.is_empty() {
            return Ok(None);
        }
        self.members(expansion)
    }

    fn members(&mut self, expansion: &Expansion<'a>) -> Build<Option<Rule<ObjectRule>>> {
        let (mut minimum, mut maximum, mut additional) = (0, usize::MAX, Vec::new());
        // Each name, and whether it is required.
        let mut names: BTreeMap<&'a str, bool> = BTreeMap::new();
        for (schema, object) in &expansion.schemas {
            let Ok(sizes) = rules::sizes(object, "minProperties", "maxProperties") else { return Ok(None) };
            (minimum, maximum) = (minimum.max(sizes.0), maximum.min(sizes.1));
            if let Some(properties) = object.get("properties") {
                for name in properties.as_object().ok_or(Unsupported)?.keys() {
                    names.entry(name).or_default();
                }
            }
            if let Some(required) = object.get("required") {
                for name in required.as_array().ok_or(Unsupported)? {
                    *names.entry(name.as_str().ok_or(Unsupported)?).or_default() = true;
                }
            }
            if object.contains_key("additionalProperties") {
                additional.push((*schema, self.source.below(*schema, &["additionalProperties"])?));
            }
        }
        if names.len() > MAX_NAMES || names.values().filter(|required| **required).count() > 128 {
            return Ok(None);
        }
        let (mut members, mut required) = (Vec::new(), 0_u128);
        for (name, is_required) in &names {
            let mut schemas = Vec::new();
            for (schema, object) in &expansion.schemas {
                if object.get("properties").and_then(|properties| properties.get(*name)).is_some() {
                    schemas.push(self.source.below(*schema, &["properties", name])?);
                } else {
                    schemas.extend(additional.iter().find(|(owner, _)| owner == schema).map(|(_, id)| *id));
                }
            }
            let bit = if *is_required { 1 << required.count_ones() } else { 0 };
            required |= bit;
            members.push(Member { node: self.node(Place::new(schemas))?, bit });
        }
        if names.is_empty() && additional.is_empty() && minimum == 0 && maximum == usize::MAX {
            return Ok(Some(Rule::Any));
        }
        let additional = self.node(Place::new(additional.into_iter().map(|(_, schema)| schema).collect()))?;
        let names = NameTable::new(names.keys().copied());
        Ok(Some(Rule::Check(ObjectRule::Members(Box::new(Members {
            names,
            members,
            additional,
            required,
            minimum,
            maximum,
            unique: false,
        })))))
    }

    /// Leaves the values of a place to `jsonschema`, unless the place is the whole document: then the text may as
    /// well be read again from the start.
    fn ask<T>(&mut self, place: &Place) -> Rule<T> {
        let index = match self.asked_by_schemas.get(&place.schemas) {
            Some(index) => *index,
            None => {
                let index = self.validator_of(&place.schemas).map(|validator| {
                    self.asked.push(validator);
                    self.asked.len() - 1
                });
                self.asked_by_schemas.insert(place.schemas.clone(), index);
                index
            }
        };
        index.map_or(Rule::Never, Rule::Ask)
    }

    fn validator_of(&self, schemas: &[SchemaId]) -> Option<jsonschema::Validator> {
        const DOCUMENT: &str = "urn:state-sync:document";
        let pointers: Vec<String> = schemas.iter().map(|schema| self.source.pointer(*schema)).collect();
        if self.asked.len() >= MAX_ASKED || pointers.iter().any(String::is_empty) {
            return None;
        }
        let mut document = self.source.document().as_object()?.clone();
        let id = document.entry("$id").or_insert_with(|| DOCUMENT.into()).as_str()?.to_owned();
        let base = id.trim_end_matches('#');
        let references: Vec<Value> = pointers
            .iter()
            .map(|pointer| json!({ "$ref": format!("{base}#{}", json_pointer::percent_encoded(pointer)) }))
            .collect();
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "urn:state-sync:part",
            "$defs": { "document": document },
            "allOf": references,
        });
        jsonschema::validator_for(&schema).ok()
    }
}
