//! How types are declared.

use serde::Serialize;
use serde_json::Value;

/// The declaration of a named type. The shape of its JSON is told in the documentation of the module above.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Shape {
    /// An object with known members.
    Object {
        /// The members, by name.
        fields: Vec<Field>,
        /// The type of members that are not listed, where the schema says something about them.
        additional: Option<Type>,
    },
    /// A closed set of strings.
    Enumeration {
        /// The strings, as written.
        values: Vec<EnumValue>,
    },
    /// Objects told apart by one required member that holds a constant.
    TaggedUnion {
        /// The member's name.
        tag: String,
        /// One for each constant.
        variants: Vec<Variant>,
    },
    /// One of several types.
    Union {
        /// The types, as written.
        members: Vec<Type>,
    },
    /// Another name for a type; a newtype where the rule says more than the type.
    Alias {
        /// The type.
        r#type: Type,
    },
}

/// A string of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnumValue {
    /// The string on the wire.
    pub value: String,
    /// What it means.
    pub docs: Option<String>,
}

/// A variant of a tagged union.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// The constant in the tag member.
    pub value: String,
    /// What it means.
    pub docs: Option<String>,
    /// A reference to the object type.
    pub r#type: Type,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// The name on the wire; any string.
    pub name: String,
    /// What it means.
    pub docs: Option<String>,
    /// Whether the schema says that it is deprecated.
    pub deprecated: bool,
    /// Whether it must be there.
    pub required: bool,
    /// Whether null is among its values.
    pub nullable: bool,
    /// The default that the schema states.
    pub default: Option<Value>,
    /// The type, without null.
    pub r#type: Type,
}

/// The type of a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Type {
    /// Any JSON value.
    Any,
    /// No value at all.
    Never,
    /// Null.
    Null,
    /// True or false.
    Boolean,
    /// A number without a fraction; `1.0` is one.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// One of the constants.
    Enum {
        /// The constants, of any JSON type.
        values: Vec<Value>,
    },
    /// A named type.
    Reference {
        /// Its name.
        name: String,
        /// The parameters that are passed on.
        arguments: Vec<String>,
    },
    /// A type parameter of the type that this stands in.
    Parameter {
        /// Its name.
        name: String,
    },
    /// An array of one type.
    Array {
        /// The items' type.
        items: Box<Type>,
    },
    /// An array whose first items have types of their own.
    Tuple {
        /// The types of the first items.
        items: Vec<Type>,
        /// How many of them must be there.
        required: usize,
        /// The type of further items; none may follow where it is absent.
        rest: Option<Box<Type>>,
    },
    /// An object used as a dictionary.
    Map {
        /// The values' type.
        values: Box<Type>,
    },
    /// One of several.
    Union {
        /// The types, as written.
        members: Vec<Type>,
    },
    /// All of several.
    Intersection {
        /// The types, as written.
        members: Vec<Type>,
    },
}

impl Type {
    /// A union of `members`, flattened and without repetition; enumerations of constants are joined into one.
    pub fn union(members: impl IntoIterator<Item = Type>) -> Type {
        let mut flat: Vec<Type> = Vec::new();
        for member in members {
            match member {
                Type::Union { members } => members.into_iter().for_each(|each| join(&mut flat, each)),
                Type::Never => {}
                other => join(&mut flat, other),
            }
        }
        if flat.contains(&Type::Any) {
            return Type::Any;
        }
        match flat.len() {
            0 => Type::Never,
            1 => flat.remove(0),
            _ => Type::Union { members: flat },
        }
    }

    /// An intersection of `members`: what says nothing is left out.
    pub fn intersection(members: impl IntoIterator<Item = Type>) -> Type {
        let mut kept: Vec<Type> = Vec::new();
        for member in members {
            match member {
                Type::Any => {}
                Type::Never => return Type::Never,
                other if kept.contains(&other) => {}
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Type::Any,
            1 => kept.remove(0),
            _ => Type::Intersection { members: kept },
        }
    }

    /// This type without null, and whether null was among its values.
    pub fn without_null(self) -> (Type, bool) {
        match self {
            Type::Any => (Type::Any, true),
            Type::Union { members } => {
                let nullable = members.contains(&Type::Null);
                (Type::union(members.into_iter().filter(|each| *each != Type::Null)), nullable)
            }
            Type::Enum { mut values } if values.len() > 1 && values.contains(&Value::Null) => {
                values.retain(|each| !each.is_null());
                (Type::Enum { values }, true)
            }
            other => (other, false),
        }
    }

    /// Calls `visit` with every type inside this one, itself included.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Type)) {
        visit(self);
        match self {
            Type::Array { items } => items.walk(visit),
            Type::Map { values } => values.walk(visit),
            Type::Tuple { items, rest, .. } => {
                items.iter().for_each(|each| each.walk(visit));
                rest.iter().for_each(|each| each.walk(visit));
            }
            Type::Union { members } | Type::Intersection { members } => {
                members.iter().for_each(|each| each.walk(visit))
            }
            _ => {}
        }
    }

    /// The same for a change in place.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        visit(self);
        match self {
            Type::Array { items } => items.walk_mut(visit),
            Type::Map { values } => values.walk_mut(visit),
            Type::Tuple { items, rest, .. } => {
                items.iter_mut().for_each(|each| each.walk_mut(visit));
                rest.iter_mut().for_each(|each| each.walk_mut(visit));
            }
            Type::Union { members } | Type::Intersection { members } => {
                members.iter_mut().for_each(|each| each.walk_mut(visit))
            }
            _ => {}
        }
    }
}

fn join(flat: &mut Vec<Type>, member: Type) {
    if let Type::Enum { values } = &member
        && let Some(Type::Enum { values: known }) =
            flat.iter_mut().find(|each| matches!(each, Type::Enum { .. }))
    {
        for value in values {
            if !known.contains(value) {
                known.push(value.clone());
            }
        }
        return;
    }
    if !flat.contains(&member) {
        flat.push(member);
    }
}

impl Shape {
    /// Calls `visit` with every type in the declaration.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Type)) {
        match self {
            Shape::Object { fields, additional } => {
                fields.iter().for_each(|each| each.r#type.walk(visit));
                additional.iter().for_each(|each| each.walk(visit));
            }
            Shape::Enumeration { .. } => {}
            Shape::TaggedUnion { variants, .. } => variants.iter().for_each(|each| each.r#type.walk(visit)),
            Shape::Union { members } => members.iter().for_each(|each| each.walk(visit)),
            Shape::Alias { r#type } => r#type.walk(visit),
        }
    }

    /// The same for a change in place.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        match self {
            Shape::Object { fields, additional } => {
                fields.iter_mut().for_each(|each| each.r#type.walk_mut(visit));
                additional.iter_mut().for_each(|each| each.walk_mut(visit));
            }
            Shape::Enumeration { .. } => {}
            Shape::TaggedUnion { variants, .. } => {
                variants.iter_mut().for_each(|each| each.r#type.walk_mut(visit))
            }
            Shape::Union { members } => members.iter_mut().for_each(|each| each.walk_mut(visit)),
            Shape::Alias { r#type } => r#type.walk_mut(visit),
        }
    }
}
