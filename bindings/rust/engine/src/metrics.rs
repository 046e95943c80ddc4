//! The figures of an engine (`ENG-85`).

use state_sync::SyncPhase;

/// What an engine has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Events that the subscriber handed over while the engine was not stopped.
    pub events: u64,
    /// Triggers that found an unserved trigger in the limiter, and requests that joined a queued pull or an
    /// attempt that waits.
    pub coalesced: u64,
    /// Calls of `getSnapshot`.
    pub pulls: u64,
    /// Calls of `apply` that succeeded.
    pub applied: u64,
    /// Answers and offers that the gate did not let through.
    pub skipped: u64,
    errors: [u64; SyncPhase::ALL.len()],
}

impl Metrics {
    /// The reports of this phase.
    pub fn errors(&self, phase: SyncPhase) -> u64 {
        self.errors[phase as usize]
    }

    /// The reports of every phase that has any.
    pub fn errors_by_phase(&self) -> impl Iterator<Item = (SyncPhase, u64)> + '_ {
        SyncPhase::ALL.into_iter().map(|phase| (phase, self.errors(phase))).filter(|(_, count)| *count > 0)
    }

    pub(crate) fn count_error(&mut self, phase: SyncPhase) {
        self.errors[phase as usize] += 1;
    }
}
