//! Validation against the types of the protocol, by decoding into them.

use crate::Finding;
use state_sync::{
    DecodeError,
    catalog::{PublicType, Visitor, visit_all},
};
use std::fmt;

/// Decoding into one type of the protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeValidator {
    check: fn(&str) -> Result<(), DecodeError>,
}

impl TypeValidator {
    pub fn new(name: &str) -> Result<Self, UnknownType> {
        let found = all().into_iter().find(|(known, _)| *known == name);
        found.map(|(_, validator)| validator).ok_or_else(|| UnknownType { name: name.to_owned() })
    }

    #[inline]
    pub fn validate(&self, text: &str) -> Result<(), Vec<Finding>> {
        (self.check)(text).map_err(|error| vec![error.into()])
    }
}

/// Decodes without keeping payloads, and whole only where that fails, to say why.
fn check<T: PublicType>(text: &str) -> Result<(), DecodeError> {
    match serde_json::from_str::<T::Checked>(text) {
        Ok(_) => Ok(()),
        Err(_) => state_sync::json::from_str::<T>(text).map(drop),
    }
}

/// Every type by its name, in the order of the catalog.
fn all() -> Vec<(&'static str, TypeValidator)> {
    struct Collect(Vec<(&'static str, TypeValidator)>);

    impl Visitor for Collect {
        fn visit<T: PublicType>(&mut self) {
            self.0.push((T::NAME, TypeValidator { check: check::<T> }));
        }
    }

    let mut collect = Collect(Vec::new());
    visit_all(&mut collect);
    collect.0
}

/// The names that [`Validator::for_type`](crate::Validator::for_type) takes.
#[must_use]
pub fn type_names() -> Vec<&'static str> {
    all().into_iter().map(|(name, _)| name).collect()
}

/// There is no type of this name in the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownType {
    /// The name that was asked for.
    pub name: String,
}

impl fmt::Display for UnknownType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = type_names();
        write!(formatter, "there is no type \"{}\" in the protocol", self.name)?;
        let asked = self.name.to_lowercase();
        let nearest = names.iter().map(|name| (distance(&asked, &name.to_lowercase()), name)).min();
        if let Some((distance, name)) = nearest
            && distance <= asked.len().max(6) / 3
        {
            write!(formatter, "; did you mean \"{name}\"?")?;
        }
        write!(formatter, " (known: {})", names.join(", "))
    }
}

impl std::error::Error for UnknownType {}

/// How many characters must be changed, put in or taken out to make one word of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, left) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, right) in right.iter().enumerate() {
            let change = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = change.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_get_a_suggestion_where_one_is_near() {
        let message = |name: &str| UnknownType { name: name.to_owned() }.to_string();
        assert!(message("snapshotenvelop").contains("did you mean \"SnapshotEnvelope\"?"));
        assert!(message("InvalidationEvents").contains("did you mean \"InvalidationEvent\"?"));
        assert!(!message("Banana").contains("did you mean"));
        assert!(message("Banana").contains("known: Revision, Topic"));
    }
}
