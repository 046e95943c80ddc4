//! Writes the TypeScript of this application's topics, or checks it: `generate FOLDER [--check]`.

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let (folder, check) = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [folder] => (Path::new(folder).to_owned(), false),
        [folder, "--check"] => (Path::new(folder).to_owned(), true),
        _ => {
            eprintln!("usage: generate FOLDER [--check]");
            return ExitCode::from(2);
        }
    };
    let registry = settings_app::registry(&folder);
    match if check { registry.check() } else { registry.write() } {
        Ok(report) if check && !report.is_current() => {
            for change in &report.changes {
                eprintln!("{} {}", change.kind, change.path.display());
            }
            eprintln!("the generated TypeScript is not up to date; run `npm run generate`");
            ExitCode::from(1)
        }
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
