//! Names in Python: classes, functions, attributes and constants.

use std::collections::{BTreeMap, BTreeSet};

use super::super::identifiers::{distinct, spelled};
use crate::model::{Field, Model, names};
use crate::{Error, Result};

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// What the generated module uses itself, and what annotations inside a class body would no longer find.
const TAKEN_ATTRIBUTES: &[&str] =
    &["additional", "bool", "dict", "float", "int", "list", "members", "self", "str", "to_json", "tuple"];

/// Names that the generated modules import or define besides the types.
const TAKEN_CLASSES: &[&str] = &[
    "Any",
    "Callable",
    "Document",
    "ErrorCode",
    "Final",
    "Generic",
    "Literal",
    "Mapping",
    "NewType",
    "ProtocolError",
    "Rules",
    "Topics",
    "TypeVar",
    "TypedDict",
    "Union",
];

/// `parse_` and `decode_` with these behind them are functions of the runtime.
const TAKEN_FUNCTIONS: &[&str] = &["payload", "text"];

/// The names of one named type.
#[derive(Debug, Clone)]
pub(super) struct TypeNames {
    /// The class or alias.
    pub class: String,
    /// What follows `parse_`, `decode_` and `_build_`.
    pub function: String,
}

/// The names of all types of a model.
///
/// # Errors
/// Two types want the same functions.
pub(super) fn of_types(model: &Model) -> Result<BTreeMap<String, TypeNames>> {
    let mut result = BTreeMap::new();
    let mut functions: BTreeMap<String, &str> = BTreeMap::new();
    let parameters: BTreeSet<&String> = model.types.iter().flat_map(|each| &each.parameters).collect();
    for each in &model.types {
        let taken = TAKEN_CLASSES.contains(&each.name.as_str())
            || KEYWORDS.contains(&each.name.as_str())
            || parameters.contains(&each.name);
        let class = if taken { format!("{}_", each.name) } else { each.name.clone() };
        let mut function = names::snake(&each.name).unwrap_or_else(|| each.name.to_lowercase());
        if TAKEN_FUNCTIONS.contains(&function.as_str()) {
            function.push('_');
        }
        if let Some(other) = functions.insert(function.clone(), &each.name) {
            return Err(Error::Unsupported(format!(
                "the types `{other}` and `{}` would both be parsed by `parse_{function}` in Python; give one of them ({}) another name",
                each.name, each.location
            )));
        }
        result.insert(each.name.clone(), TypeNames { class, function });
    }
    Ok(result)
}

/// An attribute for each field, in their order; all differ.
pub(super) fn of_fields(fields: &[Field]) -> Vec<String> {
    let wire: Vec<&str> = fields.iter().map(|each| each.name.as_str()).collect();
    distinct(&wire, "_", attribute)
}

/// A constant for each name, in their order; all differ.
pub(super) fn of_constants(wire: &[&str], taken: &[&str]) -> Vec<String> {
    distinct(wire, "_", |name| {
        let constant = identifier(name).to_uppercase();
        if taken.contains(&constant.as_str()) { format!("{constant}_") } else { constant }
    })
}

fn attribute(name: &str) -> String {
    let plain = identifier(name);
    let taken = KEYWORDS.contains(&plain.as_str()) || TAKEN_ATTRIBUTES.contains(&plain.as_str());
    if taken { format!("{plain}_") } else { plain }
}

/// `sourceId` → `source_id`. A name without a letter or digit of ASCII is spelled by its code points.
fn identifier(name: &str) -> String {
    match names::snake(name) {
        Some(plain) if plain.starts_with(|each: char| each.is_ascii_digit()) => format!("member_{plain}"),
        Some(plain) => plain,
        None => spelled(name).join("_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_becomes_an_attribute_of_its_own() {
        for (wire, expected) in [
            (vec!["sourceId", "topic"], vec!["source_id", "topic"]),
            (vec!["class", "self", "list"], vec!["class_", "self_", "list_"]),
            (vec!["fooBar", "foo-bar", "foo_bar"], vec!["foo_bar_3", "foo_bar_2", "foo_bar"]),
            (vec!["", "2fa", "日本"], vec!["empty", "member_2fa", "u65e5_u672c"]),
            (vec!["a", "A", "a_2"], vec!["a", "a_3", "a_2"]),
        ] {
            assert_eq!(distinct(&wire, "_", attribute), expected, "{wire:?}");
        }
    }
}
