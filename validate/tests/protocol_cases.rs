//! Every golden case of a message gets the verdict that it asks for.

use serde_json::Value;
use state_sync_validate::Validator;
use std::{fs, path::Path};

#[test]
fn golden_cases() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/cases/core");
    let mut judged = 0;
    for group in fs::read_dir(&cases).expect("the folder of the cases") {
        let group = group.expect("an entry").path();
        let files = if group.is_dir() { fs::read_dir(&group).expect("a folder") } else { continue };
        for file in files {
            let text = fs::read_to_string(file.expect("an entry").path()).expect("a file of cases");
            let document: Value = serde_json::from_str(&text).expect("JSON");
            for case in document["cases"].as_array().expect("cases") {
                judged += usize::from(judge(case));
            }
        }
    }
    assert!(judged > 100, "only {judged} cases decode a message");
}

/// Whether the case decodes a message.
fn judge(case: &Value) -> bool {
    let input = &case["input"];
    let Some(name) = input["type"].as_str().filter(|_| case["op"] == "message.decode") else { return false };
    let text = input["text"].as_str().map_or_else(|| input["value"].to_string(), str::to_owned);
    let validator = Validator::for_type(name).expect("a type of the protocol");
    let found = validator.validate(text.as_bytes()).err().map(|findings| findings[0].clone());
    let expected = case["expect"]["error"].as_object();
    let got = found.as_ref().map(|finding| (finding.code, finding.pointer.as_str()));
    let asked = expected.map(|error| {
        (error["code"].as_str().unwrap_or_default(), error["pointer"].as_str().unwrap_or_default())
    });
    assert_eq!(got, asked, "{}", case["id"]);
    true
}
