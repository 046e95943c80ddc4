//! Rules about numbers and strings. A keyword about something else holds.

use serde_json::Value;

use crate::compat::number::{Exact, json_equal};
use crate::compat::shape::{Bound, Shape, Side};
use crate::compat::types::Types;

pub(super) fn number_follows(shape: &Shape<'_>, keyword: &str, rule: &Value) -> bool {
    let (side, exclusive) = match keyword {
        "minimum" => (Side::Lower, false),
        "exclusiveMinimum" => (Side::Lower, true),
        "maximum" => (Side::Upper, false),
        "exclusiveMaximum" => (Side::Upper, true),
        "multipleOf" => return is_multiple(shape, rule),
        _ => return true,
    };
    let (inclusive_name, exclusive_name) =
        if side == Side::Lower { ("minimum", "exclusiveMinimum") } else { ("maximum", "exclusiveMaximum") };
    let Some(value) = rule.as_number().map(Exact::new) else { return false };
    shape
        .bound(inclusive_name, exclusive_name, side)
        .is_some_and(|bound| bound.implies(Bound { value, exclusive }, side))
}

fn is_multiple(shape: &Shape<'_>, rule: &Value) -> bool {
    let Some(step) = rule.as_number().map(Exact::new) else { return false };
    if step == Exact::Integer(1) && !shape.types.meets(Types::FRACTION) {
        return true;
    }
    shape.nodes.iter().filter_map(|node| node.get("multipleOf")).any(|known| {
        json_equal(known, rule)
            || known.as_number().is_some_and(|known| Exact::new(known).is_multiple_of(step) == Some(true))
    })
}

pub(super) fn string_follows(shape: &Shape<'_>, keyword: &str, rule: &Value) -> bool {
    match keyword {
        "minLength" | "maxLength" => count_follows(shape, keyword, rule),
        // Whether one pattern includes another is not decided: it must be the same one.
        "pattern" => shape.nodes.iter().any(|node| node.get("pattern") == Some(rule)),
        _ => true,
    }
}

/// Whether a count (of characters, items, members) stays within a bound.
pub(super) fn count_follows(shape: &Shape<'_>, keyword: &str, rule: &Value) -> bool {
    let Some(value) = rule.as_number().map(Exact::new) else { return false };
    let side = if keyword.starts_with("min") { Side::Lower } else { Side::Upper };
    if side == Side::Lower && value == Exact::Integer(0) {
        return true;
    }
    shape.count(keyword, side).is_some_and(|bound| bound.implies(Bound { value, exclusive: false }, side))
}
