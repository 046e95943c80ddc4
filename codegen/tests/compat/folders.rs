//! Whole folders: which files are compared, and how a change is told.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use state_sync_codegen::compat::{Comparison, Verdict, compare};
use tempfile::TempDir;

/// Writes two folders of files.
fn folders(old: &[(&str, Value)], new: &[(&str, Value)]) -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, files: &[(&str, Value)]| {
        let path = folder.path().join(name);
        for (file, content) in files {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content.to_string()).unwrap();
        }
        path
    };
    let (old, new) = (write("old", old), write("new", new));
    (folder, old, new)
}

fn compared(old: &[(&str, Value)], new: &[(&str, Value)]) -> Comparison {
    let (_folder, old, new) = folders(old, new);
    compare(&old, &new).unwrap()
}

/// Each change as `schema#pointer: what (senders, receivers)`.
fn told(comparison: &Comparison) -> Vec<String> {
    let side = |verdict: Verdict| verdict.as_str();
    let line = |change: &state_sync_codegen::compat::Change| {
        format!(
            "{}#{}: {} ({}, {})",
            change.schema,
            change.pointer,
            change.what,
            side(change.senders),
            side(change.receivers)
        )
    };
    comparison.changes.iter().map(line).collect()
}

#[test]
fn changes_are_told_with_their_place() {
    let old = json!({
        "title": "Settings",
        "type": "object",
        "properties": {
            "theme": { "enum": ["dark", "light"] },
            "size": { "type": "integer", "minimum": 1 },
            "owner": { "$ref": "#/$defs/Owner" },
            "gone": { "type": "string" }
        },
        "required": ["theme"],
        "$defs": { "Owner": { "type": "object", "properties": { "name": { "type": "string" } } } }
    });
    let new = json!({
        "title": "Preferences",
        "type": "object",
        "properties": {
            "theme": { "enum": ["dark", "light", "auto"] },
            "size": { "type": "integer", "minimum": 2 },
            "owner": { "$ref": "#/$defs/Owner" },
            "extra": { "type": "string" }
        },
        "required": ["theme", "size"],
        "$defs": { "Owner": { "type": "object", "properties": { "name": { "type": ["string", "null"] } } } }
    });
    let found = compared(&[("s.schema.json", old)], &[("s.schema.json", new)]);
    let expected = [
        "s.schema.json#/$defs/Owner/properties/name/type: the type was string and is string or null (compatible, breaking)",
        "s.schema.json#/properties/extra: optional member `extra` was added (compatible, compatible)",
        "s.schema.json#/properties/gone: optional member `gone` was removed (compatible, compatible)",
        "s.schema.json#/properties/size: member `size` became required (breaking, compatible)",
        "s.schema.json#/properties/size/minimum: `minimum` was 1 and is 2 (breaking, compatible)",
        "s.schema.json#/properties/theme/enum: `enum` gained \"auto\" (compatible, breaking)",
        "s.schema.json#/title: `title` was reworded (compatible, compatible)",
    ];
    assert_eq!(told(&found), expected);
    assert!(found.is_breaking());
}

#[test]
fn a_branch_is_named_by_its_constant() {
    let variant = |name: &str, extra: Value| {
        let mut properties = json!({ "type": { "const": name } });
        properties.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({ "type": "object", "properties": properties, "required": ["type"] })
    };
    let old = json!({ "oneOf": [variant("clear", json!({})), variant("sync", json!({}))] });
    let new = json!({ "oneOf": [variant("sync", json!({ "id": { "type": "string" } })), variant("reset", json!({})), variant("clear", json!({}))] });
    let found = compared(&[("m.schema.json", old)], &[("m.schema.json", new)]);
    let expected = [
        "m.schema.json#/oneOf: the branches of `oneOf` are in another order (compatible, compatible)",
        "m.schema.json#/oneOf/0/properties/id: optional member `id` was added (compatible, compatible)",
        "m.schema.json#/oneOf/1: a branch (type = \"reset\") was added to `oneOf` (compatible, breaking)",
    ];
    assert_eq!(told(&found), expected);
}

#[test]
fn files_are_matched_by_id_and_then_by_name() {
    let named = |id: &str, kind: &str| json!({ "$id": format!("https://a.dev/{id}"), "type": kind });
    let old = [
        ("a.schema.json", named("a", "string")),
        ("b.schema.json", json!({ "type": "string" })),
        ("deep/c.schema.json", json!({ "type": "string" })),
        ("gone.schema.json", json!({ "type": "string" })),
        ("requirements.json", json!([1, 2, 3])),
    ];
    let new = [
        ("b.schema.json", json!({ "type": "integer" })),
        ("deep/c.schema.json", json!({ "type": "string" })),
        ("fresh.schema.json", json!({ "type": "string" })),
        ("moved.schema.json", named("a", "string")),
        ("requirements.json", json!("not compared")),
        ("openapi.json", json!({})),
    ];
    let expected = [
        "b.schema.json#/type: the type was string and is integer (breaking, breaking)",
        "fresh.schema.json#: the schema was added (compatible, compatible)",
        "gone.schema.json#: the schema was removed (breaking, breaking)",
        "moved.schema.json#: the file was called `a.schema.json` (compatible, compatible)",
    ];
    assert_eq!(told(&compared(&old, &new)), expected);
}

#[test]
fn references_go_across_files() {
    let entry = json!({ "$id": "https://a.dev/entry.schema.json", "type": "object", "properties": { "id": { "$ref": "id.schema.json" } } });
    let id = |kind: &str| json!({ "$id": "https://a.dev/id.schema.json", "type": kind });
    let old = [("entry.schema.json", entry.clone()), ("id.schema.json", id("integer"))];
    let new = [("entry.schema.json", entry), ("id.schema.json", id("number"))];
    let expected = ["id.schema.json#/type: the type was integer and is number (compatible, breaking)"];
    assert_eq!(told(&compared(&old, &new)), expected);
}

#[test]
fn the_document_is_stable_json() {
    let files = |kind: &str| [("a.schema.json", json!({ "type": kind }))];
    let found = compared(&files("integer"), &files("number"));
    let expected = json!({
        "version": 1,
        "breaking": true,
        "senders": "compatible",
        "receivers": "breaking",
        "changes": [{
            "schema": "a.schema.json",
            "pointer": "/type",
            "what": "the type was integer and is number",
            "senders": "compatible",
            "receivers": "breaking",
            "reason": "Not all that the new schema allows is known to be allowed by the old one, so an old receiver may refuse what a new sender writes."
        }]
    });
    assert_eq!(serde_json::to_value(&found).unwrap(), expected);
}

#[test]
fn two_files_are_compared_whatever_they_are_called() {
    let schema = |kind: &str| json!({ "type": kind });
    let (_folder, old, new) = folders(
        &[("a.schema.json", schema("string"))],
        &[("b.json", schema("string")), ("c.json", schema("null"))],
    );
    let breaking = |name: &str| compare(&old.join("a.schema.json"), &new.join(name)).unwrap().is_breaking();
    assert!(!breaking("b.json"));
    assert!(breaking("c.json"));
}

#[test]
fn the_protocol_is_compatible_with_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/v1");
    assert_eq!(compare(&folder, &folder).unwrap().changes, []);
}
