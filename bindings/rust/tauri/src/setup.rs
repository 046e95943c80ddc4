//! What an application says of a topic before the plugin starts.

use std::{path::PathBuf, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use state_sync::{Source, Topic};
use state_sync_persistence::{FileBackend, LoadOptions, MigrationBuilder};

use crate::{
    SetupError, TopicKey,
    epoch::new_epoch,
    keeper::Keeper,
    names::file_name,
    owner::{AnyOwner, Owner},
    problem::Reporter,
    restore::{Reading, Restored, restore},
};

/// A topic to register, made by [`TopicKey::starting_with`]: its state lives in memory and takes a new epoch at each
/// start (`ENG-3`), unless it is [`TopicSetup::saved`].
#[must_use = "a topic is there only once it is registered with Builder::topic"]
pub struct TopicSetup<T> {
    key: TopicKey<T>,
    initial: T,
    source_id: Option<String>,
}

impl<T> TopicSetup<T> {
    pub(crate) const fn new(key: TopicKey<T>, initial: T) -> Self {
        Self { key, initial, source_id: None }
    }

    /// The name of the source in the topic's events.
    pub fn source_id(mut self, source_id: impl Into<String>) -> Self {
        self.source_id = Some(source_id.into());
        self
    }

    /// Keeps the state in a file: each change is on the disk before any window sees it, so what a command has answered
    /// or an event has announced outlives the application, however it ends.
    pub fn saved(self) -> SavedTopicSetup<T>
    where
        T: DeserializeOwned,
    {
        SavedTopicSetup { topic: self, file: None, schema_version: 1, steps: MigrationBuilder::default() }
    }
}

/// A topic to register whose state is kept in a file, made by [`TopicSetup::saved`].
///
/// | at the start there is | the state is | its epoch |
/// | --- | --- | --- |
/// | the file | that of the file | goes on, if the state reads back as it was written |
/// | a damaged file, set aside | that of the version before, if there is one | new |
/// | no file that can be used | the initial one | new |
/// | a file of a newer schema version | the initial one, and is not saved (`PRS-30`) | new |
#[must_use = "a topic is there only once it is registered with Builder::topic"]
pub struct SavedTopicSetup<T> {
    topic: TopicSetup<T>,
    file: Option<PathBuf>,
    schema_version: u32,
    steps: MigrationBuilder,
}

impl<T> SavedTopicSetup<T> {
    /// The file, absolute or in the plugin's folder; by default `<topic>.json`.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// The version of the state's schema in the application's own counting; by default 1.
    pub fn schema_version(mut self, version: u32) -> Self {
        self.schema_version = version;
        self
    }

    /// The step that leads the data of schema version `from` to those of the next one.
    pub fn migration(
        mut self,
        from: u32,
        step: impl Fn(Value) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Self {
        self.steps = self.steps.step(from, move |data| {
            step(data).map_err(|error| Box::<dyn std::error::Error + Send + Sync>::from(error).into())
        });
        self
    }
}

/// What [`crate::Builder::topic`] takes: a [`TopicSetup`] or a [`SavedTopicSetup`].
pub trait Registration: sealed::Register {}

impl<R: sealed::Register> Registration for R {}

/// What a topic is set up in.
pub(crate) struct Surroundings {
    pub(crate) folder: PathBuf,
    pub(crate) reporter: Reporter,
}

/// A topic that is set up.
pub(crate) struct Ready {
    pub(crate) topic: Topic,
    pub(crate) owner: Arc<dyn AnyOwner>,
    pub(crate) file: Option<PathBuf>,
}

pub(crate) mod sealed {
    use super::{Ready, SetupError, Surroundings};

    /// Sets a topic up.
    pub trait Register: Send + 'static {
        /// Restores the state if need be, and makes its owner.
        #[allow(private_interfaces, reason = "the trait cannot be named outside of this crate")]
        fn register(self, surroundings: &Surroundings) -> Result<Ready, SetupError>;
    }
}

impl<T: Clone + Serialize + Send + Sync + 'static> sealed::Register for TopicSetup<T> {
    #[allow(private_interfaces, reason = "the trait cannot be named outside of this crate")]
    fn register(self, _surroundings: &Surroundings) -> Result<Ready, SetupError> {
        let topic = topic_of(&self.key)?;
        let source = Source::new(topic.clone(), self.initial).with_epoch(new_epoch()?);
        let owner = Owner::new(named(source, self.source_id), None, Restored::NotKept);
        Ok(Ready { topic, owner: Arc::new(owner), file: None })
    }
}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> sealed::Register
    for SavedTopicSetup<T>
{
    #[allow(private_interfaces, reason = "the trait cannot be named outside of this crate")]
    fn register(self, surroundings: &Surroundings) -> Result<Ready, SetupError> {
        let topic = topic_of(&self.topic.key)?;
        let name = match self.file {
            Some(file) => file,
            None => file_name(topic.as_str())?.into(),
        };
        let path = surroundings.folder.join(name);
        let file = FileBackend::new(&path);
        let migration = self.steps.build(self.schema_version);
        let options = LoadOptions {
            schema_version: self.schema_version.into(),
            migration: migration.map_err(|gap| SetupError::Migration(topic.as_str().to_owned(), gap))?,
            ..LoadOptions::default()
        };
        let reading =
            Reading { topic: &topic, file: &file, options: &options, reporter: &surroundings.reporter };
        let (snapshot, restored, known) = restore(&reading, self.topic.initial)?;
        // What a newer version of the application has saved stays as it is (PRS-30).
        let keeper =
            (restored != Restored::NewerSchema).then(|| Keeper::new::<T>(file, self.schema_version, known));
        let source = named(Source::restored(topic.clone(), snapshot), self.topic.source_id);
        let owner = Owner::new(source, keeper, restored);
        Ok(Ready { topic, owner: Arc::new(owner), file: Some(path) })
    }
}

fn topic_of<T>(key: &TopicKey<T>) -> Result<Topic, SetupError> {
    Topic::new(key.name()).map_err(|_| SetupError::BlankTopic)
}

fn named<T: Clone>(source: Source<T>, source_id: Option<String>) -> Source<T> {
    match source_id {
        Some(source_id) => source.with_source_id(source_id),
        None => source,
    }
}
