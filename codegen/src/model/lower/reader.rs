//! Reading keywords with the types that they must have.

use serde_json::{Map, Number, Value};

use crate::model::Kind;
use crate::{Error, Result};

/// The keywords of one schema object.
pub(super) struct Reader<'a, 'p> {
    source: &'a str,
    pointer: &'p str,
    keywords: &'a Map<String, Value>,
}

/// Groups of keywords.
#[derive(Default)]
pub(super) struct Groups {
    /// About numbers and strings.
    pub scalars: bool,
    /// About arrays.
    pub arrays: bool,
    /// About objects.
    pub objects: bool,
    /// About the value as a whole.
    pub compositions: bool,
}

/// Keywords beside `$ref` that leave a place a mere reference.
const NO_RULE: &[&str] = &[
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

impl<'a, 'p> Reader<'a, 'p> {
    /// A reader of keywords whose names have been checked.
    pub(super) fn new(source: &'a str, pointer: &'p str, keywords: &'a Map<String, Value>) -> Self {
        Reader { source, pointer, keywords }
    }

    /// Which groups of keywords are there: most schemas have one or two keywords out of dozens.
    pub(super) fn groups(&self) -> Groups {
        let mut groups = Groups::default();
        for keyword in self.keywords.keys() {
            match keyword.as_str() {
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
                | "minLength" | "maxLength" | "pattern" => groups.scalars = true,
                "prefixItems" | "items" | "minItems" | "maxItems" | "uniqueItems" | "contains"
                | "minContains" | "maxContains" => groups.arrays = true,
                "properties"
                | "required"
                | "patternProperties"
                | "additionalProperties"
                | "propertyNames"
                | "minProperties"
                | "maxProperties"
                | "dependentRequired"
                | "dependentSchemas" => groups.objects = true,
                "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "enum" | "const" => {
                    groups.compositions = true;
                }
                _ => {}
            }
        }
        groups
    }

    /// The error that `keyword` must be something else.
    pub(super) fn fault(&self, keyword: &str, message: impl Into<String>) -> Error {
        Error::schema(self.source, &format!("{}/{keyword}", self.pointer), message)
    }

    pub(super) fn get(&self, keyword: &str) -> Option<&'a Value> {
        self.keywords.get(keyword)
    }

    pub(super) fn has(&self, keyword: &str) -> bool {
        self.keywords.contains_key(keyword)
    }

    /// Whether only annotations and the keywords `but` are there.
    pub(super) fn says_only(&self, but: &[&str]) -> bool {
        self.keywords.keys().all(|each| {
            but.contains(&each.as_str())
                || NO_RULE.contains(&each.as_str())
                || (each.starts_with("x-") && each != "x-parameter" && each != "x-code")
        })
    }

    /// The reference, where there is no other rule beside it.
    pub(super) fn sole_reference(&self) -> Option<&'a str> {
        self.says_only(&["$ref"]).then(|| self.get("$ref").and_then(Value::as_str)).flatten()
    }

    pub(super) fn reference(&self) -> Result<Option<&'a str>> {
        self.text("$ref")
    }

    pub(super) fn text(&self, keyword: &str) -> Result<Option<&'a str>> {
        match self.get(keyword) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.fault(keyword, format!("`{keyword}` must be a string"))),
        }
    }

    /// The description; where there is none, a title that is more than a name.
    pub(super) fn docs(&self) -> Option<String> {
        let text = |keyword: &str| {
            self.get(keyword).and_then(Value::as_str).map(str::trim).filter(|each| !each.is_empty())
        };
        text("description")
            .or_else(|| text("title").filter(|each| each.contains(' ')))
            .map(|each| each.replace("\r\n", "\n").replace('\r', "\n"))
    }

    pub(super) fn flag(&self, keyword: &str) -> bool {
        self.get(keyword) == Some(&Value::Bool(true))
    }

    pub(super) fn boolean(&self, keyword: &str) -> Result<bool> {
        match self.get(keyword) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.fault(keyword, format!("`{keyword}` must be `true` or `false`"))),
        }
    }

    pub(super) fn number(&self, keyword: &str) -> Result<Option<Number>> {
        match self.get(keyword) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.clone())),
            Some(Value::Bool(_)) if keyword.starts_with("exclusive") => Err(self.fault(
                keyword,
                format!(
                    "`{keyword}` as a boolean is draft 4; write the number here, in place of `{}`",
                    keyword.trim_start_matches("exclusive").to_lowercase()
                ),
            )),
            Some(_) => Err(self.fault(keyword, format!("`{keyword}` must be a number"))),
        }
    }

    pub(super) fn count(&self, keyword: &str) -> Result<Option<u64>> {
        let Some(number) = self.number(keyword)? else { return Ok(None) };
        let whole = number.as_u64().or_else(|| {
            let double = number.as_f64()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range and the fraction are checked first"
            )]
            (double.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&double))
                .then_some(double as u64)
        });
        whole.map(Some).ok_or_else(|| {
            self.fault(keyword, format!("`{keyword}` must be a whole number, 0 or more; it is {number}"))
        })
    }

    pub(super) fn names(&self, keyword: &str) -> Result<Vec<String>> {
        match self.get(keyword) {
            None => Ok(Vec::new()),
            Some(value) => self.names_in(keyword, value),
        }
    }

    pub(super) fn names_in(&self, keyword: &str, value: &Value) -> Result<Vec<String>> {
        let names = value.as_array().and_then(|each| {
            each.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        let mut names = names.ok_or_else(|| {
            self.fault(keyword, format!("`{keyword}` must be an array of member names, as in [\"id\"]"))
        })?;
        let mut seen = std::collections::HashSet::new();
        names.retain(|each| seen.insert(each.clone()));
        Ok(names)
    }

    /// The accepted JSON types, in the order of [`Kind`]; empty where nothing is said.
    pub(super) fn kinds(&self) -> Result<Vec<Kind>> {
        let list = match self.get("type") {
            None => return Ok(Vec::new()),
            Some(Value::Array(list)) if !list.is_empty() => list.as_slice(),
            Some(other) => std::slice::from_ref(other),
        };
        let mut kinds = Vec::with_capacity(list.len());
        for each in list {
            kinds.push(match each.as_str() {
                Some("null") => Kind::Null,
                Some("boolean") => Kind::Boolean,
                Some("integer") => Kind::Integer,
                Some("number") => Kind::Number,
                Some("string") => Kind::String,
                Some("array") => Kind::Array,
                Some("object") => Kind::Object,
                _ => {
                    return Err(self.fault(
                        "type",
                        format!("{each} is no JSON type; there are \"null\", \"boolean\", \"integer\", \"number\", \"string\", \"array\" and \"object\""),
                    ));
                }
            });
        }
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.contains(&Kind::Number) {
            kinds.retain(|each| *each != Kind::Integer);
        }
        Ok(kinds)
    }

    /// The constants of `const` or `enum`.
    pub(super) fn constants(&self) -> Result<Option<Vec<Value>>> {
        let list = match self.get("enum") {
            None => None,
            Some(Value::Array(list)) if !list.is_empty() => Some(list.clone()),
            Some(_) => return Err(self.fault("enum", "`enum` must be an array with at least one value")),
        };
        let list = match (self.get("const"), list) {
            (None, list) => list,
            (Some(constant), None) => Some(vec![constant.clone()]),
            (Some(constant), Some(list)) => Some(list.into_iter().filter(|each| each == constant).collect()),
        };
        Ok(list.map(|list| {
            let mut kept: Vec<Value> = Vec::with_capacity(list.len());
            let mut texts = std::collections::HashSet::new();
            kept.extend(list.into_iter().filter(|each| texts.insert(each.to_string())));
            kept
        }))
    }

    /// A keyword that holds schemas by name, with the pointer of each.
    pub(super) fn schemas_by_name(&self, keyword: &str) -> Result<Vec<(&'a String, String, &'a Value)>> {
        match self.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(schemas)) => Ok(schemas
                .iter()
                .map(|(name, schema)| {
                    (name, format!("{}/{keyword}/{}", self.pointer, super::document::escape(name)), schema)
                })
                .collect()),
            Some(_) => Err(self.fault(keyword, format!("`{keyword}` must be an object of schemas by name"))),
        }
    }

    /// A keyword that holds a list of schemas, with the pointer of each.
    pub(super) fn schemas(&self, keyword: &str) -> Result<Vec<(String, &'a Value)>> {
        match self.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Array(schemas)) if !schemas.is_empty() => Ok(schemas
                .iter()
                .enumerate()
                .map(|(at, schema)| (format!("{}/{keyword}/{at}", self.pointer), schema))
                .collect()),
            Some(_) => {
                Err(self.fault(keyword, format!("`{keyword}` must be an array with at least one schema")))
            }
        }
    }

    /// A keyword that holds one schema, with its pointer.
    pub(super) fn schema(&self, keyword: &str) -> Result<Option<(String, &'a Value)>> {
        match self.get(keyword) {
            None => Ok(None),
            Some(Value::Array(_)) if keyword == "items" => {
                Err(self.fault(keyword, "`items` as an array is draft 7; write `prefixItems` for the first items and `items` for the rest"))
            }
            Some(schema) => Ok(Some((format!("{}/{keyword}", self.pointer), schema))),
        }
    }
}
