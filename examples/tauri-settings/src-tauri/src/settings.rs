//! The state: what the user has chosen, and how it may change.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the user has chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The colours of the windows.
    pub theme: Theme,
    /// The colour of what stands out.
    pub accent: Accent,
    /// The size of text, in pixels.
    #[schemars(range(min = 12, max = 24))]
    pub font_size: u32,
    /// Whether there are sounds.
    pub sounds: bool,
    /// How the user wants to be called.
    #[schemars(length(max = 40))]
    pub name: String,
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

/// The colour of what stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Accent {
    /// Blue.
    Ocean,
    /// Green.
    Forest,
    /// Orange.
    Ember,
    /// Purple.
    Plum,
}

/// The members that a window changes; the others stay as they are, so that two windows do not undo each other's work.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    theme: Option<Theme>,
    accent: Option<Accent>,
    font_size: Option<u32>,
    sounds: Option<bool>,
    name: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { theme: Theme::Light, accent: Accent::Ocean, font_size: 16, sounds: true, name: String::new() }
    }
}

impl Settings {
    /// Makes a change, or says why not.
    ///
    /// # Errors
    /// A sentence for people. The caller then drops what has been changed so far.
    pub fn apply(&mut self, change: Change) -> Result<(), String> {
        let Change { theme, accent, font_size, sounds, name } = change;
        self.theme = theme.unwrap_or(self.theme);
        self.accent = accent.unwrap_or(self.accent);
        self.font_size = font_size.unwrap_or(self.font_size);
        self.sounds = sounds.unwrap_or(self.sounds);
        self.name = name.unwrap_or_else(|| std::mem::take(&mut self.name));
        if !(12..=24).contains(&self.font_size) {
            return Err(format!("text can have 12 to 24 pixels, not {}", self.font_size));
        }
        if self.name.chars().count() > 40 {
            return Err("a name can have at most 40 characters".to_owned());
        }
        Ok(())
    }
}
