//! Which values a schema accepts, and which a sender writes, by another validator than our own.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Names of this beginning are listed by no schema of the tests: anybody may write them.
pub const FOREIGN: &str = "zz";

/// One schema as receivers and as senders see it.
pub struct Oracle {
    accepts: Validator,
    writes: Validator,
}

impl Oracle {
    pub fn new(schema: &Value) -> Self {
        let build = |schema: &Value| {
            jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("{error}: {schema}"))
        };
        Oracle { accepts: build(schema), writes: build(&closed(schema, schema)) }
    }

    /// Whether a receiver takes it.
    pub fn accepts(&self, value: &Value) -> bool {
        self.accepts.is_valid(value)
    }

    /// Whether a sender writes it: valid, and where members are listed, no other names than those listed and those
    /// that no version lists.
    pub fn writes(&self, value: &Value) -> bool {
        self.accepts(value) && self.writes.is_valid(value)
    }
}

/// The schema with every record in it closed, at every place that describes a whole value.
fn closed(schema: &Value, root: &Value) -> Value {
    let mut copy = inside(schema, root);
    if is_record(schema, root)
        && let Value::Object(object) = &mut copy
        && !object.contains_key("unevaluatedProperties")
    {
        // Beside what the schema says itself: an `allOf` part of its own, which evaluates the foreign names.
        let foreign = json!({ "patternProperties": { format!("^{FOREIGN}"): true } });
        match object.entry("allOf").or_insert_with(|| json!([])) {
            Value::Array(parts) => parts.push(foreign),
            other => panic!("allOf is {other}"),
        }
        object.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
    copy
}

/// The schema with the records in its members and items closed, but not itself. What is under `not` or is a
/// condition stays as it is: it does not say what is written.
fn inside(schema: &Value, root: &Value) -> Value {
    let Value::Object(object) = schema else { return schema.clone() };
    let each = |value: &Value, change: fn(&Value, &Value) -> Value| match value {
        Value::Array(list) => Value::Array(list.iter().map(|value| change(value, root)).collect()),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.clone(), change(value, root))).collect())
        }
        other => other.clone(),
    };
    let changed = |keyword: &str, value: &Value| match keyword {
        "allOf" | "anyOf" | "oneOf" | "$defs" | "definitions" | "dependentSchemas" => each(value, inside),
        "then" | "else" => inside(value, root),
        "properties" | "patternProperties" | "prefixItems" => each(value, closed),
        "additionalProperties" | "items" => closed(value, root),
        _ => value.clone(),
    };
    Value::Object(
        object
            .iter()
            .map(|(keyword, value)| (keyword.clone(), changed(keyword, value)))
            .collect::<Map<_, _>>(),
    )
}

/// Whether members are listed in every branch that allows an object.
fn is_record(schema: &Value, root: &Value) -> bool {
    let list = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
    let branches = |keyword: &str| {
        list(keyword)
            .is_some_and(|list| list.iter().all(|one| is_record(one, root) || !allows_object(one, root)))
    };
    schema.get("properties").is_some()
        || target(schema, root).is_some_and(|target| is_record(target, root))
        || list("allOf").is_some_and(|parts| parts.iter().any(|part| is_record(part, root)))
        || branches("anyOf")
        || branches("oneOf")
        || (schema.get("if").is_some()
            && ["then", "else"]
                .iter()
                .all(|keyword| schema.get(keyword).is_some_and(|one| is_record(one, root))))
}

fn allows_object(schema: &Value, root: &Value) -> bool {
    let named = |types: &Value| {
        types == "object" || types.as_array().is_some_and(|names| names.contains(&json!("object")))
    };
    schema != &Value::Bool(false)
        && schema.get("type").is_none_or(named)
        && schema.get("const").is_none_or(Value::is_object)
        && schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|values| values.iter().any(Value::is_object))
        && target(schema, root).is_none_or(|target| allows_object(target, root))
}

/// What `$ref` leads to; the corpus refers by pointer, but for one anchor.
pub fn target<'a>(schema: &Value, root: &'a Value) -> Option<&'a Value> {
    let reference = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    if reference.is_empty() || reference.starts_with('/') {
        return root.pointer(reference);
    }
    root.get("$defs")?
        .as_object()?
        .values()
        .find(|definition| definition.get("$anchor").is_some_and(|anchor| anchor == reference))
}
