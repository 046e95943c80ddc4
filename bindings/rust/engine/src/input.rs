//! What happens to an engine.

use crate::Failure;
use state_sync::{DecodeError, InvalidationEvent, SnapshotEnvelope};

/// Names a call of `start`, `refresh` or `offer`, so that its outcome finds its way back. The caller of the machine
/// chooses it; the machine repeats it in [`Output::Settle`](crate::Output::Settle) and compares it with nothing.
pub type CallerId = u64;

/// One thing that happens. `D` is the data of a snapshot, `E` the application's error.
#[derive(Clone, Debug)]
pub enum Input<D, E> {
    /// The application starts the engine.
    Start(CallerId),
    /// The application asks for a pull.
    Refresh(CallerId),
    /// The application stops the engine for good. It takes effect at once, also while there are outputs to be done.
    Stop,
    /// A snapshot comes from elsewhere than the provider, decoded or not.
    Offer {
        /// Who is told whether it was applied.
        caller: CallerId,
        /// The snapshot, or why it is none.
        snapshot: Result<SnapshotEnvelope<D>, DecodeError>,
    },
    /// The subscriber delivers an event. [`Engine::handle_event`](crate::Engine::handle_event) takes it by reference.
    Event(InvalidationEvent),
    /// The subscriber delivers something that is no event.
    InvalidEvent(DecodeError),
    /// The subscriber says that events may have been lost.
    Gap,
    /// A call of `subscribe` has come to its end.
    Subscribed {
        /// The number of the call.
        number: u64,
        /// Whether there is a subscription now.
        outcome: Result<(), Failure<E>>,
    },
    /// Ending a subscription has failed.
    UnsubscribeFailed(Failure<E>),
    /// A call of `getSnapshot` has come to its end.
    Snapshot {
        /// The number of the call.
        number: u64,
        /// The answer.
        outcome: Result<SnapshotEnvelope<D>, Failure<E>>,
    },
    /// A call of `apply` has come to its end.
    Applied {
        /// The number of the call.
        number: u64,
        /// Whether the application's state now is the snapshot's.
        outcome: Result<(), Failure<E>>,
    },
    /// The answer to [`Output::ShouldRefresh`](crate::Output::ShouldRefresh).
    ShouldRefresh(Result<bool, Failure<E>>),
    /// A `shouldRefresh` that had answered fails afterwards, where a language has such a thing.
    ShouldRefreshFailed {
        /// The event that it was about.
        event: InvalidationEvent,
        /// The error.
        error: Failure<E>,
    },
    /// The answer to [`Output::Validate`](crate::Output::Validate): the snapshot comes back, or is refused.
    Validated(Result<SnapshotEnvelope<D>, Failure<E>>),
    /// The time of [`Engine::next_timer`](crate::Engine::next_timer) has come: the earliest timer fires, and no other.
    Timer,
}
