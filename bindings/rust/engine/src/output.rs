//! What an engine wants done.

use crate::{CallerId, Note, Report, SharedError, Status};
use state_sync::{InvalidationEvent, SnapshotEnvelope};
use std::fmt;

/// A port whose calls take time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Port {
    /// Subscribes to the invalidation events.
    Subscribe,
    /// Pulls a snapshot.
    GetSnapshot,
    /// Applies one.
    Apply,
}

impl Port {
    /// The name that is the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Port::Subscribe => "subscribe",
            Port::GetSnapshot => "getSnapshot",
            Port::Apply => "apply",
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A call of the application that waits for its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Of `start`.
    Start(CallerId),
    /// Of `refresh`.
    Refresh(CallerId),
    /// Of `offer`.
    Offer(CallerId),
}

/// How a call of the application ends.
#[derive(Debug)]
pub enum Outcome<E> {
    /// `start` or `refresh` has succeeded.
    Done,
    /// Whether an offer was applied (`ENG-64`).
    Offered(bool),
    /// `start` or `refresh` has failed.
    Failed(SharedError<E>),
}

// Not derived: a shared error is cloned without cloning the application's.
impl<E> Clone for Outcome<E> {
    fn clone(&self) -> Self {
        match self {
            Outcome::Done => Outcome::Done,
            Outcome::Offered(applied) => Outcome::Offered(*applied),
            Outcome::Failed(error) => Outcome::Failed(SharedError::clone(error)),
        }
    }
}

/// One thing to do; they are done in order. `D` is the data of a snapshot, `E` the application's error.
#[derive(Clone, Debug)]
pub enum Output<D, E> {
    /// Call `subscribe`; [`Input::Subscribed`](crate::Input::Subscribed) tells its outcome. Calls of each port are
    /// numbered from 1.
    Subscribe {
        /// The number of the call.
        number: u64,
    },
    /// End the subscription that this call of `subscribe` has given, and let nothing of it come in any more.
    Unsubscribe {
        /// The number of the call of `subscribe`.
        subscription: u64,
    },
    /// Call `getSnapshot`; [`Input::Snapshot`](crate::Input::Snapshot) tells its outcome.
    GetSnapshot {
        /// The number of the call.
        number: u64,
    },
    /// Call `apply`; [`Input::Applied`](crate::Input::Applied) tells its outcome.
    Apply {
        /// The number of the call.
        number: u64,
        /// The snapshot.
        snapshot: SnapshotEnvelope<D>,
    },
    /// Tell a call that its outcome is no longer wanted; what it gives later is discarded, whoever passes it on.
    Cancel {
        /// The port.
        port: Port,
        /// The number of the call.
        number: u64,
    },
    /// Ask the application about an event. All other inputs but `Stop` wait for the answer,
    /// [`Input::ShouldRefresh`](crate::Input::ShouldRefresh).
    ShouldRefresh {
        /// The event.
        event: InvalidationEvent,
    },
    /// Have the application's validator look at a snapshot. All other inputs but `Stop` wait for the answer,
    /// [`Input::Validated`](crate::Input::Validated).
    Validate {
        /// The snapshot, which comes back with the answer.
        snapshot: SnapshotEnvelope<D>,
    },
    /// Call `onError`.
    Report(Box<Report<E>>),
    /// Tell the listeners the new status.
    Status(Status),
    /// End a call of the application.
    Settle {
        /// The call.
        caller: Caller,
        /// How it ends.
        outcome: Outcome<E>,
    },
    /// Tell the logger.
    Note(Note),
}

impl<D, E> Output<D, E> {
    /// The port call that this is.
    pub(crate) fn call(&self) -> Option<(Port, u64)> {
        match self {
            Output::Subscribe { number } => Some((Port::Subscribe, *number)),
            Output::GetSnapshot { number } => Some((Port::GetSnapshot, *number)),
            Output::Apply { number, .. } => Some((Port::Apply, *number)),
            _ => None,
        }
    }
}
