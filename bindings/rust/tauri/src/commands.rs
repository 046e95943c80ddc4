//! What windows may call.

use serde_json::Value;
use state_sync_persistence::Record;
use tauri::{AppHandle, Manager, Runtime, command, ipc::Response};

use crate::{Error, state_sync::Registry};

/// The snapshot of a topic, as JSON text that is made once.
#[command(async)]
pub(crate) fn get_snapshot<R: Runtime>(app: AppHandle<R>, topic: String) -> Result<Response, Error> {
    let registry = app.try_state::<Registry>().ok_or(Error::NotRegistered)?;
    registry.owner(&topic)?.snapshot_json().map(Response::new)
}

/// Saves a record; `false` where what is stored is as new, save for what the window calls useless.
#[command(async)]
pub(crate) fn save_record<R: Runtime>(
    app: AppHandle<R>,
    key: String,
    record: Value,
    useless: Option<Value>,
) -> Result<bool, Error> {
    app.try_state::<Registry>().ok_or(Error::NotRegistered)?.records.save(&key, record, useless)
}

/// The stored record, or null.
#[command(async)]
pub(crate) fn load_record<R: Runtime>(app: AppHandle<R>, key: String) -> Result<Option<Record>, Error> {
    app.try_state::<Registry>().ok_or(Error::NotRegistered)?.records.load(&key)
}

/// Removes a record.
#[command(async)]
pub(crate) fn clear_record<R: Runtime>(app: AppHandle<R>, key: String) -> Result<(), Error> {
    app.try_state::<Registry>().ok_or(Error::NotRegistered)?.records.clear(&key)
}
