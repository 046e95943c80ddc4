//! Types in Python: how they are annotated, and how a checked JSON value becomes one.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

use super::super::parameters;
use super::names::TypeNames;
use super::rules;
use crate::model::{Model, Rule, Shape, Type, TypeDef};

/// The model with its Python names.
pub(super) struct Types<'a> {
    pub model: &'a Model,
    pub names: BTreeMap<String, TypeNames>,
    /// The types whose JSON value is their Python value already.
    plain: BTreeSet<String>,
}

/// Whether a name may stand for a value that is made later in the module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In an annotation, which is not evaluated.
    Annotation,
    /// In the statement of an alias.
    Statement,
}

impl<'a> Types<'a> {
    pub(super) fn new(model: &'a Model, names: BTreeMap<String, TypeNames>) -> Self {
        let mut types = Types { model, names, plain: BTreeSet::new() };
        // What refers to itself is plain if nothing in the circle is not: start with all, and take away until it holds.
        types.plain =
            model.types.iter().filter(|each| may_be_plain(each)).map(|each| each.name.clone()).collect();
        loop {
            let (kept, dropped): (Vec<&TypeDef>, Vec<&TypeDef>) = model
                .types
                .iter()
                .filter(|each| types.plain.contains(&each.name))
                .partition(|each| types.shape_is_plain(&each.shape));
            if dropped.is_empty() {
                return types;
            }
            types.plain = kept.into_iter().map(|each| each.name.clone()).collect();
        }
    }

    fn shape_is_plain(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Alias { r#type } => self.is_plain(r#type),
            Shape::Union { members } => members.iter().all(|each| self.is_plain(each)),
            Shape::Enumeration { .. } => true,
            Shape::Object { .. } | Shape::TaggedUnion { .. } => false,
        }
    }

    /// Whether the JSON value is the Python value.
    pub(super) fn is_plain(&self, of: &Type) -> bool {
        match of {
            Type::Integer | Type::Parameter { .. } => false,
            Type::Reference { name, .. } => self.plain.contains(name),
            Type::Array { items } => self.is_plain(items),
            Type::Map { values } => self.is_plain(values),
            Type::Union { members } => members.iter().all(|each| self.is_plain(each)),
            Type::Tuple { .. } => fixed(of).is_none_or(<[Type]>::is_empty),
            _ => true,
        }
    }

    /// Whether every value is null, a boolean, a number or a string.
    pub(super) fn is_scalar(&self, of: &Type) -> bool {
        match of {
            Type::Null | Type::Boolean | Type::Integer | Type::Number | Type::String => true,
            Type::Enum { values } => !values.iter().any(|each| each.is_array() || each.is_object()),
            Type::Union { members } => members.iter().all(|each| self.is_scalar(each)),
            Type::Reference { name, .. } => matches!(
                self.model.get(name).map(|each| &each.shape),
                Some(
                    Shape::Enumeration { .. }
                        | Shape::Alias {
                            r#type: Type::Boolean | Type::Integer | Type::Number | Type::String
                        }
                )
            ),
            _ => false,
        }
    }

    pub(super) fn class<'b>(&'b self, name: &'b str) -> &'b str {
        self.names.get(name).map_or(name, |each| each.class.as_str())
    }

    /// The type as an annotation.
    pub(super) fn annotation(&self, of: &Type, place: Place) -> String {
        match of {
            Type::Any | Type::Never | Type::Intersection { .. } => "Any".to_owned(),
            Type::Null => "None".to_owned(),
            Type::Boolean => "bool".to_owned(),
            Type::Integer => "int".to_owned(),
            Type::Number => "float".to_owned(),
            Type::String => "str".to_owned(),
            Type::Enum { values } => constants(values),
            Type::Reference { name, arguments } => {
                let class = self.class(name);
                let whole = match arguments.as_slice() {
                    [] => class.to_owned(),
                    several => format!("{class}[{}]", several.join(", ")),
                };
                let alias = self.model.get(name).is_some_and(is_alias);
                if place == Place::Statement && alias { format!("\"{whole}\"") } else { whole }
            }
            Type::Parameter { name } => name.clone(),
            Type::Array { items } => format!("list[{}]", self.annotation(items, place)),
            Type::Map { values } => format!("dict[str, {}]", self.annotation(values, place)),
            Type::Tuple { items, rest, .. } => match fixed(of) {
                Some([]) => "list[Any]".to_owned(),
                Some(items) => {
                    let items: Vec<String> = items.iter().map(|each| self.annotation(each, place)).collect();
                    format!("tuple[{}]", items.join(", "))
                }
                None => {
                    let all = items.iter().cloned().chain(rest.iter().map(|each| (**each).clone()));
                    format!("list[{}]", self.annotation(&Type::union(all), place))
                }
            },
            Type::Union { members } => self.union(members, place),
        }
    }

    pub(super) fn union(&self, members: &[Type], place: Place) -> String {
        let mut written: Vec<String> = Vec::new();
        for each in members {
            let one = self.annotation(each, place);
            if !written.contains(&one) {
                written.push(one);
            }
        }
        match (place, written.as_slice()) {
            (_, [one]) => one.clone(),
            (Place::Annotation, _) => written.join(" | "),
            (Place::Statement, _) => format!("Union[{}]", written.join(", ")),
        }
    }

    /// The expression that makes the Python value of the checked JSON value `value`, which stands at `pointer`.
    pub(super) fn build(
        &self,
        of: &Type,
        value: &str,
        pointer: &str,
        owner: &TypeDef,
        depth: usize,
    ) -> String {
        if self.is_plain(of) {
            return value.to_owned();
        }
        match of {
            Type::Integer => format!("int({value})"),
            Type::Parameter { name } => {
                format!("read_payload({}, {value}, {pointer})", self.parser(owner, name))
            }
            Type::Reference { name, arguments } => {
                self.build_reference(name, arguments, value, pointer, owner)
            }
            Type::Array { items } => {
                let (item, index) = (format!("item{}", suffix(depth)), format!("index{}", suffix(depth)));
                if self.needs_pointer(items) {
                    let built =
                        self.build(items, &item, &format!("child({pointer}, {index})"), owner, depth + 1);
                    format!("[{built} for {index}, {item} in enumerate({value})]")
                } else {
                    let built = self.build(items, &item, "", owner, depth + 1);
                    format!("[{built} for {item} in {value}]")
                }
            }
            Type::Map { values } => {
                let (name, member) = (format!("name{}", suffix(depth)), format!("member{}", suffix(depth)));
                let place = format!("child({pointer}, {name})");
                let built = self.build(values, &member, &place, owner, depth + 1);
                format!("{{{name}: {built} for {name}, {member} in {value}.items()}}")
            }
            Type::Tuple { .. } => {
                let items = fixed(of).unwrap_or_default().iter().enumerate();
                let built: Vec<String> = items
                    .map(|(at, each)| {
                        self.build(
                            each,
                            &format!("{value}[{at}]"),
                            &format!("child({pointer}, {at})"),
                            owner,
                            depth + 1,
                        )
                    })
                    .collect();
                format!("({},)", built.join(", "))
            }
            Type::Union { members } => self.build_union(members, value, pointer, owner, depth),
            _ => value.to_owned(),
        }
    }

    fn build_reference(
        &self,
        name: &str,
        arguments: &[String],
        value: &str,
        pointer: &str,
        owner: &TypeDef,
    ) -> String {
        let Some(target) = self.model.get(name) else { return value.to_owned() };
        if let Some(base) = newtype(target) {
            let inner = self.build(base, value, pointer, target, 0);
            return format!("{}({inner})", self.class(name));
        }
        let function = self.names.get(name).map_or(name, |each| each.function.as_str());
        if target.parameters.is_empty() {
            return format!("_build_{function}({value})");
        }
        let parsers: Vec<String> = arguments.iter().map(|each| self.parser(owner, each)).collect();
        format!("_build_{function}({value}, {pointer}, {})", parsers.join(", "))
    }

    /// A chain of conditions: what is no longer to be told apart comes last.
    fn build_union(
        &self,
        members: &[Type],
        value: &str,
        pointer: &str,
        owner: &TypeDef,
        depth: usize,
    ) -> String {
        let mut chain = String::new();
        for each in members.iter().filter(|each| !self.is_plain(each)) {
            let built = self.build(each, value, pointer, owner, depth);
            let condition = match each {
                Type::Reference { name, .. } => format!("RULES.is_a({}, {value})", rules::string(name)),
                Type::Array { .. } | Type::Tuple { .. } => format!("isinstance({value}, list)"),
                Type::Map { .. } => format!("isinstance({value}, dict)"),
                Type::Integer => format!("is_integer({value})"),
                _ => continue,
            };
            chain.push_str(&format!("{built} if {condition} else "));
        }
        format!("({chain}{value})")
    }

    fn needs_pointer(&self, of: &Type) -> bool {
        let mut needed = false;
        of.walk(&mut |each| match each {
            Type::Parameter { .. } => needed = true,
            Type::Reference { arguments, .. } => needed |= !arguments.is_empty(),
            _ => {}
        });
        needed
    }

    /// The argument that reads a type parameter: named after the member that has it, `parse_data`.
    pub(super) fn parser(&self, owner: &TypeDef, parameter: &str) -> String {
        let member = parameters::member_of(self.model, owner, parameter);
        let name = member.and_then(|each| crate::model::names::snake(&each));
        format!("parse_{}", name.unwrap_or_else(|| parameter.to_lowercase()))
    }
}

fn suffix(depth: usize) -> String {
    if depth == 0 { String::new() } else { (depth + 1).to_string() }
}

fn may_be_plain(definition: &TypeDef) -> bool {
    newtype(definition).is_none()
        && !matches!(definition.shape, Shape::Object { .. } | Shape::TaggedUnion { .. })
}

/// Whether the type is an alias in Python, so that its name has a value only after its statement.
pub(super) fn is_alias(definition: &TypeDef) -> bool {
    newtype(definition).is_none()
        && matches!(definition.shape, Shape::Alias { .. } | Shape::Union { .. } | Shape::TaggedUnion { .. })
}

/// The type under a newtype: a string or a number with a rule of its own.
pub(super) fn newtype(definition: &TypeDef) -> Option<&Type> {
    let Shape::Alias { r#type } = &definition.shape else { return None };
    let bare = Rule { kinds: definition.rule.kinds.clone(), ..Rule::default() };
    match r#type {
        Type::String | Type::Integer | Type::Number if definition.rule != bare => Some(r#type),
        _ => None,
    }
}

/// The items of a tuple of a fixed length.
fn fixed(of: &Type) -> Option<&[Type]> {
    match of {
        Type::Tuple { items, required, rest: None } if *required == items.len() => Some(items),
        _ => None,
    }
}

/// An enumeration of constants: `Literal` where Python has one for each.
pub(super) fn constants(values: &[Value]) -> String {
    let literal = values.iter().all(|each| match each {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.is_i64() || number.is_u64(),
        _ => false,
    });
    if !literal || values.is_empty() {
        return "Any".to_owned();
    }
    let mut written = String::from("Literal[");
    for (at, each) in values.iter().enumerate() {
        if at > 0 {
            written.push_str(", ");
        }
        rules::value(each).write(&super::LAYOUT, 0, &mut written);
    }
    written + "]"
}
