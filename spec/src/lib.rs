//! The state-sync protocol: what two programs that hold the same piece of state say to each other.
//!
//! One logical piece of state, a [`Topic`], has one source of truth and many readers. The source numbers its
//! states with a [`Revision`]; an [`InvalidationEvent`] tells the readers that a newer one exists, and a
//! [`SnapshotEnvelope`] carries it. The prose with the numbered requirements that the items below cite
//! (`REV-1`, `ENV-2`, …) is in `spec/text`.
//!
//! ```
//! use state_sync::{Revision, SnapshotEnvelope};
//!
//! let envelope: SnapshotEnvelope<Vec<String>> =
//!     serde_json::from_str(r#"{"revision":"41","data":["dark"]}"#)?;
//! assert_eq!(envelope.revision.next(), Revision::new(42));
//!
//! // A number is no revision, whatever a derive-based decoder would make of it.
//! assert!(serde_json::from_str::<SnapshotEnvelope<Vec<String>>>(r#"{"revision":41,"data":[]}"#).is_err());
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # What decoding guarantees
//!
//! Every type here refuses what serde lets through by default: an array where an object is meant, a number as a
//! revision, a missing `data` even where it may be `null`, a member given twice. Unknown members are ignored, and
//! an explicit `null` in an optional member reads as absent. [`decode`] does the same with an error that has a
//! stable code, a JSON Pointer and a sentence; with the feature `json`, [`json::from_str`] does it for JSON text.
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `std` (default) | [`Source`], the helper for the side that owns the state |
//! | `json` | [`json`]: decoding of JSON text, quick where it is right and precise where it is wrong |
//! | `schema` | `schemars::JsonSchema` for every type |
//! | `ts` | `ts_rs::TS` for every type |
//!
//! Without `std` the crate needs `alloc` alone.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![deny(missing_docs)]

extern crate alloc;

pub mod catalog;
mod cross_tab_message;
mod decode_value;
mod epoch;
mod error;
mod invalidation_event;
#[cfg(feature = "json")]
pub mod json;
mod json_value;
mod object;
mod persisted_snapshot;
mod revision;
mod safe_integer;
mod skipped;
mod snapshot_envelope;
#[cfg(feature = "std")]
mod source;
mod sync_error_context;
mod sync_phase;
mod topic;

pub use cross_tab_message::CrossTabMessage;
pub use epoch::Epoch;
pub use error::{DecodeError, ErrorCode};
pub use invalidation_event::InvalidationEvent;
pub use json_value::{Json, decode};
pub use persisted_snapshot::{PersistedMetadata, PersistedSnapshot};
pub use revision::{InvalidRevision, Revision, compare_revisions};
pub use safe_integer::{OutOfRange, SafeInteger};
pub use snapshot_envelope::SnapshotEnvelope;
#[cfg(feature = "std")]
pub use source::{RevisionsExhausted, Source, Update, UpdateError};
pub use sync_error_context::SyncErrorContext;
pub use sync_phase::SyncPhase;
pub use topic::{BlankTopic, Topic, is_blank};

#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
