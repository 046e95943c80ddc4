//! What a layer wants done.

use crate::{CallerId, PersistenceError, PersistenceEvent, record::Record, save::ReplaceRule};
use serde_json::Value;
use state_sync::{CrossTabMessage, SnapshotEnvelope};
use std::sync::Arc;

/// Where an offered snapshot comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The stored record.
    Record,
    /// A message of another tab.
    Message,
}

/// How a call of the application ends.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// `load`: whether a record was applied.
    Loaded(bool),
    /// `flush`, `clear` or `dispose` has succeeded.
    Done,
    /// It has failed.
    Failed(PersistenceError),
}

/// One thing to do; they are done in order.
#[derive(Clone, Debug)]
pub enum Output {
    /// Call `load` of the backend; [`Input::Loaded`](crate::Input::Loaded) tells its outcome. Calls of each operation
    /// are numbered from 1.
    Load {
        /// The number of the call.
        number: u64,
    },
    /// Call `save` of the backend; [`Input::Saved`](crate::Input::Saved) tells its outcome.
    Save {
        /// The number of the call.
        number: u64,
        /// What to save.
        record: Arc<Record>,
        /// What the backend asks about the stored record, right before it replaces it.
        rule: ReplaceRule,
    },
    /// Call `clear` of the backend; [`Input::Cleared`](crate::Input::Cleared) tells its outcome.
    Clear {
        /// The number of the call.
        number: u64,
        /// If it is there, only this record is to be removed, and no other one that is stored by then (`PRS-59`).
        only: Option<Arc<Record>>,
    },
    /// Offer a snapshot to the engine (`ENG-60`); [`Input::Offered`](crate::Input::Offered) tells what came of it.
    Offer {
        /// The number of the offer, from 1.
        number: u64,
        /// The snapshot; it has passed the validator.
        snapshot: SnapshotEnvelope<Value>,
        /// Where it comes from.
        origin: Origin,
    },
    /// Send a message to the other tabs; where that fails, [`Input::PostFailed`](crate::Input::PostFailed) tells why.
    Post(CrossTabMessage<Value>),
    /// Call `onPersistenceError`.
    Report(PersistenceError),
    /// Tell the listeners of an event.
    Event(PersistenceEvent),
    /// End a call of the application.
    Settle {
        /// The call.
        caller: CallerId,
        /// How it ends.
        outcome: Outcome,
    },
}
