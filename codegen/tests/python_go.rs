//! What is generated for Python and Go from a schema full of hazards compiles there, and gives for each value the outcome of a
//! table. Where a toolchain is missing the test says so and passes.

use serde_json::{Value, json};
use state_sync_codegen::languages::{Options, OutputFile, Purpose, language};
use state_sync_codegen::model::{self, Model, Source};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const SCHEMA: &str = include_str!("python_go/hazards.schema.json");
const VALUES: &str = include_str!("python_go/values.json");

fn model(sources: &[(&str, Value)]) -> Model {
    let sources: Vec<Source> = sources
        .iter()
        .map(|(topic, schema)| Source {
            name: format!("{topic}.schema.json"),
            schema: schema.clone(),
            topic: Some((*topic).to_owned()),
        })
        .collect();
    model::lower(&sources, model::Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn hazards() -> Model {
    let list = json!({
        "type": "array",
        "items": { "type": "object", "properties": { "loop": { "$ref": "#/$defs/Text" } }, "required": ["loop"] },
        "$defs": { "Text": { "type": "array", "items": { "$ref": "#/$defs/Text" } } },
    });
    let schema = serde_json::from_str(SCHEMA).unwrap();
    model(&[
        ("hazards", schema),
        ("user-profile", list),
        ("class", json!({ "type": "integer", "minimum": 0 })),
    ])
}

fn render(name: &str, model: &Model) -> Result<Vec<OutputFile>, String> {
    let options = Options { purpose: Purpose::Topics, folder: "gen".to_owned() };
    let mut files = (language(name).unwrap().render)(model, &options).map_err(|error| error.to_string())?;
    files.sort();
    Ok(files)
}

fn write(files: &[OutputFile], folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for file in files {
        fs::write(folder.join(&file.path), &file.text).unwrap();
    }
}

/// Whether the program is there; says so where it is not.
fn is_there(program: &str, argument: &str) -> bool {
    let there = Command::new(program).arg(argument).output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: `{program}` is not installed");
    }
    there
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// The texts to read, and the outcome of each.
fn table() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(VALUES).unwrap();
    let rows = document["values"].as_array().unwrap().iter().map(|row| {
        let mut value = document["base"].as_object().unwrap().clone();
        value.extend(row["members"].as_object().unwrap().clone());
        for name in row["without"].as_array().into_iter().flatten() {
            value.remove(name.as_str().unwrap());
        }
        let told = |name: &str| row[name].as_str().unwrap().to_owned();
        (told("name"), Value::Object(value).to_string(), told("expect"))
    });
    rows.collect()
}

fn check_outcomes(command: &mut Command) {
    let table = table();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let texts: String = table.iter().map(|(_, text, _)| format!("{text}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(texts.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let outcomes = String::from_utf8(output.stdout).unwrap();
    let outcomes: Vec<&str> = outcomes.lines().map(str::trim_end).collect();
    assert_eq!(outcomes.len(), table.len());
    for ((name, text, expected), outcome) in table.iter().zip(outcomes) {
        assert_eq!(outcome, expected, "{name}: {text}");
    }
}

#[test]
fn python_runs_and_judges_as_the_table_says() {
    let files = render("python", &hazards()).unwrap();
    if !is_there("python3", "--version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write(&files, &folder.path().join("gen"));
    let drive = folder.path().join("drive.py");
    fs::write(&drive, include_str!("python_go/drive.py.txt")).unwrap();
    run(Command::new("python3")
        .args(["-W", "error", "-m", "compileall", "-q", "gen"])
        .current_dir(folder.path()));
    check_outcomes(Command::new("python3").args(["-W", "error"]).arg(&drive).current_dir(folder.path()));
}

#[test]
fn go_compiles_as_it_is_and_judges_as_the_table_says() {
    let files = render("go", &hazards()).unwrap();
    if !is_there("go", "version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write(&files, &folder.path().join("gen"));
    fs::write(folder.path().join("go.mod"), "module example.com/user\n\ngo 1.22\n").unwrap();
    fs::write(folder.path().join("main.go"), include_str!("python_go/main.go.txt")).unwrap();
    if Command::new("gofmt").stdin(Stdio::null()).output().is_ok() {
        assert_eq!(run(Command::new("gofmt").args(["-l", "-s", "gen"]).current_dir(folder.path())), "");
    }
    run(Command::new("go").args(["vet", "./..."]).current_dir(folder.path()));
    run(Command::new("go").args(["build", "-o", "program", "."]).current_dir(folder.path()));
    check_outcomes(Command::new(folder.path().join("program")).current_dir(folder.path()));
}

#[test]
fn output_is_the_same_every_time() {
    for name in ["python", "go"] {
        let first = render(name, &hazards()).unwrap();
        for _ in 0..3 {
            assert_eq!(render(name, &hazards()).unwrap(), first, "{name}");
        }
        for file in &first {
            assert!(file.text.ends_with('\n') && !file.text.contains('\r'), "{name}: {}", file.path);
            assert!(
                file.text.lines().take(3).any(|line| line.contains("Generated by `state-sync generate`")),
                "{}",
                file.path
            );
        }
    }
}

#[test]
fn what_cannot_be_said_is_refused_with_a_sentence() {
    let pattern = |pattern: &str| json!({ "type": "object", "properties": { "a": { "type": "string", "pattern": pattern } } });
    let twice = json!({
        "type": "object",
        "properties": { "a": { "$ref": "#/$defs/HttpThing" }, "b": { "$ref": "#/$defs/HTTPThing" } },
        "$defs": { "HttpThing": { "type": "string" }, "HTTPThing": { "type": "integer" } },
    });
    let constant = json!({
        "type": "object",
        "properties": { "a": { "$ref": "#/$defs/Theme" }, "b": { "$ref": "#/$defs/ThemeDark" } },
        "$defs": { "Theme": { "enum": ["dark"] }, "ThemeDark": { "type": "integer" } },
    });
    for (name, schema, expected) in [
        ("python", pattern("(?<=a)b"), "looks behind"),
        ("go", pattern("(?=a)b"), "looks ahead"),
        ("go", pattern(r"(a)\1"), "refers back"),
        ("python", pattern(r"\p{L}"), "Unicode property"),
        ("go", pattern("a{2000}"), "more than 1000 times"),
        ("python", twice, "would both be parsed by `parse_http_thing`"),
        ("go", constant, "would both be called `ThemeDark`"),
    ] {
        let message = render(name, &model(&[("topic", schema)])).unwrap_err();
        assert!(message.contains(expected), "{name}: {message}");
        assert!(message.contains("topic.schema.json"), "{name}: {message}");
    }
}

#[test]
fn documentation_cannot_break_out_of_its_comment() {
    let docs = "end */ \"\"\" ''' ` \u{202e} \u{0} \r next\u{2028}line\n\n\n\ttab\n1. one\n# two\n//go:build x\n+build y\\";
    let schema = json!({
        "description": docs, "type": "object",
        "properties": { "a": { "description": docs, "enum": ["x"] }, "b": { "$ref": "#/$defs/B" } },
        "$defs": { "B": { "description": docs, "oneOf": [{ "const": "x", "description": docs }, { "const": "y" }] } },
    });
    let model = model(&[("topic", schema)]);
    let folder = tempfile::tempdir().unwrap();
    for name in ["python", "go"] {
        write(&render(name, &model).unwrap(), &folder.path().join(name));
    }
    if is_there("python3", "--version") {
        run(Command::new("python3").args(["-W", "error", "-c", "import python"]).current_dir(folder.path()));
    }
    if is_there("go", "version") {
        fs::write(folder.path().join("go.mod"), "module example.com/user\n\ngo 1.22\n").unwrap();
        run(Command::new("go").args(["vet", "./go"]).current_dir(folder.path()));
        if Command::new("gofmt").stdin(Stdio::null()).output().is_ok() {
            assert_eq!(run(Command::new("gofmt").args(["-l", "go"]).current_dir(folder.path())), "");
        }
    }
}
