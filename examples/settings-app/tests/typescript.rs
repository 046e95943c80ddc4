//! A change of the Rust types stops the TypeScript build until it is generated again, and then until the code has
//! followed.

use schemars::JsonSchema;
use settings_app::{SETTINGS, registry};
use state_sync_codegen::Registry;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The settings after a programmer has renamed a member.
mod renamed {
    use super::*;

    #[derive(serde::Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct Settings {
        theme: settings_app::Theme,
        text_size: u32,
        recent: Vec<String>,
    }
}

fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web")
}

/// The compiler of the TypeScript workspace, so that there is one installation.
fn tsc(folder: &Path) -> Output {
    let compiler = web().join("../../../bindings/typescript/node_modules/typescript/bin/tsc");
    assert!(compiler.exists(), "TypeScript is not installed: cargo xtask test --only install");
    let mut command = Command::new("node");
    command.arg(compiler).args(["--noEmit", "--project"]).arg(folder);
    command.output().expect("node starts")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn committed_typescript_is_up_to_date_and_compiles() {
    let report = registry(&web().join("src/statesync")).check().unwrap();
    assert!(report.is_current(), "run `npm run generate` in web/: {:?}", report.changes);
    let compiled = tsc(&web());
    assert!(compiled.status.success(), "{}", text(&compiled));
}

#[test]
fn check_of_the_build_tells_by_its_exit_status() {
    let check = |folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_generate"));
        command.arg(folder).arg("--check").output().expect("the generator starts")
    };
    assert_eq!(check(&web().join("src/statesync")).status.code(), Some(0));
    let empty = tempfile::tempdir().unwrap();
    let output = check(empty.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not up to date"));
}

#[test]
fn changed_struct_stops_the_build_until_generated_and_followed() {
    let copy = tempfile::tempdir().unwrap();
    let (source, generated) = (copy.path().join("src/main.ts"), copy.path().join("src/statesync"));
    fs::create_dir_all(copy.path().join("src")).unwrap();
    fs::copy(web().join("tsconfig.json"), copy.path().join("tsconfig.json")).unwrap();
    fs::write(copy.path().join("package.json"), r#"{ "type": "module" }"#).unwrap();
    fs::copy(web().join("src/main.ts"), &source).unwrap();
    registry(&generated).write().unwrap();
    assert!(tsc(copy.path()).status.success());

    // The struct changes: the check, the first half of the build, fails.
    let changed = Registry::new().topic::<renamed::Settings>(SETTINGS).typescript(&generated);
    assert!(!changed.check().unwrap().is_current());

    // Generated: now the compiler points at the code that still uses the old name.
    changed.write().unwrap();
    assert!(changed.check().unwrap().is_current());
    let compiled = tsc(copy.path());
    assert!(!compiled.status.success());
    assert!(text(&compiled).contains("fontSize"), "{}", text(&compiled));

    // The code follows, and all is well.
    let followed = fs::read_to_string(&source).unwrap().replace("fontSize", "textSize");
    fs::write(&source, followed).unwrap();
    let compiled = tsc(copy.path());
    assert!(compiled.status.success(), "{}", text(&compiled));
}
