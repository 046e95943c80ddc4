//! What maintainers run: `cargo xtask test`, `cargo xtask generate`, `cargo xtask bench`.
//!
//! It knows which programs prove what, and in which order; it holds no logic of the project itself.

mod bench;
mod documents;
mod machine;
mod packages;
mod repository;
mod rooms;
mod steps;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Maintenance of the state-sync repository", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prove everything: formats, lints, tests in every language, drift, conformance, mutants, documents.
    Test(test::Options),
    /// Write all generated files anew.
    Generate,
    /// Measure speed and size beside a peer in the same run.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Test(options) => test::run(&options),
        Command::Generate => steps::pass_through(repository::state_sync("dev", &["generate"])),
        Command::Bench(options) => bench::run(&options),
    }
}
