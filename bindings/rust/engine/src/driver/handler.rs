//! What a subscriber hands events to.

use state_sync::{DecodeError, InvalidationEvent};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// What a handler delivers to.
pub(super) trait Sink: Send + Sync {
    fn event(&self, event: &InvalidationEvent);
    fn undecodable(&self, error: DecodeError);
    fn gap(&self);
}

/// Takes the events of a subscription. It never fails and never blocks, and after the end of its subscription it does
/// nothing.
#[derive(Clone)]
pub struct Handler {
    sink: Arc<dyn Sink>,
    ended: Arc<AtomicBool>,
}

impl Handler {
    pub(super) fn new(sink: Arc<dyn Sink>) -> Self {
        Self { sink, ended: Arc::new(AtomicBool::new(false)) }
    }

    /// Delivers an event. One that is stale or of another topic costs no allocation.
    pub fn event(&self, event: &InvalidationEvent) {
        if !self.has_ended() {
            self.sink.event(event);
        }
    }

    /// Delivers what does not decode as an event; it is reported with the phase `protocol`.
    pub fn undecodable(&self, error: DecodeError) {
        if !self.has_ended() {
            self.sink.undecodable(error);
        }
    }

    /// Says that events may have been lost, such as after a reconnection.
    pub fn gap(&self) {
        if !self.has_ended() {
            self.sink.gap();
        }
    }

    /// Whether the subscription has been ended.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Handler").field("ended", &self.has_ended()).finish_non_exhaustive()
    }
}
