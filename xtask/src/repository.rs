//! Where things are, and how the project's own programs are started.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands one folder below the workspace")
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program, started in a folder of the repository.
pub fn program(name: &str, folder: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root().join(folder));
    command
}

/// cargo itself, the one that runs this.
pub fn cargo(arguments: &[&str]) -> Command {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    program(&cargo, "", arguments)
}

/// The `state-sync` command, built with a cargo profile.
pub fn state_sync(profile: &str, arguments: &[&str]) -> Command {
    let mut command =
        cargo(&["run", "--quiet", "--locked", "--package", "state-sync-cli", "--profile", profile, "--"]);
    command.args(arguments);
    command
}

/// Whether a program can be started; what it says of its version, where it can.
pub fn version(name: &str, argument: &str) -> Option<String> {
    let output = Command::new(name).arg(argument).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}
