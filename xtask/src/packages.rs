//! The arrows between the TypeScript packages, held to by their manifests and by what their sources import.

use crate::repository::root;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const SCOPE: &str = "@statesync/";

/// Which of our packages each package may use; a package that is not named is an adapter of a state library.
const ARROWS: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("core", &["protocol"]),
    ("applier", &["core", "protocol"]),
    ("persistence", &["core", "protocol"]),
    ("react", &["core"]),
    ("electron", &["core", "protocol"]),
    ("web", &["core", "protocol"]),
    ("tauri", &["core", "persistence", "protocol"]),
];
const ADAPTER: &[&str] = &["applier", "core"];

/// Every arrow that the map does not draw, and every import that a manifest does not name.
pub fn faults() -> Vec<String> {
    let packages = root().join("bindings/typescript/packages");
    let mut folders: Vec<_> = fs::read_dir(&packages)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|folder| folder.join("package.json").is_file())
        .collect();
    folders.sort();
    if folders.is_empty() {
        return vec![format!("there are no packages in {}", packages.display())];
    }
    folders.iter().flat_map(|folder| package_faults(folder)).collect()
}

fn package_faults(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let manifest = fs::read_to_string(folder.join("package.json")).unwrap_or_default();
    let manifest: Value = match serde_json::from_str(&manifest) {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("{name}: package.json: {error}")],
    };
    let named: BTreeSet<&str> = ["dependencies", "peerDependencies"]
        .into_iter()
        .filter_map(|member| manifest[member].as_object())
        .flat_map(|list| list.keys().map(String::as_str))
        .collect();
    let allowed = ARROWS.iter().find(|(package, _)| *package == name).map_or(ADAPTER, |(_, allowed)| allowed);
    let wrong_arrows = named
        .iter()
        .filter_map(|used| used.strip_prefix(SCOPE))
        .filter(|used| !allowed.contains(used))
        .map(|used| format!("{SCOPE}{name} uses {SCOPE}{used}; the map draws no such arrow"));
    let unnamed = imports(&folder.join("src"))
        .into_iter()
        .filter(|import| !named.contains(import.as_str()))
        .map(|import| format!("{SCOPE}{name} imports {import}, which its package.json does not name"));
    wrong_arrows.chain(unnamed).collect()
}

/// The packages that the sources of a folder import, dynamically too.
fn imports(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in sources(folder) {
        let text = fs::read_to_string(file).unwrap_or_default();
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])) {
            let mut pieces = ["from \"", "import(\"", "import \""]
                .into_iter()
                .filter_map(|lead| line.split_once(lead).map(|(_, rest)| rest))
                .filter_map(|rest| rest.split_once('"').map(|(specifier, _)| specifier));
            if let Some(specifier) = pieces.next().filter(|specifier| !specifier.starts_with('.')) {
                let parts = if specifier.starts_with('@') { 2 } else { 1 };
                found.insert(specifier.split('/').take(parts).collect::<Vec<_>>().join("/"));
            }
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "ts") {
            files.push(path);
        }
    }
    files
}
