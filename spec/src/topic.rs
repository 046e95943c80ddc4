//! Topics (chapter "Topics", `TOP-1` to `TOP-4`).

use crate::error::expectation;
use alloc::{borrow::ToOwned, string::String};
use core::{borrow::Borrow, fmt, str::FromStr};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected, Visitor},
};

/// The name of one logical piece of state: a string that is not blank.
///
/// Topics are compared code point by code point; nothing is trimmed, folded or normalised, so `"settings "` and
/// `"settings"` are two topics (`TOP-3`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
pub struct Topic(String);

impl Topic {
    /// The topic of this name.
    ///
    /// ```
    /// use state_sync::Topic;
    ///
    /// assert_eq!(Topic::new("settings")?.as_str(), "settings");
    /// assert!(Topic::new(" \u{feff}").is_err());
    /// # Ok::<(), state_sync::BlankTopic>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BlankTopic`] where the name is empty or white space alone (`TOP-2`).
    pub fn new(name: impl Into<String>) -> Result<Self, BlankTopic> {
        let name = name.into();
        if is_blank(&name) {
            return Err(BlankTopic);
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Whether a string is blank: empty, or nothing but ECMAScript's white space and line terminators.
///
/// That set is not Unicode's `White_Space`: it has U+FEFF and lacks U+0085. It is used because every browser
/// has it built in, and because a topic that is blank in one language must be blank in all.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_white_space)
}

const fn is_white_space(character: char) -> bool {
    matches!(
        character,
        '\u{9}'..='\u{d}'
            | '\u{20}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{feff}'
    )
}

/// A topic that is empty or white space alone (code `blank-topic`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlankTopic;

impl fmt::Display for BlankTopic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not {} (blank-topic)", expectation::TOPIC)
    }
}

impl core::error::Error for BlankTopic {}

impl FromStr for Topic {
    type Err = BlankTopic;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name)
    }
}

impl TryFrom<String> for Topic {
    type Error = BlankTopic;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(name)
    }
}

impl TryFrom<&str> for Topic {
    type Error = BlankTopic;

    fn try_from(name: &str) -> Result<Self, Self::Error> {
        Self::new(name)
    }
}

impl AsRef<str> for Topic {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Topic {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Topic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TopicVisitor;

        impl Visitor<'_> for TopicVisitor {
            type Value = Topic;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(expectation::TOPIC)
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Topic, E> {
                self.visit_string(name.to_owned())
            }

            fn visit_string<E: Error>(self, name: String) -> Result<Topic, E> {
                if is_blank(&name) {
                    return Err(E::invalid_value(Unexpected::Str(&name), &self));
                }
                Ok(Topic(name))
            }
        }

        deserializer.deserialize_string(TopicVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Topic {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Topic".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The name of one logical piece of state: a string with at least one character that is not \
                            white space. Compared code point by code point, never trimmed or folded (TOP-1 to TOP-3).",
            "type": "string",
            // The set is written out: what `\s` means differs from one regular expression engine to the next.
            "pattern": "[^\\u0009-\\u000d\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]",
            "x-code": "blank-topic",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_is_what_ecmascript_calls_white_space() {
        for (name, blank) in [
            ("", true),
            (" ", true),
            ("\t\n\u{b}\u{c}\r", true),
            ("\u{feff}", true),
            ("\u{3000}\u{2029}", true),
            ("\u{85}", false),
            ("\u{200b}", false),
            ("\u{180e}", false),
            (" a ", false),
        ] {
            assert_eq!(is_blank(name), blank, "{name:?}");
        }
    }

    #[test]
    fn names_are_kept_as_they_are() {
        let topic: Topic = serde_json::from_str("\" Caf\\u0065\\u0301 \"").unwrap();
        assert_eq!(topic.as_str(), " Cafe\u{301} ");
        assert_ne!(topic, Topic::new(" Caf\u{e9} ").unwrap());
    }
}
