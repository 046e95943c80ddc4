//! Words that several reports share.

use crate::{
    result::{Conclusion, Details, Expected, ImplementationResult, RunResult, Status},
    wire::Answer,
};
use serde_json::Value;

/// What a case asks, on one line.
pub(super) fn asked(details: &Details) -> String {
    format!("{} {}", details.op, Value::Object(details.input.clone()))
}

/// What a case expects, on one line.
pub(super) fn expected(details: &Details) -> String {
    match &details.expected {
        Expected::Ok(value) => format!("ok {value}"),
        Expected::Error { code, pointer } => format!("error {code} at {pointer:?}"),
    }
}

/// What came, on one line.
pub(super) fn got(details: &Details) -> String {
    match &details.got {
        Some(Answer::Ok { value }) => format!("ok {value}"),
        Some(Answer::Error { code, pointer, message }) => format!("error {code} at {pointer:?}: {message}"),
        Some(Answer::NotImplemented { .. }) => "not implemented".to_owned(),
        None => format!("no answer ({})", details.failure.kind),
    }
}

/// A text cut where it is long, with its length.
pub(super) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

/// Who an implementation says that it is, or why that is not known.
pub(super) fn identity(implementation: &ImplementationResult) -> String {
    match (&implementation.hello, implementation.status) {
        (Some(hello), _) => format!("{} {} in {}", hello.implementation, hello.version, hello.language),
        (None, Status::Skipped) => "skipped".to_owned(),
        (None, _) => "could not be judged".to_owned(),
    }
}

/// The run in one sentence.
pub(super) fn summary(result: &RunResult) -> String {
    let totals = result.totals();
    let judged = result
        .implementations
        .iter()
        .filter(|implementation| implementation.status == Status::Judged)
        .count();
    let run = totals.run();
    let of = if judged == 1 { String::new() } else { format!(" of {judged} implementations") };
    match result.conclusion {
        Conclusion::Passed if totals.expected_failures > 0 => format!(
            "{} of {run} cases{of} passed, {} failed as expected",
            totals.passed, totals.expected_failures
        ),
        Conclusion::Passed => format!("all {run} cases{of} passed"),
        _ if run == 0 => "no case was run".to_owned(),
        _ if totals.failed > 0 => format!("{} of {run} cases{of} failed", totals.failed),
        _ => format!("{} of {run} cases{of} passed, and something else was found", totals.passed),
    }
}
