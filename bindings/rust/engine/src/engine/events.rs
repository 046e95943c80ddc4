//! Events and gaps, from the subscriber to the limiter.

use super::{Engine, Question};
use crate::{Failure, Output, Position, Requester, Rules, State, SyncError, timers::Timer};
use state_sync::{DecodeError, InvalidationEvent, SyncPhase};
use std::{sync::Arc, time::Duration};

impl<D, E, R: Rules> Engine<D, E, R> {
    /// Counts an event, and says whether it is neither of another topic nor stale (`ENG-29`, `ENG-30`).
    pub(super) fn notices(&mut self, event: &InvalidationEvent) -> bool {
        self.counts_event() && self.is_news(event)
    }

    /// Counts what the subscriber has handed over, and says whether it is of any interest; after `stop` it is not.
    pub(super) fn counts_event(&mut self) -> bool {
        let counts = self.state != State::Stopped;
        self.metrics.events += u64::from(counts);
        counts
    }

    pub(super) fn is_news(&self, event: &InvalidationEvent) -> bool {
        self.state != State::Stopped && event.topic == self.topic && !self.rules.is_stale(&self.gate, event)
    }

    pub(super) fn noticed(&mut self, event: InvalidationEvent) {
        if self.options.asks_should_refresh {
            self.ask(Question::Event(event.clone()), Output::ShouldRefresh { event });
        } else {
            self.wanted(&event);
        }
    }

    pub(super) fn invalid_event(&mut self, error: DecodeError) {
        if self.state != State::Stopped {
            self.report_local(SyncPhase::Protocol, SyncError::Undecodable(error));
        }
    }

    pub(super) fn should_refresh_answered(&mut self, answer: Result<bool, Failure<E>>) {
        let event = match self.question.take() {
            Some(Question::Event(event)) => event,
            other => {
                self.question = other;
                match self.unanswered.take() {
                    Some(event) => event,
                    None => return,
                }
            }
        };
        let wanted = self.rules.is_wanted(&answer);
        if let Err(failure) = answer {
            self.should_refresh_failed(&event, failure);
        }
        if wanted && self.state != State::Stopped {
            self.wanted(&event);
        }
    }

    pub(super) fn should_refresh_failed(&mut self, event: &InvalidationEvent, failure: Failure<E>) {
        let local = self.gate.revision();
        self.report(SyncPhase::Invalidation, Arc::new(failure.into()), |report| {
            report.event_revision = Some(event.revision);
            report.source_id.clone_from(&event.source_id);
            report.source_event = Some(event.clone());
            report.local_revision = Some(local);
        });
    }

    fn wanted(&mut self, event: &InvalidationEvent) {
        let position = Position::promised_by(event);
        if self.rules.raises(self.promise.as_ref(), &position, &self.gate) {
            self.promise = Some(position);
        }
        self.trigger();
    }

    /// Events may have been lost (`ENG-35`).
    pub(super) fn gap_signalled(&mut self) {
        if self.state == State::Stopped {
            return;
        }
        self.gap = true;
        self.puller.gap_since = true;
        self.trigger();
    }

    fn trigger(&mut self) {
        if !self.rules.triggers(self.is_subscribed()) {
            return;
        }
        if self.limiter.has_pending() {
            self.metrics.coalesced += 1;
        }
        let calls = match self.now {
            Some(now) => {
                let due = self.rules.due(&self.limiter, now);
                self.limiter.trigger_for(now, due)
            }
            None => {
                self.report_clock();
                self.limiter.trigger_without_clock()
            }
        };
        match self.limiter.due() {
            Some(due) => self.timers.keep(Timer::Limiter, due),
            None => self.timers.drop(Timer::Limiter),
        }
        if calls {
            self.limiter_calls();
        }
    }

    pub(super) fn limiter_due(&mut self, now: Duration) {
        if self.limiter.fire(now) {
            self.limiter_calls();
        }
    }

    fn limiter_calls(&mut self) {
        if self.rules.pulls_when_due(self.gap, self.promise.as_ref(), &self.gate) {
            self.request(Requester::Limiter, None);
        }
    }
}
