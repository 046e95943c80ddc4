//! What the puller remembers: the attempt under way, whom it serves, and what is queued behind it.

use crate::{CallerId, Position, Pulling};
use state_sync::{Revision, SnapshotEnvelope};

/// A caller that waits for a pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiter {
    /// Every `start` under way.
    Start,
    /// One `refresh`.
    Refresh(CallerId),
}

/// The puller of chapter 6, "Pulls". The engine moves it; it knows who is served by what.
#[derive(Clone, Debug)]
pub(crate) struct Puller<D> {
    pub(crate) pulling: Pulling,
    /// The number in its row of the attempt under way, or of the one that ended last.
    pub(crate) number: u32,
    /// Whom the attempt under way serves; while none is, the next one.
    pub(crate) waiters: Vec<Waiter>,
    /// The queued pull, with those who requested it and wait for it.
    pub(crate) queued: Option<Vec<Waiter>>,
    /// The call of `getSnapshot` under way.
    pub(crate) call: Option<u64>,
    /// An answer that waits for the end of an `apply` (`ENG-52`).
    pub(crate) held: Option<SnapshotEnvelope<D>>,
    /// The revision of the answer of the attempt.
    pub(crate) answer: Option<Revision>,
    /// The promise that there was when the attempt began.
    pub(crate) promise: Option<Position>,
    /// Whether a gap came since the attempt began (`ENG-35`).
    pub(crate) gap_since: bool,
    /// Whether the attempt that ended last failed or left the reader behind.
    pub(crate) wanting: bool,
}

impl<D> Default for Puller<D> {
    fn default() -> Self {
        Self {
            pulling: Pulling::Idle,
            number: 0,
            waiters: Vec::new(),
            queued: None,
            call: None,
            held: None,
            answer: None,
            promise: None,
            gap_since: false,
            wanting: false,
        }
    }
}

impl<D> Puller<D> {
    /// Begins attempt `number` of a row, which `call` serves.
    pub(crate) fn begin(&mut self, number: u32, call: u64, promise: Option<Position>) {
        self.pulling = Pulling::Attempt;
        self.number = number;
        self.call = Some(call);
        self.answer = None;
        self.promise = promise;
        self.gap_since = false;
    }

    /// Queues a pull or joins the queued one; whether it joined.
    pub(crate) fn queue(&mut self, waiter: Option<Waiter>) -> bool {
        let joined = self.queued.is_some();
        self.queued.get_or_insert_default().extend(waiter);
        joined
    }

    /// The next attempt serves those of the queued pull too (`ENG-46`).
    pub(crate) fn merge_queue(&mut self) {
        self.waiters.extend(self.queued.take().into_iter().flatten());
    }

    /// Drops a queued pull that no `refresh` has requested (`ENG-20`); whether one that had its turn next was dropped.
    pub(crate) fn drop_unrequested(&mut self) -> bool {
        let requested =
            |waiters: &[Waiter]| waiters.iter().any(|waiter| matches!(waiter, Waiter::Refresh(_)));
        self.queued = self.queued.take().filter(|waiters| requested(waiters));
        let dropped = self.pulling == Pulling::Turn && !requested(&self.waiters);
        if dropped {
            self.pulling = Pulling::Idle;
        }
        dropped
    }

    /// Forgets the attempt and the queue, and gives everyone who waits.
    pub(crate) fn abandon(&mut self) -> Vec<Waiter> {
        self.merge_queue();
        self.pulling = Pulling::Idle;
        self.call = None;
        self.held = None;
        std::mem::take(&mut self.waiters)
    }
}
