//! What cannot be compared: an error that names the file and the place, never a panic.

use std::fs;
use std::path::Path;

use serde_json::json;
use state_sync_codegen::compat::compare;

/// Compares a folder with this one file against a folder with a good one, on either side.
fn error_for(content: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let [bad, good] = ["bad", "good"].map(|name| folder.path().join(name));
    fs::create_dir(&bad).unwrap();
    fs::create_dir(&good).unwrap();
    fs::write(bad.join("x.schema.json"), content).unwrap();
    fs::write(good.join("x.schema.json"), "{}").unwrap();
    let said = [compare(&bad, &good), compare(&good, &bad)].map(|result| result.unwrap_err().to_string());
    assert_eq!(said[0], said[1]);
    assert!(said[0].contains("x.schema.json"), "names the file: {}", said[0]);
    said[0].clone()
}

#[test]
fn folders_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let said = compare(&folder.path().join("nowhere"), folder.path()).unwrap_err().to_string();
    assert!(said.contains("nowhere") && said.contains("read"), "{said}");

    fs::write(folder.path().join("requirements.json"), "[]").unwrap();
    let said = compare(folder.path(), folder.path()).unwrap_err().to_string();
    assert!(said.contains("no schema in this folder") && said.contains(".schema.json"), "{said}");
}

#[test]
fn files_that_are_no_schema() {
    let deep = format!("{}{}", "{\"not\":".repeat(10_000), "}".repeat(10_000));
    let deep_arrays = "[".repeat(10_000);
    let rows: [(&[u8], &str); 16] = [
        (b"", "it is not JSON"),
        (b"{\"type\": \"string\"", "at line 1 column 17"),
        (b"{\"a\": \xff}", "it is not UTF-8: byte 7"),
        (deep.as_bytes(), "nests too deep at line 1"),
        (deep_arrays.as_bytes(), "nests too deep at line 1"),
        (b"[1]", "#: a schema is an object, `true` or `false`, not an array"),
        (b"\"string\"", "not a string"),
        (
            b"{\"properties\": {\"a\": {\"type\": \"text\"}}}",
            "#/properties/a/type: `type` is one of the seven type names",
        ),
        (b"{\"items\": [{}]}", "#/items: `items` is one schema"),
        (b"{\"allOf\": []}", "#/allOf: `allOf` is an array of at least one schema"),
        (b"{\"required\": \"a\"}", "#/required: `required` is an array of strings, not \"a\""),
        (b"{\"minimum\": \"1\"}", "#/minimum: `minimum` is a number, not \"1\""),
        (
            b"{\"properties\": {\"a/b\": {\"$ref\": \"#/$defs/No\"}}}",
            "#/properties/a~1b/$ref: `#/$defs/No` leads to no schema",
        ),
        (b"{\"$ref\": \"https://elsewhere.dev/x.json\"}", "leads to no schema in this folder"),
        (b"{\"$ref\": \"#\"}", "applies itself to the same value"),
        (b"{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}", "#/$schema: the dialect"),
    ];
    for (content, expected) in rows {
        let said = error_for(content);
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
}

#[test]
fn cycles_of_references() {
    let rows = [
        json!({ "$ref": "#/$defs/A", "$defs": { "A": { "$ref": "#/$defs/B" }, "B": { "$ref": "#/$defs/A" } } }),
        json!({ "$defs": { "A": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/A" }] } } }),
        json!({ "$defs": { "A": { "not": { "allOf": [{ "$ref": "#/$defs/A" }] } } } }),
        json!({ "properties": { "a": { "if": { "$ref": "#/properties/a" } } } }),
    ];
    for schema in rows {
        let said = error_for(schema.to_string().as_bytes());
        assert!(said.contains("applies itself to the same value"), "{said}");
    }
}

#[test]
fn two_schemas_with_one_id() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.schema.json", "b.schema.json"] {
        fs::write(folder.path().join(name), r#"{"$id": "https://a.dev/same"}"#).unwrap();
    }
    let said = compare(folder.path(), folder.path()).unwrap_err().to_string();
    assert!(said.contains("b.schema.json#/$id: another schema in the folder has the same `$id`"), "{said}");
}

/// A chain of definitions, each reaching the next one: long, but not nested.
fn chain(length: usize, step: impl Fn(String) -> serde_json::Value, end: &str) -> String {
    let mut definitions = serde_json::Map::new();
    for at in 0..length {
        definitions.insert(format!("D{at}"), step(format!("#/$defs/D{}", at + 1)));
    }
    definitions.insert(format!("D{length}"), json!({ "type": end }));
    json!({ "$ref": "#/$defs/D0", "$defs": definitions }).to_string()
}

#[test]
fn long_chains_end() {
    let steps: [fn(String) -> serde_json::Value; 4] = [
        |next| json!({ "$ref": next }),
        |next| json!({ "type": "object", "properties": { "a": { "$ref": next } } }),
        |next| json!({ "anyOf": [{ "$ref": next }, { "type": "null" }] }),
        |next| json!({ "enum": ["a"], "not": { "$ref": next } }),
    ];
    for step in steps {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, end: &str| {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::write(path.join("x.schema.json"), chain(500, step, end)).unwrap();
            path
        };
        let (old, new) = (write("old", "string"), write("new", "integer"));
        assert!(compare(&old, &new).unwrap().is_breaking());
        assert!(!compare(&old, &old).unwrap().is_breaking());
    }
}

#[test]
fn a_path_through_a_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.schema.json"), "{}").unwrap();
    let said = compare(&folder.path().join("x.schema.json/y"), Path::new(".")).unwrap_err().to_string();
    assert!(said.contains("x.schema.json"), "{said}");
}
