//! The `state-sync` command. It parses arguments and prints; what it does is done by the libraries.
//!
//! Exit status, for every subcommand: 0 nothing to report, 1 something was found, 2 it could not run.

mod compat;
mod conformance;
mod generate;
mod harness;
mod terminal;
mod validate;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  state-sync generate                                  your topics, as types
  state-sync validate --topic settings snapshot.json   what you send
  state-sync compat schemas/released schemas           before a release
  state-sync conformance run --cmd 'python3 mine.py'   your implementation

Exit status: 0 nothing to report, 1 something was found, 2 it could not run.";

const COMPLETIONS: &str = "\
Examples:
  eval \"$(state-sync completions bash)\"     in ~/.bashrc
  state-sync completions zsh > ~/.zfunc/_state-sync
  state-sync completions fish > ~/.config/fish/completions/state-sync.fish";

#[derive(Parser)]
#[command(name = "state-sync", version, max_term_width = 100)]
#[command(about = "One piece of state, the same in every window, tab, process and machine")]
#[command(after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Generate(generate::Arguments),
    Compat(compat::Arguments),
    Validate(validate::Arguments),
    Conformance(conformance::Arguments),
    /// Answer the requests of the conformance suite with the Rust implementation
    #[command(hide = true)]
    Harness(harness::Arguments),
    /// Print the completions of a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
}

fn main() -> ExitCode {
    let status = match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Compat(arguments) => compat::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Harness(arguments) => harness::run(&arguments),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "state-sync", &mut text);
            terminal::print(&String::from_utf8_lossy(&text));
            ExitCode::SUCCESS
        }
    };
    terminal::concluded(status)
}
