//! A schema document seen as a list of subschemas, found by their pointers.

use crate::json_pointer;
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::HashMap};

/// The index of a subschema.
pub(crate) type SchemaId = usize;

/// The schema says something that the one-pass program does not know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unsupported;

/// A JSON Schema document.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    document: &'a Value,
    found: RefCell<Found<'a>>,
}

#[derive(Debug, Default)]
struct Found<'a> {
    schemas: Vec<(String, &'a Value)>,
    by_pointer: HashMap<String, SchemaId>,
}

/// Members that make the meaning of a reference depend on more than the text of the document.
const SCOPES: [&str; 7] =
    ["$id", "$schema", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor"];

impl<'a> Source<'a> {
    /// `Err` for a document of another dialect than 2020-12, or one with scopes of its own inside.
    pub fn new(document: &'a Value) -> Result<Self, Unsupported> {
        if let Value::Object(root) = document {
            let dialect = root.get("$schema").is_none_or(|dialect| {
                dialect.as_str().map(|name| name.trim_end_matches('#'))
                    == Some("https://json-schema.org/draft/2020-12/schema")
            });
            let scoped = SCOPES.iter().filter(|name| !matches!(**name, "$id" | "$schema"));
            let own_scope = scoped.into_iter().any(|name| root.contains_key(*name));
            if !dialect || own_scope || root.contains_key("$vocabulary") || root.values().any(has_scope) {
                return Err(Unsupported);
            }
        }
        Ok(Self { document, found: RefCell::default() })
    }

    /// The whole document.
    pub fn document(&self) -> &'a Value {
        self.document
    }

    /// The subschema at a pointer.
    pub fn at(&self, pointer: &str) -> Result<SchemaId, Unsupported> {
        let mut found = self.found.borrow_mut();
        if let Some(&id) = found.by_pointer.get(pointer) {
            return Ok(id);
        }
        let schema = self.document.pointer(pointer).ok_or(Unsupported)?;
        if !matches!(schema, Value::Bool(_) | Value::Object(_)) {
            return Err(Unsupported);
        }
        let id = found.schemas.len();
        found.schemas.push((pointer.to_owned(), schema));
        found.by_pointer.insert(pointer.to_owned(), id);
        Ok(id)
    }

    /// The subschema under `segments` in another one.
    pub fn below(&self, schema: SchemaId, segments: &[&str]) -> Result<SchemaId, Unsupported> {
        let mut pointer = self.pointer(schema);
        for segment in segments {
            json_pointer::push(&mut pointer, segment);
        }
        self.at(&pointer)
    }

    /// The items of a list of subschemas such as `allOf`.
    pub fn list(&self, schema: SchemaId, keyword: &str) -> Result<Vec<SchemaId>, Unsupported> {
        match self.object(schema).and_then(|object| object.get(keyword)) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                (0..items.len()).map(|index| self.below(schema, &[keyword, &index.to_string()])).collect()
            }
            Some(_) => Err(Unsupported),
        }
    }

    /// What `$ref` names.
    pub fn referenced(&self, schema: SchemaId) -> Result<Option<SchemaId>, Unsupported> {
        let Some(reference) = self.object(schema).and_then(|object| object.get("$ref")) else {
            return Ok(None);
        };
        let reference = reference.as_str().ok_or(Unsupported)?;
        let id = self.document.get("$id").and_then(Value::as_str).unwrap_or("").trim_end_matches('#');
        let fragment = match reference.split_once('#') {
            Some((resource, fragment)) if resource.is_empty() || resource == id => fragment,
            None if !id.is_empty() && reference == id => "",
            _ => return Err(Unsupported),
        };
        if !(fragment.is_empty() || fragment.starts_with('/')) {
            return Err(Unsupported);
        }
        let pointer = json_pointer::percent_decoded(fragment).ok_or(Unsupported)?;
        self.at(&pointer).map(Some)
    }

    /// Where a subschema is in the document.
    pub fn pointer(&self, schema: SchemaId) -> String {
        self.found.borrow().schemas[schema].0.clone()
    }

    /// The subschema itself.
    pub fn value(&self, schema: SchemaId) -> &'a Value {
        self.found.borrow().schemas[schema].1
    }

    /// The subschema's keywords; `None` for `true` and `false`.
    pub fn object(&self, schema: SchemaId) -> Option<&'a Map<String, Value>> {
        self.value(schema).as_object()
    }
}

/// Whether anything in there looks like a scope. Data that looks like one is a false alarm and costs speed only.
fn has_scope(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.iter().any(|(name, value)| {
            SCOPES.contains(&name.as_str()) && (value.is_string() || value.is_boolean()) || has_scope(value)
        }),
        Value::Array(items) => items.iter().any(has_scope),
        _ => false,
    }
}
