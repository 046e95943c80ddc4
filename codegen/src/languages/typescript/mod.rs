//! TypeScript: declarations, guards, parsers and, for topics, the typed topic map.
//!
//! | file | content |
//! | --- | --- |
//! | `types.ts` | the declarations; for the protocol ts-rs writes them from the Rust types |
//! | `guards.ts` | `isX(value)`: straight-line code, what is called a thousand times a second |
//! | `parsers.ts` | `parseX(value)`: a typed value, or an error with code, pointer and sentence |
//! | `topics.ts` | topic names, and guard and parser by topic |
//! | `checks.ts`, `explain.ts`, `result.ts`, `tidy.ts` | what those call; the same bytes for everybody |

mod declarations;
mod guards;
mod literals;
mod parsers;
mod patterns;
mod rules;

use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::{HEADER, Language, Options, OutputFile, Purpose, Templates};
use crate::model::{Model, TypeDef};
use crate::{Error, Result};

/// The language.
pub const LANGUAGE: Language = Language { name: "typescript", render };

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(
        "typescript",
        &[
            ("types", include_str!("../../../templates/typescript/types.ts.tera")),
            ("guards", include_str!("../../../templates/typescript/guards.ts.tera")),
            ("parsers", include_str!("../../../templates/typescript/parsers.ts.tera")),
            ("topics", include_str!("../../../templates/typescript/topics.ts.tera")),
            ("index", include_str!("../../../templates/typescript/index.ts.tera")),
        ],
        |_| {},
    )
});

const CHECKS: &str = include_str!("../../../templates/typescript/checks.ts");
const EXPLAIN: &str = include_str!("../../../templates/typescript/explain.ts");
const RESULT: &str = include_str!("../../../templates/typescript/result.ts");
const TIDY: &str = include_str!("../../../templates/typescript/tidy.ts");

/// Names that the generated files use for themselves, so no type may have them.
const RESERVED: &[&str] = &[
    "ErrorCode",
    "ParseError",
    "ParseResult",
    "Parser",
    "Received",
    "Rules",
    "Topic",
    "TopicName",
    "Topics",
];

fn render(model: &Model, options: &Options) -> Result<Vec<OutputFile>> {
    let topics = options.purpose == Purpose::Topics;
    if topics {
        refuse_reserved(model)?;
    }
    let mut files = vec![
        fixed("checks.ts", CHECKS),
        fixed("explain.ts", EXPLAIN),
        fixed("result.ts", RESULT),
        file("guards.ts", guards_file(model)?),
        file("parsers.ts", TEMPLATES.render("parsers", &parsers::view(model)?)?),
        file("index.ts", index_file(model)?),
    ];
    if topics {
        files.push(file("types.ts", types_file(model)?));
        files.push(file("topics.ts", topics_file(model)?));
    } else {
        files.push(fixed("tidy.ts", TIDY));
    }
    Ok(files)
}

fn file(path: &str, text: String) -> OutputFile {
    OutputFile { path: path.to_owned(), text }
}

fn fixed(path: &str, text: &str) -> OutputFile {
    file(path, format!("// {HEADER}\n/* eslint-disable */\n\n{text}"))
}

fn refuse_reserved(model: &Model) -> Result<()> {
    let Some(taken) = model.types.iter().find(|each| RESERVED.contains(&each.name.as_str())) else {
        return Ok(());
    };
    Err(Error::Unsupported(format!(
        "{}: the type would be called `{}`, a name that the generated code has for itself; give the schema a `title` of its own, such as \"{}Data\"",
        taken.location, taken.name, taken.name
    )))
}

/// A topic, ready for the templates.
#[derive(Serialize)]
struct TopicView {
    docs: String,
    property: String,
    key: String,
    text: String,
    r#type: String,
}

fn topic_views(model: &Model) -> Vec<TopicView> {
    let topics = model.topics.iter();
    topics
        .map(|each| TopicView {
            docs: literals::comment(each.docs.as_deref(), &[], "  "),
            property: literals::property(&each.name),
            key: literals::key(&each.name),
            text: literals::text(&each.name),
            r#type: each.r#type.clone(),
        })
        .collect()
}

fn types_file(model: &Model) -> Result<String> {
    #[derive(Serialize)]
    struct View<'a> {
        header: &'a str,
        declarations: Vec<declarations::Declaration>,
        topics: Vec<TopicView>,
    }
    TEMPLATES.render(
        "types",
        &View { header: HEADER, declarations: declarations::declare(model), topics: topic_views(model) },
    )
}

fn topics_file(model: &Model) -> Result<String> {
    #[derive(Serialize)]
    struct View<'a> {
        header: &'a str,
        payloads: Vec<&'a str>,
        topics: Vec<TopicView>,
    }
    let mut payloads: Vec<&str> = model.topics.iter().map(|each| each.r#type.as_str()).collect();
    payloads.sort_unstable();
    payloads.dedup();
    TEMPLATES.render("topics", &View { header: HEADER, payloads, topics: topic_views(model) })
}

fn index_file(model: &Model) -> Result<String> {
    #[derive(Serialize)]
    struct View<'a> {
        header: &'a str,
        names: Vec<&'a str>,
        received: bool,
        topics: bool,
    }
    TEMPLATES.render(
        "index",
        &View {
            header: HEADER,
            names: exported(model),
            received: model.null_is_absent,
            topics: !model.topics.is_empty(),
        },
    )
}

/// The names of the types that have a guard and a parser of their own: all, save for the protocol's parts of messages.
fn exported(model: &Model) -> Vec<&str> {
    let exported = |each: &&TypeDef| !model.null_is_absent || model.roots.contains(&each.name);
    model.types.iter().filter(exported).map(|each| each.name.as_str()).collect()
}

fn guards_file(model: &Model) -> Result<String> {
    #[derive(Serialize)]
    struct Guard<'a> {
        name: &'a str,
        article: &'static str,
        guarded: String,
        bounded: bool,
        /// Whether any object is read.
        enters: bool,
    }
    #[derive(Serialize)]
    struct View<'a> {
        header: &'a str,
        names: Vec<&'a str>,
        helpers: Vec<&'static str>,
        received: bool,
        constants: Vec<guards::Constant>,
        functions: Vec<guards::Function>,
        guards: Vec<Guard<'a>>,
    }
    let deep = parsers::with_users(model, |each| each.recursive);
    let entering = parsers::with_users(model, |each| guards::reads_members(&each.rule));
    let names = exported(model);
    let mut guards: Vec<Guard> = names
        .iter()
        .filter_map(|name| model.get(name))
        .map(|each| {
            let plain = format!("{}{}", each.name, unknowns(&each.parameters));
            Guard {
                name: &each.name,
                article: article(&each.name),
                guarded: if model.null_is_absent { format!("Received<{plain}>") } else { plain },
                bounded: deep.contains(each.name.as_str()),
                enters: entering.contains(each.name.as_str()),
            }
        })
        .collect();
    let direct = guards.iter().filter(|each| !each.bounded && !each.enters).map(|each| each.name).collect();
    let mut checks = guards::checks(model, &direct);
    let by_function: HashMap<String, &Guard> =
        guards.iter().map(|each| (format!("is{}", each.name), each)).collect();
    for function in &mut checks.functions {
        if let Some(guard) = by_function.get(&function.name) {
            function.guarded.clone_from(&guard.guarded);
            function.told = format!("{} {}", guard.article, guard.name);
        }
    }
    guards.retain(|each| !direct.contains(each.name));
    if guards.iter().any(|each| each.enters) {
        checks.helpers.push("enter");
    }
    if guards.iter().any(|each| each.bounded) {
        checks.helpers.push("bounded");
    }
    checks.helpers.sort_unstable();
    TEMPLATES.render(
        "guards",
        &View {
            header: HEADER,
            names,
            helpers: checks.helpers,
            received: model.null_is_absent,
            constants: checks.constants,
            functions: checks.functions,
            guards,
        },
    )
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}

/// `<unknown>`, or nothing.
fn unknowns(parameters: &[String]) -> String {
    if parameters.is_empty() {
        String::new()
    } else {
        format!("<{}>", vec!["unknown"; parameters.len()].join(", "))
    }
}
