//! The example without Rust: what its README says, done.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/topics-toml")
}

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(folder()).output().expect("the program starts")
}

fn assert_success(output: &Output) {
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
}

#[test]
fn generated_files_are_up_to_date_and_compile() {
    assert_success(&run(env!("CARGO_BIN_EXE_state-sync"), &["generate", "--check"]));
    let compiler = "../../bindings/typescript/node_modules/typescript/bin/tsc";
    assert!(folder().join(compiler).exists(), "TypeScript is not installed: cargo xtask test --only install");
    assert_success(&run("node", &[compiler, "--noEmit"]));
}

#[test]
fn examples_are_valid_payloads() {
    let state_sync = env!("CARGO_BIN_EXE_state-sync");
    assert_success(&run(state_sync, &["validate", "--topic", "settings", "examples.ndjson"]));
    let wrong = run(state_sync, &["validate", "--topic", "presence/cursors", "examples.ndjson"]);
    assert_eq!(wrong.status.code(), Some(1));
}
