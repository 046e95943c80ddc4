//! A layer without an engine, with a gate of its own (`PRS-53`).

use crate::{CallerId, Cause, Input, Layer, Now, Origin, Output, PersistenceError, PersistenceErrorKind};
use serde_json::Value;
use state_sync::{Epoch, SnapshotEnvelope};
use state_sync_engine::{Gate, Judgement};
use std::{collections::VecDeque, time::Duration};

/// A [`Layer`] that judges records and messages by itself, and applies what passes.
///
/// What its engine applies goes through it too ([`Standalone::apply`]) and is not judged. At most one apply is under way
/// at any time (`ENG-55`); offers wait for its end, and of several that pass only the newest is applied (`ENG-62`).
pub struct Standalone {
    layer: Layer,
    gate: Gate,
    under_way: Option<UnderWay>,
    /// Applies of the engine that wait.
    applies: VecDeque<(CallerId, SnapshotEnvelope<Value>)>,
    /// Offers that wait.
    offers: Vec<Offer>,
    number: u64,
    outputs: Vec<StandaloneOutput>,
}

struct Offer {
    number: u64,
    origin: Origin,
    snapshot: SnapshotEnvelope<Value>,
}

struct UnderWay {
    number: u64,
    snapshot: SnapshotEnvelope<Value>,
    whose: Whose,
}

enum Whose {
    Engine(CallerId),
    Offer { number: u64, origin: Origin },
}

/// One thing to do; they are done in order.
#[derive(Clone, Debug)]
pub enum StandaloneOutput {
    /// As of the layer; never [`Output::Offer`].
    Layer(Output),
    /// Call `apply` of the application; [`Standalone::apply_ended`] tells its outcome. Calls are numbered from 1.
    Apply {
        /// The number of the call.
        number: u64,
        /// The snapshot.
        snapshot: SnapshotEnvelope<Value>,
    },
    /// A call of [`Standalone::apply`] ends, with the application's error where it failed.
    Applied {
        /// The call.
        caller: CallerId,
        /// Whether it succeeded.
        outcome: Result<(), Cause>,
    },
}

impl Standalone {
    /// The layer, with a gate that has let nothing through yet.
    pub fn new(layer: Layer) -> Self {
        Self {
            layer,
            gate: Gate::default(),
            under_way: None,
            applies: VecDeque::new(),
            offers: Vec::new(),
            number: 0,
            outputs: Vec::new(),
        }
    }

    /// The layer inside.
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// What the gate knows.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// When [`Input::Timer`] is due, if at all.
    pub fn next_timer(&self) -> Option<Duration> {
        self.layer.next_timer()
    }

    /// As [`Layer::open`].
    #[must_use = "the outputs are to be done"]
    pub fn open(&mut self, now: Now) -> Vec<StandaloneOutput> {
        let outputs = self.layer.open(now);
        self.take(outputs, now)
    }

    /// As [`Layer::handle`]; [`Input::Applied`] and [`Input::Offered`] are this machine's own affair.
    #[must_use = "the outputs are to be done"]
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<StandaloneOutput> {
        let outputs = self.layer.handle(input, now);
        self.take(outputs, now)
    }

    /// The engine applies a snapshot.
    #[must_use = "the outputs are to be done"]
    pub fn apply(
        &mut self,
        caller: CallerId,
        snapshot: SnapshotEnvelope<Value>,
        now: Now,
    ) -> Vec<StandaloneOutput> {
        self.applies.push_back((caller, snapshot));
        self.advance(now);
        std::mem::take(&mut self.outputs)
    }

    /// A call of the application's `apply` has come to its end.
    #[must_use = "the outputs are to be done"]
    pub fn apply_ended(
        &mut self,
        number: u64,
        outcome: Result<(), Cause>,
        now: Now,
    ) -> Vec<StandaloneOutput> {
        let Some(UnderWay { snapshot, whose, .. }) =
            self.under_way.take_if(|under_way| under_way.number == number)
        else {
            return Vec::new();
        };
        if outcome.is_ok() {
            self.gate.accept(&snapshot);
        }
        match whose {
            Whose::Engine(caller) => {
                if outcome.is_ok() {
                    self.feed(Input::Applied(snapshot), now);
                }
                self.outputs.push(StandaloneOutput::Applied { caller, outcome });
            }
            Whose::Offer { number, origin } => {
                let applied = outcome.is_ok();
                if let Err(cause) = outcome {
                    self.report(origin, cause);
                }
                self.feed(Input::Offered { number, applied }, now);
            }
        }
        self.advance(now);
        std::mem::take(&mut self.outputs)
    }

    fn take(&mut self, outputs: Vec<Output>, now: Now) -> Vec<StandaloneOutput> {
        self.sort(outputs);
        self.advance(now);
        std::mem::take(&mut self.outputs)
    }

    fn feed(&mut self, input: Input, now: Now) {
        let outputs = self.layer.handle(input, now);
        self.sort(outputs);
    }

    fn sort(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Offer { number, snapshot, origin } => {
                    self.offers.push(Offer { number, origin, snapshot });
                }
                output => self.outputs.push(StandaloneOutput::Layer(output)),
            }
        }
    }

    /// Begins the next apply, if none is under way. What is refused may make the layer offer or ask for more.
    fn advance(&mut self, now: Now) {
        while self.under_way.is_none() {
            if let Some((caller, snapshot)) = self.applies.pop_front() {
                self.begin(snapshot, Whose::Engine(caller));
            } else if let Some(offer) = self.newest_offer(now) {
                self.begin(offer.snapshot, Whose::Offer { number: offer.number, origin: offer.origin });
            } else {
                break;
            }
        }
    }

    fn begin(&mut self, snapshot: SnapshotEnvelope<Value>, whose: Whose) {
        self.number += 1;
        self.outputs.push(StandaloneOutput::Apply { number: self.number, snapshot: snapshot.clone() });
        self.under_way = Some(UnderWay { number: self.number, snapshot, whose });
    }

    /// Of the offers that wait, the newest that passes the gate; the others are told that they were not applied.
    fn newest_offer(&mut self, now: Now) -> Option<Offer> {
        let mut newest: Option<Offer> = None;
        for offer in std::mem::take(&mut self.offers) {
            // Only the provider can tell which epoch is current (ENG-60).
            let passes = matches!(self.gate.judge(&offer.snapshot), Judgement::First | Judgement::Newer);
            let is_newest = newest.as_ref().is_none_or(|other| {
                !Epoch::same(other.snapshot.epoch.as_ref(), offer.snapshot.epoch.as_ref())
                    || other.snapshot.revision < offer.snapshot.revision
            });
            let refused = if passes && is_newest { newest.replace(offer) } else { Some(offer) };
            if let Some(Offer { number, .. }) = refused {
                self.feed(Input::Offered { number, applied: false }, now);
            }
        }
        newest
    }

    /// There is no engine that would tell that an offer could not be applied (`PRS-72`).
    fn report(&mut self, origin: Origin, cause: Cause) {
        let (kind, what) = match origin {
            Origin::Record => (PersistenceErrorKind::InvalidData, "the stored record"),
            Origin::Message => (PersistenceErrorKind::Channel, "the snapshot of another tab"),
        };
        let message = format!("{what} could not be applied: {cause}");
        let error = PersistenceError::new(kind, message).caused_by(cause);
        self.outputs.push(StandaloneOutput::Layer(Output::Report(error)));
    }
}
