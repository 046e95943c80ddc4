//! Applications under test: Tauri's own mock runtime around the real plugin and real files.
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tauri::{
    App, WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets},
    utils::acl::ExecutionContext,
    webview::InvokeRequest,
};
use tauri_plugin_state_sync::{Builder, Error, Restored, SnapshotEnvelope, StateSyncExt, TopicKey};

/// What the user has chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The colours.
    pub theme: String,
    /// The size of text, in points.
    pub size: u32,
}

pub const SETTINGS: TopicKey<Settings> = TopicKey::new("settings");

pub fn settings(theme: &str, size: u32) -> Settings {
    Settings { theme: theme.to_owned(), size }
}

/// The plugin that most tests use: one saved topic in `folder`.
pub fn saved(folder: &Path) -> Builder {
    Builder::new().folder(folder).topic(SETTINGS.starting_with(settings("light", 14)).saved())
}

/// Starts an application with this plugin.
pub fn try_start(plugin: Builder) -> tauri::Result<App<MockRuntime>> {
    let mut context = mock_context(noop_assets());
    for command in ["get_snapshot", "save_record", "load_record", "clear_record"] {
        let command = format!("plugin:state-sync|{command}");
        context.runtime_authority_mut().__allow_command(command, ExecutionContext::Local);
    }
    mock_builder().plugin(plugin.build()).build(context)
}

pub fn start(plugin: Builder) -> App<MockRuntime> {
    try_start(plugin).expect("the application starts")
}

/// Starts the application, and takes down the problems that it has.
pub fn start_noting(plugin: Builder) -> (App<MockRuntime>, Vec<String>) {
    let notes = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&notes);
    let app = start(plugin.on_problem(move |problem| noted.lock().unwrap().push(problem.to_string())));
    let notes = notes.lock().unwrap().clone();
    (app, notes)
}

pub fn window(app: &App<MockRuntime>, label: &str) -> WebviewWindow<MockRuntime> {
    WebviewWindowBuilder::new(app, label, Default::default()).build().unwrap()
}

/// Calls a command of the plugin as a page would: through Tauri's message handling and its permissions.
pub fn invoke(window: &WebviewWindow<MockRuntime>, command: &str, arguments: Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: format!("plugin:state-sync|{command}"),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" }.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

pub fn snapshot(app: &App<MockRuntime>) -> SnapshotEnvelope<Settings> {
    app.state_sync().snapshot(SETTINGS).unwrap()
}

pub fn restored(app: &App<MockRuntime>) -> Restored {
    app.state_sync().restored(SETTINGS).unwrap()
}

pub fn set_size(app: &App<MockRuntime>, size: u32) -> Result<SnapshotEnvelope<Settings>, Error> {
    app.state_sync().update(SETTINGS, |settings| settings.size = size)
}
