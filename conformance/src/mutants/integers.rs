//! Broken integers.

use super::{
    Mutant,
    tools::{Kind, error, forgiving, real, refusing, text, writing_objects},
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

const GREATEST: f64 = 9_007_199_254_740_991.0;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "integer-with-fraction-of-zero-refused",
        summary: "refuses 1.0, as integer parsers do",
        breaks: &["MSG-11"],
        answer: |request| refusing_spelling(request, |spelling| spelling.contains('.')),
    },
    Mutant {
        name: "integer-with-exponent-refused",
        summary: "refuses 1e3",
        breaks: &["MSG-11"],
        answer: |request| refusing_spelling(request, |spelling| spelling.contains(['e', 'E'])),
    },
    Mutant {
        name: "integer-minus-zero-refused",
        summary: "refuses -0",
        breaks: &["MSG-11"],
        answer: |request| refusing_spelling(request, |spelling| spelling.starts_with('-')),
    },
    Mutant {
        name: "integer-two-to-the-53-accepted",
        summary: "accepts 2^53",
        breaks: &["MSG-11"],
        answer: |request| forgiving_number(request, |value| (value == GREATEST + 1.0).then_some(GREATEST)),
    },
    Mutant {
        name: "integer-up-to-64-bits",
        summary: "accepts every unsigned 64-bit integer",
        breaks: &["MSG-11"],
        answer: |request| {
            forgiving_number(request, |value| (value > GREATEST && value < 1.9e19).then_some(GREATEST))
        },
    },
    Mutant {
        name: "integer-without-upper-bound",
        summary: "accepts every number without a fraction",
        breaks: &["MSG-11"],
        answer: |request| forgiving_number(request, |value| (value > GREATEST).then_some(GREATEST)),
    },
    Mutant {
        name: "integer-fraction-truncated",
        summary: "drops a fraction",
        breaks: &["MSG-11"],
        answer: |request| {
            forgiving_number(request, |value| (value >= 0.0 && value.fract() != 0.0).then(|| value.trunc()))
        },
    },
    Mutant {
        name: "integer-fraction-accepted",
        summary: "accepts any number that is not negative",
        breaks: &["MSG-11"],
        answer: |request| forgiving_number(request, |value| (value >= 0.0).then_some(1.0)),
    },
    Mutant {
        name: "integer-negative-accepted",
        summary: "accepts negative integers",
        breaks: &["MSG-11"],
        answer: |request| {
            forgiving_number(request, |value| (value < 0.0 && value.fract() == 0.0).then_some(0.0))
        },
    },
    Mutant {
        name: "integer-of-32-bits",
        summary: "refuses what 32 bits cannot hold",
        breaks: &["MSG-11"],
        answer: |request| {
            refusing(request, Kind::Integer, "out-of-range", |value| {
                value.as_f64() <= Some(f64::from(u32::MAX))
            })
        },
    },
    Mutant {
        name: "integer-zero-refused",
        summary: "refuses zero",
        breaks: &["MSG-11"],
        answer: |request| {
            refusing(request, Kind::Integer, "out-of-range", |value| value.as_f64() != Some(0.0))
        },
    },
    Mutant {
        name: "integer-through-single-precision",
        summary: "holds integers as single-precision numbers",
        breaks: &["MSG-11"],
        answer: |request| {
            writing_objects(request, |_, object| {
                if let Some(time) = object.get_mut("timestampMs") {
                    *time = json!(time.as_f64().unwrap_or_default() as f32);
                }
            })
        },
    },
    Mutant {
        name: "integer-out-of-range-is-wrong-type",
        summary: "refuses an integer out of range with wrong-type",
        breaks: &["MSG-11", "ERR-1"],
        answer: |request| match real(request) {
            Answer::Error { code, pointer, .. } if code == "out-of-range" => error("wrong-type", &pointer),
            answer => answer,
        },
    },
];

fn forgiving_number(request: &Request, repair: fn(f64) -> Option<f64>) -> Answer {
    forgiving(request, "out-of-range", |root, pointer| {
        root.pointer(pointer).and_then(Value::as_f64).and_then(repair).map(|value| json!(value))
    })
}

/// Refuses a time by its spelling in the text.
fn refusing_spelling(request: &Request, refused: fn(&str) -> bool) -> Answer {
    let answer = real(request);
    let time = text(request).and_then(|text| text.split_once("\"timestampMs\":"));
    match (&answer, time) {
        (Answer::Ok { .. }, Some((_, rest)))
            if refused(rest.split([',', '}']).next().unwrap_or_default()) =>
        {
            error("out-of-range", "/timestampMs")
        }
        _ => answer,
    }
}
