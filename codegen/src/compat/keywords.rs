//! The table of keywords: which hold schemas, which are rules, which are notes to the reader.

/// How the value of a keyword holds schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// One schema.
    Schema,
    /// An array of schemas.
    List,
    /// An object whose members are schemas.
    Map,
}

/// Keywords that apply their schemas to the value itself.
pub(super) const IN_PLACE: &[(&str, Holds)] = &[
    ("allOf", Holds::List),
    ("anyOf", Holds::List),
    ("oneOf", Holds::List),
    ("not", Holds::Schema),
    ("if", Holds::Schema),
    ("then", Holds::Schema),
    ("else", Holds::Schema),
    ("dependentSchemas", Holds::Map),
];

/// Keywords that apply their schemas to members or items, or only keep them for others to refer to.
pub(super) const BELOW: &[(&str, Holds)] = &[
    ("properties", Holds::Map),
    ("patternProperties", Holds::Map),
    ("additionalProperties", Holds::Schema),
    ("propertyNames", Holds::Schema),
    ("unevaluatedProperties", Holds::Schema),
    ("prefixItems", Holds::List),
    ("items", Holds::Schema),
    ("contains", Holds::Schema),
    ("unevaluatedItems", Holds::Schema),
    ("contentSchema", Holds::Schema),
    ("$defs", Holds::Map),
    ("definitions", Holds::Map),
];

/// Keywords that say nothing about which values are valid.
pub(super) const ANNOTATIONS: &[&str] =
    &["title", "description", "default", "examples", "$comment", "deprecated"];

/// Keywords that name or keep schemas; they are no rule of the place where they stand.
pub(super) const STRUCTURE: &[&str] = &["$schema", "$id", "$anchor", "$defs", "definitions", "$vocabulary"];

/// Keywords that the prover has a rule for.
pub(super) const RULES: &[&str] = &[
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "required",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "prefixItems",
    "items",
    "contains",
    "minContains",
    "maxContains",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// Keywords of the standard that are decided only where nothing around them changed: they depend on what their
/// neighbours evaluate, or on who refers to them.
const CONTEXTUAL: &[&str] =
    &["unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$dynamicAnchor", "contentSchema"];

/// Keywords of the standard that describe a string's content. Validators need not assert them, but sender and
/// receiver must agree on them.
const CONTENT: &[&str] = &["contentEncoding", "contentMediaType", "readOnly", "writeOnly"];

/// What a keyword is to the prover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Changes nothing.
    Annotation,
    /// Names or keeps schemas.
    Structure,
    /// Has a rule.
    Rule,
    /// An agreement of its own beside the rules (`x-code`): it must stand on both sides with the same value.
    Agreement,
    /// Can be decided only where the whole schema is the same: contextual and unknown keywords.
    Opaque,
}

pub(super) fn class(keyword: &str) -> Class {
    if ANNOTATIONS.contains(&keyword) {
        Class::Annotation
    } else if STRUCTURE.contains(&keyword) {
        Class::Structure
    } else if RULES.contains(&keyword) {
        Class::Rule
    } else if keyword.starts_with("x-") || CONTENT.contains(&keyword) {
        Class::Agreement
    } else {
        Class::Opaque
    }
}

/// Whether an opaque keyword can only make the set of valid values smaller, so that it may be overlooked on the
/// sending side.
pub(super) fn only_restricts(keyword: &str) -> bool {
    CONTEXTUAL.contains(&keyword)
}

/// How a keyword holds schemas, if it does.
pub(super) fn holds(keyword: &str) -> Option<Holds> {
    IN_PLACE.iter().chain(BELOW).find(|(name, _)| *name == keyword).map(|(_, holds)| *holds)
}
