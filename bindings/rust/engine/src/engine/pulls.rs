//! Pulls: requests, attempts, and what follows them.

use super::{Engine, Question};
use crate::{
    Advice, Caller, CallerId, Failure, Judgement, Outcome, Output, Placement, Port, Pulling, Requester,
    Rules, State, SyncError, puller::Waiter, report::Cause, timers::Timer,
};
use state_sync::{SnapshotEnvelope, SyncPhase};
use std::{sync::Arc, time::Duration};

impl<D, E, R: Rules> Engine<D, E, R> {
    pub(super) fn refresh(&mut self, caller: CallerId) {
        if self.state == State::Stopped {
            self.settle(Caller::Refresh(caller), Outcome::Done);
        } else {
            self.request(Requester::Refresh, Some(Waiter::Refresh(caller)));
        }
    }

    /// Requests a pull (`ENG-42` to `ENG-44`).
    pub(super) fn request(&mut self, requester: Requester, waiter: Option<Waiter>) {
        match self.rules.place(self.puller.pulling, requester) {
            Placement::Begin => {
                if self.puller.pulling == Pulling::Waiting {
                    self.metrics.coalesced += 1;
                }
                self.puller.waiters.extend(waiter);
                self.begin_attempt(1);
            }
            Placement::Queue => self.metrics.coalesced += u64::from(self.puller.queue(waiter)),
            Placement::Join => {
                self.metrics.coalesced += 1;
                self.puller.waiters.extend(waiter);
            }
            Placement::Drop => {}
        }
    }

    fn begin_attempt(&mut self, number: u32) {
        self.timers.drop(Timer::Attempt);
        self.metrics.pulls += 1;
        let call = self.number_call(Port::GetSnapshot);
        self.puller.begin(number, call, self.promise.clone());
        self.outputs.push_back(Output::GetSnapshot { number: call });
    }

    pub(super) fn pull_again(&mut self) {
        match self.puller.pulling {
            Pulling::Waiting => self.begin_attempt(self.puller.number.saturating_add(1)),
            Pulling::Turn => self.begin_attempt(1),
            Pulling::Idle | Pulling::Attempt => {}
        }
    }

    pub(super) fn snapshot_came(&mut self, number: u64, outcome: Result<SnapshotEnvelope<D>, Failure<E>>) {
        if self.puller.call != Some(number) {
            return;
        }
        self.puller.call = None;
        self.timers.drop(Timer::GetSnapshotTimeout);
        match outcome {
            Ok(snapshot) if self.options.validates => {
                self.ask(Question::Answer, Output::Validate { snapshot })
            }
            Ok(snapshot) => self.answered(snapshot),
            Err(Failure::Undecodable(error)) => {
                self.attempt_failed(SyncPhase::Protocol, SyncError::Undecodable(error).into());
            }
            Err(failure) => self.attempt_failed(SyncPhase::GetSnapshot, failure.into()),
        }
    }

    pub(super) fn get_snapshot_timed_out(&mut self) {
        if let Some(number) = self.puller.call.take() {
            self.cancel(Port::GetSnapshot, number);
            let cause = Cause::timed_out(Port::GetSnapshot, self.options.get_snapshot_timeout);
            self.attempt_failed(SyncPhase::GetSnapshot, cause);
        }
    }

    /// Puts an answer to the gate, once no `apply` is under way (`ENG-52`).
    pub(super) fn answered(&mut self, snapshot: SnapshotEnvelope<D>) {
        if self.applying.is_some() && !self.rules.applies_side_by_side() {
            self.puller.held = Some(snapshot);
            return;
        }
        self.puller.answer = Some(snapshot.revision);
        let judgement = self.rules.judge(&self.gate, snapshot.epoch.as_ref(), snapshot.revision);
        if self.rules.applies_answer(judgement) {
            self.apply(snapshot, None);
        } else {
            self.metrics.skipped += 1;
            self.attempt_succeeded(false, judgement == Judgement::Older);
        }
    }

    /// An attempt has come to its end, with its answer applied or with nothing to apply (`ENG-48`, `ENG-56`, `ENG-57`).
    pub(super) fn attempt_succeeded(&mut self, applied: bool, older: bool) {
        let behind = self.rules.leaves_behind(older, self.puller.promise.as_ref(), &self.gate);
        self.gap &= self.puller.gap_since;
        self.puller.wanting = behind;
        self.puller.pulling = Pulling::Idle;
        if applied {
            self.puller.number = 1;
        }
        let waiters = std::mem::take(&mut self.puller.waiters);
        if behind && self.puller.queued.is_none() {
            if self.retry_after(self.puller.number, Advice::Policy, Timer::Attempt).is_some() {
                self.puller.pulling = Pulling::Waiting;
            } else {
                self.give_up(older);
            }
        }
        if self.state == State::Starting && waiters.contains(&Waiter::Start) {
            self.state = State::Running;
        }
        self.update_status();
        self.settle_waiters(waiters, &Outcome::Done);
        self.begin_queued(true);
    }

    /// Reports that the reader stays behind, and forgets the promise unless it was raised since (`ENG-57`).
    fn give_up(&mut self, older: bool) {
        let answer = self.puller.answer.unwrap_or_default();
        let (phase, error) = if older {
            let epoch = self.gate.local().map(|local| local.epoch.clone()).unwrap_or_default();
            (SyncPhase::Protocol, SyncError::Older { local: self.gate.revision(), epoch, snapshot: answer })
        } else {
            let promised = self.puller.promise.as_ref().map_or(answer, |promise| promise.revision);
            (SyncPhase::Refresh, SyncError::Behind { promised, snapshot: answer })
        };
        self.report_attempt(phase, Arc::new(error), None);
        if self.promise == self.puller.promise {
            self.promise = None;
        }
    }

    /// An attempt has failed (`ENG-46`, `ENG-47`).
    pub(super) fn attempt_failed(&mut self, phase: SyncPhase, cause: Cause<E>) {
        self.puller.wanting = true;
        self.puller.pulling = Pulling::Idle;
        let delay = self.retry_after(self.puller.number, cause.advice, Timer::Attempt);
        let error = Arc::new(cause.error);
        self.report_attempt(phase, Arc::clone(&error), delay);
        if delay.is_some() {
            self.puller.pulling = Pulling::Waiting;
            self.puller.merge_queue();
            self.update_status();
            return;
        }
        let waiters = std::mem::take(&mut self.puller.waiters);
        if waiters.contains(&Waiter::Start) {
            self.start_failed();
        }
        self.update_status();
        self.settle_waiters(waiters, &Outcome::Failed(error));
        self.begin_queued(false);
    }

    /// Lets a queued pull begin after a turn of the event loop (`ENG-49`).
    fn begin_queued(&mut self, succeeded: bool) {
        if !self.rules.keeps_queue(succeeded) {
            self.puller.queued = None;
        }
        if self.puller.queued.is_none() {
            return;
        }
        self.puller.merge_queue();
        if self.rules.turns() && self.set_timer(Timer::Attempt, Duration::ZERO) {
            self.puller.pulling = Pulling::Turn;
        } else {
            self.begin_attempt(1);
        }
    }

    /// Sets the timer of the attempt after this one, where the policy allows it, and says how long it waits.
    pub(super) fn retry_after(&mut self, number: u32, advice: Advice, timer: Timer) -> Option<Duration> {
        if advice == Advice::Never || !self.rules.allows_after(&self.options.retry, number) {
            return None;
        }
        let mut delay = self.rules.delay_after(&self.options.retry, number, (self.random)());
        if let Advice::NotBefore(least) = advice {
            delay = delay.max(least);
        }
        self.set_timer(timer, delay).then_some(delay)
    }

    fn settle_waiters(&mut self, waiters: Vec<Waiter>, outcome: &Outcome<E>) {
        for waiter in waiters {
            match waiter {
                Waiter::Start => self.settle_starts(outcome),
                Waiter::Refresh(caller) => self.settle(Caller::Refresh(caller), outcome.clone()),
            }
        }
    }
}
