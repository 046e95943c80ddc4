//! Start, subscription and stop.

use super::{Engine, Question};
use crate::{
    Caller, CallerId, Failure, Outcome, Output, Port, Requester, Rules, SharedError, State, SyncError,
    puller::Waiter,
    report::{Cause, TellAttempt as _},
    timers::Timer,
};
use state_sync::SyncPhase;
use std::sync::Arc;

/// Where the subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subscription {
    None,
    /// A call of `subscribe` is under way.
    Calling {
        number: u64,
        attempt: u32,
    },
    /// The next attempt waits for its time.
    Waiting {
        attempt: u32,
    },
    /// There is one, which this call of `subscribe` gave.
    There {
        number: u64,
    },
}

impl Subscription {
    /// The call of `subscribe` under way.
    pub(super) fn call(self) -> Option<u64> {
        match self {
            Subscription::Calling { number, .. } => Some(number),
            _ => None,
        }
    }
}

impl<D, E, R: Rules> Engine<D, E, R> {
    pub(super) fn is_subscribed(&self) -> bool {
        matches!(self.subscription, Subscription::There { .. })
    }

    pub(super) fn start(&mut self, caller: CallerId) {
        match self.state {
            State::New => {
                self.state = State::Starting;
                self.starts.push(caller);
                self.update_status();
                self.subscribe(1);
            }
            State::Starting => self.starts.push(caller),
            State::Running => self.settle(Caller::Start(caller), Outcome::Done),
            State::Stopped => {
                let error = self.report_local(SyncPhase::Start, SyncError::Stopped);
                self.settle(Caller::Start(caller), Outcome::Failed(error));
            }
        }
    }

    fn subscribe(&mut self, attempt: u32) {
        let number = self.number_call(Port::Subscribe);
        self.subscription = Subscription::Calling { number, attempt };
        self.outputs.push_back(Output::Subscribe { number });
    }

    pub(super) fn subscribe_again(&mut self) {
        if let Subscription::Waiting { attempt } = self.subscription {
            self.subscribe(attempt.saturating_add(1));
        }
    }

    pub(super) fn subscribed(&mut self, number: u64, outcome: Result<(), Failure<E>>) {
        let attempt = match self.subscription {
            Subscription::Calling { number: current, attempt } if current == number => attempt,
            // It timed out, or the engine was stopped in the meantime (`ENG-22`).
            _ => {
                if outcome.is_ok() {
                    self.outputs.push_back(Output::Unsubscribe { subscription: number });
                }
                return;
            }
        };
        self.timers.drop(Timer::SubscribeTimeout);
        match outcome {
            Ok(()) => {
                self.subscription = Subscription::There { number };
                self.request(Requester::Start, Some(Waiter::Start));
            }
            Err(failure) => self.subscribe_failed(attempt, failure.into()),
        }
    }

    pub(super) fn subscribe_timed_out(&mut self) {
        if let Subscription::Calling { number, attempt } = self.subscription {
            self.cancel(Port::Subscribe, number);
            self.subscribe_failed(attempt, Cause::timed_out(Port::Subscribe, self.options.subscribe_timeout));
        }
    }

    fn subscribe_failed(&mut self, attempt: u32, cause: Cause<E>) {
        let delay = self.retry_after(attempt, cause.advice, Timer::Subscribe);
        let error = Arc::new(cause.error);
        self.report(SyncPhase::Subscribe, Arc::clone(&error), |report| report.tell_attempt(attempt, delay));
        if delay.is_some() {
            self.subscription = Subscription::Waiting { attempt };
            return;
        }
        self.start_failed();
        self.update_status();
        self.settle_starts(&Outcome::Failed(error));
    }

    /// Leaves nothing of a start that has failed (`ENG-20`); its callers are still to be told.
    pub(super) fn start_failed(&mut self) {
        self.state = State::New;
        self.end_subscription();
        self.promise = None;
        self.gap = false;
        self.limiter.clear();
        self.timers.drop(Timer::Limiter);
        if self.puller.drop_unrequested() {
            self.timers.drop(Timer::Attempt);
        }
    }

    fn end_subscription(&mut self) {
        let before = std::mem::replace(&mut self.subscription, Subscription::None);
        if let Subscription::There { number } = before {
            self.outputs.push_back(Output::Unsubscribe { subscription: number });
        }
    }

    /// Where it fails at once it is told before the outcome of the start that it ended, which may wait in the outputs.
    pub(super) fn unsubscribe_failed(&mut self, failure: Failure<E>) {
        self.report(SyncPhase::Subscribe, Arc::new(failure.into()), |_| {});
        self.outputs.rotate_right(1);
    }

    pub(super) fn settle_starts(&mut self, outcome: &Outcome<E>) {
        for caller in std::mem::take(&mut self.starts) {
            self.settle(Caller::Start(caller), outcome.clone());
        }
    }

    /// Stops for good (`ENG-23` to `ENG-27`). What earlier inputs wanted done and is not done yet is taken back, save
    /// for reports, for the ends of subscriptions, and for what offers are told.
    pub(super) fn stop(&mut self) {
        if self.state == State::Stopped {
            return;
        }
        self.state = State::Stopped;
        self.timers.drop_all();
        self.unarmed.clear();
        self.limiter.dispose();
        let undone = std::mem::take(&mut self.outputs);
        self.cancel_calls(&undone);
        self.end_subscription();
        self.update_status();

        let mut refreshes = Vec::new();
        let mut kept = Vec::new();
        for output in undone {
            match output {
                Output::Settle { caller: Caller::Start(caller), .. } => self.starts.push(caller),
                Output::Settle { caller: Caller::Refresh(caller), .. } => refreshes.push(caller),
                Output::Apply { .. }
                | Output::GetSnapshot { .. }
                | Output::ShouldRefresh { .. }
                | Output::Status(_)
                | Output::Subscribe { .. }
                | Output::Validate { .. } => {}
                output => kept.push(output),
            }
        }
        let waiters = self.puller.abandon();
        refreshes.extend(waiters.into_iter().filter_map(|waiter| match waiter {
            Waiter::Refresh(caller) => Some(caller),
            Waiter::Start => None,
        }));
        let stopped: SharedError<E> = Arc::new(SyncError::Stopped);
        self.settle_starts(&Outcome::Failed(stopped));
        for caller in refreshes {
            self.settle(Caller::Refresh(caller), Outcome::Done);
        }
        self.drop_offers();
        self.outputs.extend(kept);
    }

    /// Signals the cancellation of every port call under way; those that are not made yet are taken back instead.
    fn cancel_calls(&mut self, undone: &std::collections::VecDeque<Output<D, E>>) {
        let subscribe = self.subscription.call();
        let applying = self.applying.as_ref().map(|applying| applying.number);
        for (port, number) in
            [(Port::Subscribe, subscribe), (Port::GetSnapshot, self.puller.call), (Port::Apply, applying)]
        {
            let is_made = |number: &u64| !undone.iter().any(|output| output.call() == Some((port, *number)));
            if let Some(number) = number.filter(is_made) {
                self.cancel(port, number);
            }
        }
    }

    /// Takes the open question back; an offer that it was about was not applied. That `shouldRefresh` fails is reported
    /// also where it has stopped the engine before (`ENG-32`, `ENG-71`), so its event is kept.
    pub(super) fn drop_question(&mut self) {
        match self.question.take() {
            Some(Question::Offer(caller)) => self.settle(Caller::Offer(caller), Outcome::Offered(false)),
            Some(Question::Event(event)) => self.unanswered = Some(event),
            Some(Question::Answer) | None => {}
        }
    }
}
