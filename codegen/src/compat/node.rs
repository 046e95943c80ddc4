//! A place in a schema, and the folder of documents that it can refer to.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::keywords::{Class, Holds, IN_PLACE, class};

/// One schema file.
#[derive(Debug)]
pub(super) struct Document {
    /// The name relative to the folder, with `/` between the parts.
    pub(super) name: String,
    /// The path as the user would write it, for errors.
    pub(super) path: String,
    /// The content.
    pub(super) root: Value,
}

impl Document {
    /// The `$id` of the whole document.
    pub(super) fn id(&self) -> Option<&str> {
        self.root.get("$id").and_then(Value::as_str)
    }
}

/// Every subschema of a folder by its address, made by [`super::check::check`]. Addresses are stable because the
/// documents are never changed after reading.
#[derive(Debug, Default)]
pub(super) struct Schemas<'a> {
    /// For each subschema: the document it stands in, and its JSON Pointer there.
    pub(super) places: HashMap<usize, (usize, String)>,
    /// For each schema with a `$ref`: what it refers to.
    pub(super) targets: HashMap<usize, &'a Value>,
    /// Whether any schema holds an agreement beside the rules ([`Class::Agreement`]).
    pub(super) has_agreements: bool,
}

/// The address of a value, its identity.
pub(super) fn address(value: &Value) -> usize {
    std::ptr::from_ref(value) as usize
}

/// Identity of a node: the value and the mask.
pub(super) type NodeKey = (usize, usize);

/// A subschema, or the part of it that a mask lets through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) schemas: &'a Schemas<'a>,
    pub(super) value: &'a Value,
    /// Only these keywords count, where given: so that one change can be judged on its own.
    pub(super) mask: Option<&'static [&'static str]>,
}

impl<'a> Node<'a> {
    pub(super) fn new(schemas: &'a Schemas<'a>, value: &'a Value) -> Self {
        Node { schemas, value, mask: None }
    }

    /// The same place with only these keywords.
    pub(super) fn masked(self, mask: &'static [&'static str]) -> Self {
        Node { mask: Some(mask), ..self }
    }

    /// Another subschema of the same folder.
    pub(super) fn at(self, value: &'a Value) -> Self {
        Node::new(self.schemas, value)
    }

    pub(super) fn key(self) -> NodeKey {
        (address(self.value), self.mask.map_or(0, |mask| mask.as_ptr() as usize))
    }

    pub(super) fn object(self) -> Option<&'a Map<String, Value>> {
        self.value.as_object()
    }

    /// The value of a keyword, if the mask lets it through.
    pub(super) fn get(self, keyword: &str) -> Option<&'a Value> {
        if self.mask.is_some_and(|mask| !mask.contains(&keyword)) {
            return None;
        }
        self.object()?.get(keyword)
    }

    /// All keywords that the mask lets through.
    pub(super) fn keywords(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let mask = self.mask;
        self.object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value))
            .filter(move |(name, _)| mask.is_none_or(|mask| mask.contains(name)))
    }

    /// The subschema that a keyword holds.
    pub(super) fn schema(self, keyword: &str) -> Option<Self> {
        self.get(keyword).map(|value| self.at(value))
    }

    /// The subschemas that a keyword holds in an array.
    pub(super) fn list(self, keyword: &str) -> Option<Vec<Self>> {
        Some(self.get(keyword)?.as_array()?.iter().map(|value| self.at(value)).collect())
    }

    /// The subschemas that a keyword holds by name.
    pub(super) fn map(self, keyword: &str) -> impl Iterator<Item = (&'a str, Self)> {
        self.get(keyword)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(move |(name, value)| (name.as_str(), self.at(value)))
    }

    /// One subschema that a keyword holds by name.
    pub(super) fn member(self, keyword: &str, name: &str) -> Option<Self> {
        self.get(keyword)?.as_object()?.get(name).map(|value| self.at(value))
    }

    /// The names in an array of strings such as `required`.
    pub(super) fn names(self, keyword: &str) -> impl Iterator<Item = &'a str> {
        self.get(keyword).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// What `$ref` leads to.
    pub(super) fn target(self) -> Option<Self> {
        self.get("$ref")?;
        self.schemas.targets.get(&address(self.value)).map(|value| self.at(value))
    }

    /// The JSON Pointer in the document, and the document.
    pub(super) fn place(self) -> (usize, &'a str) {
        self.schemas
            .places
            .get(&address(self.value))
            .map_or((0, ""), |(document, pointer)| (*document, pointer))
    }

    /// Whether nothing here can refuse a value.
    pub(super) fn is_trivial(self) -> bool {
        match self.value {
            Value::Bool(value) => *value,
            _ => self
                .keywords()
                .all(|(keyword, _)| matches!(class(keyword), Class::Annotation | Class::Structure)),
        }
    }

    /// The schemas that apply to the same value: `$ref`, `allOf`, every branch, `not`.
    pub(super) fn in_place(self) -> Vec<Self> {
        let mut found: Vec<Self> = self.target().into_iter().collect();
        for (keyword, holds) in IN_PLACE {
            match holds {
                Holds::Schema => found.extend(self.schema(keyword)),
                Holds::List => found.extend(self.list(keyword).into_iter().flatten()),
                Holds::Map => found.extend(self.map(keyword).map(|(_, node)| node)),
            }
        }
        found
    }
}
