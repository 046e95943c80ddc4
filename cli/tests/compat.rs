//! `state-sync compat` from outside: two files, two folders, the exit status and the words at the end.

mod common;

use common::{Outcome, run};
use std::fs;

#[test]
fn two_files_are_compared_whatever_their_names_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    let files = [
        ("old.schema.json", r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#),
        ("same.schema.json", r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#),
        (
            "more.schema.json",
            r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"]}"#,
        ),
        ("less.schema.json", r#"{"type":"object","properties":{"a":{"type":"string"}}}"#),
    ];
    for (name, text) in files {
        fs::write(path.join(name), text).expect("a file");
    }
    for (old, new, status, told, summary) in [
        ("old", "old", 0, "", "no changes\n"),
        ("old", "same", 0, "", "no changes\n"),
        ("old", "more", 0, "compatible more.schema.json#/properties/b", "1 change, not breaking\n"),
        ("old", "less", 1, "breaking less.schema.json#", "1 change, breaking\n"),
    ] {
        let [old, new] = [old, new].map(|name| format!("{name}.schema.json"));
        let Outcome { stdout, stderr, status: found } = run(path, &["compat", &old, &new], b"");
        assert_eq!((found, stderr.as_str()), (status, summary), "{old} {new}\n{stdout}");
        assert!(stdout.contains(told) && !stdout.contains("removed\n"), "{old} {new}\n{stdout}");
    }
}
