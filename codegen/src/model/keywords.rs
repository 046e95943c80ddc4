//! Which keywords a schema may use. What cannot be honoured is refused by name, so that a validator is never
//! silently weaker than its schema.

use serde_json::{Map, Value};

use super::names;
use crate::{Error, Result};

/// Keywords that the lowering honours.
const HONOURED: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "required",
    "then",
    "type",
    "uniqueItems",
];

/// Keywords that say nothing about which values are valid.
const ANNOTATIONS: &[&str] = &[
    "$comment",
    "$defs",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "format",
    "readOnly",
    "title",
    "writeOnly",
];

/// Keywords that exist, or did, and are not honoured: with what to write instead.
const REFUSED: &[(&str, &str)] = &[
    ("$anchor", "refer to the place by a JSON Pointer, such as `#/$defs/Name`"),
    ("$dynamicAnchor", "write the schema out, or refer to it by `$ref`"),
    ("$dynamicRef", "write `$ref`"),
    ("$recursiveAnchor", "write `$ref`"),
    ("$recursiveRef", "write `$ref`"),
    ("$vocabulary", "it belongs into a meta-schema"),
    ("additionalItems", "write `prefixItems` for the first items and `items` for the rest (2020-12)"),
    ("dependencies", "write `dependentRequired` or `dependentSchemas` (2020-12)"),
    ("id", "write `$id`, at the root only"),
    ("nullable", "it is no JSON Schema: write `\"type\": [\"string\", \"null\"]`"),
    ("unevaluatedItems", "write `items: false` beside `prefixItems`"),
    ("unevaluatedProperties", "list the members in one place and write `additionalProperties: false` there"),
];

/// The dialects that are read. Of older ones, only what means the same in 2020-12 is taken.
const DIALECTS: &[&str] = &[
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
];

/// Checks the names of all keywords of one schema object.
pub(super) fn check(source: &str, pointer: &str, schema: &Map<String, Value>) -> Result<()> {
    for keyword in schema.keys() {
        let name = keyword.as_str();
        if HONOURED.binary_search(&name).is_ok() || ANNOTATIONS.contains(&name) || name.starts_with("x-") {
            continue;
        }
        let at = format!("{pointer}/{}", super::document::escape(name));
        if name == "$id" {
            if pointer.is_empty() {
                continue;
            }
            return Err(Error::schema(source, &at, "`$id` is read at the root only; take it out here"));
        }
        if let Some((_, instead)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Err(Error::schema(
                source,
                &at,
                format!("the keyword `{name}` is not supported; {instead}"),
            ));
        }
        let known = HONOURED.iter().chain(ANNOTATIONS).copied();
        let message = match names::nearest(name, known) {
            Some(near) => format!("`{name}` is no keyword of JSON Schema; was `{near}` meant?"),
            None => {
                format!("`{name}` is no keyword of JSON Schema; an annotation of your own starts with `x-`")
            }
        };
        return Err(Error::schema(source, &at, message));
    }
    Ok(())
}

/// Checks what the root says about its dialect.
pub(super) fn check_dialect(source: &str, schema: &Value) -> Result<()> {
    match schema.get("$schema") {
        None => Ok(()),
        Some(Value::String(dialect)) if DIALECTS.contains(&dialect.trim_end_matches('#')) => Ok(()),
        Some(other) => Err(Error::schema(
            source,
            "/$schema",
            format!("{other} is not supported; write \"{}\"", DIALECTS[0]),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(HONOURED.is_sorted());
    }
}
