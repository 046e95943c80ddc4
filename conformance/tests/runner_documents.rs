//! What the documents of this room show is what is there, and works.

use jsonschema::Validator;
use serde_json::Value;
use state_sync_conformance::{
    built_in::Surroundings,
    expected_failures::ExpectedFailures,
    harness::{HARNESS_SCHEMA, Limits},
    judge::{FailureKind, Verdict, judge},
    progress::Quiet,
    report::terminal,
    requirements::Requirements,
    result::{Conclusion, RESULT_SCHEMA},
    run::{Requested, RunOptions, run},
    rust_adapter,
    suite::{CASE_SCHEMA, Suite},
};
use std::{collections::BTreeMap, fs, path::Path, process::Command};

fn room() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    let path = room().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fenced blocks of a document: what stands behind the fence, and the text.
fn blocks(document: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let text = read(document);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info.to_owned(), text.join("\n") + "\n"));
        }
    }
    blocks
}

fn validator(schema: &str, definition: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    schema["$ref"] = format!("#/$defs/{definition}").into();
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn the_page_shows_the_adapters_as_they_are() {
    let shown: BTreeMap<_, _> = blocks("connect.md")
        .into_iter()
        .filter_map(|(info, text)| Some((info.split_once("file=")?.1.to_owned(), text)))
        .collect();
    let files = fs::read_dir(room().join("connect")).unwrap().flatten();
    let there: BTreeMap<_, _> = files
        .map(|entry| format!("connect/{}", entry.file_name().to_string_lossy()))
        .filter(|file| !file.contains("__pycache__"))
        .map(|file| (file.clone(), read(&file)))
        .collect();
    assert_eq!(shown, there);
}

#[test]
fn the_adapters_run_and_fail_nothing() {
    let installed =
        |tool: &str| Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    for (tool, file) in [("python3", "connect/adapter.py"), ("node", "connect/adapter.mjs")] {
        if !installed(tool) {
            eprintln!("{tool} is not installed, so {file} was not run");
            continue;
        }
        let options = RunOptions {
            implementations: vec![Requested::Command(format!("{tool} '{}'", room().join(file).display()))],
            profile: None,
            case: None,
            jobs: None,
            limits: Limits::default(),
            expected_failures: ExpectedFailures::default(),
            cases: None,
            surroundings: Surroundings { own_program: "state-sync".into(), repository: None },
            rerun: vec!["state-sync".into(), "conformance".into(), "run".into()],
        };
        let result = run(&options, &Quiet).unwrap();
        assert_eq!(result.conclusion, Conclusion::Passed, "{file}: {}", terminal(&result));
        let totals = result.totals();
        assert!(totals.passed > 200, "{file}: all operations on revisions are answered");
        assert!(totals.not_implemented > 200, "{file}: and the others are not");
    }
}

#[test]
fn the_lines_of_the_page_keep_to_the_schema() {
    let mut seen = 0;
    for (info, text) in blocks("connect.md") {
        let Some(definition) = info.strip_prefix("json ") else { continue };
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(validator(HARNESS_SCHEMA, definition).is_valid(&value), "{definition}: {text}");
        seen += 1;
    }
    assert_eq!(seen, 5);
}

#[test]
fn the_script_of_the_page_is_a_case() {
    let blocks = blocks("scripts.md");
    let cases: Vec<_> = blocks.iter().filter(|(info, _)| info == "json case").collect();
    let [(_, text)] = cases[..] else { panic!("one example") };
    let read = |text: String| {
        let files = BTreeMap::from([("engine/pulls/requested.json".to_owned(), text.into_bytes())]);
        Suite::of_files(files, &Requirements::embedded()).map_err(|error| error.to_string())
    };
    let suite = read(text.clone()).unwrap();
    let request = suite.cases[0].request(1);
    assert_eq!(request.op, "engine.run");
    assert!(suite.cases[0].expected_value().unwrap().is_array());
    // What the page tells is what happens.
    assert_eq!(judge(&suite.cases[0], &rust_adapter::answer(&request)), Verdict::Passed);
    // The form is strict: a mistake in a script is found before it is played.
    for (right, wrong) in [
        ("\"call\": \"start\"", "\"call\": \"begin\""),
        ("\"at\": 10", "\"at\": -10"),
        ("\"resolve\": null } },", "\"resolves\": null } },"),
        ("\"settle\": \"apply\"", "\"settle\": \"applied\""),
        ("{ \"event\":", "{ \"events\":"),
        ("\"trace\"", "\"ok\""),
        ("\"settled\": \"start\", \"number\": 1, ", "\"settled\": \"start\", "),
        ("\"options\": { \"topic\": \"settings\",", "\"options\": {"),
    ] {
        assert!(text.contains(right), "{right}");
        assert!(read(text.replacen(right, wrong, 1)).is_err(), "{wrong}");
    }
}

#[test]
fn the_kinds_of_failures_are_the_same_everywhere() {
    let (page, schema) = (read("connect.md"), serde_json::from_str::<Value>(RESULT_SCHEMA).unwrap());
    let of_schema = &schema["$defs"]["details"]["properties"]["failure"]["properties"]["kind"]["enum"];
    assert_eq!(*of_schema, serde_json::json!(FailureKind::ALL));
    for kind in FailureKind::ALL {
        assert!(page.contains(&format!("`{kind}`")), "connect.md does not tell {kind}");
    }
}

#[test]
fn the_codes_and_messages_of_the_case_schema_are_those_of_the_protocol() {
    let schema: Value = serde_json::from_str(CASE_SCHEMA).unwrap();
    let codes = &schema["$defs"]["expect"]["properties"]["error"]["properties"]["code"]["enum"];
    let known: Vec<_> = state_sync::ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(*codes, serde_json::json!(known));
    let mut messages: Vec<_> = serde_json::from_value::<Vec<String>>(
        schema["$defs"]["message"]["properties"]["type"]["enum"].clone(),
    )
    .unwrap();
    let mut known = state_sync::json::message_names().into_iter().collect::<Vec<_>>();
    messages.sort();
    known.sort_unstable();
    assert_eq!(messages, known);
}

#[test]
fn the_paths_of_the_map_exist() {
    let readme = read("README.md");
    let rows = readme.lines().filter(|line| line.starts_with("| `") || line.starts_with("| ["));
    let mut seen = 0;
    for row in rows {
        let paths = row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2);
        for path in paths {
            let path = path.split_once('<').map_or(path, |(folder, _)| folder);
            assert!(room().join(path).exists(), "README.md names {path}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} paths");
}
