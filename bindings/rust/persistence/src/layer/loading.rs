//! Loading: from the backend's answer to the offer (`PRS-13` to `PRS-18`).

use super::{Layer, next};
use crate::{
    CallerId, Now, Origin, Outcome, Output, PersistenceError, PersistenceEvent,
    load::{self, Reading},
    record::Record,
    timers::Timer,
};
use serde_json::Value;
use state_sync::SnapshotEnvelope;
use std::sync::Arc;

/// A load under way; calls that come meanwhile have its outcome.
pub(super) struct Loading {
    callers: Vec<CallerId>,
    /// The call of the backend, until it has settled or its time is over.
    number: Option<u64>,
}

/// What was offered, until it is known what came of it.
pub(super) struct Offered {
    pub(super) snapshot: SnapshotEnvelope<Value>,
    pub(super) origin: Origin,
    /// The record that it was led here from.
    pub(super) migrated_from: Option<Arc<Record>>,
}

impl Layer {
    pub(super) fn load(&mut self, caller: CallerId, now: Now) {
        if self.disposed {
            return self.outputs.push(Output::Settle { caller, outcome: Outcome::Loaded(false) });
        }
        if let Some(loading) = &mut self.loading {
            return loading.callers.push(caller);
        }
        let number = next(&mut self.numbers.load);
        self.loading = Some(Loading { callers: vec![caller], number: Some(number) });
        self.timers.set(Timer::LoadTimeout, now.time.saturating_add(self.options.load_timeout));
        self.outputs.push(Output::Load { number });
    }

    pub(super) fn loaded(
        &mut self,
        number: u64,
        outcome: Result<Option<Record>, PersistenceError>,
        now: Now,
    ) {
        if self.loading.as_ref().is_some_and(|loading| loading.number == Some(number)) {
            self.timers.drop(Timer::LoadTimeout);
            self.load_ended(outcome, now);
        }
    }

    /// The backend has answered, or its time is over.
    pub(super) fn load_ended(&mut self, outcome: Result<Option<Record>, PersistenceError>, now: Now) {
        if let Some(loading) = &mut self.loading {
            loading.number = None;
        }
        match outcome {
            Err(error) => {
                self.report(error);
                self.settle_load(false);
            }
            Ok(None) => self.settle_load(false),
            Ok(Some(record)) => self.read(record, now),
        }
    }

    fn read(&mut self, record: Record, now: Now) {
        match load::read(&record, &self.options.load(), now.wall_ms) {
            Ok(Reading::Expired) => {
                self.event(PersistenceEvent::Expired);
                self.settle_load(false);
            }
            Ok(Reading::Passed { snapshot, migrated }) => {
                if migrated {
                    self.event(PersistenceEvent::Migrated);
                }
                self.event(PersistenceEvent::LoadComplete);
                let migrated_from = migrated.then(|| Arc::new(record));
                self.offer(Offered { snapshot, origin: Origin::Record, migrated_from });
            }
            Err(refusal) => {
                if refusal.migrated {
                    self.event(PersistenceEvent::Migrated);
                }
                if refusal.useless {
                    self.useless.set(Some(record));
                }
                self.report(refusal.error);
                self.settle_load(false);
            }
        }
    }

    pub(super) fn offer(&mut self, offered: Offered) {
        let number = next(&mut self.numbers.offer);
        let (snapshot, origin) = (offered.snapshot.clone(), offered.origin);
        self.offers.insert(number, offered);
        self.outputs.push(Output::Offer { number, snapshot, origin });
    }

    pub(super) fn offered(&mut self, number: u64, applied: bool, now: Now) {
        let Some(Offered { snapshot, origin, migrated_from }) = self.offers.remove(&number) else { return };
        if applied {
            self.shown = Some(snapshot.clone());
        }
        match origin {
            Origin::Message if applied => self.drop_pending(),
            Origin::Message => {}
            Origin::Record => {
                if let Some(from) = migrated_from.filter(|_| applied) {
                    self.migrated_applied(snapshot, from, now);
                }
                self.settle_load(applied);
            }
        }
    }

    fn settle_load(&mut self, applied: bool) {
        for caller in self.loading.take().map(|loading| loading.callers).unwrap_or_default() {
            self.outputs.push(Output::Settle { caller, outcome: Outcome::Loaded(applied) });
        }
    }
}
