//! What can go wrong, as Rust and the webview see it.

use std::{error, fmt, path::PathBuf};

use serde::{Serialize, Serializer, ser::SerializeStruct};
use state_sync_persistence::{MigrationGap, PersistenceError};

/// Why a command or an update was refused. In every case the state and its revision are what they were.
///
/// It goes to the webview as `{ code, message, retryable }`, and with `kind`, a word of `PRS-64`, where a file is
/// concerned; so a command of the application can give it back as it is. `retryable: false` keeps the engine from
/// asking again in vain (`ENG-66`).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The plugin is not registered with the application.
    NotRegistered,
    /// No topic of this name is registered.
    UnknownTopic {
        /// The name that was asked for.
        topic: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A key names a registered topic with another type.
    WrongType {
        /// The topic.
        topic: String,
        /// The type of its state.
        registered: &'static str,
        /// The type of the key.
        asked: &'static str,
    },
    /// The closure of an update refused the change.
    Refused {
        /// The topic.
        topic: String,
        /// What the closure said.
        message: String,
    },
    /// No revision is left, after 2^64-1 changes; the next start of the application begins anew.
    Exhausted {
        /// The topic.
        topic: String,
    },
    /// The state cannot be written as JSON.
    NotSerializable {
        /// The topic.
        topic: String,
        /// What serde said.
        message: String,
    },
    /// The changed state could not be saved, so the change was not made.
    NotSaved {
        /// The topic.
        topic: String,
        /// Why.
        cause: PersistenceError,
    },
    /// The webview named a record that the application has not.
    UnknownRecord {
        /// The key that was asked for.
        key: String,
        /// The keys that there are.
        known: Vec<String>,
    },
    /// A record of the webview could not be saved, loaded or cleared.
    Record {
        /// The key of the record.
        key: String,
        /// Why.
        cause: PersistenceError,
    },
}

impl Error {
    /// The code of the error; it never changes.
    pub const fn code(&self) -> &'static str {
        match self {
            Error::NotRegistered => "not-registered",
            Error::UnknownTopic { .. } => "unknown-topic",
            Error::WrongType { .. } => "wrong-type",
            Error::Refused { .. } => "refused",
            Error::Exhausted { .. } => "exhausted",
            Error::NotSerializable { .. } => "not-serializable",
            Error::NotSaved { .. } => "not-saved",
            Error::UnknownRecord { .. } => "unknown-record",
            Error::Record { .. } => "record",
        }
    }

    /// Whether asking again may help.
    pub const fn retryable(&self) -> bool {
        matches!(self, Error::NotSaved { .. } | Error::Record { .. })
    }

    fn cause(&self) -> Option<&PersistenceError> {
        match self {
            Error::NotSaved { cause, .. } | Error::Record { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotRegistered => formatter.write_str(
                "the plugin is not registered; add .plugin(tauri_plugin_state_sync::Builder::new()….build()) to the application",
            ),
            Error::UnknownTopic { topic, known } => {
                write!(formatter, "there is no topic {topic:?}; {}", listed("registered", known))
            }
            Error::WrongType { topic, registered, asked } => write!(
                formatter,
                "the topic {topic:?} holds a {registered}, and the key is for a {asked}; use the key that it was registered with"
            ),
            Error::Refused { topic, message } => {
                write!(formatter, "the topic {topic:?} was not changed: {message}")
            }
            Error::Exhausted { topic } => write!(
                formatter,
                "the topic {topic:?} has no revision left; the next start of the application begins anew"
            ),
            Error::NotSerializable { topic, message } => {
                write!(formatter, "the state of the topic {topic:?} cannot be written as JSON: {message}")
            }
            Error::NotSaved { topic, cause } => {
                write!(formatter, "the topic {topic:?} was not changed, as it could not be saved: {cause}")
            }
            Error::UnknownRecord { key, known } => {
                write!(formatter, "there is no record {key:?}; {}", listed("named", known))
            }
            Error::Record { key, cause } => write!(formatter, "the record {key:?}: {cause}"),
        }
    }
}

fn listed(what: &str, names: &[String]) -> String {
    match names {
        [] => format!("the application has {what} none"),
        names => format!("the application has {what} {}", names.join(", ")),
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.cause().map(|cause| cause as &(dyn error::Error + 'static))
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = self.cause().map(|cause| cause.kind().as_str());
        let mut object = serializer.serialize_struct("Error", if kind.is_some() { 4 } else { 3 })?;
        object.serialize_field("code", self.code())?;
        if let Some(kind) = kind {
            object.serialize_field("kind", kind)?;
        }
        object.serialize_field("message", &self.to_string())?;
        object.serialize_field("retryable", &self.retryable())?;
        object.end()
    }
}

/// Why the plugin does not start: a fault of the program, or a machine without what it needs. Tauri shows it as the
/// reason for which the application does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// The name of a topic is blank (`TOP-2`).
    BlankTopic,
    /// A topic is registered twice.
    TopicTwice(String),
    /// Two topics or two records have one file.
    FileTwice(PathBuf),
    /// The steps of a topic's migration do not lead to its schema version (`PRS-25`).
    Migration(String, MigrationGap),
    /// Tauri's event names are letters, digits, `-`, `/`, `:` and `_`.
    EventName(String),
    /// A topic's name, or a record's, does not fit into a file name.
    FileName(String),
    /// The platform does not say where the application's data belong.
    NoFolder(String),
    /// The platform has no randomness for the name of an epoch.
    NoRandomness(String),
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetupError::BlankTopic => {
                formatter.write_str("a topic's name is blank; it needs a character that is not white space")
            }
            SetupError::TopicTwice(topic) => {
                write!(formatter, "the topic {topic:?} is registered twice; register each topic once")
            }
            SetupError::FileTwice(path) => {
                write!(formatter, "{} would hold two states; give each a file of its own", path.display())
            }
            SetupError::Migration(topic, gap) => {
                write!(formatter, "the migration of the topic {topic:?}: {gap}")
            }
            SetupError::EventName(name) => write!(
                formatter,
                "{name:?} is no event name; Tauri takes letters, digits and -, /, : and _, such as \"state-sync:invalidated\""
            ),
            SetupError::FileName(name) => write!(
                formatter,
                "{name:?} makes no file name, which has 1 to 200 bytes; name the file with TopicSetup::file, or choose a shorter name"
            ),
            SetupError::NoFolder(message) => write!(
                formatter,
                "the folder for the application's data is not known ({message}); name one with Builder::folder"
            ),
            SetupError::NoRandomness(message) => {
                write!(formatter, "the platform gives no random bytes for an epoch: {message}")
            }
        }
    }
}

impl error::Error for SetupError {}
