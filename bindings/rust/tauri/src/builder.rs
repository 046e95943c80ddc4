//! Making the plugin.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use tauri::{
    AppHandle, Manager, Runtime,
    plugin::{self, TauriPlugin},
};

use crate::{
    SetupError, commands,
    names::is_event_name,
    problem::{Problem, Reporter, default_reporter},
    records::Records,
    setup::{Ready, Registration, Surroundings},
    state_sync::Registry,
};

/// The name of the event, where the application chooses none (`TRA-28`).
pub const DEFAULT_EVENT_NAME: &str = "state-sync:invalidated";

/// The folder in the application's data folder, where the application chooses none.
const FOLDER: &str = "state-sync";

type Register = Box<dyn FnOnce(&Surroundings) -> Result<Ready, SetupError> + Send>;

/// Makes the plugin: the topics of the application and, where the defaults do not suit, names and places.
#[must_use = "the plugin is made by build() and registered with tauri::Builder::plugin"]
pub struct Builder {
    topics: Vec<Register>,
    records: Vec<String>,
    event_name: String,
    folder: Option<PathBuf>,
    reporter: Reporter,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// A plugin without topics.
    pub fn new() -> Self {
        Self {
            topics: Vec::new(),
            records: Vec::new(),
            event_name: DEFAULT_EVENT_NAME.to_owned(),
            folder: None,
            reporter: default_reporter(),
        }
    }

    /// Adds a topic.
    pub fn topic(mut self, topic: impl Registration) -> Self {
        self.topics.push(Box::new(|surroundings| topic.register(surroundings)));
        self
    }

    /// Names a record that windows may save, load and clear (`createTauriFileBackend`); they reach no others.
    pub fn record(mut self, key: impl Into<String>) -> Self {
        self.records.push(key.into());
        self
    }

    /// The name of the event that tells windows of changes; by default [`DEFAULT_EVENT_NAME`]. All topics share it, and
    /// readers tell them apart by `topic` (`TRA-28`).
    pub fn event_name(mut self, name: impl Into<String>) -> Self {
        self.event_name = name.into();
        self
    }

    /// The folder of the files; by default `state-sync` in the application's data folder.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Takes what goes wrong without a caller who could be told; by default it is logged as a
    /// warning, or printed where the application has no logger.
    pub fn on_problem(mut self, report: impl Fn(&Problem) + Send + Sync + 'static) -> Self {
        self.reporter = Arc::new(report);
        self
    }

    /// The plugin. What is wrong with its settings is told when the application starts, as [`SetupError`].
    pub fn build<R: Runtime>(self) -> TauriPlugin<R> {
        plugin::Builder::new("state-sync")
            .invoke_handler(tauri::generate_handler![
                commands::get_snapshot,
                commands::save_record,
                commands::load_record,
                commands::clear_record,
            ])
            .setup(move |app, _api| {
                let registry = self.registry(app)?;
                app.manage(registry);
                Ok(())
            })
            .build()
    }

    fn registry<R: Runtime>(self, app: &AppHandle<R>) -> Result<Registry, SetupError> {
        if !is_event_name(&self.event_name) {
            return Err(SetupError::EventName(self.event_name));
        }
        let folder = match self.folder {
            Some(folder) => folder,
            None => {
                let data = app.path().app_data_dir();
                data.map_err(|error| SetupError::NoFolder(error.to_string()))?.join(FOLDER)
            }
        };
        let records = Records::new(&folder, self.records)?;
        let mut files: BTreeSet<PathBuf> = records.paths().map(Path::to_owned).collect();
        let mut topics = BTreeMap::new();
        let surroundings = Surroundings { folder, reporter: Arc::clone(&self.reporter) };
        for register in self.topics {
            let Ready { topic, owner, file } = register(&surroundings)?;
            if let Some(file) = file
                && !files.insert(file.clone())
            {
                return Err(SetupError::FileTwice(file));
            }
            if topics.insert(topic.as_str().to_owned(), owner).is_some() {
                return Err(SetupError::TopicTwice(topic.into_string()));
            }
        }
        Ok(Registry { event_name: self.event_name, topics, records, reporter: self.reporter })
    }
}
