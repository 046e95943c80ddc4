//! `state-sync harness`: the far end of the conformance harness, for the implementation that is built in.

use crate::terminal::could_not_run;
use state_sync_conformance::rust_adapter;
use std::{io, process::ExitCode};

/// Answer the requests of the conformance suite.
#[derive(clap::Args)]
pub struct Arguments {
    /// The implementation.
    #[arg(value_parser = ["rust"])]
    implementation: String,
}

/// Runs the subcommand.
pub fn run(_arguments: &Arguments) -> ExitCode {
    match rust_adapter::serve(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => could_not_run(&error),
    }
}
