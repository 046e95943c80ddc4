//! The language-neutral model: what every language module renders from.
//!
//! A model says each thing twice, because a language needs both:
//!
//! - a [`Shape`] says how a type is *declared*: an object with fields, an enumeration, a tagged union, a union,
//!   an alias. Shapes are made of [`Type`]s. A `Type` is small and never holds an object of its own: an object
//!   written inline in the schema becomes a named type (`SettingsTheme` for member `theme` of `Settings`), and
//!   the place refers to it by name.
//! - a [`Rule`] says what a value must *satisfy*. It is the schema itself, with references resolved to type
//!   names and the spellings made one. Where schema keywords are too clever for a type declaration (`not`,
//!   `if`), the shape is wider than the rule, never narrower. So a parser checks by the rule first and then
//!   builds by the shape.
//!
//! Everything here is `Serialize`, so that templates can walk it, and in a fixed order, so that output is the same
//! bytes every time: types by name, members in the order of the schema's map (sorted), union members as written.
//!
//! ```text
//! Model { null_is_absent, types: [TypeDef], roots: [name], topics: [Topic] }
//! TypeDef { name, docs, deprecated, location, parameters: ["T"], shape: Shape, rule: Rule, recursive }
//! Shape (tag `kind`)
//!   object        { fields: [Field], additional: Type? }  additional: type of the members not listed, absent if none is said
//!   enumeration   { values: [{value, docs}] }             strings only
//!   tagged-union  { tag, variants: [{value, docs, type}] }  `type` is a `reference` to an object type that has the tag
//!   union         { members: [Type] }
//!   alias         { type: Type }                          with a rule of its own on a string or number: a newtype
//! Field { name (on the wire), docs, deprecated, required, nullable, default?, type }   type never includes null
//! Type (tag `kind`)
//!   any never null boolean integer number string
//!   enum          { values: [JSON] }                      one constant is an enum of one
//!   reference     { name, arguments: ["T"] }              arguments: parameters that are passed on, by name
//!   parameter     { name }                                a type parameter, `data: T`
//!   array         { items: Type }
//!   tuple         { items: [Type], rest: Type? }
//!   map           { values: Type }                        an object used as a dictionary
//!   union         { members: [Type] }                     null is a member here
//!   intersection  { members: [Type] }
//! ```
//!
//! A place in the schema becomes a type parameter by the annotation `"x-parameter": "T"`; a type that holds
//! one, or refers to a type that does, has it in `parameters`. The annotation `"x-code"` names the error code of a rule of its
//! own (`Rule::code`). No module here or below knows a message by name.

mod document;
mod keywords;
mod lower;
pub mod names;
mod rule;
mod types;

pub use document::Source;
pub(crate) use document::escape;
pub use lower::{Options, lower};
pub use rule::{Kind, PatternRule, Property, Requirement, Rule, Tagged, TaggedRule};
pub use types::{EnumValue, Field, Shape, Type, Variant};

use serde::Serialize;

/// All types of one run, and what they are for.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Model {
    /// Whether an explicit null in an optional member is read as absent (the protocol's own messages), so that
    /// declarations leave null out of `nullable` members. Otherwise null is a value of its own (user topics).
    pub null_is_absent: bool,
    /// Every type, by name.
    pub types: Vec<TypeDef>,
    /// The names of the types that stand for a whole document. For topics: the payload types.
    pub roots: Vec<String>,
    /// The topics, by name; empty for the protocol itself.
    pub topics: Vec<Topic>,
}

impl Model {
    /// The type with this name.
    pub fn get(&self, name: &str) -> Option<&TypeDef> {
        self.types
            .binary_search_by(|each| each.name.as_str().cmp(name))
            .ok()
            .and_then(|at| self.types.get(at))
    }
}

/// A topic of an application and the type of its payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// The topic's name, as on the wire.
    pub name: String,
    /// The name of the payload's [`TypeDef`].
    pub r#type: String,
    /// What the schema says about the payload.
    pub docs: Option<String>,
}

/// A named type.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypeDef {
    /// The name, in PascalCase, unique within the model.
    pub name: String,
    /// The description, plain text or Markdown, possibly of several lines.
    pub docs: Option<String>,
    /// Whether the schema says that it is deprecated.
    pub deprecated: bool,
    /// Where it is written: file and JSON Pointer, as `schemas/settings.schema.json#/$defs/Theme`.
    pub location: String,
    /// The type parameters, in order of their names.
    pub parameters: Vec<String>,
    /// How it is declared.
    pub shape: Shape,
    /// What a value must satisfy.
    pub rule: Rule,
    /// Whether a value of this type may hold another value of this type, at any depth.
    pub recursive: bool,
}
