//! What the templates are shown: names and statements, ready to be laid out.

use serde::Serialize;
use std::collections::BTreeMap;

use super::super::identifiers::clean_docs;
use super::names;
use super::rules::string;
use super::types::{Types, only_string};
use crate::model::{Field, Rule, Shape, Type, TypeDef};

const UNION_DOCS: &str =
    "Go has no type for it, so it is the JSON value as DecodeText gives it, once it is checked.";

#[derive(Serialize)]
pub(super) struct Module {
    header: String,
    package: String,
    protocol: bool,
    types: Vec<Declaration>,
}

#[derive(Serialize)]
struct Declaration {
    /// `newtype`, `enumeration`, `struct`, `interface`, `union` or `alias`.
    kind: &'static str,
    name: String,
    wire: String,
    docs: String,
    /// `[T any]`, or nothing.
    parameters: String,
    /// The name with its arguments: `Name[T]`.
    applied: String,
    /// `, parseData PayloadParser[T]`
    takes: String,
    /// `, parseData`
    gives: String,
    /// `, JSONPayload[T]` for each parameter.
    plain: String,
    /// `, AnyPayload` for each parameter.
    any: String,
    generic: bool,
    /// Whether it is a whole document, or a part that a program reads by itself.
    decoded: bool,
    /// Whether `Decoders` has it.
    listed: bool,
    /// The type under it.
    base: String,
    /// The expression that makes it of `value`.
    made: String,
    constants: Vec<Constant>,
    fields: Vec<StructField>,
    additional: Option<Additional>,
    tag: String,
    variants: Vec<Variant>,
    /// The unions that it is a variant of.
    variant_of: Vec<String>,
}

#[derive(Serialize)]
struct Constant {
    name: String,
    wire: String,
    docs: String,
}

#[derive(Serialize)]
struct StructField {
    name: String,
    wire: String,
    text: String,
    tag: String,
    docs: String,
    /// What is written in its place, always.
    only: Option<String>,
    /// Left out where it is nil.
    optional: bool,
    written: String,
    /// How it is read: `plain`, `present` (where it is there and not null), `pointer`, or with a payload: `parsed`,
    /// `parsed-present`, `parsed-pointer`.
    reading: String,
    read: String,
}

#[derive(Serialize)]
struct Additional {
    text: String,
    read: String,
    known: String,
}

#[derive(Serialize)]
struct Variant {
    value: String,
    made: String,
    /// `, nil` where the variant cannot fail and the others can.
    nothing: &'static str,
    name: String,
}

pub(super) fn module(types: &Types<'_>, package: &str, protocol: bool) -> Module {
    let unions = unions_by_variant(types);
    let declarations =
        types.model.types.iter().map(|each| declaration(types, each, protocol, &unions)).collect();
    Module { header: super::head(), package: package.to_owned(), protocol, types: declarations }
}

fn declaration(
    types: &Types<'_>,
    each: &TypeDef,
    protocol: bool,
    unions: &BTreeMap<&str, Vec<String>>,
) -> Declaration {
    let name = types.name(&each.name).to_owned();
    let message = matches!(each.shape, Shape::Object { .. } | Shape::TaggedUnion { .. });
    let root = types.model.roots.contains(&each.name);
    let mut made = Declaration {
        kind: "alias",
        wire: string(&each.name),
        docs: docs(each.docs.as_deref(), each.deprecated, None),
        parameters: String::new(),
        applied: types.applied(&each.name, &each.parameters),
        takes: String::new(),
        gives: String::new(),
        plain: String::new(),
        any: ", AnyPayload".repeat(each.parameters.len()),
        generic: !each.parameters.is_empty(),
        decoded: message || (root && !protocol),
        listed: root && (message || !protocol),
        base: String::new(),
        made: String::new(),
        constants: Vec::new(),
        fields: Vec::new(),
        additional: None,
        tag: String::new(),
        variants: Vec::new(),
        variant_of: unions.get(each.name.as_str()).cloned().unwrap_or_default(),
        name,
    };
    if !each.parameters.is_empty() {
        made.parameters = format!("[{} any]", each.parameters.join(", "));
    }
    for parameter in &each.parameters {
        let parser = types.parser(each, parameter);
        made.takes.push_str(&format!(", {parser} PayloadParser[{parameter}]"));
        made.gives.push_str(&format!(", {parser}"));
        made.plain.push_str(&format!(", JSONPayload[{parameter}]"));
    }
    match &each.shape {
        Shape::Object { fields, additional } => {
            made.kind = "struct";
            made.fields = struct_fields(types, each, fields);
            made.additional = additional_of(types, each, additional.as_ref()).map(|of| Additional {
                text: types.text(&of),
                read: types.read(&of, "member", "", each),
                known: fields.iter().map(|field| string(&field.name)).collect::<Vec<_>>().join(", "),
            });
        }
        Shape::Enumeration { values } => {
            made.kind = "enumeration";
            made.base = "string".to_owned();
            let names = types.names.constants.get(&each.name).cloned().unwrap_or_default();
            made.constants = values
                .iter()
                .zip(names)
                .map(|(value, name)| Constant {
                    name,
                    wire: string(&value.value),
                    docs: docs(value.docs.as_deref(), false, None),
                })
                .collect();
        }
        Shape::TaggedUnion { tag, variants } => {
            made.kind = "interface";
            made.tag = string(tag);
            made.variants = variants
                .iter()
                .map(|variant| Variant {
                    value: string(&variant.value),
                    made: types.read(&variant.r#type, "value", "pointer", each),
                    nothing: if !each.parameters.is_empty() && !types.holds_payload(&variant.r#type) {
                        ", nil"
                    } else {
                        ""
                    },
                    name: types.text(&variant.r#type),
                })
                .collect();
        }
        Shape::Union { .. } => made.kind = "union",
        Shape::Alias { r#type } => {
            made.base = types.text(r#type);
            made.made = types.read(r#type, "value", "pointer", each);
            if matches!(r#type, Type::Boolean | Type::Integer | Type::Number | Type::String) {
                made.kind = "newtype";
            } else if made.base == "any" {
                made.kind = "union";
            }
        }
    }
    let more = match made.kind {
        "interface" => {
            let names: Vec<&str> = made.variants.iter().map(|each| each.name.as_str()).collect();
            format!("It is one of {}.", names.join(", "))
        }
        "union" => UNION_DOCS.to_owned(),
        _ => String::new(),
    };
    if !more.is_empty() {
        made.docs =
            [made.docs, more].into_iter().filter(|each| !each.is_empty()).collect::<Vec<_>>().join("\n\n");
    }
    made
}

/// For each type, the tagged unions that have it as a variant.
fn unions_by_variant<'a>(types: &'a Types<'_>) -> BTreeMap<&'a str, Vec<String>> {
    let mut unions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for union in &types.model.types {
        let Shape::TaggedUnion { variants, .. } = &union.shape else { continue };
        for variant in variants {
            if let Type::Reference { name, .. } = &variant.r#type {
                let known = unions.entry(name).or_default();
                let name = types.name(&union.name).to_owned();
                if !known.contains(&name) {
                    known.push(name);
                }
            }
        }
    }
    unions
}

fn struct_fields(types: &Types<'_>, owner: &TypeDef, fields: &[Field]) -> Vec<StructField> {
    let names = names::of_fields(fields);
    fields.iter().zip(names).map(|(field, name)| struct_field(types, owner, field, name)).collect()
}

fn struct_field(types: &Types<'_>, owner: &TypeDef, field: &Field, name: String) -> StructField {
    let of = &field.r#type;
    let payload = types.holds_payload(of);
    // A payload reads its own null.
    let nullable = !field.required || (field.nullable && !matches!(of, Type::Parameter { .. }));
    let pointer = nullable && !types.has_nil(of);
    let wire = string(&field.name);
    let held = format!("object[{wire}]");
    let place = format!("child(pointer, {wire})");
    let (from, reading) = match (nullable, pointer) {
        (true, true) => ("member".to_owned(), "pointer"),
        (true, false) => ("member".to_owned(), "present"),
        (false, _) => (held, "plain"),
    };
    let read = types.read(of, &from, &place, owner);
    let written = match types.filled(of) {
        Some(filled) if !nullable => format!("{filled}(value.{name})"),
        _ => format!("value.{name}"),
    };
    StructField {
        wire,
        text: format!("{}{}", if pointer { "*" } else { "" }, types.text(of)),
        tag: names::tag(&field.name, !field.required),
        docs: docs(field.docs.as_deref(), field.deprecated, field.default.as_ref()),
        only: only_string(field).map(string),
        optional: !field.required,
        written,
        reading: format!("{}{reading}", if payload { "parsed-" } else { "" }),
        read,
        name,
    }
}

/// The type of the members that are not listed. Where patterns of names have types of their own, nothing can be said.
fn additional_of(types: &Types<'_>, owner: &TypeDef, additional: Option<&Type>) -> Option<Type> {
    let additional = additional.filter(|each| **each != Type::Never)?;
    let any = has_patterns(types, &owner.rule, 0) || types.holds_payload(additional);
    Some(if any { Type::Any } else { additional.clone() })
}

fn has_patterns(types: &Types<'_>, rule: &Rule, depth: usize) -> bool {
    let referred = rule.reference.as_deref().and_then(|name| types.model.get(name)).filter(|_| depth < 20);
    !rule.pattern_properties.is_empty()
        || rule.all_of.iter().any(|each| has_patterns(types, each, depth + 1))
        || referred.is_some_and(|each| has_patterns(types, &each.rule, depth + 1))
}

fn docs(text: Option<&str>, deprecated: bool, default: Option<&serde_json::Value>) -> String {
    let mut parts = Vec::new();
    parts.extend(text.map(clean_docs).filter(|each| !each.is_empty()));
    parts.extend(default.map(|each| format!("Default: {each}")));
    if deprecated {
        parts.push("Deprecated: the schema says so.".to_owned());
    }
    parts.join("\n\n")
}

#[derive(Serialize)]
pub(super) struct Topics {
    header: String,
    package: String,
    topics: Vec<TopicView>,
}

#[derive(Serialize)]
struct TopicView {
    constant: String,
    wire: String,
    name: String,
    /// Whether the payload's type is generic, so that its payloads are read as any value.
    any: String,
    docs: String,
}

pub(super) fn topics(types: &Types<'_>, package: &str) -> Topics {
    let topics = types.model.topics.iter().zip(&types.names.topics).map(|(topic, constant)| TopicView {
        constant: constant.clone(),
        wire: string(&topic.name),
        name: types.name(&topic.r#type).to_owned(),
        any: ", AnyPayload".repeat(types.model.get(&topic.r#type).map_or(0, |each| each.parameters.len())),
        docs: docs(topic.docs.as_deref(), false, None),
    });
    Topics { header: super::head(), package: package.to_owned(), topics: topics.collect() }
}
