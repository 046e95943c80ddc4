//! Broken revisions.

use super::{
    Mutant,
    tools::{
        Kind, each_value, error, forgiving, forgiving_string, real, refusing, refusing_with, subject, writing,
    },
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "revision-leading-zeros-accepted",
        summary: "accepts leading zeros",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| {
                let digits = text.trim_start_matches('0');
                (digits.len() < text.len()).then(|| if digits.is_empty() { "0" } else { digits }.to_owned())
            })
        },
    },
    Mutant {
        name: "revision-plus-sign-accepted",
        summary: "accepts a plus sign, as many integer parsers do",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| Some(text.strip_prefix('+')?.to_owned()))
        },
    },
    Mutant {
        name: "revision-minus-zero-accepted",
        summary: "accepts -0",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| (text == "-0").then(|| "0".to_owned()))
        },
    },
    Mutant {
        name: "revision-trimmed",
        summary: "accepts white space around the digits",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| {
                (text.trim() != text).then(|| text.trim().to_owned())
            })
        },
    },
    Mutant {
        name: "revision-trailing-newline-accepted",
        summary: "accepts a newline at the end, as a `$` without further care does",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| Some(text.strip_suffix('\n')?.to_owned()))
        },
    },
    Mutant {
        name: "revision-unicode-digits-accepted",
        summary: "accepts the digits of every script, as `\\d` does in some languages",
        breaks: &["REV-2"],
        answer: |request| forgiving_string(request, "invalid-revision", ascii_digits),
    },
    Mutant {
        name: "revision-underscores-accepted",
        summary: "accepts underscores between digits",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| {
                text.contains('_').then(|| text.replace('_', ""))
            })
        },
    },
    Mutant {
        name: "revision-fraction-and-exponent-accepted",
        summary: "accepts what reads as a double without a fraction",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| {
                let value: f64 = text.parse().ok().filter(|value: &f64| value.fract() == 0.0)?;
                text.contains(['.', 'e', 'E']).then(|| format!("{value:.0}"))
            })
        },
    },
    Mutant {
        name: "revision-hexadecimal-accepted",
        summary: "accepts a hexadecimal prefix",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| {
                Some(u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()?.to_string())
            })
        },
    },
    Mutant {
        name: "revision-prefix-read",
        summary: "reads the digits at the start and drops the rest, as `parseInt` does",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| {
                let end = text.find(|digit: char| !digit.is_ascii_digit())?;
                (end > 0).then(|| text[..end].to_owned())
            })
        },
    },
    Mutant {
        name: "revision-empty-is-zero",
        summary: "takes the empty string for zero",
        breaks: &["REV-2"],
        answer: |request| {
            forgiving_string(request, "invalid-revision", |text| text.is_empty().then(|| "0".to_owned()))
        },
    },
    Mutant {
        name: "revision-past-maximum-accepted",
        summary: "accepts any number of digits",
        breaks: &["REV-3"],
        answer: |request| forgiving_string(request, "invalid-revision", |text| clamped(text, usize::MAX)),
    },
    Mutant {
        name: "revision-bound-by-digits-alone",
        summary: "accepts every number of twenty digits, so 2^64 too",
        breaks: &["REV-3"],
        answer: |request| forgiving_string(request, "invalid-revision", |text| clamped(text, 20)),
    },
    Mutant {
        name: "revision-past-maximum-out-of-range",
        summary: "refuses 2^64 with out-of-range",
        breaks: &["REV-3"],
        answer: |request| {
            let answer = real(request);
            let Answer::Error { code, pointer, .. } = &answer else { return answer };
            let found = subject(request).and_then(|root| root.pointer(pointer)?.as_str().map(str::to_owned));
            match found.and_then(|text| clamped(&text, usize::MAX)) {
                Some(_) if code == "invalid-revision" => error("out-of-range", pointer),
                _ => answer,
            }
        },
    },
    Mutant {
        name: "revision-signed",
        summary: "refuses what a signed 64-bit integer cannot hold",
        breaks: &["REV-1"],
        answer: |request| refusing_revisions(request, |value| i64::try_from(value).is_ok()),
    },
    Mutant {
        name: "revision-up-to-two-to-the-53",
        summary: "refuses what a double cannot hold exactly",
        breaks: &["REV-1"],
        answer: |request| refusing_revisions(request, |value| value <= 1 << 53),
    },
    Mutant {
        name: "revision-maximum-refused",
        summary: "refuses the maximum itself",
        breaks: &["REV-1"],
        answer: |request| refusing_revisions(request, |value| value < u64::MAX),
    },
    Mutant {
        name: "revision-zero-refused",
        summary: "refuses zero",
        breaks: &["REV-1"],
        answer: |request| refusing_revisions(request, |value| value > 0),
    },
    Mutant {
        name: "revision-number-accepted",
        summary: "accepts a JSON number as a revision",
        breaks: &["REV-4"],
        answer: |request| forgiving_revision_type(request, |value| Some(value.as_u64()?.to_string())),
    },
    Mutant {
        name: "revision-null-is-zero",
        summary: "takes null for the revision zero",
        breaks: &["REV-4", "MSG-5"],
        answer: |request| forgiving_revision_type(request, |value| value.is_null().then(|| "0".to_owned())),
    },
    Mutant {
        name: "revision-array-stringified",
        summary: "takes an array of one string for that string, as `String([\"1\"])` does",
        breaks: &["REV-4"],
        answer: |request| {
            forgiving_revision_type(request, |value| Some(value.as_array()?.first()?.as_str()?.to_owned()))
        },
    },
    Mutant {
        name: "revision-number-is-invalid-revision",
        summary: "refuses a number with invalid-revision in place of wrong-type",
        breaks: &["REV-4"],
        answer: |request| {
            refusing_with(request, |code, pointer, _| {
                if code == "wrong-type" && is_revision_place(request, pointer) {
                    *code = "invalid-revision".to_owned();
                }
            })
        },
    },
    Mutant {
        name: "revision-written-as-number",
        summary: "writes revisions as JSON numbers",
        breaks: &["REV-8"],
        answer: |request| writing_revisions(request, |value| json!(value)),
    },
    Mutant {
        name: "revision-written-through-double",
        summary: "holds revisions as doubles, so that 2^53+1 comes back as 2^53",
        breaks: &["REV-8"],
        answer: |request| writing_revisions(request, |value| json!((value as f64).to_string())),
    },
    Mutant {
        name: "revision-written-padded",
        summary: "writes revisions with twenty digits",
        breaks: &["REV-8"],
        answer: |request| writing_revisions(request, |value| json!(format!("{value:020}"))),
    },
];

pub(super) fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

fn ascii_digits(text: &str) -> Option<String> {
    const ZEROS: [u32; 5] = [0xff10, 0x661, 0x6f0, 0x966, 0x1d7ce];
    let digit = |digit: char| {
        let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&u32::from(digit)));
        zero.map_or(Some(digit), |zero| char::from_digit(u32::from(digit) - zero, 10))
    };
    let digits: String = text.chars().map(digit).collect::<Option<_>>()?;
    (digits != text).then_some(digits)
}

/// The maximum in place of a canonical number past it, of so many digits at most.
fn clamped(text: &str, most: usize) -> Option<String> {
    let digits = !text.starts_with('0') && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let past = digits && text.parse::<u64>().is_err();
    (past && text.len() <= most).then(|| u64::MAX.to_string())
}

fn refusing_revisions(request: &Request, accept: fn(u64) -> bool) -> Answer {
    refusing(request, Kind::Revision, "invalid-revision", |value| {
        value.as_str().is_none_or(|text| accept(number(text)))
    })
}

fn forgiving_revision_type(request: &Request, repair: fn(&Value) -> Option<String>) -> Answer {
    forgiving(request, "wrong-type", |root, pointer| {
        let value = root.pointer(pointer)?;
        is_revision_place(request, pointer).then(|| repair(value).map(Value::String))?
    })
}

fn is_revision_place(request: &Request, pointer: &str) -> bool {
    let mut found = false;
    if let Some(mut subject) = subject(request) {
        each_value(request, &mut subject, Kind::Revision, &mut |_, place| found |= place == pointer);
    }
    found
}

fn writing_revisions(request: &Request, write: fn(u64) -> Value) -> Answer {
    writing(request, |value| {
        if request.op != "revision.compare" {
            each_value(request, value, Kind::Revision, &mut |value, _| {
                if let Value::String(text) = value {
                    *value = write(number(text));
                }
            });
        }
    })
}
