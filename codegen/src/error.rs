//! What can go wrong, as closed kinds. Each says to a person what was wrong, where, and what would have been right.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why nothing was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A file or folder could not be read, written or watched.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, such as `read`.
        action: &'static str,
        /// What the system said.
        reason: String,
    },
    /// The configuration is not right.
    Config {
        /// The configuration file.
        path: PathBuf,
        /// The line, counted from 1, where one is known.
        line: Option<usize>,
        /// The sentence.
        message: String,
    },
    /// A JSON Schema is not right, or asks for what no validator here could honour.
    Schema {
        /// The document, as the user named it.
        source: String,
        /// The place in the document, a JSON Pointer.
        pointer: String,
        /// The sentence.
        message: String,
    },
    /// A template could not be rendered. This is a fault of the generator itself.
    Template {
        /// The language whose template it is.
        language: String,
        /// What the template engine said.
        reason: String,
    },
    /// What was asked for cannot be generated.
    Unsupported(String),
}

impl Error {
    /// An I/O error about `path`.
    pub fn io(action: &'static str, path: &Path, error: &std::io::Error) -> Self {
        Error::Io { path: path.to_owned(), action, reason: error.to_string() }
    }

    /// An error at a place of a schema document.
    pub fn schema(source: &str, pointer: &str, message: impl Into<String>) -> Self {
        Error::Schema { source: source.to_owned(), pointer: pointer.to_owned(), message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { path, action, reason } => {
                write!(f, "{}: cannot {action} it: {reason}", path.display())
            }
            Error::Config { path, line: Some(line), message } => {
                write!(f, "{}:{line}: {message}", path.display())
            }
            Error::Config { path, line: None, message } => write!(f, "{}: {message}", path.display()),
            Error::Schema { source, pointer, message } => write!(f, "{source}#{pointer}: {message}"),
            Error::Template { language, reason } => {
                write!(f, "the templates of {language} cannot be rendered: {reason}")
            }
            Error::Unsupported(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}
