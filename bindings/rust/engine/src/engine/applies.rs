//! `apply`, for answers and for offers.

use super::{Engine, Question};
use crate::{
    Caller, CallerId, Failure, Judgement, Outcome, Output, Port, Position, Rules, State, SyncError,
    report::Cause, timers::Timer,
};
use state_sync::{DecodeError, SnapshotEnvelope, SyncPhase};
use std::sync::Arc;

/// An `apply` under way.
#[derive(Clone, Debug)]
pub(super) struct Applying {
    pub(super) number: u64,
    position: Position,
    /// Who made the offer; `None` for the answer of an attempt.
    offer: Option<CallerId>,
}

impl<D, E, R: Rules> Engine<D, E, R> {
    pub(super) fn apply(&mut self, snapshot: SnapshotEnvelope<D>, offer: Option<CallerId>) {
        let number = self.number_call(Port::Apply);
        self.applying = Some(Applying { number, position: Position::of(&snapshot), offer });
        self.outputs.push_back(Output::Apply { number, snapshot });
    }

    pub(super) fn applied(&mut self, number: u64, outcome: Result<(), Failure<E>>) {
        let Some(applying) = self.applying.take_if(|applying| applying.number == number) else { return };
        self.timers.drop(Timer::ApplyTimeout);
        match outcome {
            Ok(()) => {
                self.metrics.applied += 1;
                self.gate.accept_at(applying.position);
                self.forget_void_promise();
                match applying.offer {
                    Some(caller) => self.settle(Caller::Offer(caller), Outcome::Offered(true)),
                    None => self.attempt_succeeded(true, false),
                }
            }
            Err(failure) => self.apply_failed(&applying, failure.into()),
        }
        self.apply_ended();
    }

    pub(super) fn apply_timed_out(&mut self) {
        let Some(applying) = self.applying.take() else { return };
        self.cancel(Port::Apply, applying.number);
        self.apply_failed(&applying, Cause::timed_out(Port::Apply, self.options.apply_timeout));
        self.apply_ended();
    }

    fn apply_failed(&mut self, applying: &Applying, cause: Cause<E>) {
        let Some(caller) = applying.offer else {
            return self.attempt_failed(SyncPhase::Apply, cause);
        };
        let (local, promised) = (self.gate.revision(), self.promise.as_ref().map(|promise| promise.revision));
        self.report(SyncPhase::Apply, Arc::new(cause.error), |report| {
            report.local_revision = Some(local);
            report.event_revision = promised;
            report.snapshot_revision = Some(applying.position.revision);
        });
        self.settle(Caller::Offer(caller), Outcome::Offered(false));
    }

    /// What waited for the end of an `apply` has its turn: the answer of an attempt, then the offers.
    fn apply_ended(&mut self) {
        if let Some(snapshot) = self.puller.held.take() {
            self.answered(snapshot);
        }
        if self.applying.is_none() {
            let offers = std::mem::take(&mut self.offers);
            self.judge_offers(offers);
        }
    }

    fn forget_void_promise(&mut self) {
        let void = |promise: &mut Position| self.rules.is_void(&self.gate, promise);
        self.promise.take_if(void);
    }

    pub(super) fn offer(&mut self, caller: CallerId, snapshot: Result<SnapshotEnvelope<D>, DecodeError>) {
        match snapshot {
            _ if self.state == State::Stopped => self.settle(Caller::Offer(caller), Outcome::Offered(false)),
            Ok(snapshot) if self.options.validates => {
                self.ask(Question::Offer(caller), Output::Validate { snapshot });
            }
            Ok(snapshot) => self.offered(caller, snapshot),
            Err(error) => self.refuse_offer(caller, SyncError::Undecodable(error)),
        }
    }

    fn refuse_offer(&mut self, caller: CallerId, error: SyncError<E>) {
        self.report_local(SyncPhase::Protocol, error);
        self.settle(Caller::Offer(caller), Outcome::Offered(false));
    }

    pub(super) fn validated(&mut self, answer: Result<SnapshotEnvelope<D>, Failure<E>>) {
        match (self.question.take(), answer) {
            (Some(Question::Answer), Ok(snapshot)) => self.answered(snapshot),
            (Some(Question::Answer), Err(failure)) => {
                // A validator is no port: it has no say in what follows (ENG-66).
                self.attempt_failed(SyncPhase::Protocol, SyncError::from(failure).into());
            }
            (Some(Question::Offer(caller)), Ok(snapshot)) => self.offered(caller, snapshot),
            (Some(Question::Offer(caller)), Err(failure)) => self.refuse_offer(caller, failure.into()),
            (other, _) => self.question = other,
        }
    }

    fn offered(&mut self, caller: CallerId, snapshot: SnapshotEnvelope<D>) {
        self.offers.push((caller, snapshot));
        if self.applying.is_none() {
            let offers = std::mem::take(&mut self.offers);
            self.judge_offers(offers);
        }
    }

    /// Applies the newest of the offers that pass the gate; the others are judged as if it had been applied already
    /// (`ENG-60`, `ENG-62`).
    fn judge_offers(&mut self, offers: Vec<(CallerId, SnapshotEnvelope<D>)>) {
        let (mut newest, mut beaten) = (None::<(CallerId, SnapshotEnvelope<D>)>, Vec::new());
        for (caller, snapshot) in offers {
            let judgement = self.rules.judge(&self.gate, snapshot.epoch.as_ref(), snapshot.revision);
            if !self.rules.applies_offer(judgement) {
                self.skip_offer(caller, judgement);
            } else if newest.as_ref().is_none_or(|(_, best)| self.rules.is_newer_offer(&snapshot, best)) {
                beaten.extend(newest.replace((caller, snapshot)));
            } else {
                beaten.push((caller, snapshot));
            }
        }
        let Some((caller, snapshot)) = newest else { return };
        let mut gate = self.gate.clone();
        gate.accept(&snapshot);
        for (loser, passed_over) in beaten {
            let judgement = self.rules.judge(&gate, passed_over.epoch.as_ref(), passed_over.revision);
            self.skip_offer(loser, judgement);
        }
        self.apply(snapshot, Some(caller));
    }

    fn skip_offer(&mut self, caller: CallerId, judgement: Judgement) {
        self.metrics.skipped += 1;
        self.settle(Caller::Offer(caller), Outcome::Offered(false));
        if self.rules.offer_is_gap(judgement) {
            self.gap_signalled();
        }
    }

    /// Tells every offer that is not decided yet that it was not applied, because of `stop`.
    pub(super) fn drop_offers(&mut self) {
        if let Some(caller) = self.applying.take().and_then(|applying| applying.offer) {
            self.settle(Caller::Offer(caller), Outcome::Offered(false));
        }
        for (caller, _) in std::mem::take(&mut self.offers) {
            self.settle(Caller::Offer(caller), Outcome::Offered(false));
        }
        self.drop_question();
    }
}
