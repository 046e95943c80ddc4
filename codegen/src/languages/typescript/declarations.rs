//! Types as TypeScript writes them.

use serde::Serialize;

use super::literals::{comment, literal_type, property, text};
use crate::model::{EnumValue, Field, Model, Shape, Type, TypeDef};

/// A declaration, ready for the template.
#[derive(Serialize)]
pub(super) struct Declaration {
    /// The documentation comment with its line end, or nothing.
    pub docs: String,
    /// The whole statement without `export`.
    pub text: String,
}

/// Declares every type of the model.
pub(super) fn declare(model: &Model) -> Vec<Declaration> {
    model.types.iter().map(|each| declaration(model, each)).collect()
}

fn declaration(model: &Model, definition: &TypeDef) -> Declaration {
    let name = format!("{}{}", definition.name, defaulted(&definition.parameters));
    let text = match &definition.shape {
        Shape::Object { fields, additional } => {
            let mut body: String = fields.iter().map(|each| field(model, each)).collect();
            if let Some(additional) = additional {
                body.push_str(&index_signature(model, fields, additional));
            }
            format!("interface {name} {{\n{body}}}")
        }
        Shape::Enumeration { values } => format!("type {name} ={};", constants(values)),
        Shape::TaggedUnion { variants, .. } => {
            let members: String = variants
                .iter()
                .map(|each| {
                    format!("\n{}  | {}", comment(each.docs.as_deref(), &[], "  "), type_text(&each.r#type))
                })
                .collect();
            format!("type {name} ={members};")
        }
        Shape::Union { members } => {
            format!("type {name} = {};", type_text(&Type::Union { members: members.clone() }))
        }
        Shape::Alias { r#type } => format!("type {name} = {};", type_text(r#type)),
    };
    let tags = if definition.deprecated { vec!["@deprecated".to_owned()] } else { Vec::new() };
    Declaration { docs: comment(definition.docs.as_deref(), &tags, ""), text }
}

/// `<T = unknown>`, or nothing.
fn defaulted(parameters: &[String]) -> String {
    if parameters.is_empty() {
        return String::new();
    }
    format!("<{}>", parameters.iter().map(|each| format!("{each} = unknown")).collect::<Vec<_>>().join(", "))
}

fn constants(values: &[EnumValue]) -> String {
    if values.iter().all(|each| each.docs.is_none()) {
        let texts: Vec<String> = values.iter().map(|each| text(&each.value)).collect();
        return format!(" {}", texts.join(" | "));
    }
    values
        .iter()
        .map(|each| format!("\n{}  | {}", comment(each.docs.as_deref(), &[], "  "), text(&each.value)))
        .collect()
}

fn field(model: &Model, field: &Field) -> String {
    let mut tags = Vec::new();
    if let Some(default) = &field.default {
        tags.push(format!("@default {default}"));
    }
    if field.deprecated {
        tags.push("@deprecated".to_owned());
    }
    let optional = if field.required { "" } else { "?" };
    format!(
        "{}  {}{optional}: {};\n",
        comment(field.docs.as_deref(), &tags, "  "),
        property(&field.name),
        field_type(model, field)
    )
}

fn field_type(model: &Model, field: &Field) -> String {
    let absent = model.null_is_absent && !field.required;
    let declared = field.r#type.clone();
    if field.nullable && !absent && declared != Type::Any {
        type_text(&Type::union([declared, Type::Null]))
    } else {
        type_text(&declared)
    }
}

/// An index signature must take in the listed members as well.
fn index_signature(model: &Model, fields: &[Field], additional: &Type) -> String {
    let mut types = vec![type_text(additional)];
    for each in fields {
        types.push(field_type(model, each));
        if !each.required {
            types.push("undefined".to_owned());
        }
    }
    let mut seen = std::collections::HashSet::new();
    types.retain(|each| seen.insert(each.clone()));
    if types.iter().any(|each| each == "unknown") {
        types = vec!["unknown".to_owned()];
    }
    format!("  [name: string]: {};\n", types.join(" | "))
}

/// A type in the place of an operand: with parentheses where it is made of several.
fn operand(r#type: &Type) -> String {
    match r#type {
        Type::Union { .. } | Type::Intersection { .. } => format!("({})", type_text(r#type)),
        Type::Enum { values } if values.len() > 1 => format!("({})", type_text(r#type)),
        _ => type_text(r#type),
    }
}

/// A type in TypeScript.
pub(super) fn type_text(r#type: &Type) -> String {
    match r#type {
        Type::Any => "unknown".to_owned(),
        Type::Never => "never".to_owned(),
        Type::Null => "null".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer | Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::Enum { values } => values.iter().map(literal_type).collect::<Vec<_>>().join(" | "),
        Type::Reference { name, arguments } if arguments.is_empty() => name.clone(),
        Type::Reference { name, arguments } => format!("{name}<{}>", arguments.join(", ")),
        Type::Parameter { name } => name.clone(),
        Type::Array { items } => format!("{}[]", operand(items)),
        Type::Tuple { items, required, rest } => {
            let mut parts: Vec<String> = items
                .iter()
                .enumerate()
                .map(
                    |(at, each)| if at < *required { type_text(each) } else { format!("{}?", operand(each)) },
                )
                .collect();
            parts.extend(rest.iter().map(|each| format!("...{}[]", operand(each))));
            format!("[{}]", parts.join(", "))
        }
        Type::Map { values } => format!("{{ [name: string]: {} }}", type_text(values)),
        Type::Union { members } => members.iter().map(type_text).collect::<Vec<_>>().join(" | "),
        Type::Intersection { members } => members.iter().map(operand).collect::<Vec<_>>().join(" & "),
    }
}
