//! Saving: what is pending, what is in flight, and who waits for it (`PRS-26` to `PRS-36`).

use super::{Layer, Store, next};
use crate::{
    CallerId, Now, Outcome, Output, PersistenceError, PersistenceEvent,
    record::{self, Record, RecordOptions},
    save::{ReplaceRule, Replacement},
    timers::Timer,
};
use serde_json::Value;
use state_sync::{SafeInteger, SnapshotEnvelope};
use std::{sync::Arc, time::Duration};

/// A snapshot that was applied and is to be saved.
pub(super) struct Pending {
    /// Snapshots are numbered as they become pending; one that waits for its save has a greater number than one in
    /// flight.
    number: u64,
    what: What,
}

enum What {
    Snapshot(SnapshotEnvelope<Value>),
    /// Led here from the record that was loaded, whose time it keeps (`PRS-23`).
    Migrated {
        snapshot: SnapshotEnvelope<Value>,
        from: Arc<Record>,
    },
    /// A save of it has failed.
    Made {
        record: Arc<Record>,
        only: Option<Arc<Record>>,
    },
}

/// The save in flight.
pub(super) struct Saving {
    pub(super) number: u64,
    pub(super) rule: ReplaceRule,
    pub(super) record: Arc<Record>,
    snapshot: u64,
    begun: Duration,
    /// Whether its snapshot is from before a clearing, so that it does not become pending again (`PRS-38`).
    pub(super) overtaken: bool,
    /// Whether another tab has cleared the store meanwhile (`PRS-59`).
    pub(super) then_clear: bool,
}

/// A call that waits until the snapshot of this number, or a later one, is no longer under way.
pub(super) struct Flush {
    caller: FlushCaller,
    until: u64,
    error: Option<PersistenceError>,
}

#[derive(Clone, Copy)]
enum FlushCaller {
    Flush(CallerId),
    Dispose,
}

/// The one outcome of all calls of `dispose`.
#[derive(Default)]
pub(super) struct Disposal {
    callers: Vec<CallerId>,
    outcome: Option<Outcome>,
}

impl Layer {
    pub(super) fn applied(&mut self, snapshot: SnapshotEnvelope<Value>, now: Now) {
        if self.disposed {
            return;
        }
        self.shown = Some(snapshot.clone());
        self.broadcast(snapshot.clone(), now);
        self.make_pending(What::Snapshot(snapshot), now);
    }

    /// A record of an older schema version was applied (`PRS-23`).
    pub(super) fn migrated_applied(
        &mut self,
        snapshot: SnapshotEnvelope<Value>,
        from: Arc<Record>,
        now: Now,
    ) {
        if !self.disposed {
            self.make_pending(What::Migrated { snapshot, from }, now);
        }
    }

    fn make_pending(&mut self, what: What, now: Now) {
        if self.blocked {
            return;
        }
        let number = next(&mut self.numbers.snapshot);
        if self.pending.replace(Pending { number, what }).is_some() {
            self.stats.throttled_count += 1;
        }
        if self.limiter.trigger(now.time) {
            self.wanted = true;
        }
        match self.limiter.due() {
            Some(due) => self.timers.set(Timer::Limiter, due),
            None => self.timers.drop(Timer::Limiter),
        }
        self.advance(now);
    }

    /// Drops what waits for its save, and lets those go who wait for it alone.
    pub(super) fn drop_pending(&mut self) {
        self.pending = None;
        self.wanted = false;
        match &self.store {
            Store::Saving(saving) => {
                let in_flight = saving.snapshot;
                self.flushes.iter_mut().for_each(|flush| flush.until = flush.until.min(in_flight));
            }
            _ => self.settle_flushes(u64::MAX, None),
        }
    }

    pub(super) fn begin_save(&mut self, now: Now) {
        self.wanted = false;
        let Some(Pending { number: snapshot, what }) = self.pending.take() else { return };
        let (record, only) = match self.make_record(what, now) {
            Ok(made) => made,
            Err(error) => {
                self.save_failed(&error);
                self.settle_flushes(snapshot, Some(&error));
                return;
            }
        };
        let number = next(&mut self.numbers.save);
        let rule = ReplaceRule::new(only, self.useless.clone());
        self.event(PersistenceEvent::SaveStart);
        self.outputs.push(Output::Save { number, record: record.clone(), rule: rule.clone() });
        self.store = Store::Saving(Saving {
            number,
            rule,
            record,
            snapshot,
            begun: now.time,
            overtaken: false,
            then_clear: false,
        });
        self.timers.set(Timer::StoreTimeout, now.time.saturating_add(self.options.save_timeout));
    }

    fn make_record(
        &self,
        what: What,
        now: Now,
    ) -> Result<(Arc<Record>, Option<Arc<Record>>), PersistenceError> {
        let options = self.options.record();
        match what {
            What::Made { record, only } => Ok((record, only)),
            What::Snapshot(snapshot) => {
                let saved_at = SafeInteger::new(now.wall_ms).unwrap_or(SafeInteger::MAX);
                record::make(&snapshot, &options, saved_at).map(|record| (Arc::new(record), None))
            }
            What::Migrated { snapshot, from } => {
                let options = RecordOptions { ttl_ms: from.metadata.ttl_ms, ..options };
                let record = record::make(&snapshot, &options, from.metadata.saved_at)?;
                Ok((Arc::new(record), Some(from)))
            }
        }
    }

    pub(super) fn saved(&mut self, number: u64, outcome: Result<Replacement, PersistenceError>, now: Now) {
        let saving = match std::mem::replace(&mut self.store, Store::Idle) {
            Store::Saving(saving) if saving.number == number => saving,
            other => {
                self.store = other;
                return;
            }
        };
        self.timers.drop(Timer::StoreTimeout);
        let error = match outcome {
            Ok(Replacement::NewerSchema) => {
                self.blocked = true;
                Some(newer_schema_than(&saving.record))
            }
            Ok(_) => None,
            Err(error) => {
                self.keep_pending(&saving);
                Some(error)
            }
        };
        match &error {
            None => self.save_succeeded(&saving, now),
            Some(error) => self.save_failed(error),
        }
        if saving.then_clear {
            self.late_clear = Some(saving.record);
        }
        self.settle_flushes(saving.snapshot, error.as_ref());
        if self.blocked {
            self.drop_pending();
        }
        self.advance(now);
    }

    /// A save that failed leaves its snapshot pending, unless a later one is (`PRS-33`).
    fn keep_pending(&mut self, saving: &Saving) {
        if self.pending.is_none() && !saving.overtaken && !self.disposed {
            let what = What::Made { record: saving.record.clone(), only: saving.rule.only.clone() };
            self.pending = Some(Pending { number: saving.snapshot, what });
        }
    }

    fn save_succeeded(&mut self, saving: &Saving, now: Now) {
        self.stats.save_count += 1;
        self.stats.total_bytes_saved += saving.record.metadata.size_bytes.get();
        self.stats.last_save_at = Some(now.wall_ms);
        self.stats.last_save_duration = Some(now.time.saturating_sub(saving.begun));
        self.event(PersistenceEvent::SaveComplete);
    }

    fn save_failed(&mut self, error: &PersistenceError) {
        self.stats.save_error_count += 1;
        self.event(PersistenceEvent::SaveError);
        self.report(error.clone());
    }

    pub(super) fn flush(&mut self, caller: CallerId, now: Now) {
        self.wait_for_saves(FlushCaller::Flush(caller), now);
    }

    fn wait_for_saves(&mut self, caller: FlushCaller, now: Now) {
        let until = match (&self.pending, &self.store) {
            (Some(pending), _) => pending.number,
            (None, Store::Saving(saving)) => saving.snapshot,
            (None, _) => return self.settle_flush(caller, Outcome::Done),
        };
        self.flushes.push(Flush { caller, until, error: None });
        self.wanted = self.pending.is_some();
        self.advance(now);
    }

    /// The save of a snapshot has ended, so whoever waits for it or an earlier one is served (`PRS-34`).
    fn settle_flushes(&mut self, snapshot: u64, error: Option<&PersistenceError>) {
        for flush in &mut self.flushes {
            flush.error = error.cloned().or(flush.error.take());
        }
        let (served, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.flushes).into_iter().partition(|flush| flush.until <= snapshot);
        self.flushes = waiting;
        for Flush { caller, error, .. } in served {
            self.settle_flush(caller, error.map_or(Outcome::Done, Outcome::Failed));
        }
    }

    fn settle_flush(&mut self, caller: FlushCaller, outcome: Outcome) {
        match caller {
            FlushCaller::Flush(caller) => self.outputs.push(Output::Settle { caller, outcome }),
            FlushCaller::Dispose => {
                for caller in std::mem::take(&mut self.disposal.callers) {
                    self.outputs.push(Output::Settle { caller, outcome: outcome.clone() });
                }
                self.disposal.outcome = Some(outcome);
            }
        }
    }

    pub(super) fn dispose(&mut self, caller: CallerId, now: Now) {
        if let Some(outcome) = self.disposal.outcome.clone() {
            return self.outputs.push(Output::Settle { caller, outcome });
        }
        self.disposal.callers.push(caller);
        if self.disposed {
            return;
        }
        self.disposed = true;
        self.limiter.dispose();
        self.timers.drop(Timer::Limiter);
        self.drop_answer();
        self.wait_for_saves(FlushCaller::Dispose, now);
    }

    pub(super) fn page_hidden(&mut self, now: Now) {
        self.wanted = self.pending.is_some();
        self.advance(now);
    }
}

fn newer_schema_than(record: &Record) -> PersistenceError {
    let own = record.metadata.schema_version;
    let message = format!(
        "the store holds a record of a newer schema version than this program's, {}; nothing is saved until the store has \
         been cleared",
        own.get()
    );
    PersistenceError::new(crate::PersistenceErrorKind::NewerSchema, message)
}
