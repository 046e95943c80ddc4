//! The message `CrossTabMessage` (`XTB-1` to `XTB-3`).

use crate::{Json, SafeInteger, SnapshotEnvelope, Topic, skipped::Skipped};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, marker::PhantomData};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error, MapAccess, Visitor},
};

/// What the tabs of one application tell each other over a broadcast channel.
///
/// The member `type` says which of the messages it is; members of another one are unknown members, and so
/// ignored (`XTB-3`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CrossTabMessage"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum CrossTabMessage<T> {
    /// A tab has applied or saved a snapshot, or answers a `request-sync`.
    Snapshot {
        /// The tab that sends; a tab ignores its own messages.
        source_id: String,
        /// The topic, where one channel carries several.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        topic: Option<Topic>,
        /// When it was sent, in milliseconds since the Unix epoch by the sender's clock.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        timestamp_ms: Option<SafeInteger>,
        /// The snapshot; a receiver lets it through its revision gate like any other.
        snapshot: SnapshotEnvelope<T>,
    },
    /// A tab that has just opened asks the others for what they hold.
    RequestSync {
        /// The tab that sends; a tab ignores its own messages.
        source_id: String,
        /// The topic, where one channel carries several.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        topic: Option<Topic>,
        /// When it was sent, in milliseconds since the Unix epoch by the sender's clock.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        timestamp_ms: Option<SafeInteger>,
    },
    /// A tab has cleared what was persisted; the others drop their pending saves.
    Clear {
        /// The tab that sends; a tab ignores its own messages.
        source_id: String,
        /// The topic, where one channel carries several.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        topic: Option<Topic>,
        /// When it was sent, in milliseconds since the Unix epoch by the sender's clock.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional))]
        timestamp_ms: Option<SafeInteger>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Snapshot,
    RequestSync,
    Clear,
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TagVisitor;

        impl Visitor<'_> for TagVisitor {
            type Value = Tag;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the type of a message between tabs, a string")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Tag, E> {
                match name {
                    "snapshot" => Ok(Tag::Snapshot),
                    "request-sync" => Ok(Tag::RequestSync),
                    "clear" => Ok(Tag::Clear),
                    other => Err(E::unknown_variant(other, &["snapshot", "request-sync", "clear"])),
                }
            }
        }

        deserializer.deserialize_str(TagVisitor)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    Type,
    SourceId,
    Topic,
    TimestampMs,
    Snapshot,
    #[serde(other)]
    Unknown,
}

/// The member `snapshot` while the message is read.
enum Slot<T> {
    Absent,
    /// It came before `type`, so nobody knows yet whether it counts; all that came are kept, to see a second.
    Undecided(Vec<Json>),
    Read(SnapshotEnvelope<T>),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for CrossTabMessage<T> {
    // Not derived: derived code takes an array, loses the place of an error, and checks nothing twice.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MessageVisitor(PhantomData))
    }
}

struct MessageVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for MessageVisitor<T> {
    type Value = CrossTabMessage<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a CrossTabMessage object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut tag = None;
        let mut source_id = None;
        let mut topic = None;
        let mut timestamp_ms = None;
        let mut snapshot = Slot::<T>::Absent;

        while let Some(member) = map.next_key()? {
            match member {
                Member::Type => read_once(&mut map, &mut tag, "type")?,
                Member::SourceId => read_once(&mut map, &mut source_id, "sourceId")?,
                Member::Topic => read_once(&mut map, &mut topic, "topic")?,
                Member::TimestampMs => read_once(&mut map, &mut timestamp_ms, "timestampMs")?,
                Member::Snapshot => match (tag, &mut snapshot) {
                    (Some(Tag::RequestSync | Tag::Clear), _) => _ = map.next_value::<Skipped>()?,
                    (None, Slot::Undecided(seen)) => seen.push(map.next_value()?),
                    (None, _) => snapshot = Slot::Undecided([map.next_value()?].into()),
                    (Some(Tag::Snapshot), Slot::Absent) => snapshot = Slot::Read(map.next_value()?),
                    (Some(Tag::Snapshot), _) => return Err(A::Error::duplicate_field("snapshot")),
                },
                Member::Unknown => _ = map.next_value::<Skipped>()?,
            }
        }

        let tag = tag.ok_or_else(|| A::Error::missing_field("type"))?;
        let source_id = source_id.ok_or_else(|| A::Error::missing_field("sourceId"))?;
        let (topic, timestamp_ms) = (topic.flatten(), timestamp_ms.flatten());
        Ok(match tag {
            Tag::RequestSync => CrossTabMessage::RequestSync { source_id, topic, timestamp_ms },
            Tag::Clear => CrossTabMessage::Clear { source_id, topic, timestamp_ms },
            Tag::Snapshot => {
                let snapshot = match snapshot {
                    Slot::Absent => return Err(A::Error::missing_field("snapshot")),
                    Slot::Read(snapshot) => snapshot,
                    Slot::Undecided(seen) => match seen.as_slice() {
                        [only] => only.decode().map_err(|error| A::Error::custom(error.to_string()))?,
                        _ => return Err(A::Error::duplicate_field("snapshot")),
                    },
                };
                CrossTabMessage::Snapshot { source_id, topic, timestamp_ms, snapshot }
            }
        })
    }
}

fn read_once<'de, A: MapAccess<'de>, V: Deserialize<'de>>(
    map: &mut A,
    member: &mut Option<V>,
    name: &'static str,
) -> Result<(), A::Error> {
    if member.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *member = Some(map.next_value()?);
    Ok(())
}
