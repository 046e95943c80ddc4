//! Generates the TypeScript of the topics from the Rust types, and what Tauri needs.

use tauri_plugin_state_sync_build::{Registry, export};

#[allow(dead_code, reason = "the types alone are of interest here")]
#[path = "src/settings.rs"]
mod settings;

fn main() {
    export(Registry::new().topic::<settings::Settings>("settings"), "../src/statesync");
    tauri_build::build();
}
