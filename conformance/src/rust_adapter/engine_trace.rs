//! How what an engine tells is written in a trace, and what the script's errors say to it.

use super::engine::Thrown;
use serde_json::{Map, Value, json};
use state_sync::SyncErrorContext;
use state_sync_engine::{Advice, Failure, Metrics, Report, SyncError};
use std::time::Duration;

/// What a port's error says about another attempt (ENG-66).
pub(super) fn failure(error: Value) -> Failure<Thrown> {
    let after = error.get("retryAfterMs").and_then(Value::as_f64).filter(|after| *after >= 0.0);
    let advice = match after {
        _ if error.get("retryable") == Some(&Value::Bool(false)) => Advice::Never,
        Some(after) => Advice::NotBefore(Duration::from_millis(after.ceil() as u64)),
        None => Advice::Policy,
    };
    Failure::Failed { error: Thrown::Script(error), advice }
}

/// An error as a trace has it.
pub(super) fn written_error(error: &SyncError<Thrown>) -> Value {
    match error {
        SyncError::Application(Thrown::Script(value)) => value.clone(),
        SyncError::Undecodable(error) => {
            json!({ "code": error.code().as_str(), "pointer": error.pointer() })
        }
        _ => json!({ "own": true }),
    }
}

/// A report as it goes over the wire.
pub(super) fn written_report(report: Report<Thrown>) -> Value {
    written(&SyncErrorContext {
        phase: report.phase,
        topic: report.topic,
        error: written_error(&report.error),
        source_event: report.source_event,
        local_revision: report.local_revision,
        event_revision: report.event_revision,
        snapshot_revision: report.snapshot_revision,
        source_id: report.source_id,
        attempt: report.attempt,
        will_retry: report.will_retry,
        next_delay_ms: report.next_delay_ms,
    })
}

pub(super) fn written_metrics(metrics: &Metrics) -> Value {
    let errors = metrics.errors_by_phase().map(|(phase, count)| (phase.as_str().to_owned(), json!(count)));
    json!({
        "events": metrics.events,
        "coalesced": metrics.coalesced,
        "pulls": metrics.pulls,
        "applied": metrics.applied,
        "skipped": metrics.skipped,
        "errors": errors.collect::<Map<_, _>>(),
    })
}

pub(super) fn written(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("messages and scalars are made of JSON values alone")
}
