//! Broken data: what a round trip changes.

use super::{Mutant, tools::writing};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "data-numbers-in-single-precision",
        summary: "holds the numbers of the data as single-precision ones",
        breaks: &["ENV-3"],
        answer: |request| changing_numbers(request, |value| f64::from(value as f32)),
    },
    Mutant {
        name: "data-numbers-as-integers",
        summary: "holds the numbers of the data as integers",
        breaks: &["ENV-3"],
        answer: |request| changing_numbers(request, f64::trunc),
    },
    Mutant {
        name: "data-numbers-with-fifteen-digits",
        summary: "writes the numbers of the data with fifteen digits",
        breaks: &["ENV-3"],
        answer: |request| changing_numbers(request, |value| format!("{value:.14e}").parse().unwrap_or(value)),
    },
    Mutant {
        name: "data-numbers-read-roughly",
        summary: "reads a number as its digits times a power of ten, which is off by a bit for one in four",
        breaks: &["ENV-3"],
        answer: |request| changing_numbers(request, roughly),
    },
    Mutant {
        name: "data-subnormal-numbers-flushed",
        summary: "takes the smallest numbers of the data for zero",
        breaks: &["ENV-3"],
        answer: |request| changing_numbers(request, |value| if value.is_subnormal() { 0.0 } else { value }),
    },
    Mutant {
        name: "data-numbers-bounded",
        summary: "bounds the numbers of the data by 64-bit integers",
        breaks: &["ENV-3"],
        answer: |request| changing_numbers(request, |value| value.clamp(-9.3e18, 1.9e19)),
    },
    Mutant {
        name: "data-loses-prototype-members",
        summary: "loses members called __proto__, as an assignment does in JavaScript",
        breaks: &["ENV-3"],
        answer: |request| losing_names(request, |name| name == "__proto__"),
    },
    Mutant {
        name: "data-loses-constructor-members",
        summary: "filters the names that prototype pollution uses",
        breaks: &["ENV-3"],
        answer: |request| losing_names(request, |name| name == "constructor" || name == "prototype"),
    },
    Mutant {
        name: "data-loses-empty-names",
        summary: "loses members with an empty name",
        breaks: &["ENV-3"],
        answer: |request| losing_names(request, str::is_empty),
    },
    Mutant {
        name: "data-loses-dollar-names",
        summary: "loses members whose name begins with a dollar sign",
        breaks: &["ENV-3"],
        answer: |request| losing_names(request, |name| name.starts_with('$')),
    },
    Mutant {
        name: "data-names-composed",
        summary: "normalises the names in the data",
        breaks: &["ENV-3"],
        answer: |request| renaming(request, |name| name.replace("e\u{301}", "\u{e9}")),
    },
    Mutant {
        name: "data-names-lower-cased",
        summary: "folds the names in the data to lower case",
        breaks: &["ENV-3"],
        answer: |request| renaming(request, str::to_lowercase),
    },
    Mutant {
        name: "data-names-read-as-indexes",
        summary: "takes names that look like numbers for numbers, so 01 for 1",
        breaks: &["ENV-3"],
        answer: |request| {
            renaming(request, |name| {
                name.parse::<u32>().map_or_else(|_| name.to_owned(), |index| index.to_string())
            })
        },
    },
    Mutant {
        name: "data-nulls-dropped",
        summary: "drops members of the data that are null",
        breaks: &["ENV-3"],
        answer: |request| {
            changing(request, |value| {
                if let Value::Object(members) = value {
                    members.retain(|_, value| !value.is_null());
                }
            })
        },
    },
    Mutant {
        name: "data-nulls-in-arrays-dropped",
        summary: "drops nulls in the arrays of the data",
        breaks: &["ENV-3"],
        answer: |request| {
            changing(request, |value| {
                if let Value::Array(items) = value {
                    items.retain(|value| !value.is_null());
                }
            })
        },
    },
    Mutant {
        name: "data-empties-dropped",
        summary: "drops what is empty from the data",
        breaks: &["ENV-3"],
        answer: |request| {
            changing(request, |value| {
                if let Value::Object(members) = value {
                    members.retain(|_, value| *value != json!({}) && *value != json!([]));
                }
            })
        },
    },
    Mutant {
        name: "data-empty-object-is-array",
        summary: "takes an empty object for an empty array, as PHP does",
        breaks: &["ENV-3"],
        answer: |request| {
            changing(request, |value| {
                if *value == json!({}) {
                    *value = json!([]);
                }
            })
        },
    },
    Mutant {
        name: "data-arrays-sorted",
        summary: "takes arrays for sets",
        breaks: &["ENV-3"],
        answer: |request| {
            changing(request, |value| {
                if let Value::Array(items) = value {
                    items.sort_by_key(Value::to_string);
                    items.dedup();
                }
            })
        },
    },
    Mutant {
        name: "data-one-element-array-unwrapped",
        summary: "takes an array of one value for the value, as XML bridges do",
        breaks: &["ENV-3"],
        answer: |request| {
            changing(request, |value| {
                if let Value::Array(items) = value
                    && items.len() == 1
                {
                    *value = items.remove(0);
                }
            })
        },
    },
    Mutant {
        name: "data-strings-trimmed",
        summary: "trims the strings in the data",
        breaks: &["ENV-3"],
        answer: |request| changing_strings(request, |text| text.trim().to_owned()),
    },
    Mutant {
        name: "data-strings-composed",
        summary: "normalises the strings in the data",
        breaks: &["ENV-3"],
        answer: |request| changing_strings(request, |text| text.replace("e\u{301}", "\u{e9}")),
    },
    Mutant {
        name: "data-strings-without-astral-characters",
        summary: "loses what is outside of the Basic Multilingual Plane",
        breaks: &["ENV-3"],
        answer: |request| {
            changing_strings(request, |text| text.replace(|letter| letter > '\u{ffff}', "\u{fffd}"))
        },
    },
    Mutant {
        name: "data-strings-end-at-nul",
        summary: "ends the strings in the data at a NUL",
        breaks: &["ENV-3"],
        answer: |request| {
            changing_strings(request, |text| text.split('\0').next().unwrap_or_default().to_owned())
        },
    },
    Mutant {
        name: "data-strings-unpacked",
        summary: "reads strings in the data that hold JSON",
        breaks: &["ENV-3"],
        answer: |request| {
            changing(request, |value| {
                if let Some(inner) = value.as_str().and_then(|text| serde_json::from_str(text).ok()) {
                    *value = inner;
                }
            })
        },
    },
    Mutant {
        name: "data-read-as-a-message",
        summary: "drops members of the data that it does not know, as at the top level",
        breaks: &["ENV-3"],
        answer: |request| losing_names(request, |name| name == "snapshot" || name == "type"),
    },
];

/// Changes every value in the data of what is written, from the inside out.
fn changing(request: &Request, change: impl Fn(&mut Value)) -> Answer {
    fn descend(value: &mut Value, change: &dyn Fn(&mut Value)) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| descend(item, change)),
            Value::Object(members) => members.values_mut().for_each(|value| descend(value, change)),
            _ => {}
        }
        change(value);
    }
    writing(request, |value| {
        for pointer in ["/data", "/snapshot/data"] {
            if let Some(data) = value.pointer_mut(pointer) {
                descend(data, &change);
            }
        }
    })
}

fn changing_numbers(request: &Request, change: fn(f64) -> f64) -> Answer {
    changing(request, |value| {
        if let Some(number) = value.as_f64() {
            *value = json!(change(number));
        }
    })
}

fn changing_strings(request: &Request, change: fn(&str) -> String) -> Answer {
    changing(request, |value| {
        if let Value::String(text) = value {
            *text = change(text);
        }
    })
}

fn losing_names(request: &Request, lost: fn(&str) -> bool) -> Answer {
    changing(request, |value| {
        if let Value::Object(members) = value {
            members.retain(|name, _| !lost(name));
        }
    })
}

fn renaming(request: &Request, rename: fn(&str) -> String) -> Answer {
    changing(request, |value| {
        if let Value::Object(members) = value {
            *members =
                std::mem::take(members).into_iter().map(|(name, value)| (rename(&name), value)).collect();
        }
    })
}

fn roughly(value: f64) -> f64 {
    let written = format!("{value:e}");
    let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let read = |text: &str| text.parse::<f64>().unwrap_or(value);
    let exponent = exponent.parse::<i32>().unwrap_or_default() - fraction.len() as i32;
    read(&format!("{whole}{fraction}")) * 10_f64.powi(exponent)
}
