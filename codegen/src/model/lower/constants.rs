//! Constants of a schema: enumerations, and the tag that tells alternatives apart.

use serde_json::Value;

use super::Lowering;
use super::reader::Reader;
use crate::Result;
use crate::model::{EnumValue, Kind};

/// A member of a composition that has a constant in a required member.
pub(super) struct Tag {
    pub name: String,
    /// The constants, one for each member of the composition.
    pub values: Vec<String>,
}

impl<'a> Lowering<'a> {
    /// The strings of `enum`, of `const`, or of a `oneOf` of constants, where all are strings.
    pub(super) fn enumeration(&mut self, reader: &Reader<'a, '_>) -> Result<Option<Vec<EnumValue>>> {
        let kinds = reader.kinds()?;
        if !(kinds.is_empty() || kinds.contains(&Kind::String)) {
            return Ok(None);
        }
        if let Some(values) = reader.constants()? {
            if !reader.says_only(&["type", "enum", "const", "x-code"]) || values.is_empty() {
                return Ok(None);
            }
            return Ok(values
                .iter()
                .map(|each| Some(EnumValue { value: each.as_str()?.to_owned(), docs: None }))
                .collect());
        }
        for keyword in ["oneOf", "anyOf"] {
            if reader.has(keyword) && reader.says_only(&["type", keyword, "x-code"]) {
                return self.documented_constants(reader, keyword);
            }
        }
        Ok(None)
    }

    fn documented_constants(
        &mut self,
        reader: &Reader<'a, '_>,
        keyword: &str,
    ) -> Result<Option<Vec<EnumValue>>> {
        let mut values: Vec<EnumValue> = Vec::new();
        for (place, schema) in reader.schemas(keyword)? {
            let Some(member) = self.reader(&place, schema)? else { return Ok(None) };
            let constants = member.constants()?.unwrap_or_default();
            if constants.is_empty() || !member.says_only(&["type", "enum", "const"]) {
                return Ok(None);
            }
            for constant in constants {
                let Some(text) = constant.as_str() else { return Ok(None) };
                if values.iter().any(|each| each.value == text) {
                    return Ok(None);
                }
                values.push(EnumValue { value: text.to_owned(), docs: member.docs() });
            }
        }
        Ok(Some(values))
    }

    /// The member by which the alternatives of the schema are told apart, if it is nothing but such alternatives.
    pub(super) fn tag(&mut self, reader: &Reader<'a, '_>) -> Result<Option<(&'static str, Tag)>> {
        for keyword in ["oneOf", "anyOf"] {
            if !reader.has(keyword)
                || !reader.says_only(&["type", keyword])
                || reader.kinds()?.iter().any(|each| *each != Kind::Object)
            {
                continue;
            }
            let members = reader.schemas(keyword)?;
            if members.len() < 2 {
                continue;
            }
            let mut constants: Vec<Vec<(String, String)>> = Vec::with_capacity(members.len());
            for (place, schema) in members {
                if !self.is_object(&place, schema, true)? {
                    return Ok(None);
                }
                let mut found = Vec::new();
                self.constant_members(&place, schema, &mut found)?;
                constants.push(found);
            }
            let Some(first) = constants.first() else { return Ok(None) };
            for (name, _) in first.clone() {
                let values: Option<Vec<String>> = constants
                    .iter()
                    .map(|each| each.iter().find(|(other, _)| *other == name).map(|(_, value)| value.clone()))
                    .collect();
                if let Some(values) = values
                    && values.iter().collect::<std::collections::HashSet<_>>().len() == values.len()
                {
                    return Ok(Some((keyword, Tag { name, values })));
                }
            }
        }
        Ok(None)
    }

    /// The required members of an object schema that hold one string.
    fn constant_members(
        &mut self,
        pointer: &str,
        schema: &'a Value,
        found: &mut Vec<(String, String)>,
    ) -> Result<()> {
        let Some(reader) = self.reader(pointer, schema)? else { return Ok(()) };
        if let Some(reference) = reader.reference()? {
            let (target, schema) = self.follow(pointer, reference)?;
            self.constant_members(&target, schema, found)?;
        }
        for (place, schema) in reader.schemas("allOf")? {
            self.constant_members(&place, schema, found)?;
        }
        let required = reader.names("required")?;
        for (name, place, schema) in reader.schemas_by_name("properties")? {
            if !required.contains(name) {
                continue;
            }
            if let Some(member) = self.reader(&place, schema)?
                && let Some([Value::String(constant)]) = member.constants()?.as_deref()
            {
                found.push((name.clone(), constant.clone()));
            }
        }
        Ok(())
    }
}
