//! Broken readers of the text: duplicates, JSON that is none, depth.

use super::{
    Mutant,
    tools::{error, forgiving_text, real, text},
};
use crate::wire::{Answer, Request, nesting};
use state_sync::Json;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "duplicate-last-wins",
        summary: "takes the last of two members with one name",
        breaks: &["MSG-7"],
        answer: |request| {
            forgiving_text(request, "duplicate-member", |text| {
                Some(serde_json::from_str::<serde_json::Value>(text).ok()?.to_string())
            })
        },
    },
    Mutant {
        name: "duplicate-first-wins",
        summary: "takes the first of two members with one name",
        breaks: &["MSG-7"],
        answer: |request| {
            forgiving_text(request, "duplicate-member", |text| without_repeats(text, |_, _| true))
        },
    },
    Mutant {
        name: "duplicate-with-same-value-accepted",
        summary: "accepts a member twice where both values are the same",
        breaks: &["MSG-7"],
        answer: |request| {
            forgiving_text(request, "duplicate-member", |text| {
                without_repeats(text, |first, second| first == second)
            })
        },
    },
    Mutant {
        name: "duplicate-null-accepted",
        summary: "accepts a member twice where one value is null",
        breaks: &["MSG-7"],
        answer: |request| {
            forgiving_text(request, "duplicate-member", |text| {
                without_repeats(text, |first, second| *first == Json::Null || *second == Json::Null)
            })
        },
    },
    Mutant {
        name: "duplicate-names-compared-raw",
        summary: "sees no duplicate where one of the names is written with escapes",
        breaks: &["MSG-7"],
        answer: |request| {
            forgiving_text(request, "duplicate-member", |text| {
                text.contains("\\u").then(|| without_repeats(text, |_, _| true))?
            })
        },
    },
    Mutant {
        name: "trailing-comma-accepted",
        summary: "accepts trailing commas",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| Some(text.replace(",}", "}").replace(",]", "]")))
        },
    },
    Mutant {
        name: "comments-accepted",
        summary: "accepts comments",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                Some(text.replace("/* b */", "").replace("// end", "").replace("# a\n", ""))
            })
        },
    },
    Mutant {
        name: "single-quotes-accepted",
        summary: "accepts strings in single quotes",
        breaks: &["MSG-8"],
        answer: |request| forgiving_text(request, "invalid-json", |text| Some(text.replace('\'', "\""))),
    },
    Mutant {
        name: "not-a-number-accepted",
        summary: "accepts NaN and Infinity, as Python's `json` does",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                Some(text.replace("-Infinity", "0").replace("Infinity", "0").replace("NaN", "0"))
            })
        },
    },
    Mutant {
        name: "number-leading-zeros-accepted",
        summary: "accepts numbers with leading zeros",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| Some(text.replace(":0", ":").replace(":-0", ":-")))
        },
    },
    Mutant {
        name: "byte-order-mark-skipped",
        summary: "skips a byte order mark",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| Some(text.strip_prefix('\u{feff}')?.to_owned()))
        },
    },
    Mutant {
        name: "first-document-read",
        summary: "reads the first document and leaves the rest",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                let mut documents = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
                Some(documents.next()?.ok()?.to_string())
            })
        },
    },
    Mutant {
        name: "truncated-completed",
        summary: "completes a text that ends too early",
        breaks: &["MSG-8"],
        answer: |request| forgiving_text(request, "invalid-json", |text| Some(format!("{text}}}"))),
    },
    Mutant {
        name: "control-characters-accepted",
        summary: "accepts raw control characters in strings",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                Some(
                    text.replace('\t', "\\t")
                        .replace('\n', "\\n")
                        .replace('\0', "\\u0000")
                        .replace('\u{1f}', "\\u001f"),
                )
            })
        },
    },
    Mutant {
        name: "other-white-space-between-tokens",
        summary: "accepts white space between tokens that JSON does not",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                Some(text.replace(['\u{a0}', '\u{b}', '\u{c}', '\u{2028}'], " "))
            })
        },
    },
    Mutant {
        name: "other-escapes-accepted",
        summary: "accepts the escapes of other languages",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                Some(text.replace("\\x61", "a").replace("\\a", "a").replace("\\'", "'").replace("\\0", "0"))
            })
        },
    },
    Mutant {
        name: "lone-surrogates-replaced",
        summary: "replaces lone surrogates by U+FFFD",
        breaks: &["MSG-8"],
        answer: |request| forgiving_text(request, "invalid-json", |text| Some(without_surrogates(text))),
    },
    Mutant {
        name: "infinite-number-is-null",
        summary: "reads a number past the doubles as infinity, and writes that as null",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                Some(text.replace("-1e400", "null").replace("1e400", "null").replace("1E400", "null"))
            })
        },
    },
    Mutant {
        name: "unreadable-is-an-empty-message",
        summary: "takes what is no JSON for an empty message, and so names a missing member",
        breaks: &["MSG-8"],
        answer: |request| forgiving_text(request, "invalid-json", |_| Some("{}".to_owned())),
    },
    Mutant {
        name: "depth-limit-of-64",
        summary: "refuses more than 64 levels",
        breaks: &["MSG-9"],
        answer: |request| limiting_depth(request, 64),
    },
    Mutant {
        name: "depth-limit-of-100",
        summary: "refuses more than 100 levels",
        breaks: &["MSG-9"],
        answer: |request| limiting_depth(request, 100),
    },
    Mutant {
        name: "depth-limit-one-short",
        summary: "refuses the 127th level",
        breaks: &["MSG-9"],
        answer: |request| limiting_depth(request, 126),
    },
    Mutant {
        name: "depth-by-counting-all-brackets",
        summary: "counts every opening bracket for a level, those in strings and side by side too",
        breaks: &["MSG-9"],
        answer: |request| match text(request) {
            Some(text) if text.matches(['[', '{']).count() > 127 => error("too-deep", ""),
            _ => real(request),
        },
    },
    Mutant {
        name: "depth-unlimited",
        summary: "has no limit of depth",
        breaks: &["MSG-10"],
        answer: |request| forgiving_depth(request, usize::MAX),
    },
    Mutant {
        name: "depth-limit-one-late",
        summary: "accepts the 128th level",
        breaks: &["MSG-10"],
        answer: |request| forgiving_depth(request, 128),
    },
    Mutant {
        name: "depth-of-unknown-members-unlimited",
        summary: "does not count the levels of what it skips",
        breaks: &["MSG-10"],
        answer: |request| match text(request) {
            Some(text) if text.contains("\"note\":[[") => forgiving_depth(request, usize::MAX),
            _ => real(request),
        },
    },
    Mutant {
        name: "skipped-members-unchecked",
        summary: "skips unknown members without a look at their strings and numbers",
        breaks: &["MSG-8"],
        answer: |request| {
            forgiving_text(request, "invalid-json", |text| {
                let (before, after) = text.split_once("\"note\":")?;
                let end = after.rfind('}')?;
                Some(format!("{before}\"note\":null{}", &after[end..]))
            })
        },
    },
    Mutant {
        name: "depth-is-invalid-json",
        summary: "refuses what is too deep with invalid-json",
        breaks: &["MSG-10", "ERR-1"],
        answer: |request| match real(request) {
            Answer::Error { code, .. } if code == "too-deep" => error("invalid-json", ""),
            answer => answer,
        },
    },
];

/// The text without the second of two members that `accept` allows to have one name.
fn without_repeats(text: &str, accept: fn(&Json, &Json) -> bool) -> Option<String> {
    fn dedupe(value: Json, accept: fn(&Json, &Json) -> bool) -> Json {
        match value {
            Json::Object(members) => {
                let mut kept: Vec<(String, Json)> = Vec::new();
                for (name, value) in members {
                    let value = dedupe(value, accept);
                    if !kept.iter().any(|(known, first)| *known == name && accept(first, &value)) {
                        kept.push((name, value));
                    }
                }
                Json::Object(kept)
            }
            other => other,
        }
    }
    let value = dedupe(serde_json::from_str(text).ok()?, accept);
    serde_json::to_string(&value).ok()
}

fn without_surrogates(text: &str) -> String {
    let mut repaired = text.to_owned();
    for lone in ["\\ud800", "\\udc00", "\\uD800", "\\udbff", "\\udfff", "\\udead"] {
        repaired = repaired.replace(lone, "\\ufffd");
    }
    repaired
}

fn limiting_depth(request: &Request, limit: usize) -> Answer {
    match text(request) {
        Some(text) if nesting(text) > limit => error("too-deep", ""),
        _ => real(request),
    }
}

fn forgiving_depth(request: &Request, limit: usize) -> Answer {
    match real(request) {
        // What it would have written does not matter: the cases expect a refusal.
        Answer::Error { code, .. }
            if code == "too-deep" && text(request).is_some_and(|text| nesting(text) <= limit) =>
        {
            Answer::Ok { value: serde_json::json!({}) }
        }
        answer => answer,
    }
}
