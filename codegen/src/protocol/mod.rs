//! The protocol's own schema, model and TypeScript types, from the one list of public types.
//!
//! Nothing here names a type: [`state_sync::catalog::visit_all`] shows them. schemars gives the schema of each, ts-rs the
//! TypeScript declaration, and this module makes the two fit: one bundle, one file, docs and type parameters in both.

mod layout;

use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};
use state_sync::catalog::{PublicType, Role, Visitor, visit_all};
use ts_rs::{TS, TypeVisitor};

use std::any::TypeId;
use std::collections::BTreeMap;

use crate::languages::{HEADER, OutputFile};
use crate::model::{self, Model, Source};
use crate::rust_schema::plain_bounds;
use crate::{Error, Result};

/// Where the schemas are published; the version of the protocol is in it.
const BASE: &str = "https://statesync.dev/schema/v1";
const BUNDLE: &str = "state-sync.schema.json";
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The bundle of all schemas, and one file a message that needs no other.
///
/// # Errors
/// Two types want one name.
pub fn schema_files() -> Result<Vec<OutputFile>> {
    let catalog = Catalog::collect()?;
    let mut files = vec![OutputFile { path: BUNDLE.to_owned(), text: json_text(&catalog.bundle())? }];
    for name in &catalog.messages {
        let path = format!("{name}.schema.json");
        let text = json_text(&catalog.standalone(name, &path))?;
        files.push(OutputFile { path, text });
    }
    Ok(files)
}

/// The language-neutral model of all messages.
///
/// # Errors
/// As [`schema_files`].
pub fn model() -> Result<Model> {
    let schema = Catalog::collect()?.bundle();
    let source = Source { name: BUNDLE.to_owned(), schema, topic: None };
    model::lower(&[source], model::Options { null_is_absent: true })
}

/// The declarations of all types, and of those that they depend on, as `types.ts`.
///
/// # Errors
/// Two types want one name.
pub fn typescript_types() -> Result<OutputFile> {
    let mut declarations =
        Declarations { config: ts_rs::Config::default(), found: BTreeMap::new(), twice: None };
    visit_all(&mut declarations);
    if let Some(name) = declarations.twice {
        return Err(Error::Unsupported(format!(
            "two public types declare `{name}` in TypeScript; rename one"
        )));
    }
    let mut text = format!("// {HEADER}\n");
    for declaration in declarations.found.values() {
        text.push('\n');
        text.push_str(&declaration.text);
    }
    Ok(OutputFile { path: "types.ts".to_owned(), text })
}

/// A value as a JSON file: two spaces, a line end after the last line.
///
/// # Errors
/// The value cannot be said in JSON.
pub fn json_text(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::Unsupported(error.to_string()))?;
    Ok(text + "\n")
}

/// The schemas of all public types, by name.
struct Catalog {
    definitions: BTreeMap<String, Value>,
    messages: Vec<String>,
}

impl Catalog {
    fn collect() -> Result<Catalog> {
        let mut schemas = Schemas {
            generator: schemars::generate::SchemaSettings::draft2020_12().into_generator(),
            messages: Vec::new(),
            names: Vec::new(),
            parameters: BTreeMap::new(),
        };
        visit_all(&mut schemas);
        let mut definitions: BTreeMap<String, Value> =
            schemas.generator.take_definitions(true).into_iter().collect();
        // schemars gives the second type of a name a number: `Item2`.
        if let Some(unlisted) = definitions.keys().find(|each| !schemas.names.contains(each)) {
            return Err(Error::Unsupported(format!(
                "the schema defines `{unlisted}`, which is no public type: either two types have one name, or the type is missing in the catalog"
            )));
        }
        for (name, definition) in &mut definitions {
            if let Ok(schema) = <&mut Schema>::try_from(&mut *definition) {
                plain_bounds(schema);
            }
            if let Some(parameters) = schemas.parameters.get(name) {
                mark_parameters(name, definition, parameters)?;
            }
        }
        schemas.messages.sort();
        Ok(Catalog { definitions, messages: schemas.messages })
    }

    fn bundle(&self) -> Value {
        json!({
            "$comment": HEADER,
            "$defs": self.definitions,
            "$id": format!("{BASE}/{BUNDLE}"),
            "$schema": DIALECT,
            "description": "Every type of the state-sync protocol. Refer to one as `#/$defs/Name`.",
            "title": "state-sync protocol",
        })
    }

    /// The schema of one message with what it refers to.
    fn standalone(&self, name: &str, path: &str) -> Value {
        let mut needed = BTreeMap::new();
        let mut queue = vec![name.to_owned()];
        while let Some(next) = queue.pop() {
            if let Some(definition) = self.definitions.get(&next)
                && needed.insert(next, definition.clone()).is_none()
            {
                references(definition, &mut queue);
            }
        }
        let mut schema = Map::new();
        let own = if needed.values().any(|each| refers_to(each, name)) { None } else { needed.remove(name) };
        match own {
            Some(Value::Object(own)) => schema.extend(own),
            _ => drop(schema.insert("$ref".to_owned(), json!(format!("#/$defs/{name}")))),
        }
        schema.insert("$comment".to_owned(), json!(HEADER));
        if !needed.is_empty() {
            schema.insert("$defs".to_owned(), json!(needed));
        }
        schema.insert("$id".to_owned(), json!(format!("{BASE}/{path}")));
        schema.insert("$schema".to_owned(), json!(DIALECT));
        schema.insert("title".to_owned(), json!(name));
        Value::Object(schema)
    }
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(name) =
                members.get("$ref").and_then(Value::as_str).and_then(|each| each.strip_prefix("#/$defs/"))
            {
                found.push(name.to_owned());
            }
            members.values().for_each(|each| references(each, found));
        }
        Value::Array(items) => items.iter().for_each(|each| references(each, found)),
        _ => {}
    }
}

fn refers_to(schema: &Value, name: &str) -> bool {
    let mut found = Vec::new();
    references(schema, &mut found);
    found.iter().any(|each| each == name)
}

/// Takes the schema of each type.
struct Schemas {
    generator: SchemaGenerator,
    names: Vec<String>,
    messages: Vec<String>,
    /// The type parameters of each generic type, by its name.
    parameters: BTreeMap<String, Vec<String>>,
}

impl Visitor for Schemas {
    fn visit<T: PublicType>(&mut self) {
        self.generator.subschema_for::<T>();
        self.names.push(T::NAME.to_owned());
        if T::ROLE == Role::Message {
            self.messages.push(T::NAME.to_owned());
        }
        let parameters = declared_parameters(&<T as TS>::decl(&ts_rs::Config::default()));
        if !parameters.is_empty() {
            self.parameters.insert(T::NAME.to_owned(), parameters);
        }
    }
}

/// The names between the angle brackets of `type Name<A, B> = …`.
fn declared_parameters(declaration: &str) -> Vec<String> {
    let head = declaration.split_once('=').map_or(declaration, |(head, _)| head);
    let Some((_, parameters)) = head.split_once('<') else { return Vec::new() };
    let parameters = parameters.trim_end().trim_end_matches('>');
    parameters.split(',').map(|each| each.trim().to_owned()).filter(|each| !each.is_empty()).collect()
}

/// Marks the members of a generic type that accept anything: they are of the type's parameter.
fn mark_parameters(name: &str, definition: &mut Value, parameters: &[String]) -> Result<()> {
    let [parameter] = parameters else {
        return Err(Error::Unsupported(format!(
            "`{name}` has more than one type parameter, and the schema cannot tell them apart"
        )));
    };
    if let Value::Object(members) = definition {
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            for property in properties.values_mut() {
                let open = property == &Value::Bool(true)
                    || property.as_object().is_some_and(|each| each.keys().all(|key| key == "description"));
                if !open {
                    continue;
                }
                let mut marked = property.as_object().cloned().unwrap_or_default();
                marked.insert("x-parameter".to_owned(), json!(parameter));
                *property = Value::Object(marked);
            }
        }
        for keyword in ["oneOf", "anyOf", "allOf"] {
            if let Some(Value::Array(parts)) = members.get_mut(keyword) {
                parts.iter_mut().try_for_each(|each| mark_parameters(name, each, parameters))?;
            }
        }
    }
    Ok(())
}

/// Takes the declaration of each type and of what it depends on.
struct Declarations {
    config: ts_rs::Config,
    found: BTreeMap<String, Declaration>,
    twice: Option<String>,
}

struct Declaration {
    id: TypeId,
    text: String,
}

impl Declarations {
    fn declare<T: TS + 'static + ?Sized>(&mut self) {
        let name = T::ident(&self.config);
        let id = TypeId::of::<T::WithoutGenerics>();
        match self.found.get(&name) {
            Some(known) if known.id == id => return,
            Some(_) => {
                self.twice.get_or_insert(name);
                return;
            }
            None => {}
        }
        let declaration = layout::layout(&safe_comments(&T::decl(&self.config)));
        let docs = T::docs().map(|each| safe_comments(&each)).unwrap_or_default();
        let text = format!("{docs}export {}\n", defaulted(&declaration));
        self.found.insert(name, Declaration { id, text });
    }
}

impl Visitor for Declarations {
    fn visit<T: PublicType>(&mut self) {
        self.declare::<T>();
        let mut dependencies = Dependencies(self);
        T::visit_dependencies(&mut dependencies);
        T::visit_generics(&mut dependencies);
    }
}

struct Dependencies<'a>(&'a mut Declarations);

impl TypeVisitor for Dependencies<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only what has a file of its own is declared; the rest is written in place.
        if T::output_path().is_none() || self.0.found.contains_key(&T::ident(&self.0.config)) {
            return;
        }
        self.0.declare::<T>();
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// `type Name<T>` → `type Name<T = unknown>`, so that the plain name can be used where the payload is not known.
fn defaulted(declaration: &str) -> String {
    let parameters = declared_parameters(declaration);
    if parameters.is_empty() {
        return declaration.to_owned();
    }
    let plain = format!("<{}>", parameters.join(", "));
    let with_defaults: Vec<String> = parameters.iter().map(|each| format!("{each} = unknown")).collect();
    declaration.replacen(&plain, &format!("<{}>", with_defaults.join(", ")), 1)
}

/// The text with the end of a comment inside a comment made harmless. ts-rs takes doc comments over as they are.
fn safe_comments(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/**") {
        let (before, comment) = rest.split_at(start);
        safe.push_str(before);
        // A comment of ts-rs ends with `*/` at the end of a line, or before the next member.
        let end =
            comment.find("\n */").map(|at| at + 2).or_else(|| comment.find("*/")).unwrap_or(comment.len());
        let (body, tail) = comment.split_at(end);
        safe.push_str("/**");
        safe.push_str(&body.get(3..).unwrap_or_default().replace("*/", "*\\/"));
        rest = tail;
        if let Some(after) = rest.strip_prefix("*/") {
            safe.push_str("*/");
            rest = after;
        }
    }
    safe + rest
}
