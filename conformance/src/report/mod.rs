//! Reports: each is rendered from the result document and from nothing else.

mod badge;
mod html;
mod junit;
mod terminal;
mod words;

pub use badge::{badge_json, badge_svg};
pub use html::html;
pub use junit::junit;
pub use terminal::terminal;
pub use words::visible;

use crate::result::RunResult;
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page for people.
    Html,
    /// For continuous integration.
    Junit,
    /// The result document itself.
    Json,
    /// A badge for a README: SVG, or the JSON of a shields endpoint where the file's name ends so.
    Badge,
}

/// A report to write: a form and a file, written `html=report.html`.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The form.
    pub format: Format,
    /// The file.
    pub file: PathBuf,
}

impl FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is none of html=FILE, junit=FILE, json=FILE, badge=FILE");
        let (format, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or_else(wrong)?;
        let format = match format {
            "html" => Format::Html,
            "junit" => Format::Junit,
            "json" => Format::Json,
            "badge" => Format::Badge,
            _ => return Err(wrong()),
        };
        Ok(Self { format, file: file.into() })
    }
}

impl Report {
    /// The text of the report.
    pub fn render(&self, result: &RunResult) -> String {
        match self.format {
            Format::Html => html(result),
            Format::Junit => junit(result),
            Format::Json => json(result),
            Format::Badge if self.file.extension().is_some_and(|extension| extension == "json") => {
                badge_json(result)
            }
            Format::Badge => badge_svg(result),
        }
    }

    /// Writes the report; the file is replaced whole or not at all.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written; the error names it.
    pub fn write(&self, result: &RunResult) -> Result<(), ReportError> {
        let failed = |error| ReportError { file: self.file.clone(), error };
        replace(&self.file, self.render(result).as_bytes()).map_err(failed)
    }
}

/// A report that could not be written.
#[derive(Debug)]
pub struct ReportError {
    file: PathBuf,
    error: io::Error,
}

impl fmt::Display for ReportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: the report could not be written: {}", self.file.display(), self.error)
    }
}

impl std::error::Error for ReportError {}

fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    match fs::metadata(file) {
        // A device or a pipe, such as /dev/stdout: a file in its place is not what was meant.
        Ok(there) if !there.is_file() && !there.is_dir() => return fs::write(file, content),
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        _ => {}
    }
    if let Some(folder) = file.parent() {
        if folder.is_file() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        fs::create_dir_all(folder)?;
    }
    let mut name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let replaced = fs::write(&part, content).and_then(|()| fs::rename(&part, file));
    if replaced.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&part);
    }
    replaced
}

/// The result document as text.
pub fn json(result: &RunResult) -> String {
    let text = serde_json::to_string_pretty(result).expect("a result document is JSON");
    text + "\n"
}

#[cfg(test)]
mod tests;
