//! What happens to a layer.

use crate::{Cause, PersistenceError, record::Record, save::Replacement};
use serde_json::Value;
use state_sync::SnapshotEnvelope;
use std::time::Duration;

/// Names a call of the application, so that its outcome finds its way back. The caller of the machine chooses it; the
/// machine repeats it in [`Output::Settle`](crate::Output::Settle) and compares it with nothing.
pub type CallerId = u64;

/// The time at which an input happens, by both clocks (`PRS-68`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// The monotonic clock, from any beginning.
    pub time: Duration,
    /// The wall clock, in milliseconds since the Unix epoch.
    pub wall_ms: u64,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Input {
    /// The application's state now is this snapshot, which was applied from an answer of the provider, or from an offer
    /// that is neither a record nor a message of another tab (`PRS-26`).
    Applied(SnapshotEnvelope<Value>),
    /// An offer that the layer made has been judged and, where it passed, applied.
    Offered {
        /// The number of the offer.
        number: u64,
        /// Whether it was applied.
        applied: bool,
    },
    /// The application loads.
    Load(CallerId),
    /// The application asks for what is pending to be saved at once.
    Flush(CallerId),
    /// The application clears what is stored.
    Clear(CallerId),
    /// The application is done with the layer.
    Dispose(CallerId),
    /// The platform says that the page or window goes away or is hidden (`PRS-36`).
    PageHidden,
    /// The channel has brought this, well-formed or not.
    Message(Value),
    /// Sending a message has failed.
    PostFailed(Cause),
    /// A call of `load` has come to its end.
    Loaded {
        /// The number of the call.
        number: u64,
        /// The record, nothing, or why there is none; what does not decode is `unreadable`
        /// ([`record::decode`](crate::record::decode)).
        outcome: Result<Option<Record>, PersistenceError>,
    },
    /// A call of `save` has come to its end.
    Saved {
        /// The number of the call.
        number: u64,
        /// What the rule of the save has said.
        outcome: Result<Replacement, PersistenceError>,
    },
    /// A call of `clear` has come to its end.
    Cleared {
        /// The number of the call.
        number: u64,
        /// Whether it succeeded.
        outcome: Result<(), PersistenceError>,
    },
    /// The time of [`Layer::next_timer`](crate::Layer::next_timer) has come: the earliest timer fires, and no other.
    Timer,
}
