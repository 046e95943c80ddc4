//! A revision with the epoch in which it counts.

use state_sync::{Epoch, InvalidationEvent, Revision, SnapshotEnvelope};

/// A revision of an epoch; the absent epoch is written as the empty one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The history that the revision belongs to.
    pub epoch: Epoch,
    /// The revision.
    pub revision: Revision,
}

impl Position {
    /// Where a snapshot is.
    pub fn of<D>(snapshot: &SnapshotEnvelope<D>) -> Self {
        Self { epoch: snapshot.epoch.clone().unwrap_or_default(), revision: snapshot.revision }
    }

    /// What an event promises.
    pub fn promised_by(event: &InvalidationEvent) -> Self {
        Self { epoch: event.epoch.clone().unwrap_or_default(), revision: event.revision }
    }
}
