//! Broken orders of revisions, and broken successors.

use super::{
    Mutant,
    revisions::number,
    tools::{error, real, writing},
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};
use std::cmp::Ordering;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "revision-compared-as-double",
        summary: "compares revisions as doubles, as `Number(a) < Number(b)` does",
        breaks: &["REV-5"],
        answer: |request| comparing(request, |left, right| double(left).total_cmp(&double(right))),
    },
    Mutant {
        name: "revision-compared-as-text",
        summary: "compares revisions as plain strings",
        breaks: &["REV-5"],
        answer: |request| comparing(request, str::cmp),
    },
    Mutant {
        name: "revision-compared-by-length",
        summary: "compares the lengths of revisions alone",
        breaks: &["REV-5"],
        answer: |request| comparing(request, |left, right| left.len().cmp(&right.len())),
    },
    Mutant {
        name: "revision-compared-as-signed",
        summary: "compares revisions as signed 64-bit integers",
        breaks: &["REV-5"],
        answer: |request| {
            comparing(request, |left, right| number(left).cast_signed().cmp(&number(right).cast_signed()))
        },
    },
    Mutant {
        name: "revision-compared-in-32-bits",
        summary: "compares the lower 32 bits of revisions",
        breaks: &["REV-5"],
        answer: |request| {
            comparing(request, |left, right| (number(left) as u32).cmp(&(number(right) as u32)))
        },
    },
    Mutant {
        name: "revision-compared-backwards",
        summary: "answers the order of right and left",
        breaks: &["REV-5"],
        answer: |request| comparing(request, |left, right| number(right).cmp(&number(left))),
    },
    Mutant {
        name: "revision-compared-without-equality",
        summary: "answers less or greater, and never equal",
        breaks: &["REV-5"],
        answer: |request| {
            comparing(
                request,
                |left, right| if number(left) < number(right) { Ordering::Less } else { Ordering::Greater },
            )
        },
    },
    Mutant {
        name: "revision-compared-by-difference",
        summary: "compares by the sign of a wrapping difference",
        breaks: &["REV-5"],
        answer: |request| {
            comparing(request, |left, right| number(left).wrapping_sub(number(right)).cast_signed().cmp(&0))
        },
    },
    Mutant {
        name: "next-wraps",
        summary: "follows the maximum by zero",
        breaks: &["REV-7"],
        answer: |request| following(request, |value| Some(value.wrapping_add(1).to_string())),
    },
    Mutant {
        name: "next-fails-at-maximum",
        summary: "refuses to follow the maximum",
        breaks: &["REV-7"],
        answer: |request| following(request, |value| Some(value.checked_add(1)?.to_string())),
    },
    Mutant {
        name: "next-leaves-the-range",
        summary: "follows the maximum by 2^64",
        breaks: &["REV-7"],
        answer: |request| following(request, |value| Some((u128::from(value) + 1).to_string())),
    },
    Mutant {
        name: "next-through-double",
        summary: "counts with doubles",
        breaks: &["REV-6"],
        answer: |request| following(request, |value| Some((value as f64 + 1.0).to_string())),
    },
    Mutant {
        name: "next-saturates-signed",
        summary: "saturates at 2^63-1",
        breaks: &["REV-6"],
        answer: |request| following(request, |value| Some(value.saturating_add(1).min(1 << 63).to_string())),
    },
    Mutant {
        name: "next-in-32-bits",
        summary: "counts with 32 bits",
        breaks: &["REV-6"],
        answer: |request| following(request, |value| Some((value as u32).wrapping_add(1).to_string())),
    },
    Mutant {
        name: "next-carries-once",
        summary: "carries from the last digit to the one before it and no further",
        breaks: &["REV-6"],
        answer: |request| {
            following(request, |value| {
                let next = value.saturating_add(1);
                Some(if value % 100 == 99 { next - 100 } else { next }.to_string())
            })
        },
    },
    Mutant {
        name: "next-stays",
        summary: "follows a revision by itself",
        breaks: &["REV-6"],
        answer: |request| following(request, |value| Some(value.to_string())),
    },
];

fn double(text: &str) -> f64 {
    text.parse().unwrap_or_default()
}

fn comparing(request: &Request, order: impl Fn(&str, &str) -> Ordering) -> Answer {
    writing(request, |value| {
        let side = |name: &str| request.input.get(name).and_then(Value::as_str).unwrap_or_default();
        if request.op == "revision.compare" {
            *value = json!(order(side("left"), side("right")) as i8);
        }
    })
}

fn following(request: &Request, next: impl Fn(u64) -> Option<String>) -> Answer {
    let answer = real(request);
    let given = request.input.get("value").and_then(Value::as_str).unwrap_or_default();
    match &answer {
        Answer::Ok { .. } if request.op == "revision.next" => {
            next(number(given)).map_or(error("out-of-range", ""), |next| Answer::Ok { value: json!(next) })
        }
        _ => answer,
    }
}
