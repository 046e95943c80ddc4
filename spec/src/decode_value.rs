//! Decoding from a value in hand, where every error gains its pointer on the way out.

use crate::{DecodeError, Json};
use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, string::ToString, vec::Vec};
use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
        VariantAccess, Visitor, value::StringDeserializer,
    },
    forward_to_deserialize_any,
};

/// A value that is being decoded; errors gain their pointer on the way out.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a>(pub(crate) &'a Json);

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(*value),
            Json::Unsigned(value) => visitor.visit_u64(*value),
            Json::Signed(value) => visitor.visit_i64(*value),
            Json::Float(value) => visitor.visit_f64(*value),
            Json::Text(value) => visitor.visit_str(value),
            Json::Array(items) => visitor.visit_seq(Items { items, next: 0 }),
            Json::Object(members) => visitor.visit_map(Members::new(members)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self.0 {
            Json::Text(name) => visitor.visit_enum(Variant { name, content: None }),
            Json::Object(members) if members.len() == 1 => {
                let (name, content) = &members[0];
                visitor.visit_enum(Variant { name, content: Some(content) })
            }
            other => {
                Err(DecodeError::invalid_type(other.unexpected(), &"a string, or an object with one member"))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'a> {
    items: &'a [Json],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        let value = seed.deserialize(Node(item));
        value.map(Some).map_err(|error| error.inside(&index.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// The members of an object in the order in which their faults are to be found; the order in which they came is
/// of no meaning (`MSG-14`).
///
/// A member given twice is a fault of the text, so it comes before the faults of values (`ERR-4`): such members
/// are first, and members with such a one further in come early. `type` comes before what it decides about, so
/// that a union never has to set a member aside, and every error keeps its place.
struct Members<'a> {
    ordered: alloc::vec::IntoIter<(Rank, &'a (String, Json))>,
    current: Option<(Rank, &'a (String, Json))>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Repeated,
    Tag,
    RepeatedInside,
    Other,
}

/// The names that an object has more than once.
fn repeated(members: &[(String, Json)]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    members.iter().map(|(name, _)| name.as_str()).filter(|name| !seen.insert(*name)).collect()
}

fn has_repeated_inside(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.iter().any(has_repeated_inside),
        Json::Object(members) => {
            !repeated(members).is_empty() || members.iter().any(|(_, value)| has_repeated_inside(value))
        }
        _ => false,
    }
}

impl<'a> Members<'a> {
    fn new(members: &'a [(String, Json)]) -> Self {
        let repeated = repeated(members);
        let rank = |(name, value): &(String, Json)| match name.as_str() {
            name if repeated.contains(name) => Rank::Repeated,
            "type" => Rank::Tag,
            _ if has_repeated_inside(value) => Rank::RepeatedInside,
            _ => Rank::Other,
        };
        let mut ordered: Vec<_> = members.iter().map(|member| (rank(member), member)).collect();
        ordered.sort_by_key(|(rank, _)| *rank);
        Self { ordered: ordered.into_iter(), current: None }
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = DecodeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, DecodeError> {
        self.current = self.ordered.next();
        let Some((_, (name, _))) = self.current else { return Ok(None) };
        let key: StringDeserializer<DecodeError> = name.clone().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|error| error.inside(name))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, DecodeError> {
        let Some((rank, (name, value))) = self.current else {
            return Err(DecodeError::custom("a value was asked for before its name"));
        };
        seed.deserialize(Node(value)).map_err(|error| match rank {
            // Only a member that the type knows is looked into, so this one is defined, and given twice.
            Rank::Repeated => DecodeError::repeated(name),
            _ => error.inside(name),
        })
    }
}

struct Variant<'a> {
    name: &'a str,
    content: Option<&'a Json>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), DecodeError> {
        let name: StringDeserializer<DecodeError> = self.name.to_owned().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl Variant<'_> {
    fn content(&self) -> Result<Node<'_>, DecodeError> {
        let missing = || DecodeError::invalid_type(Unexpected::Str(self.name), &"a variant with content");
        self.content.map(Node).ok_or_else(missing)
    }

    fn named<T>(&self, result: Result<T, DecodeError>) -> Result<T, DecodeError> {
        result.map_err(|error| if self.content.is_some() { error.inside(self.name) } else { error })
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        match self.content {
            None => Ok(()),
            Some(content) => self.named(<()>::deserialize(Node(content))),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, DecodeError> {
        let content = self.content()?;
        self.named(seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, DecodeError> {
        let content = self.content()?;
        self.named(content.deserialize_any(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let content = self.content()?;
        self.named(content.deserialize_any(visitor))
    }
}

impl Json {
    fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Json::Null => Unexpected::Unit,
            Json::Bool(value) => Unexpected::Bool(*value),
            Json::Unsigned(value) => Unexpected::Unsigned(*value),
            Json::Signed(value) => Unexpected::Signed(*value),
            Json::Float(value) => Unexpected::Float(*value),
            Json::Text(value) => Unexpected::Str(value),
            Json::Array(_) => Unexpected::Seq,
            Json::Object(_) => Unexpected::Map,
        }
    }
}
