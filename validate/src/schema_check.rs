//! Finds out what is wrong with a schema before it is used.

use crate::json_pointer;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use std::{collections::HashSet, fmt};

/// A schema that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// The place in the schema, as a JSON Pointer.
    pub pointer: String,
    /// What is wrong there and what would be right.
    pub message: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the top level" } else { &self.pointer };
        write!(formatter, "at {place} of the schema: {}", self.message)
    }
}

impl std::error::Error for SchemaError {}

fn error(pointer: &str, message: impl Into<String>) -> SchemaError {
    SchemaError { pointer: pointer.to_owned(), message: message.into() }
}

/// Builds the validator of a schema.
pub(crate) fn build(schema: &Value) -> Result<jsonschema::Validator, SchemaError> {
    if !matches!(schema, Value::Bool(_) | Value::Object(_)) {
        return Err(error(
            "",
            format!("{}; a JSON Schema is an object, true or false", crate::describe::found(schema)),
        ));
    }
    let mut walk = Walk { document: schema, done: HashSet::new(), open: Vec::new() };
    walk.check_references(schema, &mut String::new())?;
    jsonschema::validator_for(schema).map_err(|refusal| {
        if let ValidationErrorKind::Referencing(_) = refusal.kind()
            && let Some((pointer, reference)) = outward_reference(schema, &refusal.to_string())
        {
            let message = format!("\"{reference}\" leads out of the schema; put what it names under $defs");
            return error(&pointer, message);
        }
        let mut message = refusal.to_string();
        if let Some((end, _)) = message.char_indices().nth(300) {
            message.replace_range(end.., "…");
        }
        error(refusal.instance_path().as_str(), message)
    })
}

/// The reference that a refusal names, if it is one to another document, and where it is.
fn outward_reference<'a>(schema: &'a Value, refusal: &str) -> Option<(String, &'a str)> {
    let mut waiting = vec![(String::new(), schema)];
    while let Some((pointer, value)) = waiting.pop() {
        let below = |segment: &str| {
            let mut pointer = pointer.clone();
            json_pointer::push(&mut pointer, segment);
            pointer
        };
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref")
                    && !reference.starts_with('#')
                    && refusal.contains(reference.split('#').next().unwrap_or_default())
                {
                    return Some((below("$ref"), reference));
                }
                waiting.extend(members.iter().map(|(name, value)| (below(name), value)));
            }
            Value::Array(items) => {
                waiting
                    .extend(items.iter().enumerate().map(|(index, item)| (below(&index.to_string()), item)));
            }
            _ => {}
        }
    }
    None
}

struct Walk<'a> {
    document: &'a Value,
    /// Pointers of subschemas from which no cycle starts.
    done: HashSet<String>,
    /// Pointers of subschemas that apply to one and the same value, outermost first.
    open: Vec<String>,
}

impl Walk<'_> {
    /// Every reference inside the document must lead somewhere, and nowhere in circles. `schema` is a subschema
    /// or a list of some.
    fn check_references(&mut self, schema: &Value, pointer: &mut String) -> Result<(), SchemaError> {
        const DATA: [&str; 4] = ["enum", "const", "default", "examples"];
        const NAMED: [&str; 5] =
            ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
        let length = pointer.len();
        match schema {
            Value::Object(keywords) => {
                self.follow(pointer, pointer)?;
                for (keyword, value) in
                    keywords.iter().filter(|(keyword, _)| !DATA.contains(&keyword.as_str()))
                {
                    json_pointer::push(pointer, keyword);
                    match value {
                        Value::Object(named) if NAMED.contains(&keyword.as_str()) => {
                            let length = pointer.len();
                            for (name, schema) in named {
                                json_pointer::push(pointer, name);
                                self.check_references(schema, pointer)?;
                                pointer.truncate(length);
                            }
                        }
                        other => self.check_references(other, pointer)?,
                    }
                    pointer.truncate(length);
                }
            }
            Value::Array(schemas) => {
                for (index, schema) in schemas.iter().enumerate() {
                    json_pointer::push(pointer, &index.to_string());
                    self.check_references(schema, pointer)?;
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Follows the keywords that apply to the same value. Coming back to where one has been never ends.
    fn follow(&mut self, pointer: &str, from: &str) -> Result<(), SchemaError> {
        if self.open.iter().any(|open| open == pointer) {
            let message = format!(
                "this leads back to {} without a step into the value; a cycle must pass through a member or an item",
                if pointer.is_empty() { "the whole schema" } else { pointer }
            );
            return Err(error(from, message));
        }
        let Some(Value::Object(schema)) = self.document.pointer(pointer) else { return Ok(()) };
        if self.done.contains(pointer) {
            return Ok(());
        }
        self.open.push(pointer.to_owned());
        let at = |segments: &[&str]| {
            let mut pointer = pointer.to_owned();
            segments.iter().for_each(|segment| json_pointer::push(&mut pointer, segment));
            pointer
        };
        if let Some(Value::String(reference)) = schema.get("$ref")
            && let Some(target) = local_target(reference)
        {
            let from = at(&["$ref"]);
            if self.document.pointer(&target).is_none() {
                let message = format!("\"{reference}\" leads nowhere: the schema has nothing at {target}");
                return Err(error(&from, message));
            }
            self.follow(&target, &from)?;
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for index in 0..schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len) {
                let branch = at(&[keyword, &index.to_string()]);
                self.follow(&branch, &branch)?;
            }
        }
        for keyword in ["not", "if", "then", "else"] {
            if schema.contains_key(keyword) {
                self.follow(&at(&[keyword]), &at(&[keyword]))?;
            }
        }
        if let Some(Value::Object(dependent)) = schema.get("dependentSchemas") {
            for name in dependent.keys() {
                let branch = at(&["dependentSchemas", name]);
                self.follow(&branch, &branch)?;
            }
        }
        self.open.pop();
        self.done.insert(pointer.to_owned());
        Ok(())
    }
}

/// The pointer that a reference into the same document stands for.
fn local_target(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if fragment.is_empty() || fragment.starts_with('/') {
        json_pointer::percent_decoded(fragment)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_wrong_with_a_schema_is_said_with_its_place() {
        let rows = [
            (json!(5), "", "a JSON Schema is an object"),
            (json!({"type": "strnig"}), "/type", ""),
            (json!({"properties": {"a": {"minLength": "x"}}}), "/properties/a/minLength", ""),
            (json!({"properties": {"a": {"pattern": "("}}}), "/properties/a/pattern", ""),
            (json!({"$ref": "#/$defs/nowhere"}), "/$ref", "leads nowhere"),
            (
                json!({"items": {"properties": {"x": {"$ref": "#/nowhere"}}}}),
                "/items/properties/x/$ref",
                "leads nowhere",
            ),
            (json!({"$ref": "#"}), "/$ref", "leads back to the whole schema"),
            (
                json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}}),
                "",
                "leads back",
            ),
            (
                json!({"properties": {"a": {"anyOf": [{"$ref": "#/properties/a"}]}}}),
                "/properties/a/anyOf/0/$ref",
                "leads back",
            ),
            (json!({"$ref": "other.json"}), "/$ref", "leads out of the schema"),
            (
                json!({"items": {"$ref": "https://example.org/a#/b"}}),
                "/items/$ref",
                "leads out of the schema",
            ),
        ];
        for (schema, pointer, message) in rows {
            let error = build(&schema).expect_err("a schema that is wrong");
            assert!(error.message.contains(message), "{schema}: {error}");
            assert!(error.pointer == pointer || pointer.is_empty(), "{schema}: {error}");
        }
    }

    #[test]
    fn recursion_through_members_and_items_is_right() {
        let tree = json!({"properties": {"children": {"items": {"$ref": "#"}}, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}});
        assert!(build(&tree).is_ok());
        assert!(build(&json!(true)).is_ok());
        assert!(
            build(&json!({"enum": [{"$ref": "#/nowhere"}], "properties": {"$ref": {"type": "null"}}}))
                .is_ok()
        );
    }
}
