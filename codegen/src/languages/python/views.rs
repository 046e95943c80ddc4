//! What the templates are shown: names and expressions, ready to be laid out.

use serde::Serialize;

use super::super::identifiers::clean_docs;
use super::super::{HEADER, Purpose};
use super::imports::{self, Imports};
use super::names;
use super::rules::string;
use super::topics;
use super::types::{self, Place, Types};
use crate::model::{Field, Rule, Shape, Type, TypeDef};

#[derive(Serialize)]
pub(super) struct Module {
    header: &'static str,
    pub protocol: bool,
    pub parameters: Vec<String>,
    pub newtypes: Vec<Alias>,
    pub classes: Vec<Class>,
    pub aliases: Vec<Alias>,
    pub builders: Vec<Builder>,
    parsers: Vec<Parser>,
    imports: Imports,
    exported: Vec<String>,
    /// The names that the module of topics has.
    topics: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Alias {
    name: String,
    pub value: String,
    docs: String,
}

#[derive(Serialize)]
pub(super) struct Class {
    name: String,
    bases: String,
    docs: String,
    pub fields: Vec<ClassField>,
    pub additional: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ClassField {
    attribute: String,
    wire: String,
    pub annotation: String,
    /// What stands behind the equals sign, where there is one.
    default: Option<String>,
    docs: String,
    optional: bool,
    /// The expression of its JSON value.
    pub written: String,
}

#[derive(Serialize)]
pub(super) struct Builder {
    function: String,
    class: String,
    constructor: String,
    pub arguments: String,
    /// For an object: arguments of the class.
    pub members: Option<Vec<String>>,
    /// For a tagged union: the tag and what each value makes.
    tag: Option<String>,
    pub variants: Vec<BuilderVariant>,
    /// Otherwise: the expression.
    pub expression: Option<String>,
}

#[derive(Serialize)]
pub(super) struct BuilderVariant {
    value: String,
    pub expression: String,
}

#[derive(Serialize)]
struct Parser {
    wire: String,
    function: String,
    class: String,
    /// The arguments that read payloads, with their types; empty, or ended by a comma and a space.
    takes: String,
    gives: String,
    expression: String,
    decoded: bool,
}

pub(super) fn module(types: &Types<'_>, purpose: Purpose) -> Module {
    let mut module = Module {
        header: HEADER,
        protocol: purpose == Purpose::Protocol,
        parameters: Vec::new(),
        newtypes: Vec::new(),
        classes: Vec::new(),
        aliases: Vec::new(),
        builders: Vec::new(),
        parsers: Vec::new(),
        imports: Imports::default(),
        exported: Vec::new(),
        topics: Vec::new(),
    };
    for each in &types.model.types {
        module.parameters.extend(each.parameters.iter().cloned());
        declare(types, each, &mut module);
        if let Some(builder) = builder(types, each) {
            module.builders.push(builder);
        }
        module.parsers.push(parser(types, each, purpose));
    }
    module.parameters.sort();
    module.parameters.dedup();
    module.exported = exported(&module);
    module.imports = imports::of(&module);
    if !module.protocol {
        module.topics = ["PAYLOADS", "Topics", "parse_payload"].map(str::to_owned).to_vec();
        module.topics.extend(topics::constants(types));
    }
    module
}

fn declare(types: &Types<'_>, each: &TypeDef, module: &mut Module) {
    let name = types.class(&each.name).to_owned();
    let docs = docs(each.docs.as_deref(), each.deprecated);
    if let Some(base) = types::newtype(each) {
        let value = format!("NewType({}, {})", string(&name), types.annotation(base, Place::Statement));
        module.newtypes.push(Alias { name, value, docs });
        return;
    }
    match &each.shape {
        Shape::Object { fields, additional } => {
            let bases = match each.parameters.as_slice() {
                [] => String::new(),
                several => format!("(Generic[{}])", several.join(", ")),
            };
            let attributes = names::of_fields(fields);
            let mut listed = Vec::with_capacity(fields.len());
            for (field, attribute) in fields.iter().zip(attributes) {
                listed.push(class_field(types, field, attribute));
            }
            let additional = additional_of(types, each, additional.as_ref())
                .map(|each| types.annotation(&each, Place::Annotation));
            module.classes.push(Class { name, bases, docs, fields: listed, additional });
        }
        Shape::Enumeration { values } => {
            let constants: Vec<serde_json::Value> =
                values.iter().map(|value| serde_json::Value::String(value.value.clone())).collect();
            let lines = values.iter().filter_map(|value| {
                Some(format!(
                    "- {}: {}",
                    string(&value.value),
                    clean_docs(value.docs.as_ref()?).replace('\n', " ")
                ))
            });
            let all: Vec<String> =
                std::iter::once(docs).filter(|each| !each.is_empty()).chain(lines).collect();
            module.newtypes.push(Alias { name, value: types::constants(&constants), docs: all.join("\n") });
        }
        Shape::TaggedUnion { variants, .. } => {
            let members: Vec<Type> = variants.iter().map(|each| each.r#type.clone()).collect();
            module.aliases.push(Alias { name, value: types.union(&members, Place::Statement), docs });
        }
        Shape::Union { members } => {
            module.aliases.push(Alias { name, value: types.union(members, Place::Statement), docs });
        }
        Shape::Alias { r#type } => {
            module.aliases.push(Alias { name, value: types.annotation(r#type, Place::Statement), docs });
        }
    }
}

fn class_field(types: &Types<'_>, field: &Field, attribute: String) -> ClassField {
    let mut annotation = types.annotation(&field.r#type, Place::Annotation);
    let optional = !field.required;
    let nullable = optional || field.nullable;
    if nullable && annotation != "Any" && annotation != "None" {
        annotation.push_str(" | None");
    }
    // What can only be one string need not be said.
    let constant = match &field.r#type {
        Type::Enum { values } if field.required && !field.nullable => match values.as_slice() {
            [serde_json::Value::String(only)] => Some(string(only)),
            _ => None,
        },
        _ => None,
    };
    let default = if optional { Some("None".to_owned()) } else { constant };
    let held = format!("self.{attribute}");
    let mut written = written(types, &field.r#type, &held, &field.name);
    if field.required && field.nullable && written != held && !written.starts_with("json_of(") {
        written = format!("None if {held} is None else {written}");
    }
    let mut said = docs(field.docs.as_deref(), field.deprecated);
    if let Some(default) = &field.default {
        said.push_str(&format!("{}Default: {default}", if said.is_empty() { "" } else { "\n\n" }));
    }
    ClassField { attribute, wire: string(&field.name), annotation, default, docs: said, optional, written }
}

/// The expression of a member's JSON value. Newtypes are checked: a writer can put anything into them.
fn written(types: &Types<'_>, of: &Type, held: &str, name: &str) -> String {
    if let Type::Reference { name: target, .. } = of
        && types.model.get(target).is_some_and(|each| types::newtype(each).is_some())
    {
        let pointer = format!("/{}", crate::model::escape(name));
        return format!("RULES.written({}, {held}, {})", string(target), string(&pointer));
    }
    if types.is_scalar(of) { held.to_owned() } else { format!("json_of({held})") }
}

/// The type of the members that are not listed. Where patterns of names have types of their own, nothing can be said.
fn additional_of(types: &Types<'_>, owner: &TypeDef, additional: Option<&Type>) -> Option<Type> {
    let additional = additional.filter(|each| **each != Type::Never)?;
    let any = has_patterns(types, &owner.rule, 0);
    Some(if any { Type::Any } else { additional.clone() })
}

fn has_patterns(types: &Types<'_>, rule: &Rule, depth: usize) -> bool {
    let referred = rule.reference.as_deref().and_then(|name| types.model.get(name)).filter(|_| depth < 20);
    !rule.pattern_properties.is_empty()
        || rule.all_of.iter().any(|each| has_patterns(types, each, depth + 1))
        || referred.is_some_and(|each| has_patterns(types, &each.rule, depth + 1))
}

fn builder(types: &Types<'_>, each: &TypeDef) -> Option<Builder> {
    let reference = Type::Reference { name: each.name.clone(), arguments: Vec::new() };
    if types::newtype(each).is_some() || types.is_plain(&reference) {
        return None;
    }
    let names = types.names.get(&each.name)?;
    let mut arguments = "value: Any".to_owned();
    if !each.parameters.is_empty() {
        arguments.push_str(", pointer: str");
        for parameter in &each.parameters {
            arguments
                .push_str(&format!(", {}: Callable[[Any, str], {parameter}]", types.parser(each, parameter)));
        }
    }
    let class = match each.parameters.as_slice() {
        [] => names.class.clone(),
        several => format!("{}[{}]", names.class, several.join(", ")),
    };
    let mut builder = Builder {
        function: names.function.clone(),
        class,
        constructor: names.class.clone(),
        arguments,
        members: None,
        tag: None,
        variants: Vec::new(),
        expression: None,
    };
    match &each.shape {
        Shape::Object { fields, additional } => {
            builder.members = Some(build_members(types, each, fields, additional.as_ref()));
        }
        Shape::TaggedUnion { tag, variants } => {
            builder.tag = Some(string(tag));
            for variant in variants {
                let expression = types.build(&variant.r#type, "value", "pointer", each, 0);
                builder.variants.push(BuilderVariant { value: string(&variant.value), expression });
            }
        }
        Shape::Union { members } => {
            let of = Type::Union { members: members.clone() };
            builder.expression = Some(types.build(&of, "value", "pointer", each, 0));
        }
        Shape::Alias { r#type } => {
            builder.expression = Some(types.build(r#type, "value", "pointer", each, 0));
        }
        Shape::Enumeration { .. } => return None,
    }
    Some(builder)
}

fn build_members(
    types: &Types<'_>,
    each: &TypeDef,
    fields: &[Field],
    additional: Option<&Type>,
) -> Vec<String> {
    let attributes = names::of_fields(fields);
    let mut members = Vec::with_capacity(fields.len());
    for (field, attribute) in fields.iter().zip(attributes) {
        let name = string(&field.name);
        let pointer = format!("child(pointer, {name})");
        let (held, asked) = (format!("value[{name}]"), format!("value.get({name})"));
        let built = types.build(&field.r#type, &held, &pointer, each, 0);
        members.push(match (built == held, field.required, field.nullable) {
            (true, true, _) => format!("{attribute}={held}"),
            (true, false, _) => format!("{attribute}={asked}"),
            // A payload of any form reads its null itself.
            (false, true, true) if !matches!(field.r#type, Type::Parameter { .. }) => {
                format!("{attribute}=None if {held} is None else {built}")
            }
            (false, true, _) => format!("{attribute}={built}"),
            (false, false, _) => format!("{attribute}=None if {asked} is None else {built}"),
        });
    }
    if let Some(of) = additional_of(types, each, additional) {
        let built = types.build(&of, "member", "child(pointer, name)", each, 1);
        let known: Vec<String> = fields.iter().map(|field| string(&field.name)).collect();
        let set = format!("({}{})", known.join(", "), if known.len() == 1 { "," } else { "" });
        members.push(format!(
            "additional={{name: {built} for name, member in value.items() if name not in {set}}}"
        ));
    }
    members
}

fn parser(types: &Types<'_>, each: &TypeDef, purpose: Purpose) -> Parser {
    let names = &types.names[&each.name];
    let mut takes = String::new();
    let mut gives = String::new();
    for parameter in &each.parameters {
        let argument = types.parser(each, parameter);
        takes.push_str(&format!("{argument}: Callable[[Any, str], {parameter}] = any_payload, "));
        gives.push_str(&format!(", {argument}"));
    }
    let reference = Type::Reference { name: each.name.clone(), arguments: each.parameters.clone() };
    let message = matches!(each.shape, Shape::Object { .. } | Shape::TaggedUnion { .. });
    Parser {
        wire: string(&each.name),
        function: names.function.clone(),
        class: types.annotation(&reference, Place::Annotation),
        takes,
        gives,
        expression: types.build(&reference, "value", "pointer", each, 0),
        decoded: types.model.roots.contains(&each.name) && (message || purpose == Purpose::Topics),
    }
}

fn exported(module: &Module) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    names.extend(module.newtypes.iter().chain(&module.aliases).map(|each| each.name.clone()));
    names.extend(module.classes.iter().map(|each| each.name.clone()));
    for each in &module.parsers {
        names.push(format!("parse_{}", each.function));
        if each.decoded {
            names.push(format!("decode_{}", each.function));
        }
    }
    names.push("DECODERS".to_owned());
    names.sort();
    names
}

pub(super) fn docs(text: Option<&str>, deprecated: bool) -> String {
    let mut parts: Vec<String> = text.map(clean_docs).into_iter().filter(|each| !each.is_empty()).collect();
    if deprecated {
        parts.push("Deprecated.".to_owned());
    }
    parts.join("\n\n")
}
