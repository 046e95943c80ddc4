//! The labelled corpus: what each edit does to senders and receivers that still follow the old schema.

use std::fs;
use std::path::Path;

use serde_json::Value;
use state_sync_codegen::compat::{Comparison, Verdict, compare};

/// One labelled edit. The label is the truth by the definition in the module's documentation, not what the tool says.
pub struct Edit {
    /// Unique; names the edit.
    pub name: String,
    /// The schema before.
    pub old: Value,
    /// The schema after.
    pub new: Value,
    /// The label for old senders.
    pub senders: Verdict,
    /// The label for old receivers.
    pub receivers: Verdict,
    /// Some compatible direction is known not to be proved.
    pub undecided: bool,
}

/// Every edit of every file, by file and position.
pub fn all() -> Vec<Edit> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat/corpus");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Edit> {
    let group = path.file_stem().unwrap().to_string_lossy().into_owned();
    let rows: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let verdict = |value: &Value| match value.as_str() {
        Some("breaking") => Verdict::Breaking,
        Some("compatible") => Verdict::Compatible,
        other => panic!("a label is `breaking` or `compatible`, not {other:?}"),
    };
    rows.into_iter()
        .map(|row| Edit {
            name: format!("{group}/{}", row["name"].as_str().unwrap()),
            old: row["old"].clone(),
            new: row["new"].clone(),
            senders: verdict(&row["senders"]),
            receivers: verdict(&row["receivers"]),
            undecided: row["undecided"] == Value::Bool(true),
        })
        .collect()
}

/// Compares two schemas through two folders with one file each.
pub fn compare_schemas(old: &Value, new: &Value) -> Comparison {
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = [("old", old), ("new", new)].map(|(name, schema)| {
        let path = folder.path().join(name);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("message.schema.json"), schema.to_string()).unwrap();
        path
    });
    compare(&old, &new).unwrap()
}
