//! Markdown: an index, and a page for every type.

use serde::Serialize;
use std::sync::LazyLock;

use super::{HEADER, Language, Options, OutputFile, Purpose, Templates};
use crate::Result;
use crate::model::{Field, Model, Shape, Type, TypeDef};

/// The language.
pub const LANGUAGE: Language = Language { name: "markdown", render };

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    let page = ("page", include_str!("../../templates/markdown/page.md.tera"));
    let index = ("index", include_str!("../../templates/markdown/index.md.tera"));
    Templates::new("markdown", &[page, index], |_| {})
});

#[derive(Serialize)]
struct PageFile<'a> {
    header: &'a str,
    page: Page,
}

#[derive(Serialize)]
struct Page {
    name: String,
    docs: String,
    deprecated: bool,
    kind: String,
    code: String,
    tables: Vec<Table>,
    values: Vec<Row>,
    footer: String,
}

#[derive(Serialize)]
struct Table {
    heading: String,
    docs: String,
    rows: Vec<Row>,
}

#[derive(Serialize, Default)]
struct Row {
    name: String,
    r#type: String,
    required: &'static str,
    docs: String,
}

fn render(model: &Model, options: &Options) -> Result<Vec<OutputFile>> {
    let mut files = vec![OutputFile { path: "README.md".to_owned(), text: index(model, options)? }];
    for definition in model.types.iter().filter(|each| !is_variant(model, each)) {
        let page = page(model, definition);
        let text = TEMPLATES.render("page", &PageFile { header: HEADER, page })?;
        files.push(OutputFile { path: format!("{}.md", definition.name), text });
    }
    Ok(files)
}

fn index(model: &Model, options: &Options) -> Result<String> {
    #[derive(Serialize)]
    struct View {
        header: &'static str,
        title: &'static str,
        introduction: &'static str,
        column: &'static str,
        rows: Vec<Row>,
    }
    let view = match options.purpose {
        Purpose::Protocol => View {
            header: HEADER,
            title: "Types of the protocol",
            introduction: "Every type, with the rules that its values follow. The same in JSON Schema: `schema/v1`.",
            column: "name",
            rows: model
                .types
                .iter()
                .filter(|each| model.roots.contains(&each.name))
                .map(|each| Row {
                    name: format!("[{0}]({0}.md)", each.name),
                    r#type: kind(&each.shape).to_owned(),
                    docs: cell(first_paragraph(each.docs.as_deref())),
                    ..Row::default()
                })
                .collect(),
        },
        Purpose::Topics => View {
            header: HEADER,
            title: "Topics",
            introduction: "Every topic and the type of its payload.",
            column: "topic",
            rows: model
                .topics
                .iter()
                .map(|each| Row {
                    name: code(&each.name),
                    r#type: format!("[{0}]({0}.md)", each.r#type),
                    docs: cell(first_paragraph(each.docs.as_deref())),
                    ..Row::default()
                })
                .collect(),
        },
    };
    TEMPLATES.render("index", &view)
}

/// Whether the type is told on the page of the union that it belongs to.
fn is_variant(model: &Model, definition: &TypeDef) -> bool {
    !model.roots.contains(&definition.name) && variant_of(model, definition)
}

fn variant_of(model: &Model, definition: &TypeDef) -> bool {
    model.null_is_absent
        && model.types.iter().any(|each| match &each.shape {
            Shape::TaggedUnion { variants, .. } => {
                variants.iter().any(|variant| target(&variant.r#type) == Some(&definition.name))
            }
            _ => false,
        })
}

fn target(r#type: &Type) -> Option<&str> {
    match r#type {
        Type::Reference { name, .. } => Some(name),
        _ => None,
    }
}

fn page(model: &Model, definition: &TypeDef) -> Page {
    let mut page = Page {
        name: definition.name.clone(),
        docs: definition.docs.clone().unwrap_or_default(),
        deprecated: definition.deprecated,
        kind: String::new(),
        code: definition.rule.code.clone().unwrap_or_default(),
        tables: Vec::new(),
        values: Vec::new(),
        footer: String::new(),
    };
    match &definition.shape {
        Shape::Object { fields, .. } => {
            page.tables.push(Table {
                heading: String::new(),
                docs: String::new(),
                rows: rows(model, fields),
            });
            page.footer = unknown_members(model, definition);
        }
        Shape::TaggedUnion { tag, variants } => {
            page.kind = format!("One of the following, told apart by the member `{tag}`.");
            for variant in variants {
                let fields =
                    match target(&variant.r#type).and_then(|name| model.get(name)).map(|each| &each.shape) {
                        Some(Shape::Object { fields, .. }) => rows(model, fields),
                        _ => Vec::new(),
                    };
                let docs = variant.docs.clone().unwrap_or_default();
                page.tables.push(Table { heading: code(&variant.value), docs, rows: fields });
            }
            page.footer = unknown_members(model, definition);
        }
        Shape::Enumeration { values } => {
            page.kind = "One of these strings.".to_owned();
            page.values = values
                .iter()
                .map(|each| Row {
                    name: each.value.clone(),
                    docs: cell(each.docs.as_deref().unwrap_or_default()),
                    ..Row::default()
                })
                .collect();
        }
        Shape::Union { members } => {
            page.kind = format!("In JSON: {}.", type_text(&Type::Union { members: members.clone() }))
        }
        Shape::Alias { r#type } => page.kind = format!("In JSON: {}.", type_text(r#type)),
    }
    page
}

fn unknown_members(model: &Model, definition: &TypeDef) -> String {
    if model.null_is_absent {
        "Unknown members are ignored. An explicit `null` in an optional member is read as absent.".to_owned()
    } else if definition.rule.additional.as_ref().is_some_and(|each| each.never) {
        "There are no other members.".to_owned()
    } else {
        String::new()
    }
}

fn rows(model: &Model, fields: &[Field]) -> Vec<Row> {
    let row = |field: &Field| {
        let mut r#type = type_text(&field.r#type);
        let told = field.required || !model.null_is_absent;
        if told && field.nullable && field.r#type != Type::Any {
            r#type.push_str(" or null");
        }
        let mut docs = cell(field.docs.as_deref().unwrap_or_default());
        if field.deprecated {
            docs = format!("Deprecated. {docs}");
        }
        Row {
            name: field.name.replace('|', "\\|"),
            r#type,
            required: if field.required { "yes" } else { "no" },
            docs,
        }
    };
    fields.iter().map(row).collect()
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Object { .. } => "object",
        Shape::Enumeration { .. } => "string, one of a closed set",
        Shape::TaggedUnion { .. } => "object, one of several",
        Shape::Union { .. } => "one of several",
        Shape::Alias { r#type: Type::String } => "string",
        Shape::Alias { r#type: Type::Integer | Type::Number } => "number",
        Shape::Alias { .. } => "value",
    }
}

fn type_text(r#type: &Type) -> String {
    let several = |types: &[Type], word: &str| types.iter().map(type_text).collect::<Vec<_>>().join(word);
    match r#type {
        Type::Any | Type::Parameter { .. } => "any value".to_owned(),
        Type::Never => "no value".to_owned(),
        Type::Null => "null".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::Enum { values } => {
            values.iter().map(|each| code(&each.to_string())).collect::<Vec<_>>().join(" or ")
        }
        Type::Reference { name, .. } => format!("[{name}]({name}.md)"),
        Type::Array { items } => format!("array of {}", type_text(items)),
        Type::Tuple { items, .. } => format!("array: {}", several(items, ", ")),
        Type::Map { values } => format!("object of {}", type_text(values)),
        Type::Union { members } => several(members, " or "),
        Type::Intersection { members } => several(members, " and "),
    }
}

fn first_paragraph(docs: Option<&str>) -> &str {
    docs.and_then(|each| each.split("\n\n").next()).unwrap_or_default()
}

/// Text in a table's cell: on one line, without the table's own sign.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn code(text: &str) -> String {
    format!("`{}`", cell(text).replace('`', "'"))
}
