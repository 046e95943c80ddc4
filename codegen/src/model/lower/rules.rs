//! Schemas as rules.

use serde_json::Value;

use super::Lowering;
use super::reader::Reader;
use crate::Result;
use crate::model::{Kind, PatternRule, Property, Requirement, Rule, Tagged, TaggedRule};

impl<'a> Lowering<'a> {
    /// The rule of a place: a reference where the place has a type of its own.
    fn rule_at(&mut self, pointer: &str, schema: &'a Value) -> Result<Rule> {
        match self.named.get(pointer) {
            Some(place) if !place.objects_only => {
                Ok(Rule { reference: Some(place.name.clone()), ..Rule::default() })
            }
            _ => self.rule_here(pointer, schema),
        }
    }

    fn boxed(&mut self, place: Option<(String, &'a Value)>) -> Result<Option<Box<Rule>>> {
        place.map(|(pointer, schema)| self.rule_at(&pointer, schema).map(Box::new)).transpose()
    }

    fn listed(&mut self, places: Vec<(String, &'a Value)>) -> Result<Vec<Rule>> {
        places.into_iter().map(|(pointer, schema)| self.rule_at(&pointer, schema)).collect()
    }

    /// The rule that is written at `pointer`.
    pub(super) fn rule_here(&mut self, pointer: &str, schema: &'a Value) -> Result<Rule> {
        let Some(reader) = self.reader(pointer, schema)? else {
            return Ok(Rule { never: schema == &Value::Bool(false), ..Rule::default() });
        };
        if let Some(rule) = self.nullable(&reader)? {
            return Ok(rule);
        }
        let mut rule = Rule {
            kinds: reader.kinds()?,
            parameter: reader.text("x-parameter")?.map(str::to_owned),
            code: reader.text("x-code")?.map(str::to_owned),
            constants: reader.constants()?,
            ..Rule::default()
        };
        if let Some(reference) = reader.reference()? {
            let (target, _) = self.follow(pointer, reference)?;
            rule.reference = Some(self.name_target(&target)?);
        }
        let groups = reader.groups();
        if groups.scalars {
            scalars(&reader, &mut rule)?;
        }
        if groups.arrays {
            self.arrays(&reader, &mut rule)?;
        }
        if groups.objects {
            self.objects(&reader, &mut rule)?;
        }
        if groups.compositions {
            self.compositions(&reader, &mut rule)?;
        }
        Ok(rule)
    }

    fn arrays(&mut self, reader: &Reader<'a, '_>, rule: &mut Rule) -> Result<()> {
        if reader.has("prefixItems") {
            rule.prefix_items = self.listed(reader.schemas("prefixItems")?)?;
        }
        rule.items =
            self.boxed(reader.schema("items")?)?.filter(|each| !each.is_any() || each.parameter.is_some());
        rule.min_items = reader.count("minItems")?;
        rule.max_items = reader.count("maxItems")?;
        rule.unique_items = reader.boolean("uniqueItems")?;
        rule.contains = self.boxed(reader.schema("contains")?)?;
        rule.min_contains = reader.count("minContains")?;
        rule.max_contains = reader.count("maxContains")?;
        Ok(())
    }

    fn objects(&mut self, reader: &Reader<'a, '_>, rule: &mut Rule) -> Result<()> {
        rule.required = reader.names("required")?;
        for (name, place, schema) in reader.schemas_by_name("properties")? {
            let required = rule.required.contains(name);
            rule.properties.push(Property {
                name: name.clone(),
                required,
                rule: self.rule_at(&place, schema)?,
            });
        }
        for (pattern, place, schema) in reader.schemas_by_name("patternProperties")? {
            regular_expression(reader, "patternProperties", pattern)?;
            rule.pattern_properties
                .push(PatternRule { pattern: pattern.clone(), rule: self.rule_at(&place, schema)? });
        }
        rule.additional = self.boxed(reader.schema("additionalProperties")?)?.filter(|each| !each.is_any());
        rule.property_names = self.boxed(reader.schema("propertyNames")?)?.filter(|each| !each.is_any());
        rule.min_properties = reader.count("minProperties")?;
        rule.max_properties = reader.count("maxProperties")?;
        match reader.get("dependentRequired") {
            None => {}
            Some(Value::Object(members)) => {
                for (name, value) in members {
                    let required = reader.names_in("dependentRequired", value)?;
                    rule.dependents.push(Requirement { name: name.clone(), required, rule: None });
                }
            }
            Some(_) => {
                return Err(reader.fault(
                    "dependentRequired",
                    "`dependentRequired` must be an object of lists of member names",
                ));
            }
        }
        for (name, place, schema) in reader.schemas_by_name("dependentSchemas")? {
            let dependent = self.rule_at(&place, schema)?;
            rule.dependents.push(Requirement {
                name: name.clone(),
                required: Vec::new(),
                rule: Some(dependent),
            });
        }
        Ok(())
    }

    fn compositions(&mut self, reader: &Reader<'a, '_>, rule: &mut Rule) -> Result<()> {
        rule.not = self.boxed(reader.schema("not")?)?;
        rule.if_rule = self.boxed(reader.schema("if")?)?;
        rule.then_rule = self.boxed(reader.schema("then")?)?;
        rule.else_rule = self.boxed(reader.schema("else")?)?;
        if rule.if_rule.is_none() || (rule.then_rule.is_none() && rule.else_rule.is_none()) {
            (rule.if_rule, rule.then_rule, rule.else_rule) = (None, None, None);
        }
        rule.all_of = self.listed(reader.schemas("allOf")?)?;
        if let Some(values) = self.enumeration(reader)? {
            rule.constants = Some(values.into_iter().map(|each| Value::String(each.value)).collect());
            return Ok(());
        }
        if let Some((keyword, tag)) = self.tag(reader)? {
            let mut variants = Vec::with_capacity(tag.values.len());
            for ((place, schema), value) in reader.schemas(keyword)?.into_iter().zip(tag.values) {
                variants.push(TaggedRule { value, rule: self.rule_at(&place, schema)? });
            }
            rule.kinds = vec![Kind::Object];
            rule.tagged = Some(Tagged { tag: tag.name, variants });
            return Ok(());
        }
        rule.any_of = self.listed(reader.schemas("anyOf")?)?;
        rule.one_of = self.listed(reader.schemas("oneOf")?)?;
        Ok(())
    }

    /// `anyOf` of something and null, and nothing else: the way in which optional values are written.
    fn nullable(&mut self, reader: &Reader<'a, '_>) -> Result<Option<Rule>> {
        for keyword in ["anyOf", "oneOf"] {
            if !reader.has(keyword) || !reader.says_only(&[keyword]) {
                continue;
            }
            let mut members = reader.schemas(keyword)?;
            let Some(null) = members.iter().position(|(_, schema)| is_null(schema)) else { continue };
            members.remove(null);
            let [(place, schema)] = members.as_slice() else { continue };
            let rule = self.rule_at(place, schema)?;
            // Exactly one may hold: so the other one must be known to refuse null.
            if keyword == "oneOf" && !self.refuses_null(schema) {
                continue;
            }
            return Ok(Some(Rule { nullable: true, ..rule }));
        }
        Ok(None)
    }

    fn refuses_null(&self, schema: &Value) -> bool {
        let mut schema = schema;
        // Circles were refused when the reference was followed first.
        while let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if schema.get("type").is_some() {
                break;
            }
            match self.source.resolve("", reference) {
                Ok((_, target)) => schema = target,
                Err(_) => return false,
            }
        }
        match schema.get("type") {
            Some(Value::String(kind)) => kind != "null",
            Some(Value::Array(kinds)) => !kinds.iter().any(|each| each == "null"),
            _ => false,
        }
    }
}

fn scalars(reader: &Reader<'_, '_>, rule: &mut Rule) -> Result<()> {
    rule.minimum = reader.number("minimum")?;
    rule.maximum = reader.number("maximum")?;
    rule.exclusive_minimum = reader.number("exclusiveMinimum")?;
    rule.exclusive_maximum = reader.number("exclusiveMaximum")?;
    rule.multiple_of = reader.number("multipleOf")?;
    if rule.multiple_of.as_ref().is_some_and(|each| each.as_f64().is_none_or(|number| number <= 0.0)) {
        return Err(reader.fault("multipleOf", "`multipleOf` must be greater than 0"));
    }
    rule.min_length = reader.count("minLength")?;
    rule.max_length = reader.count("maxLength")?;
    rule.pattern = reader.text("pattern")?.map(str::to_owned);
    if let Some(pattern) = &rule.pattern {
        regular_expression(reader, "pattern", pattern)?;
    }
    Ok(())
}

fn regular_expression(reader: &Reader<'_, '_>, keyword: &str, pattern: &str) -> Result<()> {
    match regress::Regex::with_flags(pattern, "u") {
        Ok(_) => Ok(()),
        Err(error) => Err(reader.fault(
            keyword,
            format!("`{pattern}` is no regular expression of ECMA-262 with the flag `u`: {error}"),
        )),
    }
}

fn is_null(schema: &Value) -> bool {
    schema.as_object().is_some_and(|each| {
        each.len() == 1
            && (each.get("type").is_some_and(|kind| kind == "null")
                || each.get("const") == Some(&Value::Null))
    })
}
