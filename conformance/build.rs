//! Brings what lies outside of `src` into the program, and makes cargo notice files that are added or removed:
//! `include_dir` alone sees only changes of the files that it knows.

use std::{env, fs, path::Path};

const REQUIREMENTS: &str = "../schema/v1/requirements.json";

fn main() {
    println!("cargo::rerun-if-changed=cases");
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed={REQUIREMENTS}");
    // Before the very first `state-sync generate` there are none, and that command is built with this crate.
    let requirements =
        fs::read_to_string(REQUIREMENTS).unwrap_or_else(|_| r#"{"version":1,"requirements":[]}"#.to_owned());
    let folder = env::var("OUT_DIR").expect("cargo tells OUT_DIR");
    fs::write(Path::new(&folder).join("requirements.json"), requirements).expect("OUT_DIR is written");
}
