//! Makes sure that documents are schemas that can be compared: keywords of the right kind, references that lead
//! somewhere, no reference that leads back to itself without going into a member or an item.
//!
//! Every walk here is a loop over a list, never a recursion.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::keywords::{BELOW, Class, Holds, IN_PLACE, class};
use super::node::{Document, Node, Schemas, address};
use super::uri;
use crate::error::{Error, Result};
use crate::model::escape;

/// The one dialect that is understood.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

const TYPES: &[&str] = &["null", "boolean", "object", "array", "string", "integer", "number"];

/// A subschema on the way through a document.
struct Visit<'a> {
    value: &'a Value,
    document: usize,
    pointer: String,
    /// The URI that references start from.
    base: String,
}

/// Finds every subschema and resolves every `$ref`.
pub(super) fn check(documents: &[Document]) -> Result<Schemas<'_>> {
    let mut schemas = Schemas::default();
    let mut named: HashMap<String, &Value> = HashMap::new();
    let mut references: Vec<(Visit<'_>, &str)> = Vec::new();

    let mut pending: Vec<Visit<'_>> = Vec::new();
    for (at, document) in documents.iter().enumerate().rev() {
        let base = uri::of_file(&document.name);
        named.insert(base.clone(), &document.root);
        pending.push(Visit { value: &document.root, document: at, pointer: String::new(), base });
    }
    while let Some(mut visit) = pending.pop() {
        let fail =
            |pointer: &str, message: String| Error::schema(&documents[visit.document].path, pointer, message);
        schemas.places.insert(address(visit.value), (visit.document, visit.pointer.clone()));
        let object = match visit.value {
            Value::Bool(_) => continue,
            Value::Object(object) => object,
            other => {
                let message = format!("a schema is an object, `true` or `false`, not {}", kind(other));
                return Err(fail(&visit.pointer, message));
            }
        };
        schemas.has_agreements |= object.keys().any(|keyword| class(keyword) == Class::Agreement);
        if let Some(fault) = super::shape_of_keywords::fault(object) {
            return Err(fail(&format!("{}/{}", visit.pointer, fault.0), fault.1));
        }
        if let Some(dialect) = object.get("$schema").and_then(Value::as_str)
            && dialect.trim_end_matches('#') != DIALECT
        {
            let message = format!("the dialect `{dialect}` is not known: only `{DIALECT}` is compared");
            return Err(fail(&format!("{}/$schema", visit.pointer), message));
        }
        if let Some(id) = object.get("$id").and_then(Value::as_str) {
            visit.base = uri::resolve(&visit.base, id).trim_end_matches('#').to_owned();
            if let Some(other) = named.insert(visit.base.clone(), visit.value)
                && !std::ptr::eq(other, visit.value)
            {
                let message = format!("another schema in the folder has the same `$id`, `{id}`");
                return Err(fail(&format!("{}/$id", visit.pointer), message));
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(anchor) = object.get(keyword).and_then(Value::as_str) {
                named.insert(format!("{}#{anchor}", visit.base), visit.value);
            }
        }
        for (keyword, holds) in IN_PLACE.iter().chain(BELOW).rev() {
            let Some(value) = object.get(*keyword) else { continue };
            let mut push = |value, pointer| {
                pending.push(Visit { value, document: visit.document, pointer, base: visit.base.clone() });
            };
            let start = format!("{}/{keyword}", visit.pointer);
            match (holds, value) {
                (Holds::List, Value::Array(items)) => {
                    for (at, item) in items.iter().enumerate().rev() {
                        push(item, format!("{start}/{at}"));
                    }
                }
                (Holds::Map, Value::Object(members)) => {
                    for (name, member) in members.iter().rev() {
                        push(member, format!("{start}/{}", escape(name)));
                    }
                }
                _ => push(value, start),
            }
        }
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            references.push((visit, reference));
        }
    }

    for (visit, reference) in references {
        let found = find(&named, &uri::resolve(&visit.base, reference))
            .filter(|target| schemas.places.contains_key(&address(target)));
        let Some(target) = found else {
            let pointer = format!("{}/$ref", visit.pointer);
            let message = format!("`{reference}` leads to no schema in this folder");
            return Err(Error::schema(&documents[visit.document].path, &pointer, message));
        };
        schemas.targets.insert(address(visit.value), target);
    }
    refuse_cycles(documents, &schemas)?;
    Ok(schemas)
}

/// What an absolute reference leads to: a whole resource, an anchor, or a JSON Pointer into a resource.
fn find<'a>(named: &HashMap<String, &'a Value>, reference: &str) -> Option<&'a Value> {
    let (resource, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let fragment = uri::decode(fragment)?;
    if fragment.is_empty() || fragment.starts_with('/') {
        named.get(resource)?.pointer(&fragment)
    } else {
        named.get(&format!("{resource}#{fragment}")).copied()
    }
}

/// A schema that applies itself to the same value never ends. (A schema that applies itself to a member or an
/// item is fine: values are finite.)
fn refuse_cycles(documents: &[Document], schemas: &Schemas<'_>) -> Result<()> {
    let mut done: HashSet<usize> = HashSet::new();
    let mut starts: Vec<&&Value> = schemas.targets.values().collect();
    starts.sort_by_key(|value| &schemas.places[&address(value)]);
    for start in starts {
        let mut open: HashSet<usize> = HashSet::new();
        // (node, whether its own in-place schemas have been looked at)
        let mut stack = vec![(Node::new(schemas, start), false)];
        while let Some((node, left)) = stack.pop() {
            let at = address(node.value);
            if left {
                open.remove(&at);
                done.insert(at);
                continue;
            }
            if open.contains(&at) {
                let (document, pointer) = node.place();
                let message = "this schema applies itself to the same value through `$ref`: a cycle must go through a member or an item";
                return Err(Error::schema(&documents[document].path, pointer, message));
            }
            if done.contains(&at) {
                continue;
            }
            open.insert(at);
            stack.push((node, true));
            stack.extend(node.in_place().into_iter().map(|next| (next, false)));
        }
    }
    Ok(())
}

/// The type names of JSON Schema.
pub(super) fn is_type(name: &str) -> bool {
    TYPES.contains(&name)
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
