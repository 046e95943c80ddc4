//! Types in Go: how they are declared, and what makes them of a checked JSON value.

use serde_json::Value;

use super::super::parameters;
use super::names::Names;
use crate::model::{Model, Shape, Type, TypeDef};

/// The model with its Go names.
pub(super) struct Types<'a> {
    pub model: &'a Model,
    pub names: Names,
}

impl Types<'_> {
    pub(super) fn name<'b>(&'b self, of: &'b str) -> &'b str {
        self.names.types.get(of).map_or(of, String::as_str)
    }

    /// The name with its type arguments.
    pub(super) fn applied(&self, name: &str, arguments: &[String]) -> String {
        match arguments {
            [] => self.name(name).to_owned(),
            several => format!("{}[{}]", self.name(name), several.join(", ")),
        }
    }

    /// The type as Go has it. What Go cannot say (a union, a tuple) is `any`: the JSON value, checked by the rule.
    pub(super) fn text(&self, of: &Type) -> String {
        match of {
            Type::Any | Type::Never | Type::Null | Type::Union { .. } | Type::Intersection { .. } => {
                "any".to_owned()
            }
            Type::Boolean => "bool".to_owned(),
            Type::Integer => "int64".to_owned(),
            Type::Number => "float64".to_owned(),
            Type::String => "string".to_owned(),
            Type::Enum { values } => self.text(&base(values)),
            Type::Reference { name, arguments } => self.applied(name, arguments),
            Type::Parameter { name } => name.clone(),
            Type::Array { items } => format!("[]{}", self.text(items)),
            Type::Tuple { .. } => "[]any".to_owned(),
            Type::Map { values } => format!("map[string]{}", self.text(values)),
        }
    }

    /// Whether the type has a nil, so that an absent member needs no pointer.
    pub(super) fn has_nil(&self, of: &Type) -> bool {
        match of {
            Type::Boolean | Type::Integer | Type::Number | Type::String | Type::Parameter { .. } => false,
            Type::Enum { values } => self.has_nil(&base(values)),
            Type::Reference { name, .. } => match self.model.get(name).map(|each| &each.shape) {
                Some(Shape::Object { .. } | Shape::Enumeration { .. }) => false,
                Some(Shape::Alias { r#type }) => self.has_nil(r#type),
                _ => true,
            },
            _ => true,
        }
    }

    /// `orEmpty` for what would be written as null where it is nil, but must not be.
    pub(super) fn filled(&self, of: &Type) -> Option<&'static str> {
        match of {
            Type::Array { .. } | Type::Tuple { .. } => Some("orEmpty"),
            Type::Map { .. } => Some("orEmptyMap"),
            Type::Reference { name, .. } => match self.model.get(name).map(|each| &each.shape) {
                Some(Shape::Alias { r#type }) => self.filled(r#type),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether making it reads a payload, which can fail.
    pub(super) fn holds_payload(&self, of: &Type) -> bool {
        match of {
            Type::Parameter { .. } => true,
            Type::Reference { arguments, .. } => !arguments.is_empty(),
            Type::Array { items } => self.holds_payload(items),
            Type::Map { values } => self.holds_payload(values),
            _ => false,
        }
    }

    /// The function that makes it of a JSON value; with its place too where it holds a payload.
    pub(super) fn reader(&self, of: &Type, owner: &TypeDef) -> String {
        match of {
            Type::Boolean => "as[bool]".to_owned(),
            Type::Integer => "integerOf".to_owned(),
            Type::Number => "numberIn".to_owned(),
            Type::String => "as[string]".to_owned(),
            Type::Enum { values } => match base(values) {
                Type::Any => "itself".to_owned(),
                base => self.reader(&base, owner),
            },
            Type::Parameter { .. } => {
                let call = self.read(of, "value", "pointer", owner);
                format!("func(value any, pointer string) ({}, error) {{ return {call} }}", self.text(of))
            }
            Type::Reference { arguments, .. } if !arguments.is_empty() => {
                let call = self.read(of, "value", "pointer", owner);
                format!("func(value any, pointer string) ({}, error) {{ return {call} }}", self.text(of))
            }
            Type::Reference { name, .. } => format!("build{}", self.name(name)),
            Type::Array { .. } | Type::Map { .. } => {
                let call = self.read(of, "value", "pointer", owner);
                if self.holds_payload(of) {
                    format!("func(value any, pointer string) ({}, error) {{ return {call} }}", self.text(of))
                } else {
                    format!("func(value any) {} {{ return {call} }}", self.text(of))
                }
            }
            Type::Tuple { .. } => "as[[]any]".to_owned(),
            _ => "itself".to_owned(),
        }
    }

    /// The expression that makes it of `value`, which stands at `pointer`.
    pub(super) fn read(&self, of: &Type, value: &str, pointer: &str, owner: &TypeDef) -> String {
        match of {
            Type::Parameter { name } => {
                format!("parsePayload({}, {value}, {pointer})", self.parser(owner, name))
            }
            Type::Reference { name, arguments } if !arguments.is_empty() => {
                let parsers: Vec<String> = arguments.iter().map(|each| self.parser(owner, each)).collect();
                format!("build{}({value}, {pointer}, {})", self.name(name), parsers.join(", "))
            }
            Type::Array { items } if self.holds_payload(items) => {
                format!("parsedListOf({value}, {pointer}, {})", self.reader(items, owner))
            }
            Type::Map { values } if self.holds_payload(values) => {
                format!("parsedMapOf({value}, {pointer}, {})", self.reader(values, owner))
            }
            Type::Array { items } => format!("listOf({value}, {})", self.reader(items, owner)),
            Type::Map { values } => format!("mapOf({value}, {})", self.reader(values, owner)),
            _ => match self.reader(of, owner).as_str() {
                "itself" => value.to_owned(),
                reader => format!("{reader}({value})"),
            },
        }
    }

    /// The argument that reads a type parameter: named after the member that has it, `parseData`.
    pub(super) fn parser(&self, owner: &TypeDef, parameter: &str) -> String {
        let member =
            parameters::member_of(self.model, owner, parameter).unwrap_or_else(|| parameter.to_owned());
        format!("parse{}", crate::model::names::pascal(&member).unwrap_or_else(|| parameter.to_owned()))
    }
}

/// The type of constants: the plain one that they all are of.
fn base(values: &[Value]) -> Type {
    let all = |is: fn(&Value) -> bool| !values.is_empty() && values.iter().all(is);
    if all(Value::is_string) {
        Type::String
    } else if all(Value::is_boolean) {
        Type::Boolean
    } else if all(Value::is_i64) {
        Type::Integer
    } else if all(Value::is_number) {
        Type::Number
    } else {
        Type::Any
    }
}

/// The one string that a required member can only be: the type writes it by itself.
pub(super) fn only_string(field: &crate::model::Field) -> Option<&str> {
    match &field.r#type {
        Type::Enum { values } if field.required && !field.nullable => match values.as_slice() {
            [Value::String(only)] => Some(only),
            _ => None,
        },
        _ => None,
    }
}
