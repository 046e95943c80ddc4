//! Reads the prose of the specification: its numbered requirements and its executable examples.
//!
//! A requirement is a paragraph that begins with `**REV-1** (MUST, core)`; it ends at the next blank line. An
//! example is a fenced block whose info string is `json InvalidationEvent`, with `invalid=CODE` and `at=POINTER`
//! behind it where the text has to be refused. A line scanner is enough for both, and it knows the line of
//! every fault; a Markdown parser would have to be told about either form all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// The version of the form of [`Requirements`].
pub const VERSION: u32 = 1;

/// The profiles that a requirement can belong to.
pub const PROFILES: [&str; 5] = ["core", "engine", "persistence", "transport", "project"];

/// What stands before a hyphen and a number in prose without being the prefix of an id, as in UTF-8.
const FOREIGN_PREFIXES: [&str; 7] = ["BCP", "ECMA", "IEEE", "ISO", "RFC", "SHA", "UTF"];

/// All requirements of the prose: the content of `requirements.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    /// The generated file's mark, by which a later run knows it for its own.
    #[serde(rename = "$comment", default)]
    pub comment: String,
    /// The version of this form, [`VERSION`].
    pub version: u32,
    /// The requirements in the order of the prose.
    pub requirements: Vec<Requirement>,
}

/// One numbered requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The id, such as `REV-1`.
    pub id: String,
    /// How strong it is.
    pub level: Level,
    /// Whom it concerns: one of [`PROFILES`].
    pub profile: String,
    /// The name of the file that it stands in, without its extension.
    pub chapter: String,
    /// The sentences, in Markdown, on one line.
    pub text: String,
}

/// How strong a requirement is (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// MUST or MUST NOT.
    Must,
    /// SHOULD or SHOULD NOT.
    Should,
    /// MAY.
    May,
}

impl Level {
    /// Every level, the strongest first.
    pub const ALL: [Level; 3] = [Level::Must, Level::Should, Level::May];

    /// The word of RFC 2119.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Must => "MUST",
            Level::Should => "SHOULD",
            Level::May => "MAY",
        }
    }
}

/// A fenced message of the prose that a test can execute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The name of the message.
    pub type_name: String,
    /// The text of the message.
    pub text: String,
    /// What decoding it has to come to.
    pub expectation: Expectation,
    /// The file that it stands in.
    pub file: String,
    /// The line of its opening fence, counted from 1.
    pub line: usize,
}

/// What decoding an [`Example`] has to come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It decodes.
    Valid,
    /// It is refused.
    Invalid {
        /// The error code.
        code: String,
        /// The place, a JSON Pointer.
        pointer: String,
    },
}

/// A fault of the prose: where it is, and a sentence that says what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProseError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for ProseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for ProseError {}

/// Extracts the requirements from the prose, given as pairs of file name and text in any order.
///
/// # Errors
///
/// Every fault that was found: a heading of a requirement that is not of the form, an unknown level or profile, a
/// text without the word of its level or with that of another one, an id given twice, a gap or disorder in the
/// numbers of a prefix, a reference to an id that does not exist.
pub fn extract(prose: &[(String, String)]) -> Result<Requirements, Vec<ProseError>> {
    let mut found = Extraction::default();
    for (file, text) in in_order(prose) {
        found.read(file, text);
    }
    found.check_references();
    if found.errors.is_empty() {
        Ok(Requirements {
            comment: crate::languages::HEADER.to_owned(),
            version: VERSION,
            requirements: found.requirements,
        })
    } else {
        found.errors.sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
        Err(found.errors)
    }
}

/// Extracts the examples from the prose, given as pairs of file name and text in any order.
///
/// # Errors
///
/// Every fault that was found: a block of JSON that names no message, an info string that is not of the form, a
/// fence that is never closed.
pub fn examples(prose: &[(String, String)]) -> Result<Vec<Example>, Vec<ProseError>> {
    let (mut examples, mut errors) = (Vec::new(), Vec::new());
    for (file, text) in in_order(prose) {
        let mut lines = scan(text).peekable();
        while let Some((line, kind, info)) = lines.next() {
            if kind != Kind::Opening {
                continue;
            }
            let mut content = String::new();
            while let Some((_, _, text)) = lines.next_if(|(_, kind, _)| *kind == Kind::Fenced) {
                content.push_str(text);
                content.push('\n');
            }
            let mut fail = |message| errors.push(ProseError { file: file.into(), line, message });
            if lines.next_if(|(_, kind, _)| *kind == Kind::Closing).is_none() {
                fail("this fence is never closed: a line of ``` ends a block".to_owned());
                continue;
            }
            match read_info(info) {
                Ok(None) => {}
                Ok(Some((type_name, expectation))) => {
                    let text = content.trim_end().to_owned();
                    examples.push(Example { type_name, text, expectation, file: file.into(), line });
                }
                Err(message) => fail(message),
            }
        }
    }
    if errors.is_empty() { Ok(examples) } else { Err(errors) }
}

fn in_order(prose: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    let sorted: BTreeMap<&str, &str> =
        prose.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    sorted.into_iter()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Prose,
    Opening,
    Fenced,
    Closing,
}

/// The lines with their numbers and kinds; of an opening fence, the info string in place of the line.
fn scan(text: &str) -> impl Iterator<Item = (usize, Kind, &str)> {
    let mut fence = 0;
    text.lines().enumerate().map(move |(index, line)| {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        let rest = &line[ticks..];
        let (kind, line) = match fence {
            0 if ticks >= 3 => {
                fence = ticks;
                (Kind::Opening, rest)
            }
            0 => (Kind::Prose, line),
            open if ticks >= open && rest.trim().is_empty() => {
                fence = 0;
                (Kind::Closing, line)
            }
            _ => (Kind::Fenced, line),
        };
        (index + 1, kind, line)
    })
}

/// `None` for a block that is no JSON.
fn read_info(info: &str) -> Result<Option<(String, Expectation)>, String> {
    let mut words = info.split_whitespace();
    if words.next() != Some("json") {
        return Ok(None);
    }
    let form = "an example is ```json MESSAGE, or ```json MESSAGE invalid=CODE at=POINTER";
    let Some(type_name) = words.next().filter(|name| !name.contains('=')) else {
        return Err(format!("this block of JSON names no message, so nothing can check it: {form}"));
    };
    let (mut code, mut pointer) = (None, None);
    for word in words {
        let slot = match word.split_once('=') {
            Some(("invalid", value)) => Some((&mut code, value)).filter(|_| !value.is_empty()),
            Some(("at", value)) => Some((&mut pointer, value)),
            _ => None,
        };
        match slot {
            Some((slot @ None, value)) => *slot = Some(value.to_owned()),
            _ => return Err(format!("`{word}` is not understood here: {form}")),
        }
    }
    let expectation = match (code, pointer) {
        (None, None) => Expectation::Valid,
        (None, Some(_)) => return Err(format!("`at=` needs `invalid=` beside it: {form}")),
        (Some(code), pointer) => Expectation::Invalid { code, pointer: pointer.unwrap_or_default() },
    };
    Ok(Some((type_name.to_owned(), expectation)))
}

#[derive(Default)]
struct Extraction {
    requirements: Vec<Requirement>,
    ids: BTreeSet<String>,
    /// The last number of each prefix.
    last: BTreeMap<String, u32>,
    /// Every id that the prose names, with its place.
    references: Vec<(String, String, usize)>,
    errors: Vec<ProseError>,
}

impl Extraction {
    fn read(&mut self, file: &str, text: &str) {
        let mut after_blank = true;
        // The requirement whose paragraph is being read: the place of its heading, and its text so far.
        let mut open: Option<(usize, Requirement)> = None;
        for (line, kind, text) in scan(text) {
            let text = if kind == Kind::Prose { text.trim() } else { "" };
            if text.is_empty() {
                self.close(file, open.take());
                after_blank = true;
                continue;
            }
            self.references.extend(ids_in(text).map(|id| (id.to_owned(), file.to_owned(), line)));
            if let Some((id, rest)) = heading(text) {
                self.close(file, open.take());
                if !after_blank {
                    self.fail(
                        file,
                        line,
                        format!("{id} begins inside of a paragraph; a blank line is needed before it"),
                    );
                }
                open = self.open(file, line, id, rest);
            } else if let Some((_, requirement)) = &mut open {
                requirement.text.push(' ');
                requirement.text.push_str(text);
            }
            after_blank = false;
        }
        self.close(file, open);
    }

    fn open(&mut self, file: &str, line: usize, id: &str, rest: &str) -> Option<(usize, Requirement)> {
        let Some((prefix, number)) = split_id(id) else {
            self.fail(
                file,
                line,
                format!("`{id}` is no id; an id is capital letters, a hyphen and a number, as in REV-1"),
            );
            return None;
        };
        self.number(file, line, id, prefix, number);
        let parts = rest.strip_prefix(" (").and_then(|rest| rest.split_once(") "));
        let Some((level, profile, text)) = parts
            .and_then(|(tags, text)| tags.split_once(", ").map(|(level, profile)| (level, profile, text)))
        else {
            self.fail(file, line, format!("{id} is not followed by its level and profile, as in **{id}** (MUST, core) A receiver MUST …"));
            return None;
        };
        if !PROFILES.contains(&profile) {
            self.fail(
                file,
                line,
                format!("{id} has the profile `{profile}`; profiles are {}", PROFILES.join(", ")),
            );
        }
        let Some(level) = Level::ALL.into_iter().find(|known| known.word() == level) else {
            self.fail(file, line, format!("{id} has the level `{level}`; levels are MUST, SHOULD and MAY"));
            return None;
        };
        let chapter = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".md").to_owned();
        let (id, profile, text) = (id.to_owned(), profile.to_owned(), text.trim().to_owned());
        Some((line, Requirement { id, level, profile, chapter, text }))
    }

    fn number(&mut self, file: &str, line: usize, id: &str, prefix: &str, number: u32) {
        if !self.ids.insert(id.to_owned()) {
            self.fail(file, line, format!("{id} is given twice; every requirement has an id of its own"));
            return;
        }
        let expected = self.last.get(prefix).map_or(1, |last| last + 1);
        self.last.insert(prefix.to_owned(), number);
        if number != expected {
            let message =
                format!("{id} comes where {prefix}-{expected} is due; numbers run without gaps and in order");
            self.fail(file, line, message);
        }
    }

    fn close(&mut self, file: &str, open: Option<(usize, Requirement)>) {
        let Some((line, requirement)) = open else { return };
        let words: BTreeSet<&str> = requirement.text.split(|c: char| !c.is_alphanumeric()).collect();
        for level in Level::ALL {
            let (id, own, word) = (&requirement.id, requirement.level.word(), level.word());
            let message = match (level == requirement.level, words.contains(word)) {
                (true, false) => {
                    format!("{id} has the level {own}, but its text does not hold the word {own}")
                }
                (false, true) => format!(
                    "{id} has the level {own}, but its text holds the word {word}; split it, or use small letters"
                ),
                _ => continue,
            };
            self.fail(file, line, message);
        }
        self.requirements.push(requirement);
    }

    fn check_references(&mut self) {
        for (id, file, line) in std::mem::take(&mut self.references) {
            if !self.ids.contains(&id) {
                self.fail(&file, line, format!("{id} is named here, but there is no requirement of this id"));
            }
        }
    }

    fn fail(&mut self, file: &str, line: usize, message: String) {
        self.errors.push(ProseError { file: file.to_owned(), line, message });
    }
}

/// What stands in bold at the beginning of a line, if it is meant as an id, and what follows it.
fn heading(line: &str) -> Option<(&str, &str)> {
    let (bold, rest) = line.strip_prefix("**")?.split_once("**")?;
    let (_, number) = bold.rsplit_once('-')?;
    number.trim().starts_with(|first: char| first.is_ascii_digit()).then_some((bold, rest))
}

fn split_id(id: &str) -> Option<(&str, u32)> {
    let (prefix, number) = id.split_once('-')?;
    let letters = prefix.len() >= 2 && prefix.bytes().all(|byte| byte.is_ascii_uppercase());
    let digits = !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    (letters && digits).then(|| number.parse().ok()).flatten().map(|number| (prefix, number))
}

/// The ids that a line names.
fn ids_in(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .filter(|word| split_id(word).is_some_and(|(prefix, _)| !FOREIGN_PREFIXES.contains(&prefix)))
}

#[cfg(test)]
#[path = "requirements_tests.rs"]
mod tests;
