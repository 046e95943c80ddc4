//! A schema document: where it came from, and the finding of its places.

use serde_json::Value;
use std::path::Path;

use crate::{Error, Result};

/// A JSON Schema document and what it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// What people call it: a path relative to the configuration, or the name of a Rust type.
    pub name: String,
    /// The schema.
    pub schema: Value,
    /// The topic whose payload the document's root describes; none for a document that is only a bundle of `$defs`.
    pub topic: Option<String>,
}

impl Source {
    /// Reads a schema file. `name` is what errors call it.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8, or is no JSON.
    pub fn read(path: &Path, name: &str, topic: Option<String>) -> Result<Source> {
        let bytes = std::fs::read(path).map_err(|error| Error::io("read", path, &error))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|&&each| each == b'\n').count();
            Error::schema(name, "", format!("line {line} is not UTF-8; save the file as UTF-8"))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let schema = serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            let message = match reason.strip_prefix("recursion limit exceeded at ") {
                Some(place) => {
                    format!("nested more than 127 levels deep at {place}; flatten it with `$defs`")
                }
                None => format!("not a JSON text: {reason}"),
            };
            Error::schema(name, "", message)
        })?;
        Ok(Source { name: name.to_owned(), schema, topic })
    }

    /// The place that a `$ref` at `pointer` leads to, as a JSON Pointer, and the schema there.
    pub(crate) fn resolve(&self, pointer: &str, reference: &str) -> Result<(String, &Value)> {
        let fault = |message: String| Error::schema(&self.name, &format!("{pointer}/$ref"), message);
        let own = self.schema.get("$id").and_then(Value::as_str).map(|id| id.trim_end_matches('#'));
        let fragment = match reference.split_once('#') {
            Some((base, fragment)) if base.is_empty() || Some(base) == own => fragment,
            None if Some(reference) == own => "",
            _ => {
                return Err(fault(format!(
                    "`{reference}` leads to another document; only places of this one can be referred to: copy the schema into `$defs` here and write `#/$defs/Name`"
                )));
            }
        };
        let target = percent_decode(fragment)
            .ok_or_else(|| fault(format!("`{reference}` is not a URI reference: a `%` is not followed by two hexadecimal digits of UTF-8")))?;
        if !target.is_empty() && !target.starts_with('/') {
            return Err(fault(format!(
                "`{reference}` refers to an anchor; write the place as a JSON Pointer, such as `#/$defs/{target}`"
            )));
        }
        match self.schema.pointer(&target) {
            Some(schema) => Ok((target, schema)),
            None => Err(fault(self.nothing_there(reference))),
        }
    }

    fn nothing_there(&self, reference: &str) -> String {
        let names = || {
            ["$defs", "definitions"]
                .into_iter()
                .filter_map(|group| Some((group, self.schema.get(group)?.as_object()?)))
                .flat_map(|(group, defs)| defs.keys().map(move |name| format!("#/{group}/{}", escape(name))))
        };
        let known: Vec<String> = names().collect();
        match super::names::nearest(reference, known.iter().map(String::as_str)) {
            Some(near) => format!("there is nothing at `{reference}`; `{near}` is there"),
            None if known.is_empty() => {
                format!("there is nothing at `{reference}`; the document has no `$defs`")
            }
            None => format!("there is nothing at `{reference}`; there are {}", list(&known)),
        }
    }
}

/// At most five of `names`, for a sentence.
fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(5).map(|each| format!("`{each}`")).collect();
    let more = names.len().saturating_sub(shown.len());
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// A member's name as a step of a JSON Pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The steps of a JSON Pointer, unescaped.
pub(crate) fn steps(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|each| each.replace("~1", "/").replace("~0", "~"))
}

fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
