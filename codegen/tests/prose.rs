//! The prose of the specification holds to its own form, and its examples do what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use state_sync::{ErrorCode, json};
use state_sync_codegen::requirements::{Expectation, Level, ProseError, examples, extract};

fn prose() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/text");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder of the prose") {
        let path = entry.expect("an entry of the folder").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_name().expect("a file has a name").to_string_lossy();
            files.push((
                format!("spec/text/{name}"),
                fs::read_to_string(&path).expect("a chapter is readable"),
            ));
        }
    }
    assert!(!files.is_empty(), "no chapters in {}", folder.display());
    files
}

fn chapter(name: &str) -> String {
    let found = prose().into_iter().find(|(file, _)| file.ends_with(name));
    found.unwrap_or_else(|| panic!("no chapter {name}")).1
}

fn listed(errors: Vec<ProseError>) -> String {
    errors.iter().map(|error| format!("\n{error}")).collect()
}

#[test]
fn requirements_are_of_the_form() {
    let found = extract(&prose()).unwrap_or_else(|errors| panic!("{}", listed(errors)));
    let core: BTreeSet<String> = found
        .requirements
        .into_iter()
        .filter(|requirement| requirement.profile == "core" && requirement.level == Level::Must)
        .map(|requirement| requirement.id)
        .collect();
    // The cases and the mutants cite these; one more or one less has to be meant.
    let expected: BTreeSet<String> = [
        ("REV", 8),
        ("TOP", 4),
        ("MSG", 14),
        ("EVT", 1),
        ("EPO", 1),
        ("ENV", 3),
        ("PST", 2),
        ("XTB", 3),
        ("ERC", 2),
        ("ERR", 4),
    ]
    .into_iter()
    .flat_map(|(prefix, count)| (1..=count).map(move |number| format!("{prefix}-{number}")))
    .collect();
    assert_eq!(core, expected);
}

#[test]
fn examples_do_what_they_say() {
    let examples = examples(&prose()).unwrap_or_else(|errors| panic!("{}", listed(errors)));
    assert!(examples.len() >= 25, "only {} examples", examples.len());
    let mut faults = Vec::new();
    for example in &examples {
        let place = format!("{}:{}", example.file, example.line);
        let Some(decoded) = json::decode_named(&example.type_name, &example.text) else {
            faults.push(format!("{place}: there is no message of the name {}", example.type_name));
            continue;
        };
        match (&example.expectation, decoded) {
            (Expectation::Valid, Ok(_)) => {}
            (Expectation::Valid, Err(error)) => faults.push(format!("{place}: refused: {error}")),
            (Expectation::Invalid { .. }, Ok(_)) => faults.push(format!("{place}: accepted")),
            (Expectation::Invalid { code, pointer }, Err(error)) => {
                if (error.code().as_str(), error.pointer()) != (code, pointer) {
                    faults.push(format!("{place}: refused, but not with {code} at {pointer:?}: {error}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_error_code_is_in_the_table() {
    let chapter = chapter("05-errors.md");
    let listed: Vec<&str> = chapter
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(code, _)| code))
        .collect();
    let codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(listed, codes);
}

#[test]
fn chapters_and_table_of_contents_agree() {
    let contents = chapter("README.md");
    for (file, text) in prose().iter().filter(|(file, _)| !file.ends_with("README.md")) {
        let name = file.rsplit('/').next().unwrap_or(file);
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        assert!(contents.contains(&format!("[{title}]({name})")), "the contents lack [{title}]({name})");
    }
}
