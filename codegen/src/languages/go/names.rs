//! Names in Go: packages, types, fields and constants.

use std::collections::{BTreeMap, BTreeSet};

use super::super::identifiers::{distinct, spelled};
use crate::model::{Field, Model, Shape, names};
use crate::{Error, Result};

const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Words that Go writes in capitals throughout.
const INITIALISMS: &[&str] = &[
    "api", "css", "html", "http", "https", "id", "ip", "json", "ms", "sql", "ttl", "ui", "uri", "url",
    "uuid", "xml",
];

/// What the runtime exports, and the generated files besides the types.
const TAKEN_TYPES: &[&str] = &[
    "AnyPayload",
    "BlankTopic",
    "DecodeText",
    "Decoders",
    "DuplicateMember",
    "EncodeText",
    "ErrorCode",
    "InvalidData",
    "InvalidJSON",
    "InvalidRevision",
    "JSONPayload",
    "MaximumDepth",
    "MissingMember",
    "OutOfRange",
    "ParsePayload",
    "PayloadParser",
    "Payloads",
    "Pointer",
    "ProtocolError",
    "TooDeep",
    "UnknownValue",
    "WrongType",
];

/// Names of methods and of the map of unlisted members.
const TAKEN_FIELDS: &[&str] = &["Additional", "MarshalJSON", "UnmarshalJSON"];

/// The name of the package in a folder.
pub(super) fn package(folder: &str) -> String {
    let plain: String =
        folder.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let plain = plain.trim_start_matches(|each: char| each.is_ascii_digit());
    match plain {
        "" | "main" => "statesync".to_owned(),
        keyword if KEYWORDS.contains(&keyword) => format!("{keyword}s"),
        fine => fine.to_owned(),
    }
}

/// The name of each type, and of the constants of each enumeration in the order of its values.
#[derive(Default)]
pub(super) struct Names {
    pub types: BTreeMap<String, String>,
    pub constants: BTreeMap<String, Vec<String>>,
    /// One for each topic, in their order.
    pub topics: Vec<String>,
}

/// The names of everything that stands at the top of a file.
///
/// # Errors
/// Two things want one name.
pub(super) fn of_model(model: &Model) -> Result<Names> {
    let mut result = Names::default();
    let mut taken: BTreeMap<String, String> =
        TAKEN_TYPES.iter().map(|each| ((*each).to_owned(), "a name of the runtime".to_owned())).collect();
    let parameters: BTreeSet<&String> = model.types.iter().flat_map(|each| &each.parameters).collect();
    for each in &model.types {
        let own = |prefix: &str| TAKEN_TYPES.contains(&format!("{prefix}{}", each.name).as_str());
        let clash = parameters.contains(&each.name) || own("") || own("Parse") || own("Decode");
        let name = if clash { format!("{}Type", each.name) } else { each.name.clone() };
        let told = format!("the type `{}` ({})", each.name, each.location);
        for full in [name.clone(), format!("Parse{name}"), format!("Decode{name}")] {
            take(&mut taken, full, &told)?;
        }
        if let Shape::Enumeration { values } = &each.shape {
            let wire: Vec<&str> = values.iter().map(|each| each.value.as_str()).collect();
            let constants: Vec<String> =
                distinct(&wire, "_", exported).into_iter().map(|each| format!("{name}{each}")).collect();
            for constant in &constants {
                take(&mut taken, constant.clone(), &format!("a value of {told}"))?;
            }
            result.constants.insert(each.name.clone(), constants);
        }
        result.types.insert(each.name.clone(), name);
    }
    let wire: Vec<&str> = model.topics.iter().map(|each| each.name.as_str()).collect();
    result.topics = distinct(&wire, "_", exported).into_iter().map(|each| format!("Topic{each}")).collect();
    for (constant, topic) in result.topics.iter().zip(&wire) {
        take(&mut taken, constant.clone(), &format!("the topic `{topic}`"))?;
    }
    Ok(result)
}

fn take(taken: &mut BTreeMap<String, String>, name: String, told: &str) -> Result<()> {
    match taken.insert(name.clone(), told.to_owned()) {
        None => Ok(()),
        Some(other) => Err(Error::Unsupported(format!(
            "in Go, {told} and {other} would both be called `{name}`; give one of them another name in its schema"
        ))),
    }
}

/// A field for each member, in their order; all differ.
pub(super) fn of_fields(fields: &[Field]) -> Vec<String> {
    let wire: Vec<&str> = fields.iter().map(|each| each.name.as_str()).collect();
    distinct(&wire, "_", |name| {
        let plain = exported(name);
        let plain = if plain.starts_with(|each: char| each.is_ascii_digit()) {
            format!("Member{plain}")
        } else {
            plain
        };
        if TAKEN_FIELDS.contains(&plain.as_str()) { format!("{plain}_") } else { plain }
    })
}

/// `sourceId` → `SourceID`. It may start with a digit.
fn exported(name: &str) -> String {
    let words = match names::words(name) {
        none if none.is_empty() => spelled(name),
        some => some,
    };
    words
        .iter()
        .map(|word| {
            if INITIALISMS.contains(&word.to_ascii_lowercase().as_str()) {
                return word.to_ascii_uppercase();
            }
            let mut characters = word.chars();
            characters
                .next()
                .map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + characters.as_str())
        })
        .collect()
}

/// A constant's JSON tag, as far as a struct tag can say it; the methods of the type know it in any case.
pub(super) fn tag(name: &str, optional: bool) -> String {
    let sayable =
        !name.is_empty() && name.chars().all(|each| each.is_ascii_alphanumeric() || "_.-/:".contains(each));
    match (sayable && name != "-", optional) {
        (false, _) => "-".to_owned(),
        (true, true) => format!("{name},omitempty"),
        (true, false) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_exported_and_its_own() {
        for (wire, expected) in [
            ("sourceId", "SourceID"),
            ("timestampMs", "TimestampMS"),
            ("request-sync", "RequestSync"),
            ("type", "Type"),
            ("2fa", "2fa"),
            ("", "Empty"),
            ("日本", "U65e5U672c"),
        ] {
            assert_eq!(exported(wire), expected, "{wire}");
        }
        for (folder, expected) in [
            ("statesync", "statesync"),
            ("state-sync", "statesync"),
            ("", "statesync"),
            ("go", "gos"),
            ("2x", "x"),
        ] {
            assert_eq!(package(folder), expected, "{folder}");
        }
    }
}
