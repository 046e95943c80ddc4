//! The phases in which a reader can fail (`ERC-2`).

use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};

/// What a reader was doing when an error came up; a closed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(rename_all = "camelCase"))]
pub enum SyncPhase {
    /// Starting as a whole.
    Start,
    /// Subscribing to the topic's invalidation events, or unsubscribing.
    Subscribe,
    /// Handling an invalidation event.
    Invalidation,
    /// Refreshing as a whole.
    Refresh,
    /// Pulling a snapshot from the source.
    GetSnapshot,
    /// Applying a snapshot to the application's state.
    Apply,
    /// Decoding a message, or one that breaks a rule of the protocol.
    Protocol,
    /// Deciding when to refresh.
    Throttle,
}

impl SyncPhase {
    /// Every phase.
    pub const ALL: [SyncPhase; 8] = [
        SyncPhase::Start,
        SyncPhase::Subscribe,
        SyncPhase::Invalidation,
        SyncPhase::Refresh,
        SyncPhase::GetSnapshot,
        SyncPhase::Apply,
        SyncPhase::Protocol,
        SyncPhase::Throttle,
    ];

    /// The names on the wire, in the order of [`SyncPhase::ALL`].
    const NAMES: &'static [&'static str] =
        &["start", "subscribe", "invalidation", "refresh", "getSnapshot", "apply", "protocol", "throttle"];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl fmt::Display for SyncPhase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for SyncPhase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SyncPhase {
    // Not derived: derived code also takes `{"start": null}`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PhaseVisitor;

        impl Visitor<'_> for PhaseVisitor {
            type Value = SyncPhase;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the name of a phase, a string")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<SyncPhase, E> {
                let phase = SyncPhase::ALL.into_iter().find(|phase| phase.as_str() == name);
                phase.ok_or_else(|| E::unknown_variant(name, SyncPhase::NAMES))
            }
        }

        deserializer.deserialize_str(PhaseVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SyncPhase {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SyncPhase".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "What a reader was doing when an error came up; a closed set (ERC-2).",
            "type": "string",
            "enum": SyncPhase::NAMES,
            "x-code": "unknown-value",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        for phase in SyncPhase::ALL {
            let text = serde_json::to_string(&phase).unwrap();
            assert_eq!(serde_json::from_str::<SyncPhase>(&text).unwrap(), phase);
        }
        for refused in ["\"Start\"", "\"get-snapshot\"", "{\"start\":null}", "0"] {
            assert!(serde_json::from_str::<SyncPhase>(refused).is_err(), "{refused}");
        }
    }
}
