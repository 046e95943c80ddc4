//! Regular expressions of ECMA-262 (flag `u`), as JSON Schema has them, in the dialects of other languages.
//!
//! The dialects differ in what `\d`, `\s`, `.`, `$` and `\b` mean, so nothing is passed through: every set of characters is
//! worked out and written as plain ranges. What a dialect cannot say is refused, never weakened.

mod sets;

use sets::{DIGITS, LAST, LINE_ENDS, Ranges, SPACE, WORD, complement, normal};

/// A dialect to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Python's `re`, for `str` patterns without flags.
    Python,
    /// Go's `regexp` (RE2).
    Go,
}

/// How often Go lets a quantifier repeat.
const GO_REPEAT: u32 = 1000;

/// Writes `pattern` in `dialect`, or says what cannot be written.
pub(super) fn translate(pattern: &str, dialect: Dialect) -> Result<String, String> {
    let characters = pattern.chars().collect();
    let mut reader = Reader { characters, at: 0, dialect, out: String::new(), repeats: vec![1], last: 1 };
    reader.run()?;
    Ok(reader.out)
}

struct Reader {
    characters: Vec<char>,
    at: usize,
    dialect: Dialect,
    out: String,
    /// For each open group, how often the most repeated thing in it repeats.
    repeats: Vec<u32>,
    /// The same for what was read last.
    last: u32,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek();
        self.at += usize::from(character.is_some());
        character
    }

    fn take_text(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        let matches = self
            .characters
            .get(self.at..self.at + length)
            .is_some_and(|each| each.iter().copied().eq(text.chars()));
        if matches {
            self.at += length;
        }
        matches
    }

    fn run(&mut self) -> Result<(), String> {
        while let Some(character) = self.take() {
            if !matches!(character, '*' | '+' | '?' | '{') {
                self.last = 1;
            }
            match character {
                '^' => self.out.push('^'),
                '$' => self.out.push_str(match self.dialect {
                    Dialect::Python => r"\Z",
                    Dialect::Go => r"\z",
                }),
                '.' => self.write_set(&complement(LINE_ENDS)),
                '(' => self.group()?,
                ')' => {
                    self.last = self.repeats.pop().unwrap_or(1);
                    self.note_repeat();
                    self.out.push(')');
                }
                '|' | '*' | '+' | '?' => self.out.push(character),
                '{' => self.repeat()?,
                '[' => {
                    let set = self.class()?;
                    self.write_set(&set);
                }
                '\\' => self.escape()?,
                other => self.write_character(u32::from(other)),
            }
        }
        Ok(())
    }

    fn note_repeat(&mut self) {
        if let Some(most) = self.repeats.last_mut() {
            *most = (*most).max(self.last);
        }
    }

    fn group(&mut self) -> Result<(), String> {
        self.repeats.push(1);
        let look = [("?=", "(?="), ("?!", "(?!")];
        for (given, written) in look {
            if self.take_text(given) {
                if self.dialect == Dialect::Go {
                    return Err(format!("`({given}` looks ahead, which Go's regular expressions cannot"));
                }
                self.out.push_str(written);
                return Ok(());
            }
        }
        if self.take_text("?<=") || self.take_text("?<!") {
            return Err("it looks behind, which not every language can".to_owned());
        }
        if self.take_text("?<") {
            while self.take().is_some_and(|each| each != '>') {}
        } else if !self.take_text("?:") && self.peek() == Some('?') {
            return Err("it sets flags inside a group, which not every language can".to_owned());
        }
        self.out.push_str("(?:");
        Ok(())
    }

    fn repeat(&mut self) -> Result<(), String> {
        let start = self.at;
        while self.take().is_some_and(|each| each != '}') {}
        let inside: String = self.characters[start..self.at.saturating_sub(1).max(start)].iter().collect();
        let mut most = 1;
        for number in inside.split(',').filter(|each| !each.is_empty()) {
            let count: u32 = number
                .parse()
                .map_err(|_| format!("`{{{inside}}}` is no quantifier this generator can read"))?;
            most = most.max(count);
        }
        // Go multiplies the quantifiers that stand inside one another.
        self.last = self.last.saturating_mul(most);
        self.note_repeat();
        if self.dialect == Dialect::Go && self.last > GO_REPEAT {
            return Err(format!(
                "`{{{inside}}}` repeats something more than {GO_REPEAT} times, which Go's regular expressions cannot"
            ));
        }
        self.out.push_str(&format!("{{{inside}}}"));
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.peek() {
            Some('b') => {
                self.at += 1;
                self.out.push_str(match self.dialect {
                    Dialect::Python => r"(?a:\b)",
                    Dialect::Go => r"\b",
                });
                Ok(())
            }
            Some('B') => {
                self.at += 1;
                self.out.push_str(match self.dialect {
                    Dialect::Python => r"(?a:\B)",
                    Dialect::Go => r"\B",
                });
                Ok(())
            }
            Some('1'..='9' | 'k') => {
                Err("it refers back to a group, which not every language can".to_owned())
            }
            _ => {
                match self.escaped()? {
                    Escaped::Character(code) => self.write_character(code),
                    Escaped::Set(set) => self.write_set(&set),
                }
                Ok(())
            }
        }
    }

    /// What an escape stands for, inside or outside a class; the backslash is read already.
    fn escaped(&mut self) -> Result<Escaped, String> {
        let Some(character) = self.take() else { return Err("it ends in a backslash".to_owned()) };
        Ok(match character {
            'd' => Escaped::Set(DIGITS.to_vec()),
            'D' => Escaped::Set(complement(DIGITS)),
            'w' => Escaped::Set(WORD.to_vec()),
            'W' => Escaped::Set(complement(WORD)),
            's' => Escaped::Set(SPACE.to_vec()),
            'S' => Escaped::Set(complement(SPACE)),
            't' => Escaped::Character(0x09),
            'n' => Escaped::Character(0x0a),
            'v' => Escaped::Character(0x0b),
            'f' => Escaped::Character(0x0c),
            'r' => Escaped::Character(0x0d),
            '0' => Escaped::Character(0),
            'c' => Escaped::Character(u32::from(self.take().unwrap_or('@')) % 32),
            'x' => Escaped::Character(self.hexadecimal(2)?),
            'u' => Escaped::Character(self.unicode()?),
            'p' | 'P' => {
                return Err(format!(
                    "`\\{character}` asks for a Unicode property, which not every language knows; write the ranges out"
                ));
            }
            other if other.is_ascii_alphanumeric() => {
                return Err(format!("the escape `\\{other}` is not known"));
            }
            other => Escaped::Character(u32::from(other)),
        })
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..digits {
            let digit = self.take().and_then(|each| each.to_digit(16));
            code = code * 16 + digit.ok_or("an escape has too few hexadecimal digits")?;
        }
        Ok(code)
    }

    fn unicode(&mut self) -> Result<u32, String> {
        if self.peek() == Some('{') {
            self.at += 1;
            let mut code: u32 = 0;
            while let Some(character) = self.take().filter(|each| *each != '}') {
                let digit = character.to_digit(16).ok_or("an escape has a digit that is not hexadecimal")?;
                code = code.saturating_mul(16).saturating_add(digit);
            }
            return if code <= LAST { Ok(code) } else { Err("an escape is past U+10FFFF".to_owned()) };
        }
        let first = self.hexadecimal(4)?;
        let before = self.at;
        if (0xd800..0xdc00).contains(&first) && self.take_text("\\u") {
            let second = self.hexadecimal(4)?;
            if (0xdc00..0xe000).contains(&second) {
                return Ok(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            self.at = before;
        }
        Ok(first)
    }

    fn class(&mut self) -> Result<Ranges, String> {
        let negated = self.take_text("^");
        let mut ranges = Ranges::new();
        while let Some(item) = self.class_item()? {
            let ranged =
                self.peek() == Some('-') && self.characters.get(self.at + 1).is_some_and(|each| *each != ']');
            match item {
                Escaped::Character(low) if ranged => {
                    self.at += 1;
                    match self.class_item()? {
                        Some(Escaped::Character(high)) if low <= high => ranges.push((low, high)),
                        _ => return Err("a range in a class of characters has no order".to_owned()),
                    }
                }
                Escaped::Character(code) => ranges.push((code, code)),
                Escaped::Set(set) => ranges.extend(set),
            }
        }
        let set = normal(ranges);
        Ok(if negated { complement(&set) } else { set })
    }

    /// The next member of a class; none at its end.
    fn class_item(&mut self) -> Result<Option<Escaped>, String> {
        match self.take() {
            None => Err("a class of characters has no end".to_owned()),
            Some(']') => Ok(None),
            Some('\\') if self.peek() == Some('b') => {
                self.at += 1;
                Ok(Some(Escaped::Character(0x08)))
            }
            Some('\\') => self.escaped().map(Some),
            Some(other) => Ok(Some(Escaped::Character(u32::from(other)))),
        }
    }

    fn write_character(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(character) if character.is_ascii_alphanumeric() => self.out.push(character),
            _ => self.out.push_str(&match self.dialect {
                Dialect::Go => format!("\\x{{{code:x}}}"),
                Dialect::Python if code < 0x80 => format!("\\x{code:02x}"),
                Dialect::Python if code < 0x1_0000 => format!("\\u{code:04x}"),
                Dialect::Python => format!("\\U{code:08x}"),
            }),
        }
    }

    fn write_set(&mut self, set: &[(u32, u32)]) {
        if set.is_empty() {
            // Nothing matches.
            self.out.push_str(match self.dialect {
                Dialect::Python => "(?!)",
                Dialect::Go => r"[^\x00-\x{10ffff}]",
            });
            return;
        }
        self.out.push('[');
        for &(low, high) in set {
            self.write_character(low);
            if high > low {
                if high > low + 1 {
                    self.out.push('-');
                }
                self.write_character(high);
            }
        }
        self.out.push(']');
    }
}

enum Escaped {
    Character(u32),
    Set(Ranges),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_is_written_out() {
        for (pattern, python, go) in [
            ("^a|b$", r"^a|b\Z", r"^a|b\z"),
            (r"\d+?", "[0-9]+?", "[0-9]+?"),
            (r"[^\D]", "[0-9]", "[0-9]"),
            (r"[\w-]", r"[\x2d0-9A-Z\x5fa-z]", r"[\x{2d}0-9A-Z\x{5f}a-z]"),
            (r"(?<year>\d{4})-x", r"(?:[0-9]{4})\x2dx", r"(?:[0-9]{4})\x{2d}x"),
            (r"[\b]\b", r"[\x08](?a:\b)", r"[\x{8}]\b"),
            (r"\u{1f600}|\ud83d\ude00", r"\U0001f600|\U0001f600", r"\x{1f600}|\x{1f600}"),
            (r"[]", "(?!)", r"[^\x00-\x{10ffff}]"),
            (r"\/\.", r"\x2f\x2e", r"\x{2f}\x{2e}"),
            (
                ".",
                r"[\x00-\x09\x0b\x0c\x0e-\u2027\u202a-\U0010ffff]",
                r"[\x{0}-\x{9}\x{b}\x{c}\x{e}-\x{2027}\x{202a}-\x{10ffff}]",
            ),
        ] {
            assert_eq!(translate(pattern, Dialect::Python).as_deref(), Ok(python), "{pattern}");
            assert_eq!(translate(pattern, Dialect::Go).as_deref(), Ok(go), "{pattern}");
        }
    }

    #[test]
    fn what_a_dialect_cannot_say_is_refused() {
        for (pattern, python, go) in [
            ("(?=a)", true, false),
            ("(?!a)", true, false),
            ("(?<=a)", false, false),
            (r"(a)\1", false, false),
            (r"\p{L}", false, false),
            ("a{1001}", true, false),
            ("a{2,5}", true, true),
            ("(a{2,40}b){30}", true, false),
            ("(a{2,40}b)(c{40}){20}", true, true),
        ] {
            assert_eq!(translate(pattern, Dialect::Python).is_ok(), python, "{pattern}");
            assert_eq!(translate(pattern, Dialect::Go).is_ok(), go, "{pattern}");
        }
    }
}
