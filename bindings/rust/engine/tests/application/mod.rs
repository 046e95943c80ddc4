//! An application and its source in memory, for the tests of the driver.

use state_sync::{InvalidationEvent, Revision, SnapshotEnvelope, SyncPhase, Topic};
use state_sync_engine::{
    Failure,
    driver::{Builder, Cancellation, Handler, RevisionSync, Unsubscribe},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;

/// The engine of the tests: data are the revisions as numbers, errors are sentences.
pub type Sync = RevisionSync<u64, String>;

/// A source, and a reader's state and what it has seen. Clones share it.
#[derive(Clone, Default)]
pub struct Application(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    revision: u64,
    handlers: Vec<Handler>,
    subscribe_time: Duration,
    pull_time: Duration,
    failing_pulls: u32,
    panicking_pulls: u32,
    applied: Vec<u64>,
    phases: Vec<SyncPhase>,
    pulls: u32,
    dropped_pulls: u32,
    subscriptions: u32,
    unsubscriptions: u32,
}

/// The topic of the tests.
pub fn topic() -> Topic {
    Topic::new("settings").unwrap()
}

/// An event of the topic.
pub fn event(revision: u64) -> InvalidationEvent {
    InvalidationEvent::new(topic(), Revision::new(revision))
}

/// A snapshot whose data is its revision.
pub fn snapshot(revision: u64) -> SnapshotEnvelope<u64> {
    SnapshotEnvelope::new(Revision::new(revision), revision)
}

impl Application {
    /// An application whose source is at this revision.
    pub fn new(revision: u64) -> Self {
        Self(Arc::new(Mutex::new(State { revision, ..State::default() })))
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    /// A driver of this application; its reports are kept.
    pub fn builder(&self) -> Builder<u64, String> {
        let (subscriber, provider, applier, reports) =
            (self.clone(), self.clone(), self.clone(), self.clone());
        Sync::builder(
            topic(),
            move |handler: Handler, _: Cancellation| subscriber.clone().subscribe(handler),
            move |_: Cancellation| provider.clone().pull(),
            move |snapshot: SnapshotEnvelope<u64>, _: Cancellation| {
                applier.with(|state| state.applied.push(snapshot.data));
                async { Ok(()) }
            },
        )
        .on_error(move |report| reports.with(|state| state.phases.push(report.phase)))
    }

    async fn subscribe(self, handler: Handler) -> Result<Unsubscribe<String>, Failure<String>> {
        sleep(self.with(|state| state.subscribe_time)).await;
        self.with(|state| {
            state.subscriptions += 1;
            state.handlers.push(handler);
        });
        Ok(Box::new(move || {
            self.with(|state| state.unsubscriptions += 1);
            Ok(())
        }))
    }

    async fn pull(self) -> Result<SnapshotEnvelope<u64>, Failure<String>> {
        /// Counts the calls whose future is dropped before its end.
        struct Guard(Application, bool);
        impl Drop for Guard {
            fn drop(&mut self) {
                self.0.with(|state| state.dropped_pulls += u32::from(!self.1));
            }
        }

        let mut guard = Guard(self.clone(), false);
        let (time, panics) = self.with(|state| {
            state.pulls += 1;
            let panics = state.panicking_pulls > 0;
            state.panicking_pulls -= u32::from(panics);
            (state.pull_time, panics)
        });
        if !time.is_zero() {
            sleep(time).await;
        }
        guard.1 = true;
        assert!(!panics, "the provider was told to panic");
        self.with(|state| {
            if state.failing_pulls > 0 {
                state.failing_pulls -= 1;
                return Err(Failure::from("the source is away".to_owned()));
            }
            Ok(snapshot(state.revision))
        })
    }

    /// Delivers an event, whatever the source has.
    pub fn deliver(&self, event: &InvalidationEvent) {
        for handler in self.with(|state| state.handlers.clone()) {
            handler.event(event);
        }
    }

    /// The source has a new state, and says so.
    pub fn change(&self, revision: u64) {
        self.set_revision(revision);
        self.deliver(&event(revision));
    }

    /// The source has the next state, and says so.
    pub fn change_by_one(&self) {
        let revision = self.with(|state| {
            state.revision += 1;
            state.revision
        });
        self.deliver(&event(revision));
    }

    /// The source has a new state, and says nothing.
    pub fn set_revision(&self, revision: u64) {
        self.with(|state| state.revision = revision);
    }

    pub fn set_subscribe_time(&self, time: Duration) {
        self.with(|state| state.subscribe_time = time);
    }

    pub fn set_pull_time(&self, time: Duration) {
        self.with(|state| state.pull_time = time);
    }

    pub fn fail_next_pulls(&self, count: u32) {
        self.with(|state| state.failing_pulls = count);
    }

    pub fn panic_next_pulls(&self, count: u32) {
        self.with(|state| state.panicking_pulls = count);
    }

    pub fn applied(&self) -> Vec<u64> {
        self.with(|state| state.applied.clone())
    }

    pub fn phases(&self) -> Vec<SyncPhase> {
        self.with(|state| state.phases.clone())
    }

    pub fn pulls(&self) -> u32 {
        self.with(|state| state.pulls)
    }

    pub fn dropped_pulls(&self) -> u32 {
        self.with(|state| state.dropped_pulls)
    }

    pub fn subscriptions(&self) -> u32 {
        self.with(|state| state.subscriptions)
    }

    pub fn unsubscriptions(&self) -> u32 {
        self.with(|state| state.unsubscriptions)
    }
}
