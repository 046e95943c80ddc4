//! The owner of one topic's state.

use std::{
    any::{Any, type_name},
    fmt::Display,
};

use serde::Serialize;
use serde_json::Value;
use state_sync::{Epoch, SnapshotEnvelope, Source, Update, UpdateError};

use crate::{Error, Restored, keeper::Keeper};

/// A state with its revision, and the file that keeps it.
pub(crate) struct Owner<T> {
    source: Source<T>,
    epoch: Option<Epoch>,
    keeper: Option<Keeper>,
    restored: Restored,
}

/// The owner of a state whose type is not known.
pub(crate) trait AnyOwner: Any + Send + Sync {
    /// The name of the state's type.
    fn state_type(&self) -> &'static str;

    /// The current snapshot as JSON text.
    fn snapshot_json(&self) -> Result<String, Error>;
}

impl<T: Clone + Serialize + Send + Sync + 'static> Owner<T> {
    pub(crate) fn new(source: Source<T>, keeper: Option<Keeper>, restored: Restored) -> Self {
        let epoch = source.snapshot().epoch;
        Self { source, epoch, keeper, restored }
    }

    pub(crate) fn restored(&self) -> Restored {
        self.restored
    }

    pub(crate) fn snapshot(&self) -> SnapshotEnvelope<T> {
        self.source.snapshot()
    }

    /// Changes the state if the closure agrees and the changed state is saved.
    pub(crate) fn try_update<E: Display>(
        &self,
        change: impl FnOnce(&mut T) -> Result<(), E>,
    ) -> Result<Update<T>, Error> {
        let topic = || self.source.topic().as_str().to_owned();
        let changed = self.source.try_update(|data| {
            change(data).map_err(|error| Error::Refused { topic: topic(), message: error.to_string() })?;
            let data = serde_json::to_value(&*data).map_err(|error| self.not_serializable(&error))?;
            // Here the source stands at the revision before this one, and no other update can come between.
            self.save(data).map_err(|cause| Error::NotSaved { topic: topic(), cause })
        });
        changed.map_err(|error| match error {
            UpdateError::Refused(error) => error,
            UpdateError::Exhausted(_) => Error::Exhausted { topic: topic() },
        })
    }

    fn save(&self, data: Value) -> Result<(), state_sync_persistence::PersistenceError> {
        let Some(keeper) = &self.keeper else { return Ok(()) };
        let revision = self.source.revision().next();
        keeper.save(&SnapshotEnvelope { revision, data, epoch: self.epoch.clone() })
    }

    fn not_serializable(&self, error: &serde_json::Error) -> Error {
        Error::NotSerializable { topic: self.source.topic().as_str().to_owned(), message: error.to_string() }
    }
}

impl<T: Clone + Serialize + Send + Sync + 'static> AnyOwner for Owner<T> {
    fn state_type(&self) -> &'static str {
        type_name::<T>()
    }

    fn snapshot_json(&self) -> Result<String, Error> {
        serde_json::to_string(&self.source.snapshot()).map_err(|error| self.not_serializable(&error))
    }
}
