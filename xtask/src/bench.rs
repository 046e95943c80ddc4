//! `cargo xtask bench`: speed and size, each beside a peer in the same run. Figures are printed, never asserted.

use crate::{
    repository::{cargo, program, root, target},
    steps::{Outcome, capture, pass_through},
};
use anstream::{eprintln, println};
use std::process::{Command, ExitCode};

const NAMES: [&str; 8] =
    ["generate", "guards", "validate", "conformance", "engine", "engine-rust", "persistence", "sizes"];
const PACKAGES: &str = "bindings/typescript";
const FOLDER: &str = "bindings/typescript/bench";

/// What to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Run these benchmarks alone; all, where none is named.
    #[arg(value_parser = NAMES)]
    names: Vec<String>,
}

/// Runs the benchmarks that the options choose; each prints JSON.
pub fn run(options: &Options) -> ExitCode {
    let chosen = |name: &&str| options.names.is_empty() || options.names.iter().any(|chosen| chosen == name);
    let chosen: Vec<_> = NAMES.into_iter().filter(chosen).collect();
    for step in set_up(&chosen) {
        if let Outcome::Failed(output) = capture(step) {
            eprintln!("{output}");
            return ExitCode::from(2);
        }
    }
    let mut outcome = ExitCode::SUCCESS;
    for name in chosen {
        println!("# {name}");
        if pass_through(benchmark(name)) != ExitCode::SUCCESS {
            outcome = ExitCode::FAILURE;
        }
    }
    outcome
}

/// What has to be there: the command in its release build, and the peers.
fn set_up(chosen: &[&str]) -> Vec<Command> {
    let mut steps = vec![cargo(&["build", "--release", "--locked", "--package", "state-sync-cli"])];
    let any = |names: &[&str]| chosen.iter().any(|name| names.contains(name));
    if any(&["generate", "guards", "engine", "persistence"])
        && !root().join(FOLDER).join("node_modules").is_dir()
    {
        steps.push(program("npm", FOLDER, &["ci", "--no-audit", "--no-fund"]));
    }
    if any(&["engine", "persistence", "sizes"]) {
        if !root().join(PACKAGES).join("node_modules").is_dir() {
            steps.push(program("npm", PACKAGES, &["ci", "--no-audit", "--no-fund"]));
        }
        steps.push(program("npm", PACKAGES, &["run", "build"]));
    }
    steps
}

fn benchmark(name: &str) -> Command {
    let state_sync = target().join("release").join("state-sync");
    let mut command = match name {
        "generate" => program("node", FOLDER, &["generate.mjs"]),
        "guards" => program("node", FOLDER, &["guards.mjs"]),
        "engine" => program("node", FOLDER, &["engine.mjs"]),
        "persistence" => program("node", FOLDER, &["persistence.mjs"]),
        "sizes" => program("node", PACKAGES, &["tools/size.mjs"]),
        "validate" => rust_benchmark("state-sync-validate"),
        "engine-rust" => rust_benchmark("state-sync-engine"),
        _ => program(&state_sync.to_string_lossy(), "", &["conformance", "run", "--impl", "rust"]),
    };
    command.env("STATE_SYNC", state_sync);
    command
}

fn rust_benchmark(package: &str) -> Command {
    cargo(&["run", "--release", "--locked", "--package", package, "--example", "bench"])
}
