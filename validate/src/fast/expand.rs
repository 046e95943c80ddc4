//! What a set of subschemas asks of a value of one JSON type, with `$ref` and `allOf` followed.

use super::source::{SchemaId, Source, Unsupported};
use serde_json::{Map, Value};

/// The JSON types. Integers are numbers here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    fn is_named(self, name: &str) -> bool {
        match self {
            Self::Null => name == "null",
            Self::Boolean => name == "boolean",
            Self::Number => matches!(name, "number" | "integer"),
            Self::String => name == "string",
            Self::Array => name == "array",
            Self::Object => name == "object",
        }
    }

    /// Whether `type` admits the kind.
    fn is_in(self, types: &Value) -> Result<bool, Unsupported> {
        match types {
            Value::String(name) => Ok(self.is_named(name)),
            Value::Array(names) => names
                .iter()
                .try_fold(false, |is_in, name| Ok(is_in || self.is_named(name.as_str().ok_or(Unsupported)?))),
            _ => Err(Unsupported),
        }
    }

    /// Keywords that matter for the kind and that the program leaves to `jsonschema`.
    fn unsupported_keywords(self) -> &'static [&'static str] {
        match self {
            Self::Array => &["additionalItems", "contains", "unevaluatedItems"],
            Self::Object => &[
                "dependencies",
                "dependentRequired",
                "dependentSchemas",
                "patternProperties",
                "propertyNames",
                "unevaluatedProperties",
            ],
            _ => &[],
        }
    }
}

/// A place at which subschemas apply together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// Sorted, without doubles.
    pub schemas: Vec<SchemaId>,
    /// The unions of which one branch has been chosen and put into `schemas`.
    pub settled: Vec<(SchemaId, UnionKind)>,
}

impl Place {
    pub fn new(mut schemas: Vec<SchemaId>) -> Self {
        schemas.sort_unstable();
        schemas.dedup();
        Self { schemas, settled: Vec::new() }
    }

    /// The place with one branch of a union chosen.
    pub fn choosing(&self, union: &Union, branch: SchemaId) -> Self {
        let mut place = Self::new(self.schemas.iter().copied().chain([branch]).collect());
        place.settled = self.settled.clone();
        place.settled.push((union.schema, union.kind));
        place.settled.sort_unstable();
        place.settled.dedup();
        place
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum UnionKind {
    AnyOf,
    OneOf,
}

/// An `anyOf` or `oneOf` of which several branches admit the kind.
#[derive(Clone, Debug)]
pub(crate) struct Union {
    /// The subschema that has the keyword.
    pub schema: SchemaId,
    pub kind: UnionKind,
    /// The branches that may admit the kind.
    pub branches: Vec<SchemaId>,
}

/// What a place asks of a value of one kind.
#[derive(Debug)]
pub(crate) struct Expansion<'a> {
    /// The subschemas whose own keywords all apply.
    pub schemas: Vec<(SchemaId, &'a Map<String, Value>)>,
    pub unions: Vec<Union>,
}

/// Follows references, `allOf` and the unions of which only one branch admits the kind. `None`: no value of the
/// kind is valid.
pub(crate) fn expand<'a>(
    source: &Source<'a>,
    place: &Place,
    kind: Kind,
) -> Result<Option<Expansion<'a>>, Unsupported> {
    let mut expansion = Expansion { schemas: Vec::new(), unions: Vec::new() };
    let mut waiting = place.schemas.clone();
    let mut visited = Vec::new();
    while let Some(schema) = waiting.pop() {
        if visited.contains(&schema) {
            continue;
        }
        visited.push(schema);
        let object = match source.value(schema) {
            Value::Bool(true) => continue,
            Value::Object(object) => object,
            _ => return Ok(None),
        };
        if let Some(types) = object.get("type")
            && !kind.is_in(types)?
        {
            return Ok(None);
        }
        let unsupported = ["not", "if", "discriminator", "nullable"];
        if unsupported.iter().chain(kind.unsupported_keywords()).any(|keyword| object.contains_key(*keyword))
        {
            return Err(Unsupported);
        }
        waiting.extend(source.referenced(schema)?);
        waiting.extend(source.list(schema, "allOf")?);
        for (union, keyword) in [(UnionKind::AnyOf, "anyOf"), (UnionKind::OneOf, "oneOf")] {
            if !object.contains_key(keyword) || place.settled.contains(&(schema, union)) {
                continue;
            }
            let mut branches = Vec::new();
            for branch in source.list(schema, keyword)? {
                if may_admit(source, branch, kind, &mut Vec::new())? {
                    branches.push(branch);
                }
            }
            match branches.as_slice() {
                [] => return Ok(None),
                [only] => waiting.push(*only),
                _ => expansion.unions.push(Union { schema, kind: union, branches }),
            }
        }
        expansion.schemas.push((schema, object));
    }
    // The order of the pile says nothing, but the same document always compiles to the same program.
    expansion.schemas.sort_unstable_by_key(|(schema, _)| *schema);
    Ok(Some(expansion))
}

/// Whether a subschema may admit a value of the kind; `false` is certain.
fn may_admit(
    source: &Source<'_>,
    schema: SchemaId,
    kind: Kind,
    open: &mut Vec<SchemaId>,
) -> Result<bool, Unsupported> {
    let object = match source.value(schema) {
        Value::Object(object) => object,
        other => return Ok(*other == Value::Bool(true)),
    };
    if open.contains(&schema) {
        return Ok(true);
    }
    if let Some(types) = object.get("type")
        && !kind.is_in(types)?
    {
        return Ok(false);
    }
    if let Some(constant) = object.get("const")
        && Kind::of(constant) != kind
    {
        return Ok(false);
    }
    if let Some(values) = object.get("enum") {
        let values = values.as_array().ok_or(Unsupported)?;
        if !values.iter().any(|value| Kind::of(value) == kind) {
            return Ok(false);
        }
    }
    open.push(schema);
    let mut admits = true;
    for part in source.referenced(schema)?.into_iter().chain(source.list(schema, "allOf")?) {
        admits = admits && may_admit(source, part, kind, open)?;
    }
    for keyword in ["anyOf", "oneOf"] {
        if admits && object.contains_key(keyword) {
            let mut some = false;
            for branch in source.list(schema, keyword)? {
                some = some || may_admit(source, branch, kind, open)?;
            }
            admits = some;
        }
    }
    open.pop();
    Ok(admits)
}
