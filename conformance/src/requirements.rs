//! The requirements of the prose, as they are extracted into `schema/v1/requirements.json`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a requirement asks for (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Needed to conform.
    Must,
    /// Left undone only for a good reason.
    Should,
    /// Free.
    May,
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Level::Must => "MUST",
            Level::Should => "SHOULD",
            Level::May => "MAY",
        })
    }
}

/// One numbered paragraph of the prose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// Such as `REV-3`.
    pub id: String,
    /// How much it asks for.
    pub level: Level,
    /// The profile that it is part of.
    pub profile: String,
    /// The chapter that it stands in.
    pub chapter: String,
    /// What it says.
    pub text: String,
}

/// Every requirement, in the order of the prose.
#[derive(Debug, Default, Deserialize)]
pub struct Requirements {
    requirements: Vec<Requirement>,
}

impl Requirements {
    /// Those that are built into this program.
    pub fn embedded() -> Self {
        let text = include_str!(concat!(env!("OUT_DIR"), "/requirements.json"));
        Self::parse(text).expect("schema/v1/requirements.json is a list of requirements")
    }

    /// Those of a text.
    ///
    /// # Errors
    ///
    /// Where the text is no list of requirements.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The requirement of this id.
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Requirement> {
        self.requirements.iter()
    }

    /// Whether there are none, as before the first `state-sync generate`.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }
}

impl<'a> IntoIterator for &'a Requirements {
    type Item = &'a Requirement;
    type IntoIter = std::slice::Iter<'a, Requirement>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
