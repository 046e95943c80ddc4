//! Python: dataclasses, parsers and a small runtime, with the standard library alone.
//!
//! The files of the runtime are carried as they are (`templates/python/runtime`); the types, the tables of rules
//! and the topics are rendered from the model.

mod imports;
mod names;
mod rules;
mod topics;
mod types;
mod views;

use serde::Serialize;
use std::sync::LazyLock;

use super::layout::{Layout, Piece};
use super::{HEADER, Language, Options, OutputFile, Purpose, Templates};
use crate::model::{Model, Shape, Type, TypeDef};
use crate::{Error, Result};
use types::Types;

/// Python.
pub(super) const LANGUAGE: Language = Language { name: "python", render };

const LAYOUT: Layout = Layout { indent: "    ", indent_width: 4, width: 110 };

/// Files that are the same for everybody.
const RUNTIME: &[(&str, &str)] = &[
    ("errors.py", include_str!("../../templates/python/runtime/errors.py")),
    ("rules.py", include_str!("../../templates/python/runtime/rules.py")),
    ("text.py", include_str!("../../templates/python/runtime/text.py")),
];

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    let texts = &[
        ("parts", include_str!("../../templates/python/parts.tera")),
        ("definitions", include_str!("../../templates/python/definitions.py.tera")),
        ("tables", include_str!("../../templates/python/tables.py.tera")),
        ("topics", include_str!("../../templates/python/topics.py.tera")),
        ("package", include_str!("../../templates/python/package.py.tera")),
    ];
    Templates::new("python", texts, |engine| {
        engine.register_filter("docstring", |text: &str, arguments: tera::Kwargs, _: &tera::State| {
            let indent = arguments.get::<usize>("indent")?.unwrap_or(0);
            Ok::<String, tera::Error>(docstring(text, indent))
        });
        engine.register_filter("comment", |text: &str, _: tera::Kwargs, _: &tera::State| comment(text));
        engine.register_filter("literal", |text: &str, _: tera::Kwargs, _: &tera::State| rules::string(text));
    })
});

/// Renders the package.
///
/// # Errors
/// Two types want the same functions, or a pattern is one that Python cannot check.
fn render(model: &Model, options: &Options) -> Result<Vec<OutputFile>> {
    let types = Types::new(model, names::of_types(model)?);
    let mut files: Vec<OutputFile> = RUNTIME
        .iter()
        .map(|(path, text)| OutputFile { path: (*path).to_owned(), text: format!("# {HEADER}\n{text}") })
        .collect();
    let module = views::module(&types, options.purpose);
    let tables = TablesView {
        header: HEADER,
        rules: rule_table(model, options.purpose)?,
        members: member_table(model, options.purpose),
        null_is_absent: model.null_is_absent,
    };
    let mut put = |path: &str, text: Result<String>| -> Result<()> {
        files.push(OutputFile { path: path.to_owned(), text: text? });
        Ok(())
    };
    put("definitions.py", TEMPLATES.render("definitions", &module))?;
    put("tables.py", TEMPLATES.render("tables", &tables))?;
    put("__init__.py", TEMPLATES.render("package", &module))?;
    if options.purpose == Purpose::Topics {
        put("topics.py", TEMPLATES.render("topics", &topics::view(&types)))?;
        put("py.typed", Ok(format!("# {HEADER}\n")))?;
    }
    Ok(files)
}

#[derive(Serialize)]
struct TablesView {
    header: &'static str,
    rules: String,
    /// None where nothing is read from texts whose repeated members are refused.
    members: Option<String>,
    null_is_absent: bool,
}

fn rule_table(model: &Model, purpose: Purpose) -> Result<String> {
    let tag_code = (purpose == Purpose::Protocol).then_some("unknown-value");
    let mut parts = Vec::with_capacity(model.types.len());
    for each in &model.types {
        let piece = rules::rule(&each.rule, tag_code).map_err(|message| refusal(each, &message))?;
        parts.push(piece.after(&format!("{}: ", rules::string(&each.name))));
    }
    Ok(written(&Piece::group("{", parts, "}")))
}

/// An error at the place of a type.
fn refusal(definition: &TypeDef, message: &str) -> Error {
    let (source, pointer) = definition.location.split_once('#').unwrap_or((&definition.location, ""));
    Error::schema(source, pointer, message)
}

/// The members that the protocol defines, by type: a text in which one appears twice is refused.
fn member_table(model: &Model, purpose: Purpose) -> Option<String> {
    if purpose != Purpose::Protocol {
        return None;
    }
    let mut parts = Vec::new();
    for each in &model.types {
        let inside = match &each.shape {
            Shape::Object { fields, .. } => {
                let members = fields.iter().map(|field| {
                    let target = named_object(model, &field.r#type).map_or("None".to_owned(), rules::string);
                    Piece::text(format!("{}: {target}", rules::string(&field.name)))
                });
                vec![Piece::group("\"members\": {", members.collect(), "}")]
            }
            Shape::TaggedUnion { tag, variants } => {
                let variants = variants.iter().filter_map(|variant| {
                    let target = named_object(model, &variant.r#type)?;
                    Some(Piece::text(format!("{}: {}", rules::string(&variant.value), rules::string(target))))
                });
                vec![
                    Piece::text(format!("\"tag\": {}", rules::string(tag))),
                    Piece::group("\"variants\": {", variants.collect(), "}"),
                ]
            }
            _ => continue,
        };
        parts.push(Piece::group(format!("{}: {{", rules::string(&each.name)), inside, "}"));
    }
    Some(written(&Piece::group("{", parts, "}")))
}

/// The object type that a member's value is, or that its items are.
pub(super) fn named_object<'a>(model: &'a Model, of: &'a Type) -> Option<&'a str> {
    match of {
        Type::Array { items } => named_object(model, items),
        Type::Reference { name, .. } => match &model.get(name)?.shape {
            Shape::Object { .. } | Shape::TaggedUnion { .. } => Some(name),
            Shape::Alias { r#type } => named_object(model, r#type),
            _ => None,
        },
        _ => None,
    }
}

fn written(piece: &Piece) -> String {
    let mut text = String::new();
    piece.write(&LAYOUT, 0, &mut text);
    text
}

/// A docstring of `text`, whose further lines are indented.
fn docstring(text: &str, indent: usize) -> String {
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let lines = wrapped(&text, LAYOUT.width - indent);
    let space = " ".repeat(indent);
    let mut out = String::from("\"\"\"");
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(&space);
            }
        }
        out.push_str(line);
    }
    if lines.len() > 1 {
        out.push('\n');
        out.push_str(&space);
    } else if text.ends_with('"') {
        out.push(' ');
    }
    out + "\"\"\""
}

/// Comment lines of `text`.
fn comment(text: &str) -> String {
    let lines = wrapped(text, LAYOUT.width);
    let lines: Vec<String> = lines.iter().map(|line| format!("# {line}").trim_end().to_owned()).collect();
    lines.join("\n")
}

/// The lines of `text`, those that are too long broken between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let mut rest = line;
        while rest.chars().count() > width {
            let limit = rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at);
            let Some(end) = rest[..limit].rfind(' ').filter(|&end| !rest[..end].trim().is_empty()) else {
                break;
            };
            lines.push(rest[..end].trim_end().to_owned());
            rest = &rest[end + 1..];
        }
        lines.push(rest.to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_cannot_end_their_string() {
        for (docs, expected) in [
            ("One line.", "\"\"\"One line.\"\"\""),
            ("a \"quote\"", "\"\"\"a \"quote\" \"\"\""),
            ("a\"\"\"b\\", "\"\"\"a\\\"\\\"\\\"b\\\\\"\"\""),
            ("one\n\n  two ", "\"\"\"one\n\n      two\n    \"\"\""),
        ] {
            assert_eq!(docstring(docs, 4), expected);
        }
    }
}
