//! Unions that one pass can settle: lists of constants, and objects that a member tells apart.

use super::{
    expand::{Kind, Place, Union, UnionKind, expand},
    source::{SchemaId, Source, Unsupported},
};
use serde_json::Value;

/// Keywords that say nothing about validity.
const ANNOTATIONS: [&str; 10] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "format",
    "$defs",
];

/// The values that a union admits where every branch is a list of constants of the kind.
pub(crate) fn constants<'a>(
    source: &Source<'a>,
    union: &Union,
    kind: Kind,
) -> Result<Option<Vec<&'a Value>>, Unsupported> {
    let mut lists = Vec::new();
    for &branch in &union.branches {
        match branch_constants(source, branch, kind)? {
            Some(list) => lists.push(list),
            None => return Ok(None),
        }
    }
    let times = |value: &Value| lists.iter().filter(|list| list.contains(&value)).count();
    let admitted = |value: &Value| union.kind == UnionKind::AnyOf || times(value) == 1;
    Ok(Some(lists.iter().flatten().copied().filter(|value| admitted(value)).collect()))
}

fn branch_constants<'a>(
    source: &Source<'a>,
    branch: SchemaId,
    kind: Kind,
) -> Result<Option<Vec<&'a Value>>, Unsupported> {
    let Some(object) = source.object(branch) else { return Ok(None) };
    let plain = |name: &String| {
        ANNOTATIONS.contains(&name.as_str())
            || name.starts_with("x-")
            || matches!(name.as_str(), "type" | "$ref")
    };
    let mut asserting = object.keys().filter(|name| !plain(name));
    let list = match (asserting.next().map(String::as_str), asserting.next()) {
        (Some("const"), None) => vec![&object["const"]],
        (Some("enum"), None) => object["enum"].as_array().ok_or(Unsupported)?.iter().collect(),
        (None, None) if object.contains_key("$ref") && !object.contains_key("type") => {
            return match source.referenced(branch)? {
                Some(target) => branch_constants(source, target, kind),
                None => Ok(None),
            };
        }
        _ => return Ok(None),
    };
    if object.contains_key("$ref") {
        return Ok(None);
    }
    let list: Vec<&Value> = list.into_iter().filter(|value| Kind::of(value) == kind).collect();
    // Numbers are equal in more ways than these lists compare them: 1 and 1.0.
    let comparable = kind != Kind::Number || list.iter().all(|value| value.is_i64());
    Ok(comparable.then_some(list))
}

/// How a union of objects is told apart.
pub(crate) struct Tags {
    /// The member's name.
    pub name: String,
    /// Each string and the branch that it stands for.
    pub branches: Vec<(String, SchemaId)>,
}

/// The member that every branch requires and in which each branch allows strings of its own.
pub(crate) fn tags(source: &Source<'_>, union: &Union) -> Result<Option<Tags>, Unsupported> {
    let mut first_names = Vec::new();
    if let Some(&first) = union.branches.first() {
        let Some(expansion) = expand(source, &Place::new(vec![first]), Kind::Object)? else {
            return Ok(None);
        };
        for (_, object) in expansion.schemas {
            if let Some(Value::Object(properties)) = object.get("properties") {
                first_names.extend(properties.keys().cloned());
            }
        }
    }
    for name in first_names {
        let mut branches = Vec::new();
        for &branch in &union.branches {
            match tag_values(source, branch, &name)? {
                Some(values) => branches.extend(values.into_iter().map(|value| (value, branch))),
                None => {
                    branches.clear();
                    break;
                }
            }
        }
        let mut values: Vec<&String> = branches.iter().map(|(value, _)| value).collect();
        values.sort_unstable();
        let distinct = values.windows(2).all(|pair| pair[0] != pair[1]);
        if distinct && !values.is_empty() {
            return Ok(Some(Tags { name, branches }));
        }
    }
    Ok(None)
}

/// The strings that a branch allows in a member that it requires; `None` where it allows more, or less surely.
fn tag_values(source: &Source<'_>, branch: SchemaId, name: &str) -> Result<Option<Vec<String>>, Unsupported> {
    let Some(expansion) = expand(source, &Place::new(vec![branch]), Kind::Object)? else { return Ok(None) };
    let required = expansion.schemas.iter().any(|(_, object)| {
        let names = object.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|required| required == name))
    });
    let mut found = None;
    for (schema, object) in &expansion.schemas {
        if object.get("properties").and_then(|properties| properties.get(name)).is_some() {
            let member = source.below(*schema, &["properties", name])?;
            found = found.or(only_strings(source, member)?);
        }
    }
    Ok(found.filter(|_| required))
}

/// The strings of a `const` or an `enum` that has nothing else.
fn only_strings(source: &Source<'_>, schema: SchemaId) -> Result<Option<Vec<String>>, Unsupported> {
    let Some(object) = source.object(schema) else { return Ok(None) };
    let values: Vec<&Value> = match (object.get("const"), object.get("enum")) {
        (Some(constant), _) => vec![constant],
        (None, Some(Value::Array(values))) => values.iter().collect(),
        _ => {
            return match source.referenced(schema)? {
                Some(target) if target != schema => only_strings(source, target),
                _ => Ok(None),
            };
        }
    };
    Ok(values.iter().map(|value| value.as_str().map(str::to_owned)).collect())
}
