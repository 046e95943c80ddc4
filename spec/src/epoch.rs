//! Epochs (`EPO-1`).

use alloc::string::String;
use core::fmt;
use serde::{Deserialize, Serialize};

/// One unbroken history of a source; revisions are ordered only within one epoch.
///
/// A source that loses or replaces its history (an in-memory one at every start, any at a restore from a
/// backup) takes an epoch that it never used before. An absent epoch means the same as the empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Epoch(String);

impl Epoch {
    /// The epoch of this name; any string will do.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two optional members name the same epoch: absent and empty are one.
    pub fn same(left: Option<&Epoch>, right: Option<&Epoch>) -> bool {
        left.map_or("", Epoch::as_str) == right.map_or("", Epoch::as_str)
    }
}

impl From<String> for Epoch {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl From<&str> for Epoch {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_and_empty_are_one_epoch() {
        let (empty, other) = (Epoch::default(), Epoch::new("b"));
        assert!(Epoch::same(None, Some(&empty)));
        assert!(!Epoch::same(None, Some(&other)));
        assert!(Epoch::same(Some(&other), Some(&other)));
    }
}
