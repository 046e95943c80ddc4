//! The arrows of ARCHITECTURE.md, held to by the manifests.

use crate::{packages as typescript, repository::cargo, steps::Outcome};
use serde_json::Value;
use std::collections::BTreeSet;

/// Which of our crates each crate may use, outside of its tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("state-sync", &[]),
    ("state-sync-codegen", &["state-sync"]),
    ("state-sync-validate", &["state-sync"]),
    ("state-sync-engine", &["state-sync"]),
    ("state-sync-persistence", &["state-sync", "state-sync-engine"]),
    ("state-sync-conformance", &["state-sync", "state-sync-engine", "state-sync-persistence"]),
    (
        "state-sync-cli",
        &["state-sync", "state-sync-codegen", "state-sync-conformance", "state-sync-validate"],
    ),
    ("xtask", &[]),
];

/// Compares the arrows with the manifests, the default dependencies of the protocol crate with "serde alone",
/// and the stated `rust-version` with what the dependencies state.
pub fn check() -> Outcome {
    let output = match cargo(&["metadata", "--format-version", "1", "--locked"]).output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => return Outcome::Failed(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => return Outcome::Failed(format!("cargo metadata could not be started: {error}")),
    };
    let metadata: Value = match serde_json::from_slice(&output.stdout) {
        Ok(metadata) => metadata,
        Err(error) => return Outcome::Failed(format!("cargo metadata: {error}")),
    };
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let faults =
        [arrows(packages), defaults(packages), rust_version(packages), typescript::faults()].concat();
    if faults.is_empty() { Outcome::Passed } else { Outcome::Failed(faults.join("\n")) }
}

fn find<'a>(packages: &'a [Value], name: &str) -> Option<&'a Value> {
    packages.iter().find(|package| package["name"] == name && package["source"].is_null())
}

/// The names of what a package depends on outside of its tests; `optional` chooses which.
fn dependencies(package: &Value, with_optional: bool) -> BTreeSet<&str> {
    let all = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .filter(|dependency| dependency["kind"].is_null())
        .filter(|dependency| with_optional || dependency["optional"] != true)
        .filter_map(|dependency| dependency["name"].as_str())
        .collect()
}

fn arrows(packages: &[Value]) -> Vec<String> {
    let ours: BTreeSet<_> = ARROWS.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for (name, allowed) in ARROWS {
        let Some(package) = find(packages, name) else {
            faults.push(format!("there is no crate {name}, though the map has it"));
            continue;
        };
        for used in dependencies(package, true).intersection(&ours) {
            if !allowed.contains(used) {
                faults.push(format!("{name} uses {used}; the map draws no such arrow"));
            }
        }
    }
    faults
}

fn defaults(packages: &[Value]) -> Vec<String> {
    let Some(package) = find(packages, "state-sync") else { return Vec::new() };
    let found = dependencies(package, false);
    if found == BTreeSet::from(["serde"]) {
        return Vec::new();
    }
    vec![format!("the protocol crate depends on serde alone by default; its manifest says {found:?}")]
}

fn rust_version(packages: &[Value]) -> Vec<String> {
    let stated = |package: &Value| {
        let text = package["rust_version"].as_str()?;
        let mut parts = text.split('.').map_while(|part| part.parse::<u32>().ok());
        Some((parts.next()?, parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
    };
    let Some(ours) = find(packages, "state-sync").and_then(stated) else {
        return vec!["the protocol crate states no rust-version".to_owned()];
    };
    let newer = packages.iter().filter(|package| stated(package) > Some(ours));
    newer
        .map(|package| {
            format!("{} needs a newer Rust than we state: {}", package["name"], package["rust_version"])
        })
        .collect()
}
