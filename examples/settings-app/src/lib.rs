//! The backend of an application with settings: the state, its owner, and what is generated from its types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use state_sync::{BlankTopic, RevisionsExhausted, SnapshotEnvelope, Source, Topic, Update};
use state_sync_codegen::Registry;
use std::path::Path;

/// The name of the one topic.
pub const SETTINGS: &str = "settings";

/// What the user has chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The colours.
    pub theme: Theme,
    /// The size of text, in points.
    #[schemars(range(min = 8, max = 72))]
    pub font_size: u32,
    /// The files that were opened last, the newest first.
    pub recent: Vec<String>,
}

/// The colours of the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

/// Owns the settings: every window pulls from here, and is told when there is something new.
pub struct Backend {
    settings: Source<Settings>,
}

impl Backend {
    /// A backend with the settings of a new user. `epoch` is a name that no earlier start has used, since this
    /// backend does not keep its revisions.
    ///
    /// # Errors
    /// Never with the topic above; a topic may not be blank.
    pub fn new(epoch: &str) -> Result<Self, BlankTopic> {
        let settings = Settings { theme: Theme::Light, font_size: 14, recent: Vec::new() };
        Ok(Self { settings: Source::new(Topic::new(SETTINGS)?, settings).with_epoch(epoch) })
    }

    /// What a window pulls; with Tauri, the body of a command.
    pub fn get_settings(&self) -> SnapshotEnvelope<Settings> {
        self.settings.snapshot()
    }

    /// Chooses other colours. The caller emits the event of the update to all windows.
    ///
    /// # Errors
    /// No revision is left, after 2^64-1 changes.
    pub fn choose_theme(&self, theme: Theme) -> Result<Update<Settings>, RevisionsExhausted> {
        self.settings.update(|settings| settings.theme = theme)
    }
}

/// The topics of this application, generated into a folder of the web part.
pub fn registry(folder: &Path) -> Registry {
    Registry::new().topic::<Settings>(SETTINGS).typescript(folder)
}
