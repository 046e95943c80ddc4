//! Small random schemas, and small random edits of them.

use serde_json::{Map, Value, json};

use crate::instances::Random;

/// A schema of a few keywords.
pub fn schema(random: &mut Random, depth: usize) -> Value {
    if depth == 0 {
        return leaf(random);
    }
    match random.below(14) {
        0..=3 => leaf(random),
        4..=7 => object(random, depth),
        8 => array(random, depth),
        9 => json!({ "anyOf": list(random, depth) }),
        10 => json!({ "oneOf": list(random, depth) }),
        11 => json!({ "allOf": list(random, depth) }),
        12 => {
            let mut schema = schema(random, depth - 1);
            if let Value::Object(object) = &mut schema {
                object.insert("not".to_owned(), self::schema(random, depth - 1));
            }
            schema
        }
        _ => json!({
            "if": schema(random, depth - 1),
            "then": schema(random, depth - 1),
            "else": schema(random, depth - 1),
        }),
    }
}

fn list(random: &mut Random, depth: usize) -> Value {
    (0..=random.below(3)).map(|_| schema(random, depth - 1)).collect()
}

fn leaf(random: &mut Random) -> Value {
    let bound = i64::try_from(random.below(4)).unwrap() - 1;
    match random.below(16) {
        0 => json!(true),
        1 => json!({}),
        2 => json!({ "type": "null" }),
        3 => json!({ "type": "boolean" }),
        4 => json!({ "type": "integer", "minimum": bound }),
        5 => json!({ "type": "number", "exclusiveMaximum": bound }),
        6 => json!({ "type": ["integer", "string"], "maximum": bound }),
        7 => json!({ "type": "string", "minLength": random.below(3) }),
        8 => json!({ "type": "string", "maxLength": random.below(3) }),
        9 => json!({ "type": "string", "pattern": "^a" }),
        10 => json!({ "enum": ["a", "b", 1] }),
        11 => json!({ "const": "a" }),
        12 => json!({ "const": random.below(2) }),
        13 => json!({ "enum": [null, true, bound] }),
        14 => json!({ "$ref": "#/$defs/D" }),
        _ => json!({ "type": "integer", "multipleOf": random.below(3) + 1 }),
    }
}

fn object(random: &mut Random, depth: usize) -> Value {
    let mut schema = Map::new();
    if random.chance(85) {
        schema.insert("type".to_owned(), json!("object"));
    }
    if random.chance(85) {
        let mut properties = Map::new();
        for name in ["a", "b", "xa"] {
            if random.chance(55) {
                properties.insert(name.to_owned(), self::schema(random, depth - 1));
            }
        }
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    let mut some = |percent: usize, keyword: &str, make: &mut dyn FnMut(&mut Random) -> Value| {
        if random.chance(percent) {
            schema.insert(keyword.to_owned(), make(random));
        }
    };
    some(40, "required", &mut |random| json!([random.pick(&["a", "b", "xa"])]));
    some(25, "additionalProperties", &mut |random| {
        if random.chance(50) { json!(false) } else { self::schema(random, depth - 1) }
    });
    some(12, "patternProperties", &mut |random| json!({ "^x": self::schema(random, depth - 1) }));
    some(6, "minProperties", &mut |random| json!(random.below(3)));
    some(6, "maxProperties", &mut |random| json!(random.below(3)));
    some(5, "propertyNames", &mut |random| json!({ "maxLength": random.below(3) }));
    some(5, "dependentRequired", &mut |_| json!({ "a": ["b"] }));
    some(5, "dependentSchemas", &mut |random| json!({ "a": self::schema(random, depth - 1) }));
    Value::Object(schema)
}

fn array(random: &mut Random, depth: usize) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("array"));
    let mut some = |percent: usize, keyword: &str, make: &mut dyn FnMut(&mut Random) -> Value| {
        if random.chance(percent) {
            schema.insert(keyword.to_owned(), make(random));
        }
    };
    some(60, "items", &mut |random| {
        if random.chance(20) { json!(false) } else { self::schema(random, depth - 1) }
    });
    some(50, "prefixItems", &mut |random| list(random, depth));
    some(20, "minItems", &mut |random| json!(random.below(3)));
    some(20, "maxItems", &mut |random| json!(random.below(3)));
    some(10, "uniqueItems", &mut |_| json!(true));
    some(15, "contains", &mut |random| self::schema(random, depth - 1));
    some(8, "minContains", &mut |random| json!(random.below(3)));
    some(8, "maxContains", &mut |random| json!(random.below(3) + 1));
    Value::Object(schema)
}

/// Adds the one definition that leaves refer to, which is recursive through its own member.
pub fn with_definition(mut schema: Value, random: &mut Random) -> Value {
    if !schema.is_object() {
        schema = json!({ "allOf": [schema] });
    }
    let kind = if random.chance(50) { "integer" } else { "number" };
    schema["$defs"] = json!({ "D": {
        "type": ["object", "null"],
        "properties": { "d": { "$ref": "#/$defs/D" }, "n": { "type": kind } }
    } });
    schema
}

/// The schema with one place in it changed.
pub fn edited(schema: &Value, random: &mut Random) -> Value {
    let mut copy = schema.clone();
    edit(&mut copy, random, 3);
    if !copy.is_object() {
        copy = json!({ "allOf": [copy] });
    }
    // Whatever came of it may refer to the definition.
    copy["$defs"] = schema["$defs"].clone();
    copy
}

fn edit(schema: &mut Value, random: &mut Random, depth: usize) {
    let Value::Object(object) = schema else {
        *schema = leaf(random);
        return;
    };
    let names: Vec<String> = object.keys().filter(|name| *name != "$defs").cloned().collect();
    if names.is_empty() || random.chance(15) {
        let kept = object.get("$defs").cloned();
        *schema = self::schema(random, 1);
        if let (Some(kept), Value::Object(object)) = (kept, schema) {
            object.insert("$defs".to_owned(), kept);
        }
        return;
    }
    let name = random.pick(&names).clone();
    if random.chance(15) {
        object.remove(&name);
        return;
    }
    let Some(value) = object.get_mut(&name) else { return };
    match (name.as_str(), value) {
        ("properties" | "patternProperties" | "dependentSchemas", Value::Object(map)) => {
            let at = random.pick(&["a", "b", "xa"]).to_string();
            match map.get_mut(&at) {
                Some(member) if random.chance(70) && depth > 0 => edit(member, random, depth - 1),
                Some(_) => drop(map.remove(&at)),
                None if name == "properties" => drop(map.insert(at, leaf(random))),
                None => {}
            }
        }
        ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(list)) => {
            let at = random.below(list.len());
            match random.below(5) {
                0 => list.push(leaf(random)),
                1 if list.len() > 1 => drop(list.remove(at)),
                2 => list.reverse(),
                _ if depth > 0 => edit(&mut list[at], random, depth - 1),
                _ => {}
            }
        }
        ("enum" | "required", Value::Array(list)) => {
            list.pop();
        }
        (
            "minimum" | "maximum" | "exclusiveMaximum" | "minLength" | "maxLength" | "minItems" | "maxItems",
            value,
        ) => {
            *value = json!(random.below(4));
        }
        (_, value @ (Value::Object(_) | Value::Bool(_)))
            if depth > 0 && name != "dependentRequired" && name != "uniqueItems" =>
        {
            edit(value, random, depth - 1);
        }
        _ => {}
    }
}
