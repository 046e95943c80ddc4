//! A badge for a README.

use crate::result::{Conclusion, RunResult, Status};
use serde_json::json;

const LABEL: &str = "state-sync conformance";

fn message(result: &RunResult) -> String {
    let totals = result.totals();
    let judged: Vec<_> = result
        .implementations
        .iter()
        .filter(|implementation| implementation.status == Status::Judged)
        .collect();
    match (judged.len(), result.conclusion) {
        (0, _) => "not judged".to_owned(),
        _ if totals.run() == 0 => "no case run".to_owned(),
        (1, _) => format!("{} of {}", totals.passed, totals.run()),
        (count, Conclusion::Passed) => format!("{count} implementations pass"),
        (count, _) => {
            let passing = judged.iter().filter(|implementation| {
                implementation.incidents.is_empty()
                    && implementation.profiles.iter().all(|counts| counts.failed == 0)
                    && implementation.profiles.iter().any(|counts| counts.run() > 0)
            });
            format!("{} of {count} implementations pass", passing.count())
        }
    }
}

fn colour(result: &RunResult) -> (&'static str, &'static str) {
    match result.conclusion {
        Conclusion::Passed if result.totals().expected_failures > 0 => ("yellow", "#8a6d00"),
        Conclusion::Passed => ("brightgreen", "#2a7a1f"),
        Conclusion::Findings => ("red", "#b3261e"),
        Conclusion::CouldNotRun => ("lightgrey", "#666"),
    }
}

/// The answer of a shields endpoint.
pub fn badge_json(result: &RunResult) -> String {
    let badge =
        json!({"schemaVersion": 1, "label": LABEL, "message": message(result), "color": colour(result).0});
    format!("{badge}\n")
}

/// A picture. Letters are given their width, so that it looks the same in every font.
pub fn badge_svg(result: &RunResult) -> String {
    let message = message(result);
    let width = |text: &str| 6 * text.chars().count() + 6;
    let (left, right) = (width(LABEL) + 8, width(&message) + 8);
    let (total, colour) = (left + right, colour(result).1);
    let (left_middle, right_middle) = (left / 2, left + right / 2);
    let (left_length, right_length) = (left - 14, right - 14);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" aria-label="{LABEL}: {message}">
<title>{LABEL}: {message}</title>
<clipPath id="r"><rect width="{total}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/><rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" lengthAdjust="spacingAndGlyphs">
<text x="{left_middle}" y="14" textLength="{left_length}">{LABEL}</text>
<text x="{right_middle}" y="14" textLength="{right_length}">{message}</text>
</g>
</svg>
"##
    )
}
