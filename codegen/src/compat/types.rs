//! Sets of JSON types.

use serde_json::Value;

use super::number::Exact;

/// A set of types. Numbers are two: those with an integral value and the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NONE: Types = Types(0);
    pub(super) const NULL: Types = Types(1);
    pub(super) const BOOLEAN: Types = Types(2);
    pub(super) const OBJECT: Types = Types(4);
    pub(super) const ARRAY: Types = Types(8);
    pub(super) const STRING: Types = Types(16);
    pub(super) const INTEGER: Types = Types(32);
    pub(super) const FRACTION: Types = Types(64);
    pub(super) const NUMBER: Types = Types(32 | 64);
    pub(super) const ALL: Types = Types(127);

    const EACH: [Types; 7] =
        [Self::NULL, Self::BOOLEAN, Self::OBJECT, Self::ARRAY, Self::STRING, Self::INTEGER, Self::FRACTION];

    /// The type of a value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if Exact::new(number).is_integral() => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// What the keyword `type` lets through.
    pub(super) fn of_keyword(value: &Value) -> Self {
        let one = |name: &str| match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "object" => Self::OBJECT,
            "array" => Self::ARRAY,
            "string" => Self::STRING,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            _ => Self::NONE,
        };
        match value {
            Value::String(name) => one(name),
            Value::Array(names) => names.iter().filter_map(Value::as_str).map(one).fold(Self::NONE, Self::or),
            _ => Self::ALL,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Types(self.0 | other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Types(self.0 & other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Types(self.0 & !other.0)
    }

    pub(super) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The types of the set one by one.
    pub(super) fn each(self) -> impl Iterator<Item = Types> {
        Self::EACH.into_iter().filter(move |one| self.contains(*one))
    }

    /// In words, such as `string or null`.
    pub(super) fn words(self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (one, name) in [
            (Self::NUMBER, "number"),
            (Self::INTEGER, "integer"),
            (Self::STRING, "string"),
            (Self::BOOLEAN, "boolean"),
            (Self::OBJECT, "object"),
            (Self::ARRAY, "array"),
            (Self::NULL, "null"),
        ] {
            let within_number = one == Self::INTEGER && names.contains(&"number");
            if self.contains(one) && !within_number {
                names.push(name);
            }
        }
        names.join(" or ")
    }
}
