//! Broken refusals: the code, the pointer, the sentence, and which of two faults is told.

use super::{
    Mutant,
    tools::{real, refusing_with, text, with_text},
};
use crate::wire::{Answer, Request};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "code-of-its-own",
        summary: "refuses with codes of its own",
        breaks: &["ERR-1"],
        answer: |request| refusing_with(request, |code, _, _| *code = format!("error-{code}")),
    },
    Mutant {
        name: "code-always-the-same",
        summary: "refuses everything with invalid-data",
        breaks: &["ERR-1"],
        answer: |request| refusing_with(request, |code, _, _| *code = "invalid-data".to_owned()),
    },
    Mutant {
        name: "code-in-camel-case",
        summary: "writes codes in camel case",
        breaks: &["ERR-1"],
        answer: |request| {
            refusing_with(request, |code, _, _| {
                let (first, rest) = code.split_once('-').unwrap_or((code, ""));
                *code = format!("{first}{}{}", rest[..1].to_uppercase(), &rest[1..]);
            })
        },
    },
    Mutant {
        name: "code-missing-member-for-unknown-value",
        summary: "confuses a value outside of a closed set with a member that is missing",
        breaks: &["ERR-1"],
        answer: |request| {
            refusing_with(request, |code, _, _| {
                if code == "unknown-value" {
                    *code = "missing-member".to_owned();
                }
            })
        },
    },
    Mutant {
        name: "pointer-always-empty",
        summary: "points to the whole message always",
        breaks: &["ERR-2"],
        answer: |request| refusing_with(request, |_, pointer, _| pointer.clear()),
    },
    Mutant {
        name: "pointer-with-dots",
        summary: "writes places with dots, as $.snapshot.revision",
        breaks: &["ERR-2"],
        answer: |request| {
            refusing_with(request, |_, pointer, _| *pointer = format!("${}", pointer.replace('/', ".")))
        },
    },
    Mutant {
        name: "pointer-as-fragment",
        summary: "writes pointers as URI fragments",
        breaks: &["ERR-2"],
        answer: |request| refusing_with(request, |_, pointer, _| pointer.insert(0, '#')),
    },
    Mutant {
        name: "pointer-without-its-first-slash",
        summary: "leaves the first slash of pointers out",
        breaks: &["ERR-2"],
        answer: |request| {
            refusing_with(request, |_, pointer, _| *pointer = pointer.trim_start_matches('/').to_owned())
        },
    },
    Mutant {
        name: "pointer-of-the-innermost-name",
        summary: "points to the name of the member alone, not to where it is",
        breaks: &["ERR-2"],
        answer: |request| {
            refusing_with(request, |_, pointer, _| {
                if let Some(start) = pointer.rfind('/') {
                    *pointer = pointer.split_off(start);
                }
            })
        },
    },
    Mutant {
        name: "pointer-without-the-side",
        summary: "does not tell which side of a comparison is at fault",
        breaks: &["ERR-2"],
        answer: |request| {
            refusing_with(request, |_, pointer, _| {
                if ["/left", "/right"].contains(&pointer.as_str()) {
                    pointer.clear();
                }
            })
        },
    },
    Mutant {
        name: "sentence-empty",
        summary: "refuses without a word",
        breaks: &["ERR-3"],
        answer: |request| refusing_with(request, |_, _, message| message.clear()),
    },
    Mutant {
        name: "sentence-blank",
        summary: "refuses with a space",
        breaks: &["ERR-3"],
        answer: |request| refusing_with(request, |_, _, message| *message = " ".to_owned()),
    },
    Mutant {
        name: "message-faults-before-truncation",
        summary: "judges members while it reads, and tells their fault before it sees that the text is cut off",
        breaks: &["ERR-4"],
        answer: |request| {
            judging_early(request, "invalid-json", |text| Some(text.trim_end_matches(',').to_owned() + "}"))
        },
    },
    Mutant {
        name: "message-faults-before-the-rest-of-the-text",
        summary: "judges the first value before it sees what follows it",
        breaks: &["ERR-4"],
        answer: |request| {
            judging_early(request, "invalid-json", |text| {
                let mut documents = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
                Some(documents.next()?.ok()?.to_string())
            })
        },
    },
    Mutant {
        name: "message-faults-before-bad-values",
        summary: "judges members before it sees that the data is no I-JSON",
        breaks: &["ERR-4"],
        answer: |request| {
            judging_early(request, "invalid-json", |text| {
                Some(text.replace("1e400", "0").replace("\\ud800", "").replace("\\x", ""))
            })
        },
    },
    Mutant {
        name: "message-faults-before-duplicates",
        summary: "tells other faults before a duplicate",
        breaks: &["ERR-4"],
        answer: |request| {
            judging_early(request, "duplicate-member", |text| {
                Some(serde_json::from_str::<serde_json::Value>(text).ok()?.to_string())
            })
        },
    },
    Mutant {
        name: "message-faults-before-depth",
        summary: "judges members before it sees that the data is too deep",
        breaks: &["ERR-4"],
        answer: |request| {
            judging_early(request, "too-deep", |text| {
                let start = text.find("[[[")?;
                Some(format!("{}null}}", &text[..start]))
            })
        },
    },
];

/// Tells the fault that is left when the one of the text is taken away, where there is one.
fn judging_early(request: &Request, code: &str, repair: fn(&str) -> Option<String>) -> Answer {
    let answer = real(request);
    match &answer {
        Answer::Error { code: found, .. } if found == code => {}
        _ => return answer,
    }
    match text(request).and_then(repair).map(|text| real(&with_text(request, text))) {
        Some(early @ Answer::Error { .. }) if !early.agrees_with(&answer) => early,
        _ => answer,
    }
}
