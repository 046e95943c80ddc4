//! The state-sync engine: a state machine without I/O that keeps a reader's copy of one topic current.
//!
//! An [`Engine`] is told what happens ([`Input`]), at what time, and says what to do about it ([`Output`]). It calls
//! nothing, waits for nothing and reads no clock, so that it is the same machine in a desktop application, in a browser
//! and in a test. It follows chapter 6 of the prose; the items here cite its requirements (`ENG-1`, …).
//!
//! ```
//! use state_sync::{Revision, SnapshotEnvelope, Topic};
//! use state_sync_engine::{Engine, Input, Options, Output};
//! use std::time::Duration;
//!
//! let mut engine: Engine<&str, String> = Engine::new(Topic::new("theme")?, Options::default(), || 0.5)?;
//! let now = Duration::ZERO;
//! engine.handle(Input::Start(1), now);
//! while let Some(output) = engine.next_output() {
//!     match output {
//!         Output::Subscribe { number } => engine.handle(Input::Subscribed { number, outcome: Ok(()) }, now),
//!         Output::GetSnapshot { number } => {
//!             let outcome = Ok(SnapshotEnvelope::new(Revision::new(7), "dark"));
//!             engine.handle(Input::Snapshot { number, outcome }, now);
//!         }
//!         Output::Apply { number, snapshot } => {
//!             assert_eq!(snapshot.data, "dark");
//!             engine.handle(Input::Applied { number, outcome: Ok(()) }, now);
//!         }
//!         _ => {}
//!     }
//! }
//! assert_eq!((engine.local_revision(), engine.status().as_str()), (Revision::new(7), "live"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rooms
//!
//! | item | what it is |
//! | --- | --- |
//! | [`Engine`], [`Input`], [`Output`], [`Options`] | the machine |
//! | [`Limiter`], [`Gate`], [`RetryPolicy`] | its parts, each by itself; persistence and transports use them too |
//! | [`Rules`], [`Machine`] | its decisions one by one, and what a driver sees of it: for those who break it on purpose |
//! | `driver` (feature `tokio`) | the machine with tokio around it: ports as async functions, a handle |
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

#[cfg(all(doctest, feature = "tokio"))]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
