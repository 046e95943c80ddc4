//! `state-sync.toml`: what is generated, from what, and where to.

use crate::{Error, Result, languages, model::names::nearest};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use toml::Spanned;

/// The name of the file, where no other is given.
pub const FILE_NAME: &str = "state-sync.toml";

/// A configuration; every path in it is joined to the folder of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// The output folder of each language for the application's own topics.
    pub generate: BTreeMap<String, PathBuf>,
    /// The application's topics, by name.
    pub topics: Vec<TopicConfig>,
    /// What of the protocol itself is to be generated.
    pub protocol: Option<ProtocolConfig>,
}

/// A topic of the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicConfig {
    /// The name, as on the wire.
    pub name: String,
    /// The file with the JSON Schema of its payload.
    pub schema: PathBuf,
    /// That file as the configuration says it, for messages.
    pub shown: String,
}

/// What of the protocol itself is to be generated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProtocolConfig {
    /// The output folder of each language.
    pub languages: BTreeMap<String, PathBuf>,
    /// The output folder of the JSON Schemas.
    pub schema: Option<PathBuf>,
    /// Where the requirements are read from and written to.
    pub requirements: Option<RequirementsConfig>,
}

/// Where the requirements are read from and written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementsConfig {
    /// The folder of the prose.
    pub prose: PathBuf,
    /// The JSON file.
    pub output: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    generate: BTreeMap<Spanned<String>, PathBuf>,
    #[serde(default)]
    topics: BTreeMap<Spanned<String>, TopicDocument>,
    protocol: Option<ProtocolDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicDocument {
    schema: PathBuf,
}

#[derive(Deserialize)]
struct ProtocolDocument {
    schema: Option<PathBuf>,
    requirements: Option<RequirementsDocument>,
    #[serde(flatten)]
    languages: BTreeMap<String, PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementsDocument {
    prose: PathBuf,
    output: PathBuf,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// There is no such file, it is not UTF-8 or not TOML, or it says what nobody understands; with the line and
    /// with what would have been right.
    pub fn read(path: &Path) -> Result<Config> {
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::Config {
                path: path.to_owned(),
                line: None,
                message: format!(
                    "there is no such file; write one with your topics, or name another with `--config`. The smallest is:\n\n{SMALLEST}"
                ),
            },
            _ => Error::io("read", path, &error),
        })?;
        let fault = |offset: Option<usize>, message: String| {
            let line =
                offset.map(|offset| 1 + bytes.iter().take(offset).filter(|&&byte| byte == b'\n').count());
            Error::Config { path: path.to_owned(), line, message }
        };
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            fault(Some(error.valid_up_to()), "this is not UTF-8; save the file as UTF-8".to_owned())
        })?;
        let document: Document = toml::from_str(text)
            .map_err(|error| fault(error.span().map(|span| span.start), error.message().to_owned()))?;

        let folder = path.parent().unwrap_or(Path::new(""));
        let mut generate = BTreeMap::new();
        for (language, output) in document.generate {
            languages::language(language.get_ref())
                .map_err(|error| fault(Some(language.span().start), error.to_string()))?;
            generate.insert(language.into_inner(), folder.join(output));
        }
        let mut topics = Vec::new();
        for (name, topic) in document.topics {
            if state_sync::is_blank(name.get_ref()) {
                let message = "a topic's name needs a character that is not white space".to_owned();
                return Err(fault(Some(name.span().start), message));
            }
            let shown = topic.schema.to_string_lossy().into_owned();
            topics.push(TopicConfig { name: name.into_inner(), schema: folder.join(topic.schema), shown });
        }
        topics.sort_by(|left, right| left.name.cmp(&right.name));
        let protocol = document.protocol.map(|protocol| {
            for language in protocol.languages.keys() {
                languages::language(language).map_err(|error| fault(None, error.to_string()))?;
            }
            let joined = |(language, output)| (language, folder.join::<PathBuf>(output));
            Ok(ProtocolConfig {
                languages: protocol.languages.into_iter().map(joined).collect(),
                schema: protocol.schema.map(|output| folder.join(output)),
                requirements: protocol.requirements.map(|requirements| RequirementsConfig {
                    prose: folder.join(requirements.prose),
                    output: folder.join(requirements.output),
                }),
            })
        });
        let config = Config { path: path.to_owned(), generate, topics, protocol: protocol.transpose()? };
        if config.topics.is_empty() && config.protocol.is_none() {
            let message =
                format!("it names no topic, so there is nothing to do. The smallest is:\n\n{SMALLEST}");
            return Err(fault(None, message));
        }
        Ok(config)
    }

    /// The topic of this name.
    ///
    /// # Errors
    /// There is none; the sentence lists those that there are.
    pub fn topic(&self, name: &str) -> Result<&TopicConfig> {
        self.topics.iter().find(|topic| topic.name == name).ok_or_else(|| {
            let known: Vec<_> = self.topics.iter().map(|topic| topic.name.as_str()).collect();
            let near = nearest(name, known.iter().copied()).map(|near| format!(" Was `{near}` meant?"));
            Error::Config {
                path: self.path.clone(),
                line: None,
                message: format!(
                    "there is no topic `{name}`; there are: {}.{}",
                    known.join(", "),
                    near.unwrap_or_default()
                ),
            }
        })
    }
}

/// What a configuration needs at least, for messages.
const SMALLEST: &str =
    "[generate]\ntypescript = \"src/statesync\"\n\n[topics.settings]\nschema = \"settings.schema.json\"";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, text).unwrap();
        Config::read(&path)
    }

    #[test]
    fn faults_name_the_line_and_the_remedy() {
        for (text, line, part) in [
            ("[topics.a]\nschema = 5\n", Some(2), "invalid type"),
            ("[topics.a]\nschema = 'x'\nshema = 'x'\n", Some(3), "unknown field `shema`"),
            ("[topic.a]\nschema = 'x'\n", Some(1), "expected one of"),
            ("[topics.a]\nschema = 'x'\n[topics.a]\n", Some(3), "duplicate key"),
            ("[topics.\" \"]\nschema = 'x'\n", Some(1), "white space"),
            ("[generate]\n\ncobol = 'x'\n[topics.a]\nschema = 'x'\n", Some(3), "`cobol`"),
            ("= 5", Some(1), ""),
            ("", None, "names no topic"),
        ] {
            let Err(Error::Config { line: found, message, .. }) = read(text.as_bytes()) else {
                panic!("{text:?} was accepted");
            };
            assert_eq!(found, line, "{text:?}: {message}");
            assert!(message.contains(part), "{text:?}: {message}");
        }
        let Err(Error::Config { line: Some(2), .. }) = read(b"# a\n# \xff\n") else {
            panic!("bytes that are not UTF-8 were accepted");
        };
    }

    #[test]
    fn missing_file_shows_the_smallest_one() {
        let error = Config::read(Path::new("no/such/state-sync.toml")).unwrap_err().to_string();
        assert!(error.contains("no such file") && error.contains(SMALLEST), "{error}");
    }

    #[test]
    fn unknown_topics_get_a_suggestion() {
        let config = read(b"[topics.settings]\nschema = 'x'\n").unwrap();
        assert_eq!(config.topic("settings").unwrap().shown, "x");
        assert!(config.topic("setings").unwrap_err().to_string().contains("Was `settings` meant?"));
    }
}
