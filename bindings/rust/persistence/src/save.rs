//! Whether a record may replace the stored one (`PRS-23`, `PRS-30` to `PRS-32`).

use crate::{load::is_expired, record::Record};
use state_sync::Epoch;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// What is to become of the stored record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// The new record takes its place.
    Replace,
    /// The same, but the stored one was of no use, and is to be set aside first where the backend can (`PRS-69`).
    ReplaceUseless,
    /// It stays, and the save has succeeded all the same (`PRS-31`, `PRS-23`).
    Keep,
    /// It stays, as a newer version of the program wrote it (`PRS-30`).
    NewerSchema,
    /// It stays, as the save has timed out or has been overtaken by a clearing (`PRS-38`).
    Revoked,
}

impl Replacement {
    /// Whether the new record is to be written.
    pub const fn is_replaced(self) -> bool {
        matches!(self, Replacement::Replace | Replacement::ReplaceUseless)
    }
}

/// Judges the stored record right before it is replaced, in one transaction with the replacement where the backend
/// has transactions (`PRS-32`). It can be sent to wherever the backend works.
#[derive(Clone, Debug, Default)]
pub struct ReplaceRule {
    /// A migrated record replaces only the one that was loaded.
    pub(crate) only: Option<Arc<Record>>,
    /// What the layer knows of the stored record; a load may find it out while the save is in flight.
    pub(crate) useless: UselessRecord,
    revoked: Arc<AtomicBool>,
}

impl ReplaceRule {
    /// What is to become of `stored`, which is `None` where nothing is stored or what is stored does not decode;
    /// `wall_ms` is the wall clock's time in milliseconds.
    pub fn judge(&self, stored: Option<&Record>, new: &Record, wall_ms: u64) -> Replacement {
        if self.revoked.load(Ordering::SeqCst) {
            return Replacement::Revoked;
        }
        if let Some(stored) = stored
            && stored.metadata.schema_version > new.metadata.schema_version
        {
            return Replacement::NewerSchema;
        }
        if let Some(only) = &self.only {
            return if stored == Some(only) { Replacement::Replace } else { Replacement::Keep };
        }
        match stored {
            None => Replacement::Replace,
            Some(stored) if self.useless.is(stored) => Replacement::ReplaceUseless,
            Some(stored) if is_as_new(stored, new, wall_ms) => Replacement::Keep,
            Some(_) => Replacement::Replace,
        }
    }

    /// The rule of a save by somebody who has loaded `useless` and found that it is of no use (`PRS-70`): as long as it
    /// is what is stored, it keeps nothing from being saved, and is set aside.
    pub fn knowing_useless(useless: Record) -> Self {
        let rule = Self::default();
        rule.useless.set(Some(useless));
        rule
    }

    pub(crate) fn new(only: Option<Arc<Record>>, useless: UselessRecord) -> Self {
        Self { only, useless, ..Self::default() }
    }

    /// From now on the record may not be written any more.
    pub(crate) fn revoke(&self) {
        self.revoked.store(true, Ordering::SeqCst);
    }
}

/// The stored record that ended a loading and is of no use, if there is one (`PRS-70`); shared with the rules of saves.
#[derive(Clone, Debug, Default)]
pub(crate) struct UselessRecord(Arc<Mutex<Option<Record>>>);

impl UselessRecord {
    /// Remembers it, or that there is none.
    pub(crate) fn set(&self, record: Option<Record>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = record;
    }

    fn is(&self, stored: &Record) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(stored)
    }
}

/// Whether the stored record is of use and not older (`PRS-31`).
fn is_as_new(stored: &Record, new: &Record, wall_ms: u64) -> bool {
    stored.metadata.schema_version == new.metadata.schema_version
        && Epoch::same(stored.snapshot.epoch.as_ref(), new.snapshot.epoch.as_ref())
        && stored.snapshot.revision >= new.snapshot.revision
        && !is_expired(&stored.metadata, wall_ms)
}
