//! Reading a folder of schemas.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::node::Document;
use crate::error::{Error, Result};

/// The ending that makes a file a schema here; `requirements.json`, `openapi.json` and the like are none.
const ENDING: &str = ".schema.json";

/// Reads every `*.schema.json` of a folder and of its subfolders in the order of their names, or the one file
/// that `path` names.
///
/// Nesting is bounded by the JSON reader: a file with more than 127 levels is refused, so that nothing after
/// this needs to fear for the stack.
pub(super) fn load(path: &Path) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    if fs::metadata(path).map_err(|error| Error::io("read", path, &error))?.is_dir() {
        folder(path, "", &mut documents)?;
    } else {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        documents.push(read(path, name)?);
    }
    if documents.is_empty() {
        return Err(Error::schema(
            &path.display().to_string(),
            "",
            format!("there is no schema in this folder: a schema's file name ends in `{ENDING}`"),
        ));
    }
    Ok(documents)
}

fn folder(path: &Path, prefix: &str, documents: &mut Vec<Document>) -> Result<()> {
    let failed = |error: &std::io::Error| Error::io("read", path, error);
    let mut entries = fs::read_dir(path)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .map_err(|error| failed(&error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // A link to a folder is not followed, so that a loop of links cannot hold us.
        if entry.file_type().map_err(|error| failed(&error))?.is_dir() {
            folder(&entry.path(), &format!("{name}/"), documents)?;
        } else if name.ends_with(ENDING) {
            documents.push(read(&entry.path(), name)?);
        }
    }
    Ok(())
}

fn read(path: &Path, name: String) -> Result<Document> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| Error::io("read", path, &error))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        Error::schema(
            &shown,
            "",
            format!("it is not UTF-8: byte {} is not part of a character", error.valid_up_to() + 1),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root: Value =
        serde_json::from_str(text).map_err(|error| Error::schema(&shown, "", sentence(&error)))?;
    Ok(Document { name, path: shown, root })
}

fn sentence(error: &serde_json::Error) -> String {
    let said = error.to_string();
    if said.starts_with("recursion limit") {
        format!(
            "it nests too deep at line {} column {}: at most 127 levels are read",
            error.line(),
            error.column()
        )
    } else {
        format!("it is not JSON: {said}")
    }
}
