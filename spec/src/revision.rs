//! Revisions (chapter "Revisions", `REV-1` to `REV-8`).

use crate::error::expectation;
use core::{cmp::Ordering, fmt, str::FromStr};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected, Visitor},
};

/// The number of a state of a topic: 0 to 2^64-1, ordered as a number within one epoch.
///
/// On the wire it is always a JSON *string* in canonical decimal: `"0"`, or digits of which the first is not
/// `0`. A JSON number would lose everything past 2^53 in a reader that holds numbers as doubles. Only canonical
/// text is accepted, so that two equal revisions have one spelling (`REV-1` to `REV-4`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string & { readonly __brand: \"Revision\" }"))]
pub struct Revision(u64);

impl Revision {
    /// The revision of a state that nothing has changed yet.
    pub const ZERO: Revision = Revision(0);
    /// The last revision, 2^64-1.
    pub const MAX: Revision = Revision(u64::MAX);

    /// The revision of this number.
    ///
    /// ```
    /// use state_sync::Revision;
    ///
    /// let revision: Revision = "41".parse()?;
    /// assert_eq!(revision.next().to_string(), "42");
    /// for refused in ["", "+1", "01", " 1", "1e3", "18446744073709551616"] {
    ///     assert!(refused.parse::<Revision>().is_err());
    /// }
    /// # Ok::<(), state_sync::InvalidRevision>(())
    /// ```
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The number.
    pub const fn value(self) -> u64 {
        self.0
    }

    /// The following revision; [`Revision::MAX`] is followed by itself (`REV-6`, `REV-7`).
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The following revision, or `None` after [`Revision::MAX`].
    #[must_use]
    pub const fn checked_next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(value) => Some(Self(value)),
            None => None,
        }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The text is not the canonical decimal of a number up to 2^64-1 (code `invalid-revision`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidRevision;

impl fmt::Display for InvalidRevision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not {} (invalid-revision)", expectation::REVISION)
    }
}

impl core::error::Error for InvalidRevision {}

impl FromStr for Revision {
    type Err = InvalidRevision;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The integer parser takes "+1" and "007", so the spelling is checked first and the range is left to it.
        let canonical = match text.as_bytes() {
            [b'0'] => true,
            [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
            _ => false,
        };
        if !canonical {
            return Err(InvalidRevision);
        }
        text.parse().map(Self).map_err(|_| InvalidRevision)
    }
}

impl From<u64> for Revision {
    fn from(value: u64) -> Self {
        Self(value)
    }
}

impl From<Revision> for u64 {
    fn from(revision: Revision) -> Self {
        revision.0
    }
}

/// Compares two revisions given as text, as numbers over the whole range (`REV-5`).
///
/// # Errors
///
/// [`InvalidRevision`] where either text is not canonical: there is no order among what is no revision.
///
/// ```
/// use core::cmp::Ordering;
///
/// assert_eq!(state_sync::compare_revisions("9", "10"), Ok(Ordering::Less));
/// assert_eq!(state_sync::compare_revisions("9007199254740993", "9007199254740992"), Ok(Ordering::Greater));
/// assert!(state_sync::compare_revisions("1", "01").is_err());
/// ```
pub fn compare_revisions(left: &str, right: &str) -> Result<Ordering, InvalidRevision> {
    Ok(left.parse::<Revision>()?.cmp(&right.parse()?))
}

impl Serialize for Revision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Revision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RevisionVisitor;

        impl Visitor<'_> for RevisionVisitor {
            type Value = Revision;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(expectation::REVISION)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Revision, E> {
                text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(RevisionVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Revision {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Revision".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The number of a state of a topic, 0 to 2^64-1, as a string in canonical decimal: \"0\", or \
                            digits of which the first is not 0. Ordered as a number within one epoch (REV-1 to REV-5).",
            "type": "string",
            "pattern": pattern(),
            "x-code": "invalid-revision",
        })
    }
}

/// The regular expression of exactly the canonical decimals from 0 to 2^64-1.
///
/// Besides everything with fewer digits than the maximum, it holds one alternative for each digit of the
/// maximum at which a smaller number of the same length can first be smaller.
#[cfg(any(feature = "schema", test))]
fn pattern() -> String {
    use core::fmt::Write as _;

    let maximum = u64::MAX.to_string();
    let mut pattern = format!("^(?:0|[1-9][0-9]{{0,{}}}", maximum.len() - 2);
    for (index, digit) in maximum.bytes().enumerate() {
        let lowest = if index == 0 { b'1' } else { b'0' };
        if digit <= lowest {
            continue;
        }
        let (prefix, rest) = (&maximum[..index], maximum.len() - index - 1);
        let highest = digit - 1;
        let smaller = if lowest == highest {
            (lowest as char).to_string()
        } else {
            format!("[{}-{}]", lowest as char, highest as char)
        };
        write!(pattern, "|{prefix}{smaller}").expect("a string takes every write");
        match rest {
            0 => {}
            1 => pattern.push_str("[0-9]"),
            _ => write!(pattern, "[0-9]{{{rest}}}").expect("a string takes every write"),
        }
    }
    pattern + "|" + &maximum + ")$"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_canonical_or_refused() {
        for (text, expected) in [
            ("0", Some(0)),
            ("7", Some(7)),
            ("9007199254740993", Some(9_007_199_254_740_993)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("99999999999999999999", None),
            ("100000000000000000000", None),
            ("", None),
            ("00", None),
            ("01", None),
            ("+1", None),
            ("-0", None),
            (" 1", None),
            ("1\n", None),
            ("1.0", None),
            ("1e3", None),
            ("١", None),
        ] {
            let parsed = text.parse::<Revision>().ok().map(Revision::value);
            assert_eq!(parsed, expected, "{text:?}");
        }
    }

    #[test]
    fn next_saturates_and_checked_next_ends() {
        assert_eq!(Revision::ZERO.next(), Revision::new(1));
        assert_eq!(Revision::MAX.next(), Revision::MAX);
        assert_eq!(Revision::new(u64::MAX - 1).checked_next(), Some(Revision::MAX));
        assert_eq!(Revision::MAX.checked_next(), None);
    }

    #[test]
    fn wire_form_is_a_string_both_ways() {
        let text = serde_json::to_string(&Revision::MAX).unwrap();
        assert_eq!(text, "\"18446744073709551615\"");
        assert_eq!(serde_json::from_str::<Revision>(&text).unwrap(), Revision::MAX);
        assert!(serde_json::from_str::<Revision>("1").is_err());
    }

    #[test]
    fn pattern_has_one_branch_for_each_digit_that_can_be_smaller() {
        assert!(pattern().starts_with("^(?:0|[1-9][0-9]{0,18}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|"));
        assert!(pattern().ends_with("|1844674407370955161[0-4]|18446744073709551615)$"));
    }
}
