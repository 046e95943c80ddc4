//! The decisions of an engine, each by itself.
//!
//! [`Normative`] decides by chapter 6 of the prose. The conformance suite makes broken engines by overriding one of
//! them; an application has no reason to.

use crate::{Gate, Judgement, Limiter, Position, RetryPolicy, Status};
use state_sync::{Epoch, InvalidationEvent, Revision, SnapshotEnvelope};
use std::time::Duration;

/// What an engine's life has come to (chapter 6, "What it remembers").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Never started, or starting has failed.
    #[default]
    New,
    /// `start` is under way.
    Starting,
    /// `start` has succeeded.
    Running,
    /// For good.
    Stopped,
}

/// What the puller is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pulling {
    /// Nothing.
    #[default]
    Idle,
    /// An attempt is under way.
    Attempt,
    /// It waits for the time of the next attempt.
    Waiting,
    /// A queued pull waits for a turn of the event loop (`ENG-49`).
    Turn,
}

/// Who requests a pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requester {
    /// `start`, once it is subscribed.
    Start,
    /// `refresh`.
    Refresh,
    /// The limiter.
    Limiter,
}

/// What becomes of a requested pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Attempt 1 of a new row begins at once.
    Begin,
    /// It is queued behind the attempt under way, or joins the pull that is.
    Queue,
    /// It joins the attempt that comes next.
    Join,
    /// Nothing comes of it.
    Drop,
}

/// The decisions of an engine.
///
/// Every method has a default, which is the rule of the prose; it asks nothing and changes nothing.
pub trait Rules {
    /// Whether an event is ignored as stale (`ENG-30`).
    fn is_stale(&self, gate: &Gate, event: &InvalidationEvent) -> bool {
        gate.is_stale(event)
    }

    /// Whether an event, of which `shouldRefresh` has said this, is of interest (`ENG-31`, `ENG-32`).
    fn is_wanted<E>(&self, answer: &Result<bool, E>) -> bool {
        !matches!(answer, Ok(false))
    }

    /// Whether an event raises the promise (`ENG-33`).
    fn raises(&self, promise: Option<&Position>, event: &Position, gate: &Gate) -> bool {
        let Some(promise) = promise else { return true };
        if promise.epoch == event.epoch {
            return promise.revision < event.revision;
        }
        gate.local().is_none_or(|local| local.epoch != event.epoch)
    }

    /// Whether a promise is reached (`ENG-41`).
    fn is_reached(&self, gate: &Gate, promise: &Position) -> bool {
        gate.has_reached(promise)
    }

    /// Whether a promise is void (`ENG-41`).
    fn is_void(&self, gate: &Gate, promise: &Position) -> bool {
        gate.has_left(Some(&promise.epoch))
    }

    /// When the limiter calls next after a trigger at the time `now` (`ENG-36`).
    fn due(&self, limiter: &Limiter, now: Duration) -> Duration {
        limiter.due_after_trigger(now)
    }

    /// Whether an event or a gap triggers the limiter (`ENG-34`, `ENG-35`).
    fn triggers(&self, subscribed: bool) -> bool {
        subscribed
    }

    /// Whether a call of the limiter requests a pull (`ENG-41`).
    fn pulls_when_due(&self, gap: bool, promise: Option<&Position>, gate: &Gate) -> bool {
        gap || promise.is_some_and(|promise| !self.is_reached(gate, promise))
    }

    /// What becomes of a requested pull (`ENG-42` to `ENG-44`).
    fn place(&self, pulling: Pulling, requester: Requester) -> Placement {
        match (pulling, requester) {
            (Pulling::Idle, _) | (Pulling::Waiting, Requester::Refresh) => Placement::Begin,
            (Pulling::Attempt, _) => Placement::Queue,
            (Pulling::Waiting | Pulling::Turn, _) => Placement::Join,
        }
    }

    /// What a snapshot is to the reader (`ENG-52`).
    fn judge(&self, gate: &Gate, epoch: Option<&Epoch>, revision: Revision) -> Judgement {
        gate.judge_at(epoch, revision)
    }

    /// Whether an answer of the provider that is judged so is applied (`ENG-52`).
    fn applies_answer(&self, judgement: Judgement) -> bool {
        judgement.applies()
    }

    /// Whether an offer that is judged so is applied (`ENG-60`).
    fn applies_offer(&self, judgement: Judgement) -> bool {
        matches!(judgement, Judgement::First | Judgement::Newer)
    }

    /// Whether an offer that is judged so counts as a gap (`ENG-60`).
    fn offer_is_gap(&self, judgement: Judgement) -> bool {
        judgement == Judgement::NewEpoch
    }

    /// Whether an offer that waits is newer than the newest one so far (`ENG-62`).
    fn is_newer_offer<D>(&self, offer: &SnapshotEnvelope<D>, newest: &SnapshotEnvelope<D>) -> bool {
        Epoch::same(offer.epoch.as_ref(), newest.epoch.as_ref()) && offer.revision > newest.revision
    }

    /// Whether an answer may be judged while an `apply` is under way; it may not (`ENG-52`, `ENG-55`).
    fn applies_side_by_side(&self) -> bool {
        false
    }

    /// Whether an attempt that succeeded leaves the reader behind: `older` is the gate's judgement of its answer,
    /// `promise` the one that there was when it began (`ENG-56`).
    fn leaves_behind(&self, older: bool, promise: Option<&Position>, gate: &Gate) -> bool {
        let unreached = |promise: &Position| !self.is_reached(gate, promise) && !self.is_void(gate, promise);
        older || promise.is_some_and(unreached)
    }

    /// Whether another attempt follows attempt `number` of a row (`ENG-65`).
    fn allows_after(&self, policy: &RetryPolicy, number: u32) -> bool {
        policy.allows_after(number)
    }

    /// How long to wait after attempt `number` of a row (`ENG-65`).
    fn delay_after(&self, policy: &RetryPolicy, number: u32, random: f64) -> Duration {
        policy.delay_after(number, random)
    }

    /// Whether a queued pull begins when an attempt has ended (`ENG-47`, `ENG-48`).
    fn keeps_queue(&self, _attempt_succeeded: bool) -> bool {
        true
    }

    /// Whether the event loop turns before a queued pull begins (`ENG-49`).
    fn turns(&self) -> bool {
        true
    }

    /// How current the reader's copy is: `wanting` says that the attempt that ended last failed or left the reader
    /// behind (`ENG-84`).
    fn status(&self, state: State, wanting: bool) -> Status {
        match state {
            State::New => Status::Idle,
            State::Starting => Status::Starting,
            State::Running if wanting => Status::Stale,
            State::Running => Status::Live,
            State::Stopped => Status::Stopped,
        }
    }
}

/// The rules of the prose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Normative;

impl Rules for Normative {}
