//! Documents are tested: their links and paths exist, and the README's commands run.

use crate::{
    repository::{self, root},
    steps::{self, Outcome},
};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The documents whose links and paths are checked.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(root(), &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    const LEFT_OUT: [&str; 4] = ["target", "node_modules", "dist", ".git"];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && !LEFT_OUT.iter().any(|left_out| name == *left_out) {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// Every relative link of every document leads to a file, and every path in backticks of the root's documents
/// that looks like one of ours exists.
pub fn paths() -> Outcome {
    let mut faults = Vec::new();
    for document in documents() {
        let text = match fs::read_to_string(&document) {
            Ok(text) => text,
            Err(error) => return Outcome::Failed(format!("{}: {error}", document.display())),
        };
        let folder = document.parent().expect("a document stands in a folder");
        let at_root = folder == root();
        for event in Parser::new(&text) {
            let (kind, target) = match &event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    ("link", dest_url.as_ref())
                }
                Event::Code(code) if at_root && looks_like_ours(code) => ("path", code.as_ref()),
                _ => continue,
            };
            let file = target.split('#').next().unwrap_or_default();
            let elsewhere = file.is_empty() || file.contains("://") || file.starts_with("mailto:");
            if !elsewhere && !folder.join(file).exists() {
                let document = document.strip_prefix(root()).unwrap_or(&document);
                faults.push(format!("{}: the {kind} {target} leads nowhere", document.display()));
            }
        }
    }
    if faults.is_empty() { Outcome::Passed } else { Outcome::Failed(faults.join("\n")) }
}

/// Whether code in backticks names a file or folder of the repository, going by its first part.
fn looks_like_ours(code: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./@".contains(character);
    let first = code.split('/').next().unwrap_or_default();
    code.contains('/') && code.chars().all(plain) && root().join(first).is_dir()
}

/// Runs the commands of the README: those in fenced blocks of the kind `sh repository` in the repository, those
/// of `sh new-folder` one after the other in one new folder with `state-sync` on the path. Files that the
/// second kind needs stand in blocks whose info string is `<language> file=<name>`.
pub fn commands() -> Outcome {
    let text = match fs::read_to_string(root().join("README.md")) {
        Ok(text) => text,
        Err(error) => return Outcome::Failed(format!("README.md: {error}")),
    };
    let blocks = fenced_blocks(&text);
    let own = |info: &str, commands: &str| info == "sh repository" && !commands.contains("xtask");
    if !blocks.iter().any(|(info, commands)| own(info, commands)) {
        return Outcome::Failed("README.md has no block \"sh repository\" with commands".to_owned());
    }
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return Outcome::Failed(format!("no new folder could be made: {error}")),
    };
    for (info, content) in &blocks {
        let outcome = match info.as_str() {
            // This very test is one of the README's commands; running it from inside would never end.
            "sh repository" if content.contains("cargo xtask") => Outcome::Passed,
            "sh repository" => shell(content, root()),
            "sh new-folder" => shell(content, folder.path()),
            other => match other.split_once(" file=") {
                Some((_, name)) => write(&folder.path().join(name), content),
                None => Outcome::Passed,
            },
        };
        if let Outcome::Failed(_) = outcome {
            return outcome;
        }
    }
    Outcome::Passed
}

fn fenced_blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = true;
                blocks.push((info.to_string(), String::new()));
            }
            Event::Text(content) if open => {
                let (_, block) = blocks.last_mut().expect("a block is open");
                block.push_str(&content);
            }
            Event::End(TagEnd::CodeBlock) => open = false,
            _ => {}
        }
    }
    blocks
}

fn write(path: &Path, content: &str) -> Outcome {
    let folder = path.parent().expect("the file stands in the new folder");
    match fs::create_dir_all(folder).and_then(|()| fs::write(path, content)) {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::Failed(format!("{}: {error}", path.display())),
    }
}

fn shell(commands: &str, folder: &Path) -> Outcome {
    let binaries = repository::target().join("release");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(binaries).chain(env::split_paths(&path)));
    let Ok(path) = path else {
        return Outcome::Failed("the folder of the built commands cannot stand in PATH".to_owned());
    };
    let mut shell = Command::new("sh");
    shell.args(["-eu", "-c", commands]).current_dir(folder).env("PATH", path);
    steps::capture(shell)
}
