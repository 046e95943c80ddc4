//! An application's topics from its Rust types, without a configuration file.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::generate::{Report, render_languages};
use crate::languages::{HEADER, OutputFile, Purpose};
use crate::model::{self, Source, names};
use crate::output::OutputSet;
use crate::rust_schema::{numbered_twin, plain_bounds};
use crate::{Error, Result, protocol};

/// The topics of an application and what to generate for them.
///
/// Usable from a test (`check`), a small binary or a build script (`write`):
///
/// ```
/// use schemars::JsonSchema;
/// use serde::Serialize;
/// use state_sync_codegen::Registry;
///
/// /// What the user has chosen.
/// #[derive(Serialize, JsonSchema)]
/// struct Settings {
///     /// The colours.
///     theme: String,
/// }
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("src/statesync");
/// let registry = Registry::new().topic::<Settings>("settings").typescript(path);
/// registry.write()?;
/// assert!(registry.check()?.is_current());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    topics: Vec<Entry>,
    outputs: BTreeMap<String, PathBuf>,
    schemas: Vec<PathBuf>,
}

#[derive(Debug, Clone)]
struct Entry {
    topic: String,
    rust_type: &'static str,
    schema: Value,
}

impl Registry {
    /// A registry without topics.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a topic whose payload is a `T`, as serde serialises it.
    #[must_use]
    pub fn topic<T: JsonSchema>(mut self, name: &str) -> Self {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let mut schema = generator.into_root_schema_for::<T>();
        plain_bounds(&mut schema);
        self.topics.push(Entry {
            topic: name.to_owned(),
            rust_type: std::any::type_name::<T>(),
            schema: schema.to_value(),
        });
        self
    }

    /// Generates TypeScript into `folder`.
    #[must_use]
    pub fn typescript(self, folder: impl Into<PathBuf>) -> Self {
        self.language("typescript", folder)
    }

    /// Generates Python into `folder`.
    #[must_use]
    pub fn python(self, folder: impl Into<PathBuf>) -> Self {
        self.language("python", folder)
    }

    /// Generates Go into `folder`.
    #[must_use]
    pub fn go(self, folder: impl Into<PathBuf>) -> Self {
        self.language("go", folder)
    }

    /// Generates Markdown into `folder`.
    #[must_use]
    pub fn markdown(self, folder: impl Into<PathBuf>) -> Self {
        self.language("markdown", folder)
    }

    /// Generates for any language there are templates for, by its name in `state-sync.toml`; each has one folder.
    #[must_use]
    pub fn language(mut self, name: &str, folder: impl Into<PathBuf>) -> Self {
        self.outputs.insert(name.to_owned(), folder.into());
        self
    }

    /// Writes the JSON Schema of each topic into `folder`, as `<topic>.schema.json`.
    #[must_use]
    pub fn schema(mut self, folder: impl Into<PathBuf>) -> Self {
        self.schemas.push(folder.into());
        self
    }

    /// All files, without writing any.
    ///
    /// # Errors
    /// A topic is blank or given twice, a type cannot be generated, or a language is not there.
    pub fn render(&self) -> Result<OutputSet> {
        let sources = self.sources()?;
        let model = model::lower(&sources, model::Options::default())?;
        let mut set = OutputSet::new();
        render_languages(&model, Purpose::Topics, &self.outputs, &mut set)?;
        for folder in &self.schemas {
            self.schema_files(folder, &mut set)?;
        }
        Ok(set)
    }

    /// Writes what differs, each file whole, and removes generated files that are no longer generated.
    ///
    /// # Errors
    /// As [`Registry::render`]; or a file cannot be read or written.
    pub fn write(&self) -> Result<Report> {
        let set = self.render()?;
        Ok(Report { files: set.len(), changes: set.write()? })
    }

    /// Compares with what is on disk and writes nothing.
    ///
    /// # Errors
    /// As [`Registry::render`]; or a file cannot be read. A difference is no error: see [`Report::is_current`].
    pub fn check(&self) -> Result<Report> {
        let set = self.render()?;
        Ok(Report { files: set.len(), changes: set.check()? })
    }

    fn sources(&self) -> Result<Vec<Source>> {
        let mut sources: Vec<Source> = Vec::with_capacity(self.topics.len());
        for Entry { topic, rust_type, schema } in &self.topics {
            if state_sync::is_blank(topic) {
                return Err(Error::Unsupported(format!(
                    "the topic of `{rust_type}` is blank; a topic's name needs a character that is not white space"
                )));
            }
            if sources.iter().any(|each| each.topic.as_ref() == Some(topic)) {
                return Err(Error::Unsupported(format!(
                    "the topic `{topic}` is given twice; give each topic once"
                )));
            }
            let definitions = schema.get("$defs").and_then(Value::as_object);
            if let Some((made_up, plain)) = definitions.and_then(|each| numbered_twin(each.keys())) {
                return Err(Error::Unsupported(format!(
                    "the payload of the topic `{topic}` has two types that are called `{plain}`, so one became `{made_up}`; give one another name with #[schemars(rename = \"…\")]"
                )));
            }
            sources.push(Source {
                name: (*rust_type).to_owned(),
                schema: schema.clone(),
                topic: Some(topic.clone()),
            });
        }
        Ok(sources)
    }

    fn schema_files(&self, folder: &Path, set: &mut OutputSet) -> Result<()> {
        for Entry { topic, schema, .. } in &self.topics {
            let stem = names::words(topic).join("-").to_lowercase();
            if stem.is_empty() {
                return Err(Error::Unsupported(format!(
                    "the topic `{topic}` has no letter or digit to name its schema file after"
                )));
            }
            let mut schema = schema.clone();
            if let Value::Object(members) = &mut schema {
                members.insert("$comment".to_owned(), json!(HEADER));
            }
            let path = format!("{stem}.schema.json");
            set.add(folder, OutputFile { path, text: protocol::json_text(&schema)? })?;
        }
        Ok(())
    }
}
