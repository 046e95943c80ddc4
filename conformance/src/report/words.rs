//! Words that several reports share.

use crate::{
    judge::FailureKind,
    result::{Details, Expected, ImplementationResult, RunResult, Status},
    trace::{Parting, parting},
    wire::Answer,
};
use serde_json::Value;

/// Where the traces of a script part, for a failure that is one of a trace.
pub(super) fn parting_of(details: &Details) -> Option<Parting> {
    match (&details.expected, &details.got) {
        (Expected::Ok(Value::Array(expected)), Some(Answer::Ok { value: Value::Array(got) }))
            if details.failure.kind == FailureKind::WrongTrace =>
        {
            parting(expected, got)
        }
        _ => None,
    }
}

/// The entries of a trace that came before it parted, one on a line.
pub(super) fn before(parting: &Parting) -> String {
    let lines: Vec<_> = parting.before.iter().map(|entry| visible(&entry.to_string())).collect();
    lines.join("\n")
}

/// What a case asks, on one line.
pub(super) fn asked(details: &Details) -> String {
    visible(&format!("{} {}", details.op, Value::Object(details.input.clone())))
}

/// What a case expects, on one line; of a trace, the entry at which the traces part.
pub(super) fn expected(details: &Details) -> String {
    if let Some(parting) = parting_of(details) {
        return match &parting.expected {
            Some(entry) => visible(&entry.to_string()),
            None => format!("nothing more at {} ms", parting.at),
        };
    }
    visible(&match &details.expected {
        Expected::Ok(value) => format!("ok {value}"),
        Expected::Error { code, pointer } => format!("error {code} at {pointer:?}"),
    })
}

/// What came, on one line; of a trace, the entry at which the traces part.
pub(super) fn got(details: &Details) -> String {
    if let Some(parting) = parting_of(details) {
        return match &parting.got {
            _ if parting.too_early => "the same, but before what was to be told first".to_owned(),
            Some(entry) => visible(&entry.to_string()),
            None => format!("nothing at {} ms", parting.at),
        };
    }
    visible(&match &details.got {
        Some(Answer::Ok { value }) => format!("ok {value}"),
        Some(Answer::Error { code, pointer, message }) => format!("error {code} at {pointer:?}: {message}"),
        Some(Answer::NotImplemented { .. }) => "not implemented".to_owned(),
        None => format!("no answer ({})", details.failure.kind),
    })
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
    let with = |status| result.implementations.iter().filter(move |other| other.status == status).count();
    let (judged, unusable, run) = (with(Status::Judged), with(Status::Unusable), totals.run());
    let of = if judged == 1 { String::new() } else { format!(" of {judged} implementations") };
    let mut parts = vec![match (run, totals.failed) {
        (0, _) => "no case was run".to_owned(),
        (_, 0) if totals.expected_failures == 0 => format!("all {run} cases{of} passed"),
        (_, 0) => format!("{} of {run} cases{of} passed", totals.passed),
        (_, failed) => format!("{failed} of {run} cases{of} failed"),
    }];
    let mut count = |count: usize, one: &str, many: &str| match count {
        0 => {}
        1 => parts.push(format!("1 {one}")),
        _ => parts.push(format!("{count} {many}")),
    };
    count(totals.expected_failures, "failed as expected", "failed as expected");
    count(
        result.implementations.iter().map(|implementation| implementation.incidents.len()).sum(),
        "incident",
        "incidents",
    );
    count(
        result.stale_expected_failures.len(),
        "expected failure is not right any more",
        "expected failures are not right any more",
    );
    count(unusable, "implementation could not be judged", "implementations could not be judged");
    parts.join(", ")
}

/// A text in which every character is seen: what is invisible in most fonts is written as JSON writes it.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for character in text.chars() {
        let invisible = (character.is_control() && character != '\n')
            || (character.is_whitespace() && !matches!(character, ' ' | '\n'))
            || matches!(character, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}')
            || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}');
        if invisible {
            seen.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            seen.push(character);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_nobody_sees_is_written_out() {
        for (text, expected) in [
            ("a b\n\u{e9}\u{1f600}", "a b\n\u{e9}\u{1f600}"),
            ("\u{feff}\u{a0}\t\u{200b}", "\\ufeff\\u00a0\\u0009\\u200b"),
            ("\u{7}\u{2028}\u{202e}", "\\u0007\\u2028\\u202e"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }
}
