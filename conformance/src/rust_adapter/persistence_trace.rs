//! Values of a persistence script and its trace, and what the crate has in their place.

use super::persistence_options::{SOURCE_ID, ScriptError};
use serde_json::{Value, json};
use state_sync_persistence::{Cause, Layer, PersistenceError, PersistenceErrorKind};
use std::sync::Arc;

/// An error that the backend has given a kind, or one of the platform, which the layer calls `unavailable`.
pub(super) fn backend_error(error: Value) -> PersistenceError {
    let named = error.get("kind").and_then(Value::as_str);
    let kind = PersistenceErrorKind::ALL.into_iter().find(|kind| named == Some(kind.as_str()));
    let (kind, cause) = match kind {
        Some(kind) => (kind, error.get("cause").cloned()),
        None => (PersistenceErrorKind::Unavailable, Some(error)),
    };
    let failed = PersistenceError::new(kind, "the backend failed");
    match cause {
        Some(cause) => failed.caused_by(Arc::new(ScriptError(cause))),
        None => failed,
    }
}

pub(super) fn written_error(error: &PersistenceError) -> Value {
    let mut written = json!({ "kind": error.kind().as_str() });
    if let Some(ScriptError(cause)) = error.cause().and_then(|cause| cause.downcast_ref()) {
        written["cause"] = cause.clone();
    }
    written
}

/// An error of the application's own.
pub(super) fn written_cause(cause: &Cause) -> Value {
    cause.downcast_ref().map_or_else(|| json!({ "own": true }), |ScriptError(value)| value.clone())
}

pub(super) fn written_message(message: &impl serde::Serialize) -> Value {
    let mut message = written(message);
    if let Some(members) = message.as_object_mut() {
        members.remove("timestampMs");
        if members.get("sourceId") == Some(&json!(SOURCE_ID)) {
            members.insert("sourceId".to_owned(), json!("self"));
        }
    }
    message
}

pub(super) fn written_stats(layer: &Layer) -> Value {
    let stats = layer.stats();
    let mut written = json!({
        "saveCount": stats.save_count,
        "saveErrorCount": stats.save_error_count,
        "totalBytesSaved": stats.total_bytes_saved,
        "throttledCount": stats.throttled_count,
    });
    if let Some(at) = stats.last_save_at {
        written["lastSaveAt"] = json!(at);
    }
    if let Some(duration) = stats.last_save_duration {
        written["lastSaveDurationMs"] = json!(duration.as_millis() as u64);
    }
    written
}

pub(super) fn written(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("records and messages are made of JSON values alone")
}
