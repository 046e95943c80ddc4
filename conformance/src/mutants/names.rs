//! Broken member names, and members that must come in an order.

use super::{
    Mutant,
    tools::{error, forgiving, members, message_name, real, split, text},
};
use crate::wire::{Answer, Request};
use serde_json::Value;
use state_sync::Json;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "names-without-case",
        summary: "compares member names without regard to case",
        breaks: &["MSG-12"],
        answer: |request| finding(request, |found, name| found.eq_ignore_ascii_case(name)),
    },
    Mutant {
        name: "names-trimmed",
        summary: "trims member names",
        breaks: &["MSG-12"],
        answer: |request| finding(request, |found, name| found.trim() == name),
    },
    Mutant {
        name: "names-without-separators",
        summary: "takes snake case and kebab case for camel case",
        breaks: &["MSG-12"],
        answer: |request| {
            finding(request, |found, name| found.replace(['_', '-'], "") == name.to_ascii_lowercase())
        },
    },
    Mutant {
        name: "names-by-compatibility",
        summary: "normalises member names, so that full-width letters are letters",
        breaks: &["MSG-12"],
        answer: |request| finding(request, |found, name| found.replace('\u{ff54}', "t") == name),
    },
    Mutant {
        name: "names-end-at-nul",
        summary: "ends member names at a NUL",
        breaks: &["MSG-12"],
        answer: |request| finding(request, |found, name| found.trim_end_matches('\0') == name),
    },
    Mutant {
        name: "inherited-members-count",
        summary: "takes what an object inherits for its members",
        breaks: &["MSG-12"],
        answer: |request| {
            forgiving(request, "missing-member", |root, pointer| {
                let (object, name) = split(pointer)?;
                root.pointer(object)?.get("__proto__")?.get(name).cloned()
            })
        },
    },
    Mutant {
        name: "inherited-optional-members-count",
        summary: "takes what an object inherits for its optional members",
        breaks: &["MSG-12"],
        answer: |request| {
            let mut answer = real(request);
            let inherited = text(request)
                .and_then(|text| serde_json::from_str::<Value>(text).ok())
                .and_then(|root| root.get("__proto__").cloned());
            if let (Answer::Ok { value: Value::Object(object) }, Some(Value::Object(inherited))) =
                (&mut answer, inherited)
            {
                let known = members(message_name(request));
                for (name, value) in inherited {
                    if known.iter().any(|member| member.0 == name) {
                        object.entry(name).or_insert(value);
                    }
                }
            }
            answer
        },
    },
    Mutant {
        name: "type-must-be-first",
        summary: "looks for `type` at the start of the message alone",
        breaks: &["MSG-14"],
        answer: |request| {
            requiring_order(
                request,
                |names| names.iter().all(|name| name != "type") || names[0] == "type",
                "type",
            )
        },
    },
    Mutant {
        name: "revision-must-precede-data",
        summary: "needs the revision before the data",
        breaks: &["MSG-14"],
        answer: |request| {
            requiring_order(
                request,
                |names| {
                    let place = |wanted: &str| names.iter().position(|name| name == wanted);
                    place("data").is_none() || place("revision") < place("data")
                },
                "revision",
            )
        },
    },
    Mutant {
        name: "members-in-order-of-the-schema",
        summary: "reads members in the order of the schema, and none that comes earlier than it",
        breaks: &["MSG-14"],
        answer: |request| {
            let known = members(message_name(request));
            let place = |wanted: &String| known.iter().position(|member| member.0 == wanted);
            requiring_order(request, |names| names.iter().filter_map(place).is_sorted(), "epoch")
        },
    },
];

/// Takes the first member whose name is close enough for the one that is missing.
fn finding(request: &Request, close: fn(&str, &str) -> bool) -> Answer {
    forgiving(request, "missing-member", |root, pointer| {
        let (object, name) = split(pointer)?;
        let found = root.pointer(object)?.as_object()?.iter().find(|(found, _)| close(found, name))?;
        Some(found.1.clone())
    })
}

fn requiring_order(request: &Request, accept: impl Fn(&[String]) -> bool, missing: &str) -> Answer {
    let answer = real(request);
    let parsed = text(request).and_then(|text| serde_json::from_str::<Json>(text).ok());
    let (Answer::Ok { .. }, Some(Json::Object(entries))) = (&answer, parsed) else { return answer };
    let names: Vec<String> = entries.into_iter().map(|(name, _)| name).collect();
    if accept(&names) { answer } else { error("missing-member", &format!("/{missing}")) }
}
