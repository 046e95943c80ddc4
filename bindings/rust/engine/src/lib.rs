//! The state-sync engine: a state machine without I/O that keeps a reader's copy of one topic current.
#![deny(missing_docs)]

#[cfg(feature = "tokio")]
pub mod driver;
mod engine;
mod gate;
mod input;
mod limiter;
mod machine;
mod metrics;
mod options;
mod output;
mod position;
mod puller;
mod report;
mod retry;
mod rules;
mod status;
mod timers;

pub use engine::Engine;
pub use gate::{Gate, Judgement, LEFT_EPOCHS};
pub use input::{CallerId, Input};
pub use limiter::Limiter;
pub use machine::Machine;
pub use metrics::Metrics;
pub use options::{InvalidOption, Options, Throttling};
pub use output::{Caller, Outcome, Output, Port};
pub use position::Position;
pub use report::{Failure, Note, Report, SharedError, SyncError};
pub use retry::{Advice, Attempts, RetryPolicy};
pub use rules::{Normative, Placement, Pulling, Requester, Rules, State};
pub use status::Status;
