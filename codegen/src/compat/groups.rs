//! Which keywords are judged together, and when two values of one say the same.

use serde_json::Value;

use super::equal::same_set;
use super::number::json_equal;
use super::types::Types;

/// Whether the two values of a keyword say the same: `1` and `1.0`, `["a", "b"]` and `["b", "a"]`.
pub(super) fn same_text(keyword: &str, before: &Value, after: &Value) -> bool {
    match keyword {
        "type" => Types::of_keyword(before) == Types::of_keyword(after),
        "enum" => same_set(before, after),
        _ => json_equal(before, after),
    }
}

/// Keywords, without and with the type.
pub(super) type Group = (&'static [&'static str], &'static [&'static str]);

/// The keywords that are judged together with this one, without and with the type.
pub(super) fn group(keyword: &str) -> Option<Group> {
    macro_rules! groups {
        ($($name:literal $(+ $other:literal)*),* $(,)?) => {
            match keyword {
                $($name => Some((&[$name $(, $other)*], &["type", $name $(, $other)*])),)*
                _ => None,
            }
        };
    }
    groups!(
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "type",
        "enum",
        "const",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "propertyNames",
        "required",
        "minProperties",
        "maxProperties",
        "dependentRequired",
        "dependentSchemas",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minimum" + "exclusiveMinimum",
        "exclusiveMinimum" + "minimum",
        "maximum" + "exclusiveMaximum",
        "exclusiveMaximum" + "maximum",
        "if" + "then" + "else",
        "then" + "if" + "else",
        "else" + "if" + "then",
        "contains" + "minContains" + "maxContains",
        "minContains" + "contains" + "maxContains",
        "maxContains" + "contains" + "minContains",
        "additionalProperties" + "properties" + "patternProperties",
        "patternProperties" + "properties" + "additionalProperties",
        "prefixItems" + "items",
        "items" + "prefixItems",
    )
}
