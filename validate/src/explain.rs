//! The errors of `jsonschema` as findings.

use crate::{
    Finding,
    describe::{count, found, one_of, shown},
    json_pointer,
};
use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

/// Adds what an error about the document says to the findings.
pub(crate) fn explain(error: &ValidationError<'_>, document: &Value, findings: &mut Vec<Finding>) {
    let instance: &Value = error.instance();
    let pointer = error.instance_path().as_str().to_owned();
    let member = |name: &str| {
        let mut pointer = pointer.clone();
        json_pointer::push(&mut pointer, name);
        pointer
    };
    let mut add = |code, pointer, message: String, expected: String| {
        findings.push(Finding { code, pointer, message, expected });
    };
    let data = "invalid-data";
    match error.kind() {
        Kind::Type { kind } => add("wrong-type", pointer, found(instance), types(kind)),
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let expected = format!("the required member {}", shown(property));
            add("missing-member", member(name), "found nothing".into(), expected);
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let expected = "only the members that the schema names".to_owned();
                add(data, member(name), "found an unknown member".into(), expected);
            }
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            alternatives(error, context, document, findings);
        }
        Kind::PropertyNames { error: inner } => {
            let mut inner_findings = Vec::new();
            explain(inner, document, &mut inner_findings);
            let name = inner.instance().as_str().unwrap_or_default();
            for inner in inner_findings {
                let message = format!("found the member name {}", shown(&Value::from(name)));
                add(data, member(name), message, format!("as a name {}", inner.expected));
            }
        }
        // Where no member at all is allowed, the library names the object as the place of the member.
        Kind::FalseSchema if error.schema_path().as_str().ends_with("/additionalProperties") => {
            let object = document.pointer(&pointer).and_then(Value::as_object);
            let name = object.and_then(|object| object.iter().find(|(_, value)| *value == instance));
            let pointer = name.map_or_else(|| pointer.clone(), |(name, _)| member(name));
            let expected = "only the members that the schema names".to_owned();
            add(data, pointer, "found an unknown member".into(), expected);
        }
        kind => {
            let (message, expected) = plain(kind, instance, error);
            add(data, pointer, message, expected);
        }
    }
}

/// The kinds that have one finding at the place itself.
fn plain(kind: &Kind, instance: &Value, error: &ValidationError<'_>) -> (String, String) {
    let characters =
        || count(instance.as_str().map_or(0, |string| string.chars().count()) as u64, "character");
    let items = || count(instance.as_array().map_or(0, Vec::len) as u64, "item");
    let members = || count(instance.as_object().map_or(0, serde_json::Map::len) as u64, "member");
    let of = |what: &str, amount: String| format!("found {what} of {amount}");
    match kind {
        Kind::Constant { expected_value } => (found(instance), shown(expected_value)),
        Kind::Enum { options } => {
            (found(instance), format!("one of {}", one_of(options.as_array().map_or(&[], Vec::as_slice))))
        }
        Kind::Minimum { limit } => (found(instance), format!("a number of at least {limit}")),
        Kind::Maximum { limit } => (found(instance), format!("a number of at most {limit}")),
        Kind::ExclusiveMinimum { limit } => (found(instance), format!("a number above {limit}")),
        Kind::ExclusiveMaximum { limit } => (found(instance), format!("a number below {limit}")),
        Kind::MultipleOf { multiple_of } => (found(instance), format!("a multiple of {multiple_of}")),
        Kind::MinLength { limit } => {
            (of("a string", characters()), format!("at least {}", count(*limit, "character")))
        }
        Kind::MaxLength { limit } => {
            (of("a string", characters()), format!("at most {}", count(*limit, "character")))
        }
        Kind::MinItems { limit } => (of("an array", items()), format!("at least {}", count(*limit, "item"))),
        Kind::MaxItems { limit } => (of("an array", items()), format!("at most {}", count(*limit, "item"))),
        Kind::AdditionalItems { limit } => {
            (of("an array", items()), format!("at most {}", count(*limit as u64, "item")))
        }
        Kind::MinProperties { limit } => {
            (of("an object", members()), format!("at least {}", count(*limit, "member")))
        }
        Kind::MaxProperties { limit } => {
            (of("an object", members()), format!("at most {}", count(*limit, "member")))
        }
        Kind::Pattern { pattern } => {
            (found(instance), format!("a string that matches the pattern {pattern}"))
        }
        Kind::Format { format } => (found(instance), format!("a string of the format {format}")),
        Kind::FalseSchema => (found(instance), "no value here: the schema allows none".into()),
        Kind::UniqueItems => ("found an array with equal items".into(), "items that all differ".into()),
        Kind::Contains => {
            ("found an array without the item asked for".into(), "an item as `contains` says".into())
        }
        Kind::Not { .. } => (found(instance), "a value that the schema under `not` refuses".into()),
        Kind::OneOfMultipleValid { .. } => (
            format!("{}, which several alternatives of `oneOf` accept", found(instance)),
            "a value that exactly one of them accepts".into(),
        ),
        // Kinds that no schema of this dialect makes, or that newer versions of the library add.
        _ => (error.masked_with("the value").to_string(), String::new()),
    }
}

/// The errors of the alternative that was meant, if that is clear: the only one whose type and tag fit.
fn alternatives(
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    document: &Value,
    findings: &mut Vec<Finding>,
) {
    let here = error.instance_path().as_str();
    let mut meant = context.iter().filter(|errors| !errors.iter().any(|error| excludes(here, error)));
    if let (Some(errors), None) = (meant.next(), meant.next()) {
        errors.iter().for_each(|error| explain(error, document, findings));
        return;
    }
    if let Some(finding) = unknown_tag(here, context) {
        findings.push(finding);
        return;
    }
    let expected = format!("a value that one of the {} alternatives in the schema accepts", context.len());
    findings.push(Finding {
        code: "invalid-data",
        pointer: here.to_owned(),
        message: format!("{}, which no alternative accepts", found(error.instance())),
        expected,
    });
}

/// Whether an error says that another alternative was meant: the wrong type, or another value of a tag.
fn excludes(here: &str, error: &ValidationError<'_>) -> bool {
    match error.kind() {
        Kind::Type { .. } => error.instance_path().as_str() == here,
        Kind::Constant { .. } | Kind::Enum { .. } => tag_of(here, error).is_some(),
        _ => false,
    }
}

/// The pointer of an error about the value at `here` itself or about a member of it.
fn tag_of<'e>(here: &str, error: &'e ValidationError<'_>) -> Option<&'e str> {
    let pointer = error.instance_path().as_str();
    let below = pointer.strip_prefix(here)?;
    (below.is_empty() || !below[1..].contains('/')).then_some(pointer)
}

/// Where every alternative asks for another constant at one place: the finding that none of them is there.
fn unknown_tag(here: &str, context: &[Vec<ValidationError<'static>>]) -> Option<Finding> {
    let mut options = Vec::new();
    let mut place: Option<(&str, &Value)> = None;
    for errors in context {
        let error = errors.iter().find(|error| {
            matches!(error.kind(), Kind::Constant { .. } | Kind::Enum { .. }) && tag_of(here, error).is_some()
        })?;
        let pointer = error.instance_path().as_str();
        if place.is_some_and(|(other, _)| other != pointer) {
            return None;
        }
        let instance: &Value = error.instance();
        place = Some((pointer, instance));
        match error.kind() {
            Kind::Constant { expected_value } => options.push((**expected_value).clone()),
            Kind::Enum { options: values } => options.extend(values.as_array()?.iter().cloned()),
            _ => {}
        }
    }
    let (pointer, instance) = place?;
    Some(Finding {
        code: "invalid-data",
        pointer: pointer.to_owned(),
        message: found(instance),
        expected: format!("one of {}", one_of(&options)),
    })
}

fn types(kind: &TypeKind) -> String {
    let named = |name: &str| match name {
        "null" => "null".to_owned(),
        "array" | "object" | "integer" => format!("an {name}"),
        name => format!("a {name}"),
    };
    match kind {
        TypeKind::Single(single) => named(&single.to_string()),
        TypeKind::Multiple(several) => {
            let names: Vec<String> = several.iter().map(|single| named(&single.to_string())).collect();
            names.join(" or ")
        }
    }
}
