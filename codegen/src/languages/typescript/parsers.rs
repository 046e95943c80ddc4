//! Parsers: the guard, then, for the protocol, what makes a received message the declared type.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use super::literals::{access, text};
use super::rules::{self, NamedRule};
use super::{article, exported};
use crate::languages::HEADER;
use crate::model::{Model, Shape, Type, TypeDef};
use crate::{Error, Result};

#[derive(Serialize)]
pub(super) struct View {
    header: &'static str,
    names: Vec<String>,
    helpers: Vec<&'static str>,
    generic: bool,
    assertions: bool,
    tidy_imports: Vec<&'static str>,
    rules: Vec<NamedRule>,
    tidies: Vec<Tidy>,
    parsers: Vec<Parser>,
}

#[derive(Serialize)]
struct Tidy {
    name: String,
    body: String,
}

#[derive(Serialize)]
struct Parser {
    name: String,
    docs: String,
    parameters: Vec<String>,
    generics: String,
    unknowns: String,
    arguments: String,
    tidied: String,
    paths: Vec<Path>,
    open: bool,
}

#[derive(Serialize)]
struct Path {
    condition: String,
    steps: String,
}

pub(super) fn view(model: &Model) -> Result<View> {
    let (rules, helpers) = rules::literals(model);
    let tidies = if model.null_is_absent { tidies(model)? } else { BTreeMap::new() };
    let mut parsers = Vec::new();
    for definition in exported(model).into_iter().filter_map(|name| model.get(name)) {
        parsers.push(parser(model, definition, tidies.contains_key(&definition.name))?);
    }
    let bodies: String = tidies.values().map(String::as_str).collect();
    let mut tidy_imports = Vec::new();
    for (name, used) in [
        ("within", parsers.iter().any(|each| !each.paths.is_empty())),
        ("withMember", bodies.contains("withMember(")),
        ("withoutNulls", bodies.contains("withoutNulls(")),
    ] {
        if used {
            tidy_imports.push(name);
        }
    }
    Ok(View {
        header: HEADER,
        names: parsers.iter().map(|each| each.name.clone()).collect(),
        helpers,
        generic: parsers.iter().any(|each| !each.parameters.is_empty()),
        tidy_imports,
        assertions: rules.iter().any(|each| each.text.contains(rules::ASSERTION)),
        rules,
        tidies: tidies.into_iter().map(|(name, body)| Tidy { name, body }).collect(),
        parsers,
    })
}

fn parser(model: &Model, definition: &TypeDef, tidied: bool) -> Result<Parser> {
    let parameters = definition.parameters.clone();
    let paths = paths(model, definition)?;
    if parameters.len() > 1 {
        return Err(Error::Unsupported(format!(
            "{}: more than one type parameter is not supported",
            definition.location
        )));
    }
    let argument = parameters.iter().map(|each| format!("parse{each}: Parser<{each}>")).collect::<Vec<_>>();
    Ok(Parser {
        docs: format!(
            "The value as {} {}, or what is wrong with it.",
            article(&definition.name),
            definition.name
        ),
        generics: parameters.join(", "),
        unknowns: vec!["unknown"; parameters.len()].join(", "),
        arguments: argument.join(", "),
        tidied: if tidied { format!("tidy{}(value)", definition.name) } else { "value".to_owned() },
        open: paths.iter().all(|each| !each.condition.is_empty()),
        paths,
        parameters,
        name: definition.name.clone(),
    })
}

/// Where in the type its parameter stands.
fn paths(model: &Model, definition: &TypeDef) -> Result<Vec<Path>> {
    let mut found = Vec::new();
    match &definition.shape {
        Shape::TaggedUnion { tag, variants } => {
            for variant in variants {
                let mut steps = Vec::new();
                collect(model, &variant.r#type, &mut Vec::new(), &mut steps, definition)?;
                let condition = format!("{} === {}", access("v", tag), text(&variant.value));
                found.extend(steps.into_iter().map(|steps| Path { condition: condition.clone(), steps }));
            }
        }
        Shape::Object { fields, .. } => {
            for field in fields {
                let mut steps = Vec::new();
                collect(model, &field.r#type, &mut vec![field.name.clone()], &mut steps, definition)?;
                found.extend(steps.into_iter().map(|steps| Path { condition: String::new(), steps }));
            }
        }
        _ if definition.parameters.is_empty() => {}
        _ => return Err(unsupported(definition)),
    }
    if found.len() > 1 && found.iter().any(|each| each.condition.is_empty()) {
        return Err(unsupported(definition));
    }
    Ok(found)
}

fn unsupported(definition: &TypeDef) -> Error {
    Error::Unsupported(format!(
        "{}: the type parameter stands in a place that no parser can be written for; make it a member",
        definition.location
    ))
}

fn collect(
    model: &Model,
    r#type: &Type,
    path: &mut Vec<String>,
    found: &mut Vec<String>,
    definition: &TypeDef,
) -> Result<()> {
    match r#type {
        Type::Parameter { .. } => {
            found.push(format!("[{}]", path.iter().map(|each| text(each)).collect::<Vec<_>>().join(", ")));
            Ok(())
        }
        Type::Reference { name, arguments } if !arguments.is_empty() => {
            match model.get(name).map(|each| &each.shape) {
                Some(Shape::Object { fields, .. }) if path.len() < 16 => {
                    for field in fields {
                        path.push(field.name.clone());
                        collect(model, &field.r#type, path, found, definition)?;
                        path.pop();
                    }
                    Ok(())
                }
                _ => Err(unsupported(definition)),
            }
        }
        other => {
            let mut generic = false;
            other.walk(&mut |each| generic |= matches!(each, Type::Parameter { .. }));
            if generic { Err(unsupported(definition)) } else { Ok(()) }
        }
    }
}

/// The bodies of the functions that leave nulls of optional members out, for the types that have any.
fn tidies(model: &Model) -> Result<BTreeMap<String, String>> {
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = needed.len();
        for definition in &model.types {
            let own = matches!(&definition.shape, Shape::Object { fields, .. } if fields.iter().any(|each| !each.required && each.nullable));
            let mut nested = false;
            definition.shape.walk(&mut |each| {
                nested |= matches!(each, Type::Reference { name, .. } if needed.contains(name.as_str()))
            });
            if own || nested {
                needed.insert(&definition.name);
            }
        }
        if needed.len() == before {
            break;
        }
    }
    let types = model.types.iter().filter(|each| needed.contains(each.name.as_str()));
    types.map(|each| Ok((each.name.clone(), tidy(each, &needed)?))).collect()
}

fn tidy(definition: &TypeDef, needed: &BTreeSet<&str>) -> Result<String> {
    let target = |r#type: &Type| match r#type {
        Type::Reference { name, .. } if needed.contains(name.as_str()) => Some(name.clone()),
        _ => None,
    };
    let fault = || {
        Error::Unsupported(format!(
            "{}: optional members in the parts of a union without a tag are not supported",
            definition.location
        ))
    };
    match &definition.shape {
        Shape::Object { fields, .. } => {
            let names: Vec<String> = fields
                .iter()
                .filter(|each| !each.required && each.nullable)
                .map(|each| text(&each.name))
                .collect();
            let mut body = format!("  v = withoutNulls(v, [{}]);\n", names.join(", "));
            for field in fields {
                let Some(name) = target(&field.r#type) else { continue };
                let place = access("v", &field.name);
                let there =
                    if field.required { String::new() } else { format!("if ({place} !== undefined) ") };
                body.push_str(&format!(
                    "  {there}v = withMember(v, {}, tidy{name}({place}));\n",
                    text(&field.name)
                ));
            }
            Ok(body + "  return v;\n")
        }
        Shape::TaggedUnion { tag, variants } => {
            let mut body = format!("  switch ({}) {{\n", access("v", tag));
            for variant in variants {
                let Some(name) = target(&variant.r#type) else { continue };
                body.push_str(&format!("    case {}:\n      return tidy{name}(v);\n", text(&variant.value)));
            }
            Ok(body + "    default:\n      return v;\n  }\n")
        }
        Shape::Alias { r#type } => Ok(format!("  return tidy{}(v);\n", target(r#type).ok_or_else(fault)?)),
        _ => Err(fault()),
    }
}

/// The types that `wanted` picks, and all that refer to one of them, directly or not.
pub(super) fn with_users(model: &Model, wanted: impl Fn(&TypeDef) -> bool) -> BTreeSet<&str> {
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for definition in &model.types {
        let mut visit = |name| users.entry(name).or_default().push(definition.name.as_str());
        references(&definition.rule, &mut visit);
    }
    let mut found: BTreeSet<&str> =
        model.types.iter().filter(|each| wanted(each)).map(|each| each.name.as_str()).collect();
    let mut queue: Vec<&str> = found.iter().copied().collect();
    while let Some(name) = queue.pop() {
        for user in users.get(name).into_iter().flatten() {
            if found.insert(user) {
                queue.push(user);
            }
        }
    }
    found
}

fn references<'a>(rule: &'a crate::model::Rule, visit: &mut dyn FnMut(&'a str)) {
    if let Some(name) = &rule.reference {
        visit(name);
    }
    rule.in_place().chain(rule.inside()).for_each(|each| references(each, visit));
}
