//! Comparing traces of scripts in virtual time (`conformance/scripts.md`, "What is compared").
//!
//! When something happens counts to the millisecond. Within one instant, the order counts of what an application can
//! tell apart: calls among themselves, reports among themselves, changes of the status among themselves, and that no
//! caller settles before what was told first. How soon within its instant a program learns of an outcome is a matter
//! of its language, so a settled call may stand later than expected, and a cancellation anywhere.

use crate::wire::same_json;
use serde_json::Value;

/// Where two traces part.
#[derive(Clone, Debug, PartialEq)]
pub struct Parting {
    /// The instant, in milliseconds.
    pub at: u64,
    /// The entry that had to come, where one had to.
    pub expected: Option<Value>,
    /// What came in its place, where something came.
    pub got: Option<Value>,
    /// The expected entries before it, the nearest last: they all came.
    pub before: Vec<Value>,
    /// Whether both are the same entry, which only came too early within its instant.
    pub too_early: bool,
}

/// How many entries before the parting are told.
const BEFORE: usize = 3;

/// What an entry is, as far as its order within an instant is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Lane {
    /// Calls of ports, questions to the application, and what becomes of a store.
    Calls,
    /// `onError` and `onPersistenceError`.
    Reports,
    /// `status`, and `on` for the events of a persistence layer.
    News,
    /// `post`: what goes to other tabs.
    Posts,
    /// A call of the application that comes to its end.
    Settled,
    /// A cancellation, which a program may learn of whenever it looks.
    Cancelled,
}

const ORDERED: [Lane; 4] = [Lane::Calls, Lane::Reports, Lane::News, Lane::Posts];

fn lane(entry: &Value) -> Lane {
    match entry.get("call").and_then(Value::as_str) {
        Some("onError" | "onPersistenceError") => Lane::Reports,
        Some("status" | "on") => Lane::News,
        Some("post") => Lane::Posts,
        _ if entry.get("settled").is_some() => Lane::Settled,
        _ if entry.get("cancelled").is_some() => Lane::Cancelled,
        _ => Lane::Calls,
    }
}

fn instant(entry: &Value) -> u64 {
    // JSON has no integers of its own: 5.0 is 5.
    entry.get("at").and_then(Value::as_f64).map_or(0, |at| at as u64)
}

/// The first place where the trace that came is another one than the expected, if there is any.
pub fn parting(expected: &[Value], got: &[Value]) -> Option<Parting> {
    if let Some(place) = got.windows(2).position(|pair| instant(&pair[0]) > instant(&pair[1])) {
        let entry = &got[place + 1];
        return Some(part(expected, instant(entry), None, Some(entry), false));
    }
    let mut instants: Vec<u64> = expected.iter().chain(got).map(instant).collect();
    instants.sort_unstable();
    instants.dedup();
    instants.into_iter().find_map(|at| {
        let of = |trace: &'_ [Value]| {
            trace.iter().filter(|entry| instant(entry) == at).cloned().collect::<Vec<_>>()
        };
        parting_of_an_instant(expected, at, &of(expected), &of(got))
    })
}

/// Whether two traces are the same to an application.
pub fn same(left: &[Value], right: &[Value]) -> bool {
    parting(left, right).is_none_or(|parting| parting.too_early)
        && parting(right, left).is_none_or(|parting| parting.too_early)
}

fn parting_of_an_instant(all: &[Value], at: u64, expected: &[Value], got: &[Value]) -> Option<Parting> {
    let of = |trace: &[Value], wanted: Lane| -> Vec<(usize, Value)> {
        trace.iter().cloned().enumerate().filter(|(_, entry)| lane(entry) == wanted).collect()
    };
    // What differs, with its place among the expected entries: the first of them is told.
    let mut found: Vec<(usize, Option<Value>, Option<Value>)> = Vec::new();
    for ordered in ORDERED {
        let (expected_lane, got_lane) = (of(expected, ordered), of(got, ordered));
        for index in 0..expected_lane.len().max(got_lane.len()) {
            let (wanted, came) = (expected_lane.get(index), got_lane.get(index));
            if !matches!((wanted, came), (Some(wanted), Some(came)) if same_json(&wanted.1, &came.1)) {
                let place = wanted.map_or(expected.len(), |wanted| wanted.0);
                found.push((place, wanted.map(|entry| entry.1.clone()), came.map(|entry| entry.1.clone())));
                break;
            }
        }
    }
    for free in [Lane::Settled, Lane::Cancelled] {
        let mut rest = of(got, free);
        for (place, wanted) in of(expected, free) {
            match rest.iter().position(|(_, came)| same_json(came, &wanted)) {
                Some(index) => {
                    rest.remove(index);
                }
                None => {
                    let alike = rest.iter().position(|(_, came)| is_same_call(came, &wanted));
                    found.push((place, Some(wanted), alike.map(|index| rest.remove(index).1)));
                }
            }
        }
        found.extend(rest.into_iter().take(1).map(|(_, came)| (expected.len(), None, Some(came))));
    }
    if let Some((_, wanted, came)) = found.into_iter().min_by_key(|(place, ..)| *place) {
        return Some(part(all, at, wanted.as_ref(), came.as_ref(), false));
    }
    let early = of(expected, Lane::Settled).into_iter().find(|(place, settled)| {
        let came = got.iter().position(|entry| same_json(entry, settled)).unwrap_or(got.len());
        let before = |trace: &[Value], wanted| trace.iter().filter(|entry| lane(entry) == wanted).count();
        let told_first = if settled["settled"] == "stop" {
            &[Lane::Calls, Lane::Reports, Lane::News, Lane::Cancelled][..]
        } else {
            &[Lane::Reports, Lane::News]
        };
        told_first.iter().any(|lane| before(&got[..came], *lane) < before(&expected[..*place], *lane))
    });
    early.map(|(_, settled)| part(all, at, Some(&settled), Some(&settled), true))
}

fn is_same_call(left: &Value, right: &Value) -> bool {
    ["settled", "cancelled", "number"].iter().all(|name| left.get(name) == right.get(name))
}

fn part(all: &[Value], at: u64, expected: Option<&Value>, got: Option<&Value>, too_early: bool) -> Parting {
    let place = match expected {
        Some(expected) => all.iter().position(|entry| entry == expected),
        None => all.iter().position(|entry| instant(entry) > at),
    };
    let before = &all[..place.unwrap_or(all.len())];
    Parting {
        at,
        expected: expected.cloned(),
        got: got.cloned(),
        before: before[before.len().saturating_sub(BEFORE)..].to_vec(),
        too_early,
    }
}

impl Parting {
    /// The parting in a sentence.
    pub fn sentence(&self) -> String {
        let at = self.at;
        match (&self.expected, &self.got) {
            _ if self.too_early => {
                format!("at {at} ms a call of the application settled before what was to be told first")
            }
            (Some(_), Some(_)) => format!("the traces part at {at} ms"),
            (Some(_), None) => format!("at {at} ms something is missing from the trace"),
            (None, _) => format!("at {at} ms the trace has more than it should have"),
        }
    }
}

#[cfg(test)]
mod tests;
