//! The three outputs agree: every message of the golden cases gets the same verdict from the Rust types, from the
//! generated JSON Schema and from the compiled TypeScript guard.
//!
//! Where they may differ is listed in the prose: a schema and a guard see a parsed value, so what is wrong with
//! the text alone is hidden from them (`DIFFERENCES`).

use jsonschema::Validator;
use serde_json::{Value, json};
use state_sync::json::{decode_named, message_names};
use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The codes of faults that a parsed value does not show; the chapter "Errors" lists the same.
const DIFFERENCES: [&str; 3] = ["invalid-json", "too-deep", "duplicate-member"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate stands one folder below the root")
}

/// Messages to judge: a name of a type and a JSON text.
fn messages() -> Vec<(String, String)> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("the folder of cases").flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.to_string_lossy().ends_with(".json") {
                files.push(path);
            }
        }
    }

    let mut files = Vec::new();
    collect(&root().join("conformance/cases/core"), &mut files);
    files.sort();
    let mut messages = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a case file");
        let content: Value = serde_json::from_str(&text).expect("a case file is JSON");
        for case in content["cases"].as_array().into_iter().flatten() {
            if case["op"] == "message.decode" {
                let input = &case["input"];
                let text = input["text"].as_str().map_or_else(|| input["value"].to_string(), str::to_owned);
                messages.push((input["type"].as_str().expect("a type").to_owned(), text));
            }
        }
    }
    messages
}

fn schema_validators() -> BTreeMap<&'static str, Validator> {
    let text =
        fs::read_to_string(root().join("schema/v1/state-sync.schema.json")).expect("the bundled schema");
    let bundle: Value = serde_json::from_str(&text).expect("the bundled schema is JSON");
    let of = |name: &'static str| {
        let mut schema = bundle.clone();
        schema["$ref"] = json!(format!("#/$defs/{name}"));
        (name, jsonschema::validator_for(&schema).expect("the bundled schema is a schema"))
    };
    message_names()
        .into_iter()
        .chain(["Revision", "Topic", "SafeInteger", "SyncPhase", "Epoch"])
        .map(of)
        .collect()
}

/// The verdicts of the compiled guards, one for each row.
fn guards(rows: &[(String, String)]) -> Vec<bool> {
    let package = root().join("bindings/typescript/packages/protocol");
    assert!(package.join("dist").is_dir(), "the guards are not built: cargo xtask test --only install");
    let script = r#"
        import * as guards from "@statesync/protocol";
        import { createInterface } from "node:readline";
        for await (const line of createInterface({ input: process.stdin })) {
            const [name, text] = JSON.parse(line);
            console.log(guards[`is${name}`](JSON.parse(text)));
        }
    "#;
    let mut node = Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .current_dir(&package)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut stdin = node.stdin.take().expect("a pipe");
    let lines: Vec<_> = rows.iter().map(|(name, text)| json!([name, text]).to_string() + "\n").collect();
    let writer =
        std::thread::spawn(move || lines.iter().try_for_each(|line| stdin.write_all(line.as_bytes())));
    let output = node.wait_with_output().expect("node ends");
    writer.join().expect("the writer ends").expect("node reads all lines");
    let verdicts: Vec<_> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| line == "true").collect();
    assert_eq!(verdicts.len(), rows.len(), "one verdict a line");
    verdicts
}

/// Fails with every row on which the three differ; `serde` is the verdict of the Rust type.
fn assert_agreement(rows: &[(String, String)], serde: &[bool]) {
    let schemas = schema_validators();
    let guards = guards(rows);
    let mut differences = Vec::new();
    for (((name, text), serde), guard) in rows.iter().zip(serde).zip(guards) {
        let value: Value = serde_json::from_str(text).expect("rows are JSON");
        let schema = schemas[name.as_str()].is_valid(&value);
        if *serde != schema || *serde != guard {
            let text: String = text.chars().take(200).collect();
            differences.push(format!("{name}: serde {serde}, schema {schema}, guard {guard}: {text}"));
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_message_of_the_cases_gets_one_verdict() {
    let (mut rows, mut serde) = (Vec::new(), Vec::new());
    let mut hidden = 0;
    for (name, text) in messages() {
        let Some(verdict) = decode_named(&name, &text) else { continue };
        match verdict {
            Err(error) if DIFFERENCES.contains(&error.code().as_str()) => hidden += 1,
            verdict => {
                serde.push(verdict.is_ok());
                rows.push((name, text));
            }
        }
    }
    assert!(rows.len() > 200, "only {} messages were judged", rows.len());
    assert!(hidden > 20, "only {hidden} messages have a fault that a value does not show");
    assert_agreement(&rows, &serde);
}

#[test]
fn every_revision_near_a_boundary_gets_one_verdict() {
    let mut texts =
        vec![String::new(), "-0".into(), "+1".into(), "1e3".into(), "0x10".into(), "1\n".into(), "١".into()];
    let powers = (0..24).map(|power| 10_u128.pow(power)).chain([1 << 53, 1 << 63, 1 << 64, 2 << 64]);
    for boundary in powers {
        for value in boundary.saturating_sub(2)..=boundary + 2 {
            texts.extend([value.to_string(), format!("0{value}"), format!("{value} ")]);
        }
    }
    // Every number that is the maximum up to one digit, and there one more or one less.
    let maximum = u64::MAX.to_string();
    for index in 0..maximum.len() {
        for digit in b'0'..=b'9' {
            for rest in [b'0', b'9'] {
                let mut digits = maximum.clone().into_bytes();
                digits[index] = digit;
                digits[index + 1..].fill(rest);
                texts.push(String::from_utf8(digits).expect("digits are ASCII"));
            }
        }
    }
    let serde: Vec<_> = texts.iter().map(|text| text.parse::<state_sync::Revision>().is_ok()).collect();
    let rows: Vec<_> = texts.iter().map(|text| ("Revision".to_owned(), json!(text).to_string())).collect();
    assert_agreement(&rows, &serde);
}

#[test]
fn every_code_point_as_a_topic_gets_one_verdict() {
    // All of the basic plane, where white space is, and a few points past it.
    let points = (0..=0xffff_u32).chain([0x1_0000, 0x1_f600, 0xe_0001, 0x10_ffff]).filter_map(char::from_u32);
    let topics: Vec<_> =
        points.map(String::from).chain([String::new(), " \u{feff}".into(), " a ".into()]).collect();
    let serde: Vec<_> = topics.iter().map(|topic| state_sync::Topic::new(topic.as_str()).is_ok()).collect();
    let rows: Vec<_> = topics.iter().map(|topic| ("Topic".to_owned(), json!(topic).to_string())).collect();
    assert_agreement(&rows, &serde);
}

#[test]
fn the_prose_lists_the_same_differences() {
    let folder = root().join("spec/text");
    let chapters = fs::read_dir(folder).expect("the prose").flatten();
    let prose: String = chapters.filter_map(|chapter| fs::read_to_string(chapter.path()).ok()).collect();
    for code in DIFFERENCES {
        assert!(prose.contains(&format!("`{code}`")), "the prose does not know {code}");
    }
}
