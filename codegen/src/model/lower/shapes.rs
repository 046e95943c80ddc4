//! Schemas as declarations: shapes and types.

use serde_json::Value;

use super::Lowering;
use super::reader::Reader;
use crate::Result;
use crate::model::{Field, Kind, Shape, Type, Variant};

/// What the parts of an object schema say together.
#[derive(Default)]
struct Members {
    fields: Vec<Field>,
    additional: Option<Type>,
}

impl<'a> Lowering<'a> {
    /// The declaration of the named type at `pointer`.
    pub(super) fn shape(&mut self, pointer: &str, schema: &'a Value, owner: &str) -> Result<Shape> {
        let Some(reader) = self.reader(pointer, schema)? else {
            return Ok(Shape::Alias {
                r#type: if schema == &Value::Bool(true) { Type::Any } else { Type::Never },
            });
        };
        if let Some(values) = self.enumeration(&reader)? {
            return Ok(Shape::Enumeration { values });
        }
        if let Some((keyword, tag)) = self.tag(&reader)? {
            let mut variants = Vec::new();
            for ((at, member), value) in reader.schemas(keyword)?.into_iter().zip(tag.values) {
                let docs = self.reader(&at, member)?.as_ref().and_then(Reader::docs);
                let r#type = self.type_at(&at, member, owner, &value)?;
                variants.push(Variant { docs, r#type, value });
            }
            return Ok(Shape::TaggedUnion { tag: tag.name, variants });
        }
        if self.is_object(pointer, schema, true)? {
            return self.object(pointer, schema, owner);
        }
        Ok(match self.inline_type(pointer, &reader, owner, "")? {
            Type::Union { members } => Shape::Union { members },
            other => Shape::Alias { r#type: other },
        })
    }

    /// The declaration of the objects that the schema at `pointer` accepts.
    pub(super) fn object(&mut self, pointer: &str, schema: &'a Value, owner: &str) -> Result<Shape> {
        let mut members = Members::default();
        self.members(pointer, schema, owner, &mut members)?;
        Ok(Shape::Object { fields: members.fields, additional: members.additional })
    }

    /// The type of the place at `pointer`. What needs a declaration gets one, named after `owner` and `hint`.
    pub(super) fn type_at(
        &mut self,
        pointer: &str,
        schema: &'a Value,
        owner: &str,
        hint: &str,
    ) -> Result<Type> {
        if let Some(place) = self.named.get(pointer).filter(|each| !each.objects_only) {
            return Ok(Type::Reference { name: place.name.clone(), arguments: Vec::new() });
        }
        let Some(reader) = self.reader(pointer, schema)? else {
            return Ok(if schema == &Value::Bool(true) { Type::Any } else { Type::Never });
        };
        if let Some(name) = reader.text("x-parameter")? {
            return Ok(Type::Parameter { name: name.to_owned() });
        }
        if let Some(values) = self.enumeration(&reader)? {
            return Ok(Type::Enum {
                values: values.into_iter().map(|each| Value::String(each.value)).collect(),
            });
        }
        let single = reader.sole_reference().is_some();
        if !single && (self.tag(&reader)?.is_some() || self.is_object(pointer, schema, true)?) {
            return self.hoist(pointer, schema, owner, hint, false);
        }
        self.inline_type(pointer, &reader, owner, hint)
    }

    /// A type without a declaration of its own; objects inside it may get one.
    fn inline_type(
        &mut self,
        pointer: &str,
        reader: &Reader<'a, '_>,
        owner: &str,
        hint: &str,
    ) -> Result<Type> {
        if let Some(name) = reader.text("x-parameter")? {
            return Ok(Type::Parameter { name: name.to_owned() });
        }
        let mut parts = Vec::new();
        if let Some(values) = reader.constants()? {
            parts.push(if values.is_empty() { Type::Never } else { Type::Enum { values } });
        } else {
            parts.push(self.type_of_kinds(pointer, reader, owner, hint)?);
        }
        if let Some(reference) = reader.reference()? {
            let (target, _) = self.follow(pointer, reference)?;
            parts.push(Type::Reference { name: self.name_target(&target)?, arguments: Vec::new() });
        }
        for (at, (place, schema)) in reader.schemas("allOf")?.into_iter().enumerate() {
            parts.push(self.type_at(&place, schema, owner, &part_hint(hint, schema, at))?);
        }
        for keyword in ["anyOf", "oneOf"] {
            let members = reader.schemas(keyword)?;
            let mut union = Vec::with_capacity(members.len());
            let alone = members.iter().filter(|(_, schema)| !only_null(schema)).count() == 1;
            for (at, (place, schema)) in members.into_iter().enumerate() {
                let hint = if alone { hint.to_owned() } else { part_hint(hint, schema, at) };
                union.push(self.type_at(&place, schema, owner, &hint)?);
            }
            if !union.is_empty() {
                parts.push(Type::union(union));
            }
        }
        Ok(Type::intersection(parts))
    }

    fn type_of_kinds(
        &mut self,
        pointer: &str,
        reader: &Reader<'a, '_>,
        owner: &str,
        hint: &str,
    ) -> Result<Type> {
        let mut members = Vec::new();
        for kind in reader.kinds()? {
            members.push(match kind {
                Kind::Null => Type::Null,
                Kind::Boolean => Type::Boolean,
                Kind::Integer => Type::Integer,
                Kind::Number => Type::Number,
                Kind::String => Type::String,
                Kind::Array => self.array(reader, owner, hint)?,
                Kind::Object => self.dictionary(pointer, reader, owner, hint)?,
            });
        }
        // Without `type`, keywords about one JSON type leave all others in.
        Ok(if members.is_empty() { Type::Any } else { Type::union(members) })
    }

    fn array(&mut self, reader: &Reader<'a, '_>, owner: &str, hint: &str) -> Result<Type> {
        let items = match reader.schema("items")? {
            None => None,
            Some((place, schema)) => Some(self.type_at(&place, schema, owner, &format!("{hint} item"))?),
        };
        let first = if reader.has("prefixItems") { reader.schemas("prefixItems")? } else { Vec::new() };
        if first.is_empty() {
            return Ok(Type::Array { items: Box::new(items.unwrap_or(Type::Any)) });
        }
        let mut types = Vec::with_capacity(first.len());
        for (at, (place, schema)) in first.into_iter().enumerate() {
            types.push(self.type_at(&place, schema, owner, &format!("{hint} item {}", at + 1))?);
        }
        let required =
            reader.count("minItems")?.map_or(0, |each| usize::try_from(each).unwrap_or(usize::MAX));
        let rest = match items {
            Some(Type::Never) => None,
            Some(other) => Some(Box::new(other)),
            None => Some(Box::new(Type::Any)),
        };
        Ok(Type::Tuple { required: required.min(types.len()), items: types, rest })
    }

    /// An object among other JSON types, or one without listed members.
    fn dictionary(
        &mut self,
        pointer: &str,
        reader: &Reader<'a, '_>,
        owner: &str,
        hint: &str,
    ) -> Result<Type> {
        let listed = reader.get("properties").and_then(Value::as_object).is_some_and(|each| !each.is_empty());
        if listed || !reader.names("required")?.is_empty() {
            let schema = self.source.schema.pointer(pointer).unwrap_or(&Value::Null);
            return self.hoist(pointer, schema, owner, hint, true);
        }
        let mut values = Vec::new();
        for (name, place, schema) in reader.schemas_by_name("patternProperties")? {
            values.push(self.type_at(&place, schema, owner, &format!("{hint} {name}"))?);
        }
        match reader.schema("additionalProperties")? {
            Some((_, Value::Bool(false))) if !values.is_empty() => {}
            Some((place, schema)) => {
                values.push(self.type_at(&place, schema, owner, &format!("{hint} value"))?)
            }
            None => values.push(Type::Any),
        }
        Ok(Type::Map { values: Box::new(Type::union(values)) })
    }

    /// Whether the schema describes an object with listed members, and nothing else. `whole`: some part must say that it is an object.
    pub(super) fn is_object(&mut self, pointer: &str, schema: &'a Value, whole: bool) -> Result<bool> {
        let mut listed = false;
        let mut asserted = false;
        Ok(self.object_parts(pointer, schema, &mut listed, &mut asserted)? && listed && (asserted || !whole))
    }

    fn object_parts(
        &mut self,
        pointer: &str,
        schema: &'a Value,
        listed: &mut bool,
        asserted: &mut bool,
    ) -> Result<bool> {
        let Some(reader) = self.reader(pointer, schema)? else { return Ok(false) };
        if reader.has("enum") || reader.has("const") || reader.has("x-parameter") {
            return Ok(false);
        }
        match reader.kinds()?.as_slice() {
            [] => {}
            [Kind::Object] => *asserted = true,
            _ => return Ok(false),
        }
        *listed |= reader.get("properties").and_then(Value::as_object).is_some_and(|each| !each.is_empty());
        *listed |= !reader.names("required")?.is_empty();
        if let Some(reference) = reader.reference()? {
            let (target, schema) = self.follow(pointer, reference)?;
            if !self.object_parts(&target, schema, listed, asserted)? {
                return Ok(false);
            }
        }
        for (place, schema) in reader.schemas("allOf")? {
            if !self.object_parts(&place, schema, listed, asserted)? {
                return Ok(false);
            }
        }
        // Alternatives that only narrow an object (`anyOf` of `required`) do not change its declaration.
        if !*listed && (reader.has("anyOf") || reader.has("oneOf")) {
            return Ok(false);
        }
        Ok(true)
    }

    /// Collects the members of all parts of an object schema.
    fn members(
        &mut self,
        pointer: &str,
        schema: &'a Value,
        owner: &str,
        members: &mut Members,
    ) -> Result<()> {
        let Some(reader) = self.reader(pointer, schema)? else { return Ok(()) };
        if let Some(reference) = reader.reference()? {
            let (target, schema) = self.follow(pointer, reference)?;
            let owner = self.name_target(&target)?;
            self.members(&target, schema, &owner, members)?;
        }
        for (place, schema) in reader.schemas("allOf")? {
            self.members(&place, schema, owner, members)?;
        }
        let required = reader.names("required")?;
        for (name, place, schema) in reader.schemas_by_name("properties")? {
            let field = self.field(name, &place, schema, owner, required.contains(name))?;
            add(members, field);
        }
        for name in required {
            match members.fields.iter_mut().find(|each| each.name == name) {
                Some(field) => field.required = true,
                None => add(members, any_field(name)),
            }
        }
        match reader.schema("additionalProperties")? {
            None | Some((_, Value::Bool(_))) => {}
            Some((place, schema)) => members.additional = Some(self.type_at(&place, schema, owner, "value")?),
        }
        Ok(())
    }

    fn field(
        &mut self,
        name: &str,
        place: &str,
        schema: &'a Value,
        owner: &str,
        required: bool,
    ) -> Result<Field> {
        let reader = self.reader(place, schema)?;
        let (r#type, nullable) = self.type_at(place, schema, owner, name)?.without_null();
        Ok(Field {
            name: name.to_owned(),
            docs: reader.as_ref().and_then(Reader::docs),
            deprecated: reader.as_ref().is_some_and(|each| each.flag("deprecated")),
            required,
            nullable,
            default: reader.as_ref().and_then(|each| each.get("default")).cloned(),
            r#type,
        })
    }
}

fn any_field(name: String) -> Field {
    Field {
        name,
        docs: None,
        deprecated: false,
        required: true,
        nullable: true,
        default: None,
        r#type: Type::Any,
    }
}

/// Adds a member; where another part has it too, both hold.
fn add(members: &mut Members, field: Field) {
    match members.fields.iter_mut().find(|each| each.name == field.name) {
        None => members.fields.push(field),
        Some(known) => {
            known.required |= field.required;
            known.deprecated |= field.deprecated;
            known.nullable &= field.nullable;
            known.docs = known.docs.take().or(field.docs);
            known.default = known.default.take().or(field.default);
            known.r#type = narrowed(std::mem::replace(&mut known.r#type, Type::Any), field.r#type);
        }
    }
}

/// Both types at once: a constant narrows the plain type that it is of.
fn narrowed(left: Type, right: Type) -> Type {
    match (&left, &right) {
        (Type::String | Type::Integer | Type::Number | Type::Boolean, Type::Enum { .. }) => right,
        (Type::Enum { .. }, Type::String | Type::Integer | Type::Number | Type::Boolean) => left,
        _ => Type::intersection([left, right]),
    }
}

fn only_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null") || schema.get("const") == Some(&Value::Null)
}

/// What to call a member of a composition: its title, its only member, or its number.
fn part_hint(hint: &str, schema: &Value, at: usize) -> String {
    if let Some(Value::Object(properties)) = schema.get("properties") {
        if let Some(constant) = properties.values().find_map(|each| each.get("const").and_then(Value::as_str))
        {
            return constant.to_owned();
        }
        if let (1, Some(name)) = (properties.len(), properties.keys().next()) {
            return name.clone();
        }
    }
    if hint.is_empty() { format!("option {}", at + 1) } else { format!("{hint} {}", at + 1) }
}
