//! Generates what a configuration asks for, as `state-sync generate` does: `cargo run --example generate -- FILE [--check]`.

use state_sync_codegen::{Mode, generate};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().map_or("state-sync.toml", String::as_str);
    let mode = if arguments.iter().any(|each| each == "--check") { Mode::Check } else { Mode::Write };
    match generate(Path::new(path), mode) {
        Ok(report) => {
            for change in &report.changes {
                println!(
                    "{}: {}\n{}",
                    change.kind,
                    change.path.display(),
                    change.diff.as_deref().unwrap_or_default()
                );
            }
            println!("{} files", report.files);
            ExitCode::from(u8::from(mode == Mode::Check && !report.changes.is_empty()))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
