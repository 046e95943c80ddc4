//! Values near a schema: mostly valid, and often just past one of its rules.

use serde_json::{Map, Value, json};

use crate::oracle::{FOREIGN, target};

/// A small deterministic generator of numbers (xorshift).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % end.max(1)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// What the schemas of a pair mention: the values to try.
pub struct Pool {
    values: Vec<Value>,
    names: Vec<String>,
}

impl Pool {
    pub fn new(schemas: [&Value; 2]) -> Self {
        let texts = ["", "a", "ab", "b", "x1", "aaaaaaa", "a1", "2026-11-21", "007", "0"];
        let mut pool = Pool {
            values: [
                json!(null),
                json!(true),
                json!(false),
                json!(0),
                json!(1),
                json!(-1),
                json!(2.5),
                json!([]),
                json!({}),
            ]
            .to_vec(),
            names: ["a", "b", "x1", "xa"].map(str::to_owned).to_vec(),
        };
        pool.values.extend(texts.map(Value::from));
        pool.names.push(format!("{FOREIGN}1"));
        schemas.into_iter().for_each(|schema| pool.collect(schema));
        pool
    }

    fn collect(&mut self, schema: &Value) {
        match schema {
            Value::Number(number) => {
                self.values.push(schema.clone());
                if let Some(whole) = number.as_i128() {
                    let near = [whole - 1, whole + 1].into_iter().filter_map(serde_json::Number::from_i128);
                    self.values.extend(near.map(Value::Number));
                }
                if let Some(double) = number.as_f64() {
                    self.values.push(json!(double + 0.5));
                }
            }
            Value::String(_) => self.values.push(schema.clone()),
            Value::Array(list) => list.iter().for_each(|each| self.collect(each)),
            Value::Object(map) => {
                for (name, value) in map {
                    if name == "properties"
                        && let Value::Object(properties) = value
                    {
                        self.names.extend(properties.keys().cloned());
                    }
                    self.collect(value);
                }
            }
            _ => {}
        }
    }

    /// A value that tries to follow a schema, and now and then does not.
    pub fn value(&self, schema: &Value, root: &Value, random: &mut Random, depth: usize) -> Value {
        if depth == 0 || random.chance(8) {
            return self.any(random, depth);
        }
        let Value::Object(rules) = schema else { return self.any(random, depth) };
        let mut parts: Vec<&Value> = Vec::new();
        parts.extend(target(schema, root));
        parts.extend(rules.get("allOf").and_then(Value::as_array).into_iter().flatten());
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = rules.get(keyword) {
                parts.push(random.pick(branches));
            }
        }
        let conditions: Vec<&Value> =
            ["if", "then", "else", "not"].iter().filter_map(|keyword| rules.get(*keyword)).collect();
        if !conditions.is_empty() && random.chance(60) {
            parts.push(*random.pick(&conditions));
        }
        let own = [
            "type",
            "enum",
            "const",
            "properties",
            "items",
            "prefixItems",
            "contains",
            "required",
            "minimum",
            "maximum",
        ];
        let says = own.iter().any(|keyword| rules.contains_key(*keyword));
        let mut value = if says || parts.is_empty() {
            self.own(rules, root, random, depth)
        } else {
            let part = parts.swap_remove(random.below(parts.len()));
            self.value(part, root, random, depth - 1)
        };
        for part in parts {
            let other = self.value(part, root, random, depth - 1);
            match (&mut value, other) {
                (Value::Object(members), Value::Object(more)) => {
                    for (name, member) in more {
                        if random.chance(60) {
                            members.insert(name, member);
                        } else {
                            members.entry(name).or_insert(member);
                        }
                    }
                }
                (value, other) if random.chance(50) => *value = other,
                _ => {}
            }
        }
        value
    }

    fn own(&self, rules: &Map<String, Value>, root: &Value, random: &mut Random, depth: usize) -> Value {
        if let Some(value) = rules.get("const") {
            return value.clone();
        }
        if let Some(Value::Array(values)) = rules.get("enum")
            && !values.is_empty()
        {
            return random.pick(values).clone();
        }
        let types = match rules.get("type") {
            Some(Value::Array(names)) => random.pick(names).as_str(),
            Some(name) => name.as_str(),
            None if rules.contains_key("properties") || rules.contains_key("required") => Some("object"),
            None if rules.contains_key("items")
                || rules.contains_key("prefixItems")
                || rules.contains_key("contains") =>
            {
                Some("array")
            }
            None => None,
        };
        match types {
            Some("object") => self.object(rules, root, random, depth),
            Some("array") => self.array(rules, root, random, depth),
            Some("null") => Value::Null,
            Some("boolean") => Value::Bool(random.chance(50)),
            Some(name) => {
                let fits =
                    |value: &&Value| if name == "string" { value.is_string() } else { value.is_number() };
                let fitting: Vec<&Value> = self.values.iter().filter(fits).collect();
                (*random.pick(&fitting)).clone()
            }
            None => self.any(random, depth),
        }
    }

    fn object(&self, rules: &Map<String, Value>, root: &Value, random: &mut Random, depth: usize) -> Value {
        let mut members = Map::new();
        if let Some(Value::Object(properties)) = rules.get("properties") {
            for (name, schema) in properties {
                if random.chance(70) {
                    members.insert(name.clone(), self.value(schema, root, random, depth - 1));
                }
            }
        }
        for name in
            rules.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            if random.chance(95) && !members.contains_key(name) {
                let schema = rules
                    .get("properties")
                    .and_then(|properties| properties.get(name))
                    .unwrap_or(&Value::Bool(true));
                members.insert(name.to_owned(), self.value(schema, root, random, depth - 1));
            }
        }
        for _ in 0..random.below(3) {
            let name = random.pick(&self.names).clone();
            if members.contains_key(&name) {
                continue;
            }
            let rest = rules.get("additionalProperties").filter(|rest| rest.is_object());
            let value = match rest {
                Some(rest) => self.value(rest, root, random, depth - 1),
                None => self.any(random, depth - 1),
            };
            members.insert(name, value);
        }
        Value::Object(members)
    }

    fn array(&self, rules: &Map<String, Value>, root: &Value, random: &mut Random, depth: usize) -> Value {
        let prefix = rules.get("prefixItems").and_then(Value::as_array);
        let length = random.below(4);
        let items = (0..length).map(|at| {
            let listed = prefix.and_then(|list| list.get(at));
            let schema = if random.chance(50) { rules.get("contains").or(listed) } else { listed };
            let schema = schema.or_else(|| rules.get("items")).unwrap_or(&Value::Bool(true));
            self.value(schema, root, random, depth - 1)
        });
        Value::Array(items.collect())
    }

    fn any(&self, random: &mut Random, depth: usize) -> Value {
        if depth > 0 && random.chance(15) {
            return self.object(&Map::new(), &Value::Null, random, depth);
        }
        if depth > 0 && random.chance(8) {
            return self.array(&Map::new(), &Value::Null, random, depth);
        }
        random.pick(&self.values).clone()
    }
}
