//! `state-sync generate`: from a configuration to files, or to a list of what differs.

use crate::{
    Error, Result,
    config::{Config, ProtocolConfig},
    languages::{self, Options, OutputFile, Purpose},
    model::{self, Model, Source},
    output::{Change, OutputSet},
    protocol, requirements,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    thread,
};

/// What to do with what is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write what differs.
    Write,
    /// Write nothing, only tell.
    Check,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many files are generated.
    pub files: usize,
    /// Those that were not as generated; in [`Mode::Write`] they are now.
    pub changes: Vec<Change>,
}

/// Generates what the configuration at `path` asks for.
///
/// Everything is rendered before the first file is touched, so an error leaves the disk as it was.
///
/// # Errors
/// The configuration, a schema or the prose is not right; or a file cannot be read or written.
pub fn generate(path: &Path, mode: Mode) -> Result<Report> {
    let set = render(&Config::read(path)?)?;
    if set.is_empty() {
        let message = "it names no language under `[generate]`, so there is nothing to write; add one, such as `typescript = \"src/statesync\"`";
        return Err(Error::Config { path: path.to_owned(), line: None, message: message.to_owned() });
    }
    let changes = match mode {
        Mode::Write => set.write()?,
        Mode::Check => set.check()?,
    };
    Ok(Report { files: set.len(), changes })
}

/// All files that a configuration asks for.
///
/// # Errors
/// As [`generate`], but for writing.
pub fn render(config: &Config) -> Result<OutputSet> {
    let mut set = OutputSet::new();
    if !config.topics.is_empty() {
        let sources = sources(config)?;
        let model = model::lower(&sources, model::Options::default())?;
        render_languages(&model, Purpose::Topics, &config.generate, &mut set)?;
    }
    if let Some(protocol) = &config.protocol {
        render_protocol(protocol, &mut set)?;
    }
    Ok(set)
}

/// The files that a configuration is made from, itself included: what to watch.
///
/// # Errors
/// The configuration is not right.
pub fn inputs(path: &Path) -> Result<BTreeSet<PathBuf>> {
    let config = Config::read(path)?;
    let mut inputs = BTreeSet::from([path.to_owned()]);
    inputs.extend(config.topics.iter().map(|topic| topic.schema.clone()));
    if let Some(requirements) = config.protocol.and_then(|protocol| protocol.requirements) {
        inputs.extend(chapters(&requirements.prose)?);
    }
    Ok(inputs)
}

fn sources(config: &Config) -> Result<Vec<Source>> {
    let read = |topic: &crate::config::TopicConfig| {
        Source::read(&topic.schema, &topic.shown, Some(topic.name.clone()))
    };
    config.topics.iter().map(read).collect()
}

fn render_protocol(config: &ProtocolConfig, set: &mut OutputSet) -> Result<()> {
    if let Some(folder) = &config.schema {
        set.add_all(folder, protocol::schema_files()?)?;
    }
    let model = protocol::model()?;
    render_languages(&model, Purpose::Protocol, &config.languages, set)?;
    if let Some(folder) = config.languages.get("typescript") {
        set.add(folder, protocol::typescript_types()?)?;
    }
    if let Some(config) = &config.requirements {
        let chapters: Vec<_> =
            chapters(&config.prose)?.iter().map(|path| read_chapter(path)).collect::<Result<_>>()?;
        let requirements = requirements::extract(&chapters).map_err(|faults| {
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            Error::Unsupported(faults.join("\n"))
        })?;
        let folder = config.output.parent().unwrap_or(Path::new(""));
        let path = last_part(&config.output);
        set.add(folder, OutputFile { path, text: protocol::json_text(&requirements)? })?;
    }
    Ok(())
}

/// Renders each language in a thread of its own: none needs another, and the order of the set is by path.
pub(crate) fn render_languages(
    model: &Model,
    purpose: Purpose,
    outputs: &BTreeMap<String, PathBuf>,
    set: &mut OutputSet,
) -> Result<()> {
    let rendered: Vec<(&Path, Result<Vec<OutputFile>>)> = thread::scope(|scope| {
        let render = |(language, folder): (&String, &PathBuf)| {
            let options = Options { purpose, folder: last_part(folder) };
            (languages::language(language)?.render)(model, &options)
        };
        let running: Vec<_> =
            outputs.iter().map(|output| (output.1.as_path(), scope.spawn(move || render(output)))).collect();
        let joined = running.into_iter().map(|(folder, thread)| match thread.join() {
            Ok(files) => (folder, files),
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    });
    rendered.into_iter().try_for_each(|(folder, files)| set.add_all(folder, files?))
}

fn chapters(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| Error::io("read", folder, &error))?;
    let mut chapters = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Error::io("read", folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            chapters.push(path);
        }
    }
    chapters.sort();
    Ok(chapters)
}

fn read_chapter(path: &Path) -> Result<(String, String)> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))?;
    // A checkout may have turned line ends into CRLF.
    Ok((last_part(path), text.replace("\r\n", "\n")))
}

fn last_part(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Report {
    /// Whether every file was as it is generated.
    pub fn is_current(&self) -> bool {
        self.changes.is_empty()
    }
}
