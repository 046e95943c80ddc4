//! The layer: what it remembers, and how each input is handled to its end.

mod clearing;
mod loading;
mod saving;
mod tabs;

use crate::{
    CallerId, Cause, Input, Now, Options, Output, PersistenceError, PersistenceErrorKind, PersistenceEvent,
    PersistenceStats,
    record::Record,
    save::UselessRecord,
    timers::{Timer, Timers},
};
use loading::{Loading, Offered};
use saving::{Disposal, Flush, Pending, Saving};
use serde_json::Value;
use state_sync::{Epoch, Revision, SnapshotEnvelope};
use state_sync_engine::{InvalidOption, Limiter};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// The source of chance: numbers from 0 (included) to 1 (excluded).
pub type Random = Box<dyn FnMut() -> f64 + Send>;

/// The persistence layer of an engine, as a state machine without I/O.
///
/// [`Layer::handle`] takes what happens and gives what is to be done, in order. It calls no backend, sets no timer and
/// reads no clock; only the application's pure functions (the compressor, the steps of a migration, the validator) are
/// called from inside.
///
/// ```
/// use serde_json::json;
/// use state_sync::{Revision, SnapshotEnvelope};
/// use state_sync_persistence::{Input, Layer, Now, Options, Output};
///
/// let mut layer = Layer::new(Options::default(), || 0.0)?;
/// let snapshot = SnapshotEnvelope::new(Revision::new(1), json!("dark"));
/// let outputs = layer.handle(Input::Applied(snapshot), Now::default());
/// assert!(outputs.iter().any(|output| matches!(output, Output::Save { number: 1, .. })));
/// # Ok::<(), state_sync_engine::InvalidOption>(())
/// ```
pub struct Layer {
    options: Options,
    random: Random,
    limiter: Limiter,
    timers: Timers,
    outputs: Vec<Output>,
    stats: PersistenceStats,
    store: Store,
    pending: Option<Pending>,
    /// Whether the pending save is to begin as soon as the store is free.
    wanted: bool,
    /// Whether the store holds a newer schema, so that nothing is saved until it has been cleared (`PRS-30`).
    blocked: bool,
    disposed: bool,
    flushes: Vec<Flush>,
    disposal: Disposal,
    /// Who waits for a clearing.
    clears: Vec<CallerId>,
    /// The save after which another tab's `clear` is to be made up for (`PRS-59`).
    late_clear: Option<Arc<Record>>,
    /// Whether a clearing of the application's was asked for before that one.
    own_clear_first: bool,
    loading: Option<Loading>,
    offers: BTreeMap<u64, Offered>,
    /// A stored record that ended a loading and is of no use (`PRS-70`).
    useless: UselessRecord,
    /// The snapshot that was applied last, unless a clearing has come since: what a `request-sync` is answered with.
    shown: Option<SnapshotEnvelope<Value>>,
    /// What other tabs have sent since an answer was put off; `None` where none is (`PRS-57`).
    heard: Option<Vec<(Epoch, Revision)>>,
    numbers: Numbers,
}

/// What the backend is doing, beside loading for the application.
enum Store {
    Idle,
    Saving(Saving),
    Clearing { number: u64, own: bool },
}

/// The last number of each sort.
#[derive(Default)]
struct Numbers {
    load: u64,
    save: u64,
    clear: u64,
    offer: u64,
    snapshot: u64,
}

fn next(number: &mut u64) -> u64 {
    *number += 1;
    *number
}

impl Layer {
    /// A layer that has seen nothing yet; where there is a channel, [`Layer::open`] follows. `random` gives numbers from
    /// 0 (included) to 1 (excluded).
    ///
    /// # Errors
    ///
    /// [`InvalidOption`] for an option outside of its range (`PRS-1`).
    pub fn new(
        options: Options,
        random: impl FnMut() -> f64 + Send + 'static,
    ) -> Result<Self, InvalidOption> {
        options.check()?;
        let limiter = Limiter::new(options.limiter_options())?;
        Ok(Self {
            options,
            random: Box::new(random),
            limiter,
            timers: Timers::default(),
            outputs: Vec::new(),
            stats: PersistenceStats::default(),
            store: Store::Idle,
            pending: None,
            wanted: false,
            blocked: false,
            disposed: false,
            flushes: Vec::new(),
            disposal: Disposal::default(),
            clears: Vec::new(),
            late_clear: None,
            own_clear_first: false,
            loading: None,
            offers: BTreeMap::new(),
            useless: UselessRecord::default(),
            shown: None,
            heard: None,
            numbers: Numbers::default(),
        })
    }

    /// The channel to the other tabs is open (`PRS-56`).
    #[must_use = "the outputs are to be done"]
    pub fn open(&mut self, now: Now) -> Vec<Output> {
        self.channel_opened(now);
        std::mem::take(&mut self.outputs)
    }

    /// Handles an input to its end, and gives what is to be done, in order.
    #[must_use = "the outputs are to be done"]
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Output> {
        match input {
            Input::Applied(snapshot) => self.applied(snapshot, now),
            Input::Offered { number, applied } => self.offered(number, applied, now),
            Input::Load(caller) => self.load(caller, now),
            Input::Flush(caller) => self.flush(caller, now),
            Input::Clear(caller) => self.clear(caller, now),
            Input::Dispose(caller) => self.dispose(caller, now),
            Input::PageHidden => self.page_hidden(now),
            Input::Message(message) => self.message(&message, now),
            Input::PostFailed(cause) => self.post_failed(cause),
            Input::Loaded { number, outcome } => self.loaded(number, outcome, now),
            Input::Saved { number, outcome } => self.saved(number, outcome, now),
            Input::Cleared { number, outcome } => self.cleared(number, outcome, now),
            Input::Timer => self.fire(now),
        }
        std::mem::take(&mut self.outputs)
    }

    /// When [`Input::Timer`] is due, if at all, by the monotonic clock.
    pub fn next_timer(&self) -> Option<Duration> {
        self.timers.next().map(|(_, due)| due)
    }

    /// Whether an applied snapshot is not in the store yet: it waits for its save, or its save is in flight.
    pub fn has_pending_save(&self) -> bool {
        self.pending.is_some() || matches!(self.store, Store::Saving(_))
    }

    /// What the layer has done so far (`PRS-67`).
    pub fn stats(&self) -> PersistenceStats {
        self.stats
    }

    /// What it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    fn fire(&mut self, now: Now) {
        let Some((timer, due)) = self.timers.next().filter(|(_, due)| *due <= now.time) else { return };
        self.timers.drop(timer);
        match timer {
            Timer::Limiter => {
                if self.limiter.fire(due.max(now.time)) {
                    self.wanted = self.pending.is_some();
                    self.advance(now);
                }
            }
            Timer::Answer => self.answer(now),
            Timer::LoadTimeout => {
                let error = timeout("load", self.options.load_timeout);
                self.load_ended(Err(error), now);
            }
            Timer::StoreTimeout => match &self.store {
                Store::Idle => {}
                Store::Saving(saving) => {
                    let number = saving.number;
                    saving.rule.revoke();
                    self.saved(number, Err(timeout("save", self.options.save_timeout)), now);
                }
                Store::Clearing { number, .. } => {
                    let number = *number;
                    self.cleared(number, Err(timeout("clear", self.options.save_timeout)), now);
                }
            },
        }
    }

    /// Begins what waits for the store, if that is free: a clearing before a save.
    fn advance(&mut self, now: Now) {
        if !matches!(self.store, Store::Idle) {
            return;
        }
        let is_its_turn = !self.own_clear_first || self.clears.is_empty();
        if let Some(record) = self.late_clear.take_if(|_| is_its_turn) {
            self.begin_clear(false, Some(record), now);
        } else if !self.clears.is_empty() {
            self.begin_clear(true, None, now);
        } else if self.wanted {
            self.begin_save(now);
        }
    }

    fn report(&mut self, error: PersistenceError) {
        self.outputs.push(Output::Report(error));
    }

    fn event(&mut self, event: PersistenceEvent) {
        self.outputs.push(Output::Event(event));
    }

    fn post_failed(&mut self, cause: Cause) {
        let message = format!("a message to the other tabs could not be sent: {cause}");
        self.report(PersistenceError::new(PersistenceErrorKind::Channel, message).caused_by(cause));
    }
}

fn timeout(operation: &str, time: Duration) -> PersistenceError {
    let message = format!("the backend's {operation} has not ended within {} ms", time.as_millis());
    PersistenceError::new(PersistenceErrorKind::Timeout, message)
}
