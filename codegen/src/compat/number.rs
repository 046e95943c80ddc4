//! Exact comparison of JSON numbers: bounds such as 2^64-1 must not pass through doubles.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// Doubles from here on are not brought into integers.
const LARGEST_EXACT: f64 = 1e30;

/// A JSON number, as an integer wherever it is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Exact {
    /// An integral value.
    Integer(i128),
    /// A value with a fraction, or a very large one.
    Double(f64),
}

impl Exact {
    pub(super) fn new(number: &Number) -> Self {
        if let Some(value) = number.as_i128() {
            return Exact::Integer(value);
        }
        let value = number.as_f64().unwrap_or(f64::NAN);
        if value.fract() == 0.0 && value.abs() < LARGEST_EXACT {
            #[allow(clippy::cast_possible_truncation)] // integral and inside the range of an i128
            return Exact::Integer(value as i128);
        }
        Exact::Double(value)
    }

    pub(super) fn is_integral(self) -> bool {
        match self {
            Exact::Integer(_) => true,
            Exact::Double(value) => value.fract() == 0.0,
        }
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Exact::Integer(left), Exact::Integer(right)) => left.cmp(&right),
            (Exact::Double(left), Exact::Double(right)) => {
                left.partial_cmp(&right).unwrap_or(Ordering::Equal)
            }
            (Exact::Integer(left), Exact::Double(right)) => compare_mixed(left, right),
            (Exact::Double(left), Exact::Integer(right)) => compare_mixed(right, left).reverse(),
        }
    }

    /// Whether this is a whole multiple of `step`; `None` where doubles would have to decide.
    pub(super) fn is_multiple_of(self, step: Self) -> Option<bool> {
        match (self, step) {
            (_, Exact::Integer(0)) => None,
            (Exact::Integer(value), Exact::Integer(step)) => Some(value % step == 0),
            (Exact::Double(value), Exact::Integer(_)) if value.fract() != 0.0 => Some(false),
            _ => None,
        }
    }
}

/// An integer against a double that is no exact integer below [`LARGEST_EXACT`].
fn compare_mixed(integer: i128, double: f64) -> Ordering {
    if double.abs() >= LARGEST_EXACT {
        return if double > 0.0 { Ordering::Less } else { Ordering::Greater };
    }
    #[allow(clippy::cast_possible_truncation)] // inside the range of an i128
    let floor = double.floor() as i128;
    // The double lies strictly between `floor` and `floor + 1`.
    if integer <= floor { Ordering::Less } else { Ordering::Greater }
}

/// Equality of JSON Schema: numbers by value, so `1` equals `1.0`.
pub(super) fn json_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            Exact::new(left).compare(Exact::new(right)) == Ordering::Equal
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| json_equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| json_equal(value, other)))
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_compare_by_value() {
        let rows = [
            (json!(1), json!(1.0), Ordering::Equal),
            (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64), Ordering::Greater),
            (json!(u64::MAX), json!(i64::MAX), Ordering::Greater),
            (json!(2), json!(2.5), Ordering::Less),
            (json!(3), json!(2.5), Ordering::Greater),
            (json!(-2), json!(-2.5), Ordering::Greater),
            (json!(-3), json!(-2.5), Ordering::Less),
            (json!(u64::MAX), json!(1e300), Ordering::Less),
            (json!(i64::MIN), json!(-1e300), Ordering::Greater),
        ];
        for (left, right, expected) in rows {
            let [Value::Number(a), Value::Number(b)] = [&left, &right] else { panic!("a number") };
            assert_eq!(Exact::new(a).compare(Exact::new(b)), expected, "{left} and {right}");
            assert_eq!(Exact::new(b).compare(Exact::new(a)), expected.reverse(), "{right} and {left}");
        }
    }

    #[test]
    fn equality_looks_into_arrays_and_objects() {
        assert!(json_equal(&json!({"a": [1, {"b": 2.0}]}), &json!({"a": [1.0, {"b": 2}]})));
        assert!(!json_equal(&json!({"a": 1}), &json!({"a": 1, "b": 1})));
        assert!(!json_equal(&json!("1"), &json!(1)));
    }
}
