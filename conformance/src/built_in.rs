//! The implementations of this repository: how each is started, and what has to be built before.
//!
//! Building is done only where it is stale, under a lock, so that two runs at once do not tread on each other.

use crate::{harness::Program, progress::Progress};
use std::{
    env, fs,
    fs::File,
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::SystemTime,
};

/// Their names.
pub const BUILT_IN: [&str; 4] = ["rust", "typescript", "python", "go"];

/// What an implementation of this repository came to.
#[derive(Debug, PartialEq)]
pub enum Prepared {
    /// It can be started.
    Ready(Program),
    /// It cannot be tried here, and why: that is said, and is no failure.
    Skipped(String),
    /// It could not be built, and what the tool said.
    Broken(String),
}

/// Where the runner is.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The `state-sync` program, which holds the Rust implementation.
    pub own_program: PathBuf,
    /// The checkout that holds the bindings, where there is one.
    pub repository: Option<PathBuf>,
}

impl Surroundings {
    /// This program, and the checkout that the current folder is in.
    ///
    /// # Errors
    ///
    /// Where the operating system does not tell.
    pub fn here() -> io::Result<Self> {
        let folder = env::current_dir()?;
        let repository = folder.ancestors().find(|folder| folder.join("conformance/profiles.json").is_file());
        Ok(Self { own_program: env::current_exe()?, repository: repository.map(Path::to_owned) })
    }
}

/// One command that has to have run, and what it depends on.
struct Step {
    /// Names the stamp that tells when it has run. Without it, the age of what it makes tells.
    name: Option<&'static str>,
    words: Vec<String>,
    /// Relative to the folder of the binding.
    depends_on: &'static [&'static str],
    /// What it makes, which must be there, relative to the folder of the binding.
    makes: PathBuf,
}

/// How one language is built and started.
struct Recipe {
    folder: &'static str,
    tool: &'static str,
    steps: Vec<Step>,
    words: Vec<String>,
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
const TYPESCRIPT_HARNESS: &str = "harness/harness.mjs";

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn recipe(name: &str, workshop: &Path) -> Option<Recipe> {
    let go_harness = workshop.join(if cfg!(windows) { "go-harness.exe" } else { "go-harness" });
    let go_harness_text = go_harness.to_string_lossy().into_owned();
    Some(match name {
        "typescript" => Recipe {
            folder: "bindings/typescript",
            tool: "node",
            steps: vec![
                Step {
                    name: None,
                    words: words(&[NPM, "ci", "--no-audit", "--no-fund"]),
                    depends_on: &["package-lock.json"],
                    // npm writes this one last, so an install that was broken off is done again.
                    makes: "node_modules/.package-lock.json".into(),
                },
                Step {
                    name: Some("typescript-build"),
                    words: words(&[
                        NPM,
                        "run",
                        "build",
                        "--workspace=@statesync/protocol",
                        "--workspace=@statesync/core",
                        "--workspace=@statesync/persistence",
                    ]),
                    depends_on: &[
                        "package-lock.json",
                        "package.json",
                        "tsconfig.base.json",
                        "tools",
                        "packages/protocol",
                        "packages/core",
                        "packages/persistence",
                    ],
                    makes: "packages/persistence/dist/cjs/index.js".into(),
                },
            ],
            words: words(&["node", TYPESCRIPT_HARNESS]),
        },
        "python" => Recipe {
            folder: "bindings/python",
            tool: PYTHON,
            steps: vec![],
            words: words(&[PYTHON, "-m", "statesync.harness"]),
        },
        "go" => Recipe {
            folder: "bindings/go",
            tool: "go",
            steps: vec![Step {
                name: Some("go-build"),
                words: words(&["go", "build", "-o", &go_harness_text, "./cmd/harness"]),
                depends_on: &["."],
                makes: go_harness,
            }],
            words: vec![go_harness_text],
        },
        _ => return None,
    })
}

/// Makes a built-in implementation ready.
pub fn prepare(name: &str, surroundings: &Surroundings, progress: &dyn Progress) -> Prepared {
    if name == "rust" {
        let program = surroundings.own_program.to_string_lossy().into_owned();
        return Prepared::Ready(Program {
            words: vec![program, "harness".into(), "rust".into()],
            folder: None,
        });
    }
    let Some(repository) = &surroundings.repository else {
        return Prepared::Skipped("this is no checkout of state-sync, which has its sources".to_owned());
    };
    let workshop = repository.join("target/conformance");
    let Some(recipe) = recipe(name, &workshop) else {
        return Prepared::Broken(format!("no implementation is built in under the name {name}"));
    };
    let folder = repository.join(recipe.folder);
    if !folder.is_dir() {
        return Prepared::Skipped(format!("{} does not exist", folder.display()));
    }
    if !can_start(recipe.tool) {
        return Prepared::Skipped(format!("{} is not installed", recipe.tool));
    }
    match build(name, &recipe, &folder, &workshop, progress) {
        Ok(()) => Prepared::Ready(Program { words: recipe.words, folder: Some(folder) }),
        Err(problem) => Prepared::Broken(problem),
    }
}

/// Whether a program is there, and does more than to say that it is not: version managers leave such stubs.
fn can_start(tool: &str) -> bool {
    let argument = if tool == "go" { "version" } else { "--version" };
    let mut command = Command::new(tool);
    command.arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn build(
    name: &str,
    recipe: &Recipe,
    folder: &Path,
    workshop: &Path,
    progress: &dyn Progress,
) -> Result<(), String> {
    if recipe.steps.is_empty() {
        return Ok(());
    }
    let failed = |error: io::Error| format!("{}: {error}", workshop.display());
    fs::create_dir_all(workshop).map_err(failed)?;
    let _lock = lock(&workshop.join(format!("{name}.lock"))).map_err(failed)?;
    for step in &recipe.steps {
        let stamp = step.name.map(|name| workshop.join(format!("{name}.stamp")));
        if is_fresh(stamp.as_deref(), step, folder) {
            continue;
        }
        // What changes while it is built is built again the next time: the stamp is as old as the beginning.
        let begun = SystemTime::now();
        progress.preparing(name, &step.words.join(" "));
        run(step, folder)?;
        if let Some(stamp) = stamp {
            let stamped = File::create(&stamp).and_then(|file| file.set_modified(begun));
            stamped.map_err(|error| format!("{}: {error}", stamp.display()))?;
        }
    }
    Ok(())
}

fn is_fresh(stamp: Option<&Path>, step: &Step, folder: &Path) -> bool {
    let made = folder.join(&step.makes);
    let Some(built) = modified(stamp.unwrap_or(&made)) else { return false };
    made.exists()
        && step.depends_on.iter().all(|path| newest(&folder.join(path)).is_none_or(|changed| changed < built))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// When the youngest file of a folder was changed, without what is built or installed there.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return modified(path);
    }
    let entries = fs::read_dir(path).ok()?.flatten();
    let (built, sources): (Vec<_>, Vec<_>) =
        entries.partition(|entry| ["node_modules", "dist"].iter().any(|name| entry.file_name() == *name));
    // A folder changes when a file in it goes, but also when what is built in it is made anew.
    let own = if built.is_empty() { modified(path) } else { None };
    sources.iter().filter_map(|entry| newest(&entry.path())).chain(own).max()
}

fn run(step: &Step, folder: &Path) -> Result<(), String> {
    let shown = step.words.join(" ");
    let output = Command::new(&step.words[0])
        .args(&step.words[1..])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{shown}: could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = ends(String::from_utf8_lossy(&said).trim_end());
    Err(format!("in {}, {shown} failed ({}):\n{said}", folder.display(), output.status))
}

/// The beginning and the end of what a tool said: the reason stands in one of them.
fn ends(text: &str) -> String {
    const KEPT: usize = 12;
    let lines: Vec<_> = text.lines().collect();
    if lines.len() <= 2 * KEPT {
        return text.to_owned();
    }
    let (first, last) = (&lines[..KEPT], &lines[lines.len() - KEPT..]);
    format!("{}\n… {} lines …\n{}", first.join("\n"), lines.len() - 2 * KEPT, last.join("\n"))
}

/// Waits until nobody else builds the same; the lock goes with the file that is returned.
fn lock(path: &Path) -> io::Result<File> {
    let file = File::create(path)?;
    #[cfg(unix)]
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Quiet;

    #[test]
    fn what_is_not_here_is_skipped_with_the_reason() {
        let empty = tempfile::tempdir().unwrap();
        let surroundings = |repository: Option<&Path>| Surroundings {
            own_program: "s".into(),
            repository: repository.map(Path::to_owned),
        };
        for (name, repository, expected) in [
            ("typescript", None, "no checkout"),
            ("go", Some(empty.path()), "does not exist"),
            ("python", Some(empty.path()), "bindings/python"),
        ] {
            match prepare(name, &surroundings(repository), &Quiet) {
                Prepared::Skipped(reason) => assert!(reason.contains(expected), "{reason}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        assert!(matches!(prepare("rust", &surroundings(None), &Quiet), Prepared::Ready(_)));
        assert!(!can_start("a-program-that-nobody-has"));
    }

    #[test]
    fn steps_run_where_they_are_stale_and_only_there() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::create_dir(folder.join("sources")).unwrap();
        fs::write(folder.join("sources/source"), "1").unwrap();
        let step = Step {
            name: Some("step"),
            words: words(&[
                "sh",
                "-c",
                "echo x >> log; rm -rf sources/dist; mkdir sources/dist; touch sources/dist/made",
            ]),
            depends_on: &["sources"],
            makes: "sources/dist/made".into(),
        };
        let recipe = Recipe { folder: "", tool: "sh", steps: vec![step], words: vec![] };
        let runs = || {
            build("test", &recipe, folder, &folder.join("workshop"), &Quiet).unwrap();
            fs::read_to_string(folder.join("log")).unwrap().lines().count()
        };
        let touch = |when| {
            File::options().write(true).open(folder.join("sources/source")).unwrap().set_modified(when)
        };
        touch(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!((runs(), runs()), (1, 1));
        fs::remove_file(folder.join("sources/dist/made")).unwrap();
        assert_eq!((runs(), runs()), (2, 2));
        touch(SystemTime::now()).unwrap();
        assert_eq!(runs(), 3);
        let failing = Recipe {
            steps: vec![Step {
                name: Some("fails"),
                words: words(&["sh", "-c", "echo why >&2; exit 3"]),
                depends_on: &[],
                makes: "nothing".into(),
            }],
            ..recipe
        };
        let problem = build("test", &failing, folder, &folder.join("workshop"), &Quiet).unwrap_err();
        assert!(problem.contains("why") && problem.contains("exit status: 3"), "{problem}");
    }
}
