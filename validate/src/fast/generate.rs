//! Random schemas, and texts that are nearly what they ask for.

use super::random::Random;
use serde_json::{Map, Value, json};

const NAMES: [&str; 7] = ["a", "b", "kind", "é", "long name", "q\"", ""];
const STRINGS: [&str; 12] =
    ["", "a", "b", "red", "green", "x1", "é", "😀", "2026-11-21", "\n", "a/b\\\"", "18446744073709551616"];
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

pub(crate) struct Generator {
    pub random: Random,
}

impl Generator {
    pub fn new(random: Random) -> Self {
        Self { random }
    }

    /// A schema with two definitions that anything may refer to, themselves included.
    pub fn schema(&mut self) -> Value {
        let mut root = self.subschema(3);
        if let Value::Object(root) = &mut root {
            let definitions = json!({"one": self.subschema(2), "two": self.subschema(1)});
            root.insert("$defs".into(), definitions);
        }
        root
    }

    fn subschema(&mut self, depth: usize) -> Value {
        match self.random.below(if depth == 0 { 14 } else { 22 }) {
            0 => json!(self.random.chance(80)),
            1 => json!({}),
            2 => json!({"$ref": self.reference()}),
            3 => json!({"enum": self.constants()}),
            4 => json!({"const": self.scalar()}),
            5 | 6 => self.number_schema(),
            7..=9 => self.string_schema(),
            10 => json!({"type": ["string", "null"], "maxLength": self.random.below(4)}),
            11 => json!({"type": self.random.pick(&TYPES)}),
            12 => json!({"anyOf": [{"$ref": self.reference()}, {"type": "null"}]}),
            13 => {
                json!({"oneOf": [{"const": "red"}, {"const": self.random.pick(&STRINGS)}, {"enum": ["green", "a"]}]})
            }
            14 | 15 => self.array_schema(depth),
            16 => self.tagged_schema(depth),
            17 => self.combined_schema(depth),
            _ => self.object_schema(depth),
        }
    }

    fn reference(&mut self) -> &'static str {
        self.random.pick(&["#/$defs/one", "#/$defs/two", "#"])
    }

    fn number_schema(&mut self) -> Value {
        let mut schema = json!({"type": self.random.pick(&["integer", "number"])});
        let keywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
        for keyword in keywords {
            if self.random.chance(30) {
                let limits = [
                    json!(0),
                    json!(-3),
                    json!(2.5),
                    json!(7),
                    json!(1e18),
                    json!(9_007_199_254_740_993_u64),
                ];
                schema[keyword] = limits[self.random.below(limits.len())].clone();
            }
        }
        if self.random.chance(15) {
            let divisors = [json!(2), json!(0.5), json!(3)];
            schema["multipleOf"] = divisors[self.random.below(3)].clone();
        }
        schema
    }

    fn string_schema(&mut self) -> Value {
        let mut schema = json!({"type": "string"});
        if self.random.chance(30) {
            schema["minLength"] = json!(self.random.below(3));
        }
        if self.random.chance(30) {
            schema["maxLength"] = json!(self.random.below(6));
        }
        if self.random.chance(25) {
            schema["pattern"] =
                json!(self.random.pick(&["^[a-z]+$", r"^\d{4}-\d{2}-\d{2}$", "e", r"^\S+$", "^(red|a)?$"]));
        }
        if self.random.chance(10) {
            schema["format"] = json!("date");
        }
        schema
    }

    fn array_schema(&mut self, depth: usize) -> Value {
        let mut schema = json!({"type": "array"});
        if self.random.chance(70) {
            schema["items"] = self.subschema(depth - 1);
        }
        if self.random.chance(25) {
            schema["prefixItems"] = json!([self.subschema(depth - 1), self.subschema(depth - 1)]);
        }
        for (keyword, percent) in [("minItems", 20), ("maxItems", 20)] {
            if self.random.chance(percent) {
                schema[keyword] = json!(self.random.below(4));
            }
        }
        if self.random.chance(10) {
            schema["uniqueItems"] = json!(true);
        }
        schema
    }

    fn object_schema(&mut self, depth: usize) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for name in NAMES {
            if self.random.chance(40) {
                properties.insert(name.into(), self.subschema(depth - 1));
            }
            if self.random.chance(25) {
                required.push(name);
            }
        }
        let mut schema = json!({"properties": properties, "required": required});
        if self.random.chance(80) {
            schema["type"] = json!("object");
        }
        match self.random.below(6) {
            0 | 1 => schema["additionalProperties"] = json!(false),
            2 => schema["additionalProperties"] = self.subschema(depth - 1),
            _ => {}
        }
        for (keyword, percent) in [("minProperties", 15), ("maxProperties", 15)] {
            if self.random.chance(percent) {
                schema[keyword] = json!(self.random.below(5));
            }
        }
        if self.random.chance(6) {
            schema["patternProperties"] = json!({"^a": self.subschema(depth - 1)});
        }
        if self.random.chance(4) {
            schema["unevaluatedProperties"] = json!(false);
        }
        schema
    }

    fn tagged_schema(&mut self, depth: usize) -> Value {
        let mut branches = Vec::new();
        for tag in ["red", "green", "x1"] {
            let mut branch = self.object_schema(depth - 1 + usize::from(depth == 1));
            branch["properties"]["kind"] = json!({"const": tag});
            branch["type"] = json!("object");
            if self.random.chance(90) {
                branch["required"] = json!(["kind"]);
            }
            branches.push(branch);
        }
        json!({self.random.pick(&["oneOf", "anyOf"]): branches})
    }

    fn combined_schema(&mut self, depth: usize) -> Value {
        let (left, right) = (self.subschema(depth - 1), self.subschema(depth - 1));
        match self.random.below(6) {
            0 | 1 => json!({"allOf": [left, right]}),
            2 | 3 => json!({"anyOf": [left, right]}),
            4 => json!({"oneOf": [left, right]}),
            _ => json!({"not": left, "anyOf": [right, true]}),
        }
    }

    fn constants(&mut self) -> Vec<Value> {
        (0..=self.random.below(10)).map(|_| self.scalar()).collect()
    }

    fn scalar(&mut self) -> Value {
        let numbers =
            [json!(0), json!(1), json!(-3), json!(2.5), json!(7.0), json!(9_007_199_254_740_993_u64)];
        match self.random.below(8) {
            0 => Value::Null,
            1 => json!(self.random.chance(50)),
            2 | 3 => numbers[self.random.below(numbers.len())].clone(),
            4 => [json!([]), json!({}), json!([1]), json!({"a": 1})][self.random.below(4)].clone(),
            _ => json!(self.random.pick(&STRINGS)),
        }
    }

    /// A text that the schema may accept, written in one of many ways and sometimes spoilt.
    pub fn text(&mut self, schema: &Value) -> String {
        let value = self.instance(schema, schema, 5);
        let mut text = String::new();
        self.write(&value, &mut text);
        if self.random.chance(12) {
            let at = self.random.below(text.len() + 1);
            if text.is_char_boundary(at) {
                let spoil = ["", ",", "}", "]", "\"", "\\", "1", " ", "\u{1}", "null", "{", "\u{feff}"];
                text.insert_str(at, self.random.pick(&spoil));
                if self.random.chance(50) {
                    let cut = self.random.below(text.len() + 1);
                    if text.is_char_boundary(cut) {
                        text.truncate(cut);
                    }
                }
            }
        }
        text
    }

    /// An envelope around a text, mostly a right one.
    pub fn envelope(&mut self, data: &str) -> String {
        let revision = match self.random.below(5) {
            0 => {
                self.random.pick(&["\"01\"", "1", "null", "\"18446744073709551616\"", "\"\"", "\"\\u0031\""])
            }
            _ => self.random.pick(&["\"0\"", "\"42\"", "\"18446744073709551615\""]),
        };
        let name = if self.random.chance(5) { "\"rev\\u0069sion\"" } else { "\"revision\"" };
        let mut members = vec![format!("{name}:{revision}"), format!("\"data\":{data}")];
        let extra = [
            "\"epoch\":\"e\"",
            "\"epoch\":null",
            "\"epoch\":5",
            "\"more\":[{\"data\":1}]",
            "\"revision\":\"1\"",
            "\"data\":null",
        ];
        while self.random.chance(30) {
            members.push(self.random.pick(&extra).to_owned());
        }
        let shift = self.random.below(members.len());
        members.rotate_left(shift);
        if self.random.chance(5) {
            members.pop();
        }
        format!("{{{}}}", members.join(","))
    }

    /// A value that mostly obeys the schema.
    fn instance(&mut self, root: &Value, schema: &Value, depth: usize) -> Value {
        let Value::Object(keywords) = schema else { return self.scalar() };
        if depth == 0 || self.random.chance(5) {
            return self.scalar();
        }
        if let Some(Value::String(reference)) = keywords.get("$ref") {
            let target = root.pointer(&reference[1..]).unwrap_or(root);
            return self.instance(root, target, depth - 1);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = keywords.get(keyword) {
                let branch = &branches[self.random.below(branches.len())];
                return self.instance(root, branch, depth);
            }
        }
        if let Some(constant) = keywords.get("const") {
            return constant.clone();
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return values[self.random.below(values.len())].clone();
        }
        let kind = match keywords.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(Value::Array(kinds)) => kinds[self.random.below(kinds.len())].as_str().unwrap_or("null"),
            _ if keywords.contains_key("properties") => "object",
            _ => self.random.pick(&TYPES),
        };
        match kind {
            "object" => self.object_instance(root, keywords, depth),
            "array" => {
                let items = keywords.get("items").unwrap_or(&Value::Null);
                let prefix = keywords.get("prefixItems").and_then(Value::as_array);
                let length = self.random.below(4);
                (0..length)
                    .map(|index| {
                        let item = prefix.and_then(|prefix| prefix.get(index)).unwrap_or(items);
                        self.instance(root, item, depth - 1)
                    })
                    .collect()
            }
            "string" => json!(self.random.pick(&STRINGS)),
            "null" => Value::Null,
            "boolean" => json!(self.random.chance(50)),
            _ => {
                let numbers = [
                    json!(0),
                    json!(4),
                    json!(-7),
                    json!(6),
                    json!(2.5),
                    json!(3.25),
                    json!(1e18),
                    json!(1e30),
                ];
                numbers[self.random.below(numbers.len())].clone()
            }
        }
    }

    fn object_instance(&mut self, root: &Value, keywords: &Map<String, Value>, depth: usize) -> Value {
        let mut object = Map::new();
        let none = Map::new();
        let properties = keywords.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let required = keywords.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|other| other == name));
        for name in NAMES {
            let chance = match (is_required(name), properties.contains_key(name)) {
                (true, _) => 96,
                (false, true) => 50,
                (false, false) => 6,
            };
            if self.random.chance(chance) {
                let schema =
                    properties.get(name).or(keywords.get("additionalProperties")).unwrap_or(&Value::Null);
                let value = self.instance(root, schema, depth - 1);
                object.insert(name.to_owned(), value);
            }
        }
        Value::Object(object)
    }

    fn write(&mut self, value: &Value, text: &mut String) {
        self.space(text);
        match value {
            Value::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    self.write(item, text);
                }
                self.space(text);
                text.push(']');
            }
            Value::Object(members) => {
                text.push('{');
                let mut names: Vec<&String> = members.keys().collect();
                if !names.is_empty() {
                    let shift = self.random.below(names.len());
                    names.rotate_left(shift);
                    if self.random.chance(4) {
                        names.push(names[0]);
                    }
                }
                for (index, name) in names.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    self.space(text);
                    self.string(name, text);
                    self.space(text);
                    text.push(':');
                    let other = self.random.chance(3).then(|| self.scalar());
                    self.write(other.as_ref().unwrap_or(&members[*name]), text);
                }
                self.space(text);
                text.push('}');
            }
            Value::String(string) => self.string(string, text),
            Value::Number(number) => {
                text.push_str(&number.to_string());
                if self.random.chance(8) {
                    text.push_str(self.random.pick(&[".0", "e0", "E2", ".5", "e-1", "00", "e400"]));
                }
            }
            other => text.push_str(&other.to_string()),
        }
        self.space(text);
    }

    fn string(&mut self, string: &str, text: &mut String) {
        let written = Value::from(string).to_string();
        if !self.random.chance(8) {
            text.push_str(&written);
            return;
        }
        text.push('"');
        for unit in string.encode_utf16() {
            text.push_str(&format!("\\u{unit:04x}"));
        }
        text.push('"');
    }

    fn space(&mut self, text: &mut String) {
        if self.random.chance(4) {
            text.push_str(self.random.pick(&[" ", "\n", "\t", "\r\n   ", "          "]));
        }
    }
}
