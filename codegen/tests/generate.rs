//! Whole runs: what is committed is what is generated, twice the same bytes, and schemas that are refused.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use state_sync_codegen::config::Config;
use state_sync_codegen::languages::{LANGUAGES, Options, Purpose};
use state_sync_codegen::model::{self, Model, Shape, Source, Type};
use state_sync_codegen::{Mode, Registry, generate};
use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn what_is_committed_is_what_is_generated() {
    for config in ["state-sync.toml", "codegen/tests/keywords/state-sync.toml"] {
        let report = generate(&repository().join(config), Mode::Check).unwrap();
        let changes: Vec<String> =
            report.changes.iter().map(|each| format!("{}: {}", each.kind, each.path.display())).collect();
        assert!(
            report.files > 0 && changes.is_empty(),
            "run `state-sync generate --config {config}`: {changes:#?}"
        );
    }
}

#[test]
fn every_run_gives_the_same_bytes() {
    let path = repository().join("codegen/tests/keywords/state-sync.toml");
    let config = Config::read(&path).unwrap();
    let sources: Vec<Source> = config
        .topics
        .iter()
        .map(|each| Source::read(&each.schema, &each.shown, Some(each.name.clone())).unwrap())
        .collect();
    let backwards: Vec<Source> = sources.iter().rev().cloned().collect();
    let options = Options { purpose: Purpose::Topics, folder: "gen".to_owned() };
    for language in LANGUAGES {
        let render = |sources: &[Source]| {
            let mut files =
                (language.render)(&model::lower(sources, model::Options::default()).unwrap(), &options);
            files.iter_mut().for_each(|each| each.sort());
            files
        };
        let first = render(&sources);
        for _ in 0..3 {
            assert_eq!(render(&sources), first, "{}", language.name);
            assert_eq!(render(&backwards), first, "{}", language.name);
        }
        for file in first.into_iter().flatten() {
            assert!(
                !file.text.contains('\r') && file.text.ends_with('\n'),
                "{}: {}",
                language.name,
                file.path
            );
        }
    }
}

/// The same values that the TypeScript tests use: the table itself must be right.
#[test]
fn the_values_of_the_keyword_table_are_judged_by_another_validator_as_well() {
    let folder = repository().join("codegen/tests/keywords");
    let mut judged = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path
            .file_name()
            .and_then(|each| each.to_str())
            .and_then(|each| each.strip_suffix(".schema.json"))
        else {
            continue;
        };
        let read = |name: String| -> Value {
            serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
        };
        let validator = jsonschema::validator_for(&read(format!("{name}.schema.json"))).unwrap();
        let values = read(format!("{name}.values.json"));
        for valid in values["valid"].as_array().unwrap() {
            assert!(validator.is_valid(valid), "{name} {valid}");
            judged += 1;
        }
        for invalid in values["invalid"].as_array().unwrap() {
            assert!(!validator.is_valid(&invalid["value"]), "{name} {invalid}");
            judged += 1;
        }
    }
    assert!(judged > 100, "{judged}");
}

fn lower(topics: &[(&str, Value)]) -> state_sync_codegen::Result<Model> {
    let source = |(topic, schema): &(&str, Value)| Source {
        name: format!("{topic}.json"),
        schema: schema.clone(),
        topic: Some((*topic).to_owned()),
    };
    model::lower(&topics.iter().map(source).collect::<Vec<_>>(), model::Options::default())
}

#[test]
fn schemas_that_cannot_be_honoured_are_refused_with_the_place_and_the_remedy() {
    for (name, schema, place, remedy) in [
        (
            "unknown keyword",
            json!({"type": "object", "propertys": {}}),
            "#/propertys",
            "was `properties` meant",
        ),
        ("own annotation", json!({"colour": 1}), "#/colour", "`x-`"),
        (
            "unevaluated",
            json!({"unevaluatedProperties": false}),
            "#/unevaluatedProperties",
            "additionalProperties",
        ),
        (
            "deep unknown",
            json!({"properties": {"a": {"items": {"minimun": 1}}}, "type": "object"}),
            "#/properties/a/items/minimun",
            "minimum",
        ),
        (
            "unknown $ref",
            json!({"$ref": "#/$defs/Itm", "$defs": {"Item": {}}}),
            "#/$ref",
            "`#/$defs/Item` is there",
        ),
        ("another file", json!({"$ref": "other.json#/$defs/A"}), "#/$ref", "another document"),
        ("anchor", json!({"$ref": "#name"}), "#/$ref", "JSON Pointer"),
        (
            "circle of two",
            json!({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}),
            "#/$defs/A",
            "circle",
        ),
        ("circle of one", json!({"$ref": "#"}), "#", "circle"),
        (
            "circle by allOf",
            json!({"$ref": "#/$defs/A", "$defs": {"A": {"allOf": [{"$ref": "#/$defs/A"}]}}}),
            "#/$defs/A",
            "circle",
        ),
        ("no schema", json!(5), "#", "object, `true` or `false`"),
        ("type", json!({"type": "strin"}), "#/type", "\"string\""),
        ("items as array", json!({"type": "array", "items": [{}]}), "#/items", "prefixItems"),
        ("draft 4 bound", json!({"minimum": 1, "exclusiveMinimum": true}), "#/exclusiveMinimum", "draft 4"),
        ("pattern", json!({"type": "string", "pattern": "("}), "#/pattern", "regular expression"),
        ("negative length", json!({"type": "string", "minLength": -1}), "#/minLength", "whole number"),
        ("empty enum", json!({"enum": []}), "#/enum", "at least one"),
        ("dialect", json!({"$schema": "http://json-schema.org/draft-04/schema#"}), "#/$schema", "2020-12"),
        ("multiple of nothing", json!({"multipleOf": 0}), "#/multipleOf", "greater than 0"),
        (
            "two types of one name",
            json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/user-name"}, "b": {"$ref": "#/$defs/UserName"}},
                "$defs": {"user-name": {"type": "string"}, "UserName": {"type": "object"}}}),
            "#/$defs/",
            "rename one",
        ),
    ] {
        let error = lower(&[("topic", schema)]).map(|_| ()).unwrap_err().to_string();
        assert!(
            error.starts_with("topic.json") && error.contains(place) && error.contains(remedy),
            "{name}: {error}"
        );
    }
}

#[test]
fn types_get_names_that_say_where_they_are() {
    let schema = json!({"title": "Settings", "type": "object", "properties": {
        "window": {"type": "object", "properties": {"x": {"type": "number"}}},
        "items": {"type": "array", "items": {"type": "object", "required": ["id"]}},
        "shape": {"oneOf": [
            {"type": "object", "properties": {"kind": {"const": "round"}}, "required": ["kind"]},
            {"type": "object", "properties": {"kind": {"const": "flat"}}, "required": ["kind"]},
        ]},
        "mode": {"enum": ["on", "off"]},
    }});
    let model = lower(&[("settings", schema)]).unwrap();
    let names: Vec<&str> = model.types.iter().map(|each| each.name.as_str()).collect();
    let expected = [
        "Settings",
        "SettingsItemsItem",
        "SettingsShape",
        "SettingsShapeFlat",
        "SettingsShapeRound",
        "SettingsWindow",
    ];
    assert_eq!(names, expected);
    let Shape::Object { fields, .. } = &model.get("Settings").unwrap().shape else { panic!("no object") };
    let mode = fields.iter().find(|each| each.name == "mode").unwrap();
    assert_eq!(mode.r#type, Type::Enum { values: vec![json!("on"), json!("off")] });
}

#[test]
fn types_of_several_topics_share_one_namespace() {
    let item = |kind: &str| json!({"type": "object", "properties": {"id": {"type": kind}}});
    let topic = |title: &str, kind: &str| json!({"title": title, "type": "object", "properties": {"item": {"$ref": "#/$defs/Item"}}, "$defs": {"Item": item(kind)}});
    let names = |topics: &[(&str, Value)]| -> Vec<String> {
        lower(topics).unwrap().types.into_iter().map(|each| each.name).collect()
    };
    assert_eq!(names(&[("a", topic("A", "string")), ("b", topic("B", "string"))]), ["A", "B", "Item"]);
    assert_eq!(
        names(&[("a", topic("A", "string")), ("b", topic("B", "integer"))]),
        ["A", "AItem", "B", "BItem"]
    );
    let error =
        lower(&[("a", topic("Same", "string")), ("b", topic("Same", "integer"))]).unwrap_err().to_string();
    assert!(error.contains("`Same`") && error.contains("a.json") && error.contains("title"), "{error}");
}

#[test]
fn a_chain_of_ten_thousand_types_is_no_deeper_than_one() {
    let count = 10_000;
    let definitions: serde_json::Map<String, Value> = (0..count)
        .map(|at| (format!("T{at:05}"), json!({"type": "object", "properties": {"next": {"$ref": format!("#/$defs/T{:05}", (at + 1) % count)}}})))
        .collect();
    let model = lower(&[("chain", json!({"$ref": "#/$defs/T00000", "$defs": definitions}))]).unwrap();
    assert_eq!(model.types.len(), count);
    assert!(model.types.iter().all(|each| each.recursive));
}

mod first {
    #[derive(serde::Serialize, schemars::JsonSchema)]
    pub struct Item {
        pub id: String,
    }
}

mod second {
    #[derive(serde::Serialize, schemars::JsonSchema)]
    pub struct Item {
        pub count: u32,
    }
}

/// What the user has chosen.
#[derive(Serialize, JsonSchema)]
struct Settings {
    /// The size of the text.
    size: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    item: first::Item,
}

#[derive(Serialize, JsonSchema)]
struct Twins {
    first: first::Item,
    second: second::Item,
}

#[test]
fn a_registry_writes_checks_and_tells_what_is_stray() {
    let folder = tempfile::tempdir().unwrap();
    let typescript = folder.path().join("ts");
    let registry = || Registry::new().typescript(&typescript).schema(folder.path().join("schema"));
    let both = registry().topic::<Settings>("settings").topic::<first::Item>("open/items");
    assert!(!both.check().unwrap().is_current());
    both.write().unwrap();
    assert!(both.check().unwrap().is_current());
    let types = fs::read_to_string(typescript.join("types.ts")).unwrap();
    for part in [
        "/** What the user has chosen. */",
        "  name?: string | null;",
        "  \"open/items\": Item;",
        "  settings: Settings;",
    ] {
        assert!(types.contains(part), "{part} in {types}");
    }
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("schema/settings.schema.json")).unwrap())
            .unwrap();
    assert_eq!(schema["properties"]["size"]["maximum"], json!(255));
    assert_eq!(schema["properties"]["size"]["format"], Value::Null);

    let one = registry().topic::<Settings>("settings");
    assert!(
        one.check().unwrap().changes.iter().any(|each| each.path.ends_with("schema/open-items.schema.json"))
    );
    one.write().unwrap();
    assert!(!folder.path().join("schema/open-items.schema.json").exists());
}

#[test]
fn a_registry_refuses_what_would_be_ambiguous() {
    for (registry, part) in [
        (Registry::new().topic::<Settings>(" "), "blank"),
        (Registry::new().topic::<Settings>("a").topic::<Settings>("a"), "given twice"),
        (Registry::new().topic::<Twins>("twins"), "#[schemars(rename"),
        (
            Registry::new().topic::<Settings>("a").language("cobol", "x"),
            "no templates for the language `cobol`",
        ),
    ] {
        let error = registry.render().map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn the_list_of_requirements_is_replaced_when_the_prose_changes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("prose")).unwrap();
    fs::write(
        at("state-sync.toml"),
        "[protocol]\nrequirements = { prose = \"prose\", output = \"requirements.json\" }\n",
    )
    .unwrap();
    for text in ["A reader MUST read.", "A reader MUST read on."] {
        fs::write(at("prose/01-a.md"), format!("# 1. A\n\n**ABC-1** (MUST, core) {text}\n")).unwrap();
        generate(&at("state-sync.toml"), Mode::Write).unwrap();
        assert!(fs::read_to_string(at("requirements.json")).unwrap().contains(text));
    }
}
