//! Validates JSON documents, and endless streams of them, against the types of the state-sync protocol or against an
//! application's own JSON Schemas.
//!
//! A [`Validator`] is built once and used for any number of documents. [`stream()`] runs one over NDJSON of any
//! length in constant memory and on several threads, [`document()`] over a single document that may be printed over
//! many lines.
//!
//! # Who decides
//!
//! The types of the protocol are decoded by `serde_json`; schemas are the `jsonschema` crate's to judge. In front of
//! it is a program compiled from the schema, which is run over the text in one pass and may only ever say "valid":
//! whatever it refuses or does not know is read again and judged by `jsonschema`, so verdicts and findings are
//! always those of the library, and a test compares the two on a corpus of random schemas and texts.

mod describe;
mod explain;
mod fast;
mod finding;
mod json_pointer;
mod protocol;
mod schema;
mod schema_check;
mod stream;
mod topic;
mod validator;

pub use finding::{Finding, LINE_TOO_LONG, Location, locate};
pub use protocol::{UnknownType, type_names};
pub use schema::MAX_FINDINGS;
pub use schema_check::SchemaError;
pub use stream::{LocatedFinding, Sink, StreamOptions, Summary, document, stream};
pub use validator::Validator;
