//! The backend: one topic that is kept in a file, and one command that changes it.

pub mod settings;

use settings::{Change, Settings};
use tauri::{AppHandle, Runtime};
use tauri_plugin_state_sync::{Builder, Error, Revision, StateSyncExt, TopicKey};

/// The topic of the settings.
pub const SETTINGS: TopicKey<Settings> = TopicKey::new("settings");

#[tauri::command(async)]
fn change_settings<R: Runtime>(app: AppHandle<R>, change: Change) -> Result<Revision, Error> {
    let changed = app.state_sync().try_update(SETTINGS, |settings| settings.apply(change))?;
    Ok(changed.revision)
}

/// The application, on any of Tauri's runtimes.
pub fn backend<R: Runtime>(builder: tauri::Builder<R>) -> tauri::Builder<R> {
    builder
        .plugin(Builder::new().topic(SETTINGS.starting_with(Settings::default()).saved()).build())
        .invoke_handler(tauri::generate_handler![change_settings, window::open_window])
}

mod window;
