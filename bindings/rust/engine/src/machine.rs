//! What drives an engine sees of it.

use crate::{Engine, Input, Metrics, Output, Rules, Status};
use state_sync::Revision;
use std::time::Duration;

/// An engine as its driver sees it. [`Engine`] is one; another is an engine whose inputs and outputs something stands
/// in front of, which is how the conformance suite makes broken ones.
pub trait Machine<D, E> {
    /// Something happens at the time `now`; `None` where the clock fails (`ENG-79`).
    fn handle(&mut self, input: Input<D, E>, now: Option<Duration>);
    /// The next thing to do, in order; `None` when all is done.
    fn next_output(&mut self) -> Option<Output<D, E>>;
    /// The time of the earliest timer, at which [`Input::Timer`] is due.
    fn next_timer(&self) -> Option<Duration>;
    /// The revision that an application is shown (`ENG-13`).
    fn local_revision(&self) -> Revision;
    /// The epoch that an application is shown.
    fn local_epoch(&self) -> &str;
    /// How current the reader's copy is.
    fn status(&self) -> Status;
    /// What has been done so far.
    fn metrics(&self) -> Metrics;
}

impl<D, E, R: Rules> Machine<D, E> for Engine<D, E, R> {
    fn handle(&mut self, input: Input<D, E>, now: Option<Duration>) {
        Engine::handle(self, input, now);
    }

    fn next_output(&mut self) -> Option<Output<D, E>> {
        Engine::next_output(self)
    }

    fn next_timer(&self) -> Option<Duration> {
        Engine::next_timer(self)
    }

    fn local_revision(&self) -> Revision {
        Engine::local_revision(self)
    }

    fn local_epoch(&self) -> &str {
        Engine::local_epoch(self)
    }

    fn status(&self) -> Status {
        Engine::status(self)
    }

    fn metrics(&self) -> Metrics {
        Engine::metrics(self)
    }
}
