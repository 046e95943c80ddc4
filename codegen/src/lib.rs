//! Generates JSON Schema, TypeScript, Python, Go and Markdown from the state-sync types and from an
//! application's own topics.
//!
//! The way of a schema through this crate:
//!
//! 1. [`model::Source`]: a JSON Schema document and where it came from;
//! 2. [`model::lower`]: the language-neutral [`model::Model`], or the first fault as a sentence;
//! 3. [`languages`]: one module and one folder of templates a language, each a function from the model to
//!    whole files;
//! 4. `output`: the files are written whole, or compared with what is on disk.

pub mod compat;
pub mod config;
pub mod error;
pub mod generate;
pub mod languages;
pub mod model;
pub mod output;
pub mod protocol;
pub mod registry;
pub mod requirements;
mod rust_schema;
mod watch;

pub use error::{Error, Result};
pub use generate::{Mode, Report, generate};
pub use registry::Registry;
pub use watch::watch;
