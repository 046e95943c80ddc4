//! What an application calls: looking at topics, and changing them.

use std::{
    any::{Any, type_name},
    collections::BTreeMap,
    fmt::Display,
    sync::Arc,
};

use serde::Serialize;
use state_sync::{InvalidationEvent, SnapshotEnvelope};
use tauri::{AppHandle, Emitter, Manager, Runtime};

use crate::{
    Error, Restored, TopicKey,
    owner::{AnyOwner, Owner},
    problem::{Problem, Reporter},
    records::Records,
};

/// What the plugin keeps in the application.
pub(crate) struct Registry {
    pub(crate) event_name: String,
    pub(crate) topics: BTreeMap<String, Arc<dyn AnyOwner>>,
    pub(crate) records: Records,
    pub(crate) reporter: Reporter,
}

impl Registry {
    pub(crate) fn owner(&self, topic: &str) -> Result<&Arc<dyn AnyOwner>, Error> {
        self.topics.get(topic).ok_or_else(|| Error::UnknownTopic {
            topic: topic.to_owned(),
            known: self.topics.keys().cloned().collect(),
        })
    }
}

/// The topics of an application. Cheap to make and to clone; every method may be called from any thread, but not from
/// within the closure of an update of the same topic.
pub struct StateSync<R: Runtime> {
    app: AppHandle<R>,
}

/// Gives the topics of an application wherever there is an application, a handle or a window.
pub trait StateSyncExt<R: Runtime> {
    /// The topics.
    fn state_sync(&self) -> StateSync<R>;
}

impl<R: Runtime, M: Manager<R>> StateSyncExt<R> for M {
    fn state_sync(&self) -> StateSync<R> {
        StateSync { app: self.app_handle().clone() }
    }
}

impl<R: Runtime> Clone for StateSync<R> {
    fn clone(&self) -> Self {
        Self { app: self.app.clone() }
    }
}

/// The types that a topic can have.
pub trait TopicState: Clone + Serialize + Send + Sync + 'static {}

impl<T: Clone + Serialize + Send + Sync + 'static> TopicState for T {}

impl<R: Runtime> StateSync<R> {
    /// The state of a topic with its revision, read in one step (`ENG-5`).
    ///
    /// # Errors
    /// The topic is not registered, or with another type.
    pub fn snapshot<T: TopicState>(&self, key: TopicKey<T>) -> Result<SnapshotEnvelope<T>, Error> {
        self.with(key, |owner, _| Ok(owner.snapshot()))
    }

    /// Changes a topic, saves it if it is a saved one, and then tells all windows (`TRA-27`, `ENG-6`).
    ///
    /// # Errors
    /// As [`StateSync::try_update`], but for [`Error::Refused`].
    pub fn update<T: TopicState>(
        &self,
        key: TopicKey<T>,
        change: impl FnOnce(&mut T),
    ) -> Result<SnapshotEnvelope<T>, Error> {
        self.try_update(key, |state| {
            change(state);
            Ok::<(), &str>(())
        })
    }

    /// Puts another state in the place of a topic's; otherwise as [`StateSync::update`].
    ///
    /// # Errors
    /// As [`StateSync::update`].
    pub fn replace<T: TopicState>(&self, key: TopicKey<T>, state: T) -> Result<SnapshotEnvelope<T>, Error> {
        self.update(key, |current| *current = state)
    }

    /// Changes a topic if the closure agrees; otherwise as [`StateSync::update`].
    ///
    /// # Errors
    /// [`Error`], with nothing changed: the closure refused, the state cannot be saved or written as JSON, no revision
    /// is left, or the topic is not registered, or with another type.
    pub fn try_update<T: TopicState, E: Display>(
        &self,
        key: TopicKey<T>,
        change: impl FnOnce(&mut T) -> Result<(), E>,
    ) -> Result<SnapshotEnvelope<T>, Error> {
        self.with(key, |owner, registry| {
            let update = owner.try_update(change)?;
            self.announce(&update.event, registry);
            Ok(update.envelope)
        })
    }

    /// What the state of a topic was made of when the application started.
    ///
    /// # Errors
    /// The topic is not registered, or with another type.
    pub fn restored<T: TopicState>(&self, key: TopicKey<T>) -> Result<Restored, Error> {
        self.with(key, |owner, _| Ok(owner.restored()))
    }

    fn with<T: TopicState, O>(
        &self,
        key: TopicKey<T>,
        action: impl FnOnce(&Owner<T>, &Registry) -> Result<O, Error>,
    ) -> Result<O, Error> {
        let registry = self.app.try_state::<Registry>().ok_or(Error::NotRegistered)?;
        let owner = registry.owner(key.name())?;
        let any: &dyn Any = &**owner;
        let owner = any.downcast_ref::<Owner<T>>().ok_or_else(|| Error::WrongType {
            topic: key.name().to_owned(),
            registered: owner.state_type(),
            asked: type_name::<T>(),
        })?;
        action(owner, &registry)
    }

    /// Tells all windows. The state is in place already and stays there, so a failure is reported and no error of the
    /// update; Tauri fails here only when its event loop has ended.
    fn announce(&self, event: &InvalidationEvent, registry: &Registry) {
        if let Err(error) = self.app.emit(&registry.event_name, event) {
            let topic = event.topic.as_str().to_owned();
            (registry.reporter)(&Problem::NotAnnounced { topic, message: error.to_string() });
        }
    }
}
