//! The state-sync persistence layer: records, saving, loading and tabs as a state machine, and a file backend.

mod error;
#[cfg(feature = "file")]
mod file;

pub use error::{Cause, PersistenceError, PersistenceErrorKind};
#[cfg(feature = "file")]
pub use file::{FileBackend, Origin, Recovered};
