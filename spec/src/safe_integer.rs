//! Integers that every language holds exactly (`MSG-11`).

use crate::error::expectation;
use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected, Visitor},
};

/// An integer from 0 to 2^53-1: what every JSON reader holds exactly, also one that keeps numbers as doubles
/// (RFC 7493, section 2.2).
///
/// Where a message counts time it is in milliseconds, where it counts size in bytes. A value counts, not its
/// spelling: `1.0` and `1e3` are integers here, as they are to a reader that sees doubles only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "number"))]
pub struct SafeInteger(u64);

impl SafeInteger {
    /// The largest one, 2^53-1.
    pub const MAX: SafeInteger = SafeInteger((1 << 53) - 1);

    /// The integer of this value.
    ///
    /// ```
    /// use state_sync::SafeInteger;
    ///
    /// assert_eq!(SafeInteger::from(5_u32).get(), 5);
    /// assert!(SafeInteger::new(1 << 53).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] past 2^53-1.
    pub const fn new(value: u64) -> Result<Self, OutOfRange> {
        if value > Self::MAX.0 {
            return Err(OutOfRange);
        }
        Ok(Self(value))
    }

    /// The value.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A number that is not an integer from 0 to 2^53-1 (code `out-of-range`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not {} (out-of-range)", expectation::SAFE_INTEGER)
    }
}

impl core::error::Error for OutOfRange {}

impl From<u32> for SafeInteger {
    fn from(value: u32) -> Self {
        Self(value.into())
    }
}

impl TryFrom<u64> for SafeInteger {
    type Error = OutOfRange;

    fn try_from(value: u64) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl From<SafeInteger> for u64 {
    fn from(value: SafeInteger) -> Self {
        value.0
    }
}

impl fmt::Display for SafeInteger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for SafeInteger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for SafeInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SafeIntegerVisitor;

        impl Visitor<'_> for SafeIntegerVisitor {
            type Value = SafeInteger;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(expectation::SAFE_INTEGER)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<SafeInteger, E> {
                SafeInteger::new(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<SafeInteger, E> {
                match u64::try_from(value) {
                    Ok(value) => self.visit_u64(value),
                    Err(_) => Err(E::invalid_value(Unexpected::Signed(value), &self)),
                }
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<SafeInteger, E> {
                // Below 2^53 the conversion there and back is exact, so it shows a fraction (and keeps -0 as 0).
                let whole = value as u64;
                if whole > SafeInteger::MAX.0 || whole as f64 != value {
                    return Err(E::invalid_value(Unexpected::Float(value), &self));
                }
                Ok(SafeInteger(whole))
            }
        }

        deserializer.deserialize_u64(SafeIntegerVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SafeInteger {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SafeInteger".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An integer from 0 to 2^53-1, which every JSON reader holds exactly (RFC 7493, section 2.2).",
            "type": "integer",
            "minimum": 0,
            "maximum": SafeInteger::MAX.get(),
            "x-code": "out-of-range",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_counts_not_its_spelling() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("-0.0", Some(0)),
            ("1.0", Some(1)),
            ("1e3", Some(1000)),
            ("9007199254740991", Some((1 << 53) - 1)),
            ("9007199254740992", None),
            ("9007199254740992.0", None),
            ("1e300", None),
            ("-1", None),
            ("0.5", None),
            ("\"1\"", None),
        ] {
            let value = serde_json::from_str::<SafeInteger>(text).ok().map(SafeInteger::get);
            assert_eq!(value, expected, "{text}");
        }
    }
}
