//! Whether two schemas say the same, whatever their annotations and whatever their definitions are called.

use std::collections::HashSet;

use serde_json::Value;

use super::keywords::{Class, Holds, class, holds};
use super::node::{Node, NodeKey};
use super::number::json_equal;

/// How many pairs are looked at where nothing else limits it.
const MOST_PAIRS: usize = 20_000;

/// Whether both say the same. See [`equal_within`].
pub(super) fn equal(left: Node<'_>, right: Node<'_>) -> bool {
    equal_within(left, right, MOST_PAIRS).0
}

/// Whether both accept the same values because they are the same but for annotations, order of names, and the
/// names of definitions. A loop over a list of pairs: a pair that was seen is taken as equal, which a difference
/// found elsewhere overrules. Also gives the number of pairs that were looked at; after `most` of them the answer is
/// "not known to be the same".
pub(super) fn equal_within(left: Node<'_>, right: Node<'_>, most: usize) -> (bool, usize) {
    let mut seen: HashSet<(NodeKey, NodeKey)> = HashSet::new();
    let mut pending = vec![(left, right)];
    while let Some((left, right)) = pending.pop() {
        if !seen.insert((left.key(), right.key())) {
            continue;
        }
        if seen.len() > most || !same_here(left, right, &mut pending) {
            return (false, seen.len());
        }
    }
    (true, seen.len())
}

fn same_here<'a>(left: Node<'a>, right: Node<'a>, pending: &mut Vec<(Node<'a>, Node<'a>)>) -> bool {
    if let (Value::Bool(left), Value::Bool(right)) = (left.value, right.value) {
        return left == right;
    }
    if left.object().is_none() || right.object().is_none() {
        return left.is_trivial() && right.is_trivial();
    }
    let counts =
        |(keyword, _): &(&str, &Value)| !matches!(class(keyword), Class::Annotation | Class::Structure);
    let left_keywords: Vec<_> = left.keywords().filter(counts).collect();
    if left_keywords.len() != right.keywords().filter(counts).count() {
        return false;
    }
    left_keywords.into_iter().all(|(keyword, value)| {
        right.get(keyword).is_some_and(|other| same_keyword(keyword, (left, value), (right, other), pending))
    })
}

fn same_keyword<'a>(
    keyword: &str,
    (left, left_value): (Node<'a>, &'a Value),
    (right, right_value): (Node<'a>, &'a Value),
    pending: &mut Vec<(Node<'a>, Node<'a>)>,
) -> bool {
    if keyword == "$ref" {
        return match (left.target(), right.target()) {
            (Some(left), Some(right)) => {
                pending.push((left, right));
                true
            }
            _ => false,
        };
    }
    match (holds(keyword), left_value, right_value) {
        (Some(Holds::Schema), _, _) => {
            pending.push((left.at(left_value), right.at(right_value)));
            true
        }
        (Some(Holds::List), Value::Array(lefts), Value::Array(rights)) => {
            pending.extend(lefts.iter().zip(rights).map(|(a, b)| (left.at(a), right.at(b))));
            lefts.len() == rights.len()
        }
        (Some(Holds::Map), Value::Object(lefts), Value::Object(rights)) => {
            lefts.len() == rights.len()
                && lefts.iter().all(|(name, a)| {
                    rights.get(name).is_some_and(|b| {
                        pending.push((left.at(a), right.at(b)));
                        true
                    })
                })
        }
        _ if matches!(keyword, "required" | "type" | "enum") => same_set(left_value, right_value),
        _ => json_equal(left_value, right_value),
    }
}

/// Equality of arrays in which order says nothing; a single value is a set of one.
pub(super) fn same_set(left: &Value, right: &Value) -> bool {
    let set = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let (left, right) = (set(left), set(right));
    let within = |some: &[Value], all: &[Value]| some.iter().all(|a| all.iter().any(|b| json_equal(a, b)));
    within(&left, &right) && within(&right, &left)
}
