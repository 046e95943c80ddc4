//! Circles of references that no value ends: a type that is itself, rather than one that holds itself.

use serde_json::Value;
use std::collections::HashMap;

use crate::model::{Source, document::escape};
use crate::{Error, Result};

/// The places from which no circle is reached, as far as is known.
#[derive(Default)]
pub(super) struct Known(HashMap<String, State>);

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

impl Known {
    /// Follows everything that is about the same value as the place itself, and refuses to come by twice.
    pub(super) fn check(&mut self, source: &Source, pointer: &str) -> Result<()> {
        // A stack of its own: a chain of references may be as long as the document.
        let mut stack = vec![(pointer.to_owned(), false)];
        while let Some((place, left)) = stack.pop() {
            if left {
                self.0.insert(place, State::Done);
                continue;
            }
            match self.0.get(&place) {
                Some(State::Done) => continue,
                Some(State::Open) => {
                    return Err(Error::schema(
                        &source.name,
                        &place,
                        "the schema refers to itself without a member or an item in between, so no value could ever be checked against it; break the circle of `$ref`",
                    ));
                }
                None => {}
            }
            self.0.insert(place.clone(), State::Open);
            stack.push((place.clone(), true));
            for next in same_value(source, &place)? {
                // A place that waits on the stack twice is no circle; only one that is open is.
                stack.push((next, false));
            }
        }
        Ok(())
    }
}

/// The places whose schemas are about the same value as the one at `pointer`.
fn same_value(source: &Source, pointer: &str) -> Result<Vec<String>> {
    let Some(Value::Object(schema)) = source.schema.pointer(pointer) else { return Ok(Vec::new()) };
    let mut places = Vec::new();
    if let Some(Value::String(reference)) = schema.get("$ref") {
        places.push(source.resolve(pointer, reference)?.0);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let count = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        places.extend((0..count).map(|at| format!("{pointer}/{keyword}/{at}")));
    }
    for keyword in ["not", "if", "then", "else"] {
        if schema.contains_key(keyword) {
            places.push(format!("{pointer}/{keyword}"));
        }
    }
    if let Some(Value::Object(dependents)) = schema.get("dependentSchemas") {
        places.extend(dependents.keys().map(|name| format!("{pointer}/dependentSchemas/{}", escape(name))));
    }
    Ok(places)
}
