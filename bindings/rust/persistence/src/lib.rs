#![doc = include_str!("../README.md")]

pub mod compression;
mod error;
mod events;
#[cfg(feature = "file")]
mod file;
mod input;
mod layer;
pub mod load;
pub mod migration;
mod options;
mod output;
pub mod record;
pub mod save;
mod standalone;
mod stats;
mod timers;

pub use compression::Compressor;
pub use error::{Cause, PersistenceError, PersistenceErrorKind};
pub use events::PersistenceEvent;
#[cfg(feature = "file")]
pub use file::{FileBackend, FoundIn, Recovered};
pub use input::{CallerId, Input, Now};
pub use layer::{Layer, Random};
pub use load::{LoadOptions, Validator};
pub use migration::{Migration, MigrationBuilder, MigrationGap};
pub use options::{Options, Tabs};
pub use output::{Origin, Outcome, Output};
pub use record::{Record, RecordOptions};
pub use save::{ReplaceRule, Replacement};
pub use standalone::{Standalone, StandaloneOutput};
pub use stats::PersistenceStats;
