//! What the machine tells: reports, status, outcomes, cancellations.

use super::Engine;
use crate::{Caller, Outcome, Output, Port, Report, Rules, SharedError, SyncError, report::TellAttempt as _};
use state_sync::{SyncErrorContext, SyncPhase};
use std::{sync::Arc, time::Duration};

impl<D, E, R: Rules> Engine<D, E, R> {
    /// Reports an error, with the members that `tell` adds.
    pub(super) fn report(
        &mut self,
        phase: SyncPhase,
        error: SharedError<E>,
        tell: impl FnOnce(&mut Report<E>),
    ) {
        self.metrics.count_error(phase);
        let mut report = Report { topic: Some(self.topic.clone()), ..SyncErrorContext::new(phase, error) };
        tell(&mut report);
        self.outputs.push_back(Output::Report(Box::new(report)));
    }

    /// Reports an error that only the local revision belongs to.
    pub(super) fn report_local(&mut self, phase: SyncPhase, error: SyncError<E>) -> SharedError<E> {
        let (error, local) = (Arc::new(error), self.gate.revision());
        self.report(phase, Arc::clone(&error), |report| report.local_revision = Some(local));
        error
    }

    pub(super) fn report_clock(&mut self) {
        self.report_local(SyncPhase::Throttle, SyncError::Clock);
    }

    /// Reports how an attempt ended, and the delay before the next one where there is one (`ENG-72`).
    pub(super) fn report_attempt(
        &mut self,
        phase: SyncPhase,
        error: SharedError<E>,
        delay: Option<Duration>,
    ) {
        let (local, promised) = (self.gate.revision(), self.promise.as_ref().map(|promise| promise.revision));
        let (number, answer) = (self.puller.number, self.puller.answer);
        self.report(phase, error, |report| {
            report.local_revision = Some(local);
            report.event_revision = promised;
            report.snapshot_revision = answer;
            report.tell_attempt(number, delay);
        });
    }

    /// Tells the status where it has changed (`ENG-84`).
    pub(super) fn update_status(&mut self) {
        let status = self.rules.status(self.state, self.puller.wanting);
        if status != self.status {
            self.status = status;
            self.outputs.push_back(Output::Status(status));
        }
    }

    pub(super) fn settle(&mut self, caller: Caller, outcome: Outcome<E>) {
        self.outputs.push_back(Output::Settle { caller, outcome });
    }

    pub(super) fn cancel(&mut self, port: Port, number: u64) {
        self.outputs.push_back(Output::Cancel { port, number });
    }

    pub(super) fn number_call(&mut self, port: Port) -> u64 {
        self.calls[port as usize] += 1;
        self.calls[port as usize]
    }
}
