//! What schemars says about Rust types, in words that every validator checks.

use schemars::{Schema, transform::transform_subschemas};
use serde_json::{Value, json};

/// Replaces the formats of Rust's numbers by bounds: most validators ignore a format, and some refuse one that they
/// do not know.
pub(crate) fn plain_bounds(schema: &mut Schema) {
    if let Some(object) = schema.as_object_mut()
        && let Some(bounds) = object.get("format").and_then(Value::as_str).and_then(bounds)
    {
        object.remove("format");
        if let Some((minimum, maximum)) = bounds {
            object.entry("minimum").or_insert(minimum);
            object.entry("maximum").or_insert(maximum);
        }
    }
    transform_subschemas(&mut plain_bounds, schema);
}

/// The bounds of a number's format, where it has some; nothing for other formats.
#[expect(clippy::option_option, reason = "a format of floats is taken out and has no bounds")]
fn bounds(format: &str) -> Option<Option<(Value, Value)>> {
    Some(match format {
        "uint8" => Some((json!(0), json!(u8::MAX))),
        "uint16" => Some((json!(0), json!(u16::MAX))),
        "uint32" => Some((json!(0), json!(u32::MAX))),
        "uint64" | "uint" => Some((json!(0), json!(u64::MAX))),
        "int8" => Some((json!(i8::MIN), json!(i8::MAX))),
        "int16" => Some((json!(i16::MIN), json!(i16::MAX))),
        "int32" => Some((json!(i32::MIN), json!(i32::MAX))),
        "int64" | "int" => Some((json!(i64::MIN), json!(i64::MAX))),
        "float" | "double" | "uint128" | "int128" => None,
        _ => return None,
    })
}

/// A name that schemars made up because another type has the plain one, and that plain one.
///
/// schemars numbers types of one name by the order in which it meets them, so the names would change their meaning
/// with the order of fields.
pub(crate) fn numbered_twin<'a>(
    names: impl Iterator<Item = &'a String> + Clone,
) -> Option<(&'a str, &'a str)> {
    let known: std::collections::HashSet<&str> = names.clone().map(String::as_str).collect();
    names.into_iter().find_map(|name| {
        let plain = name.trim_end_matches(|each: char| each.is_ascii_digit());
        let number: u32 = name.get(plain.len()..)?.parse().ok()?;
        let before =
            if number == 2 { plain.to_owned() } else { format!("{plain}{}", number.checked_sub(1)?) };
        known.get(before.as_str()).and(known.get(plain)).map(|plain| (name.as_str(), *plain))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_numbers_become_bounds() {
        let mut schema = schemars::json_schema!({
            "type": "object",
            "properties": {
                "a": {"type": "integer", "format": "uint8", "minimum": 0},
                "b": {"type": "array", "items": {"type": "integer", "format": "int32"}},
                "c": {"type": "number", "format": "double"},
                "d": {"type": "string", "format": "date-time"},
                "e": {"type": "integer", "format": "uint64", "minimum": 0},
            }
        });
        plain_bounds(&mut schema);
        let expected = json!({
            "a": {"type": "integer", "minimum": 0, "maximum": 255},
            "b": {"type": "array", "items": {"type": "integer", "minimum": -2_147_483_648_i64, "maximum": 2_147_483_647}},
            "c": {"type": "number"},
            "d": {"type": "string", "format": "date-time"},
            "e": {"type": "integer", "minimum": 0, "maximum": u64::MAX},
        });
        assert_eq!(schema.get("properties"), Some(&expected));
    }

    #[test]
    fn made_up_names_are_seen() {
        for (names, expected) in [
            (&["Item", "Item2"][..], Some(("Item2", "Item"))),
            (&["Item", "Item2", "Item3"], Some(("Item2", "Item"))),
            (&["Item", "Other"], None),
            (&["Sha256"], None),
            (&["Sha", "Sha256"], None),
        ] {
            let names: Vec<String> = names.iter().map(|each| (*each).to_owned()).collect();
            assert_eq!(numbered_twin(names.iter()), expected, "{names:?}");
        }
    }
}
