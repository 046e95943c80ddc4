//! Regular expressions. A few plain shapes are matched here; every other one is left to `jsonschema`.

use jsonschema::Validator as Asked;
use serde_json::{Value, json};

/// A compiled `pattern`.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// `^`, pieces, `$`: see [`sequence`].
    Sequence(Vec<Piece>),
    /// The protocol's pattern of a revision.
    Revision,
    /// The protocol's pattern of a topic.
    Topic,
    /// Any other one.
    Ask(Box<Asked>),
}

/// The pattern of a revision in the protocol's schema.
const REVISION: &str = "^(?:0|[1-9][0-9]{0,18}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}\
    |18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}\
    |1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}\
    |18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}\
    |18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-4]\
    |18446744073709551615)$";

/// The pattern of a topic in the protocol's schema.
const TOPIC: &str =
    "[^\\u0009-\\u000d\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]";

/// Some characters out of an ASCII set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The bit of each character.
    set: u128,
    minimum: usize,
    maximum: usize,
}

impl Pattern {
    /// `None` for what `jsonschema` does not take either.
    pub fn new(pattern: &str) -> Option<Self> {
        match pattern {
            REVISION => return Some(Self::Revision),
            TOPIC => return Some(Self::Topic),
            _ => {}
        }
        if let Some(pieces) = sequence(pattern) {
            return Some(Self::Sequence(pieces));
        }
        jsonschema::validator_for(&json!({ "pattern": pattern })).ok().map(|asked| Self::Ask(Box::new(asked)))
    }

    /// Whether the pattern is found in the string.
    pub fn matches(&self, string: &str) -> bool {
        match self {
            Self::Sequence(pieces) => sequence_matches(pieces, string.as_bytes()),
            Self::Revision => string.parse::<state_sync::Revision>().is_ok(),
            Self::Topic => !state_sync::is_blank(string),
            Self::Ask(asked) => asked.is_valid(&Value::String(string.to_owned())),
        }
    }
}

/// Greedy matching, which is exact because [`sequence`] lets no piece begin with what the one before could take.
fn sequence_matches(pieces: &[Piece], mut bytes: &[u8]) -> bool {
    for piece in pieces {
        let taken = bytes
            .iter()
            .take(piece.maximum)
            .take_while(|byte| byte.is_ascii() && piece.set >> **byte & 1 == 1)
            .count();
        if taken < piece.minimum {
            return false;
        }
        bytes = &bytes[taken..];
    }
    bytes.is_empty()
}

/// Reads an expression of the form `^` pieces `$`, where a piece is a literal, an escape or a positive class, all
/// of ASCII, with an optional quantifier. Such an expression means the same in every dialect. `None` for any
/// other, and for one where greedy matching could go wrong.
fn sequence(pattern: &str) -> Option<Vec<Piece>> {
    let mut rest = pattern.strip_prefix('^')?.strip_suffix('$')?.as_bytes();
    if !pattern.is_ascii() {
        return None;
    }
    let mut pieces: Vec<Piece> = Vec::new();
    while !rest.is_empty() {
        let set = take_set(&mut rest)?;
        let (minimum, maximum) = take_quantifier(&mut rest)?;
        pieces.push(Piece { set, minimum, maximum });
    }
    let exact = pieces.iter().enumerate().all(|(index, piece)| {
        piece.minimum == piece.maximum || {
            // What may come right after the piece: all up to the first one that must be there.
            let after = &pieces[index + 1..];
            let optional = after.iter().take_while(|next| next.minimum == 0).count();
            after.iter().take(optional + 1).all(|next| next.set & piece.set == 0)
        }
    });
    exact.then_some(pieces)
}

fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    Some(byte)
}

fn bit(byte: u8) -> u128 {
    1 << byte
}

fn range(first: u8, last: u8) -> u128 {
    (first..=last).map(bit).fold(0, |set, bit| set | bit)
}

fn take_set(rest: &mut &[u8]) -> Option<u128> {
    match take_byte(rest)? {
        b'\\' => take_escape(rest),
        b'[' => take_class(rest),
        b'.' | b'(' | b')' | b'|' | b'*' | b'+' | b'?' | b'{' | b'}' | b']' | b'^' | b'$' => None,
        byte => Some(bit(byte)),
    }
}

/// `\d`, or a punctuation character that stands for itself.
fn take_escape(rest: &mut &[u8]) -> Option<u128> {
    match take_byte(rest)? {
        b'd' => Some(range(b'0', b'9')),
        byte @ (b'.' | b'/' | b'\\' | b'-' | b'+' | b'*' | b'?' | b'(' | b')' | b'[' | b']' | b'{' | b'}'
        | b'|' | b'^' | b'$') => Some(bit(byte)),
        _ => None,
    }
}

/// The inside of `[…]`: characters and ranges of letters and digits; `None` for what dialects read differently.
fn take_class(rest: &mut &[u8]) -> Option<u128> {
    let mut set = 0;
    loop {
        let first = match take_byte(rest)? {
            b']' => return (set != 0).then_some(set),
            b'\\' => {
                set |= take_escape(rest)?;
                // No range after an escape: `\d-x`.
                if rest.first() == Some(&b'-') && rest.get(1) != Some(&b']') {
                    return None;
                }
                continue;
            }
            b'-' if rest.first() == Some(&b']') => {
                set |= bit(b'-');
                continue;
            }
            byte @ (b'_' | b'.' | b':' | b'/' | b' ' | b'@' | b'+' | b'#' | b'%' | b',') => byte,
            byte if byte.is_ascii_alphanumeric() => byte,
            _ => return None,
        };
        if rest.first() == Some(&b'-') && rest.get(1) != Some(&b']') {
            take_byte(rest)?;
            let last = take_byte(rest)?;
            let alike = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit]
                .iter()
                .any(|kind| kind(&first) && kind(&last));
            if !alike || first > last {
                return None;
            }
            set |= range(first, last);
        } else {
            set |= bit(first);
        }
    }
}

fn take_quantifier(rest: &mut &[u8]) -> Option<(usize, usize)> {
    let quantity = match rest.first() {
        Some(b'?') => (0, 1),
        Some(b'*') => (0, usize::MAX),
        Some(b'+') => (1, usize::MAX),
        Some(b'{') => {
            let end = rest.iter().position(|&byte| byte == b'}')?;
            let inside = std::str::from_utf8(&rest[1..end]).ok()?;
            *rest = &rest[end..];
            let number = |text: &str| {
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| text.parse::<usize>().ok()).flatten().filter(|&number| number <= 1000)
            };
            match inside.split_once(',') {
                None => (number(inside)?, number(inside)?),
                Some((minimum, "")) => (number(minimum)?, usize::MAX),
                Some((minimum, maximum)) => (number(minimum)?, number(maximum)?),
            }
        }
        _ => return Some((1, 1)),
    };
    take_byte(rest)?;
    // A lazy quantifier finds the same, but says so in a way that is not worth reading.
    let quantified_twice = matches!(rest.first(), Some(b'?' | b'*' | b'+' | b'{'));
    (!quantified_twice && quantity.0 <= quantity.1).then_some(quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema_pattern<T: schemars::JsonSchema>() -> String {
        let schema = schemars::schema_for!(T);
        schema.get("pattern").and_then(Value::as_str).expect("a pattern").to_owned()
    }

    #[test]
    fn the_protocols_patterns_are_those_of_its_schema() {
        assert_eq!(REVISION, schema_pattern::<state_sync::Revision>());
        assert_eq!(TOPIC, schema_pattern::<state_sync::Topic>());
    }

    #[test]
    fn all_agree_with_jsonschema() {
        let patterns = [
            REVISION,
            TOPIC,
            "^[a-z]+$",
            "^[a-z][a-z0-9-]*$",
            "^#[0-9a-fA-F]{6}$",
            r"^\d{4}-\d{2}-\d{2}$",
            "^$",
            "^a?b*c+$",
            "^a{2,3}$",
            "^a{2,}b$",
            r"^[\d.]+$",
            r"^v\d+\.\d+$",
            "^[a-z]+a$",
            "^a*a$",
            "a",
            "^a|b$",
            "^(a|b)$",
            r"^\$$",
            r"^a\$",
            "^[^a]$",
            "^.$",
            "^[a-]$",
            "^[_a-z.:/@+#%, -]$",
            "^ab?ab$",
            "^é$",
            "^[0-9]?[0-9]$",
            r"^\w$",
            "^a{0}$",
        ];
        let strings = [
            "",
            "a",
            "b",
            "ab",
            "abc",
            "aa",
            "aaa",
            "aaaa",
            "aab",
            "0",
            "01",
            "7",
            "2026-11-21",
            "2026-11-2",
            "#a1B2c3",
            "#a1B2c",
            "v1.20",
            "$",
            "a$",
            "é",
            "\u{85}",
            "\u{feff}",
            " ",
            "-",
            "18446744073709551615",
            "18446744073709551616",
            "a-b-9",
            "zza",
            "aba",
            "a\n",
            "\n",
            "_",
            "bcc",
            "cc",
        ];
        for pattern in patterns {
            let referee = jsonschema::validator_for(&json!({ "pattern": pattern })).unwrap();
            let compiled = Pattern::new(pattern).unwrap();
            for string in strings {
                assert_eq!(
                    compiled.matches(string),
                    referee.is_valid(&json!(string)),
                    "{pattern} on {string:?}"
                );
            }
        }
    }

    #[test]
    fn only_what_is_safe_is_matched_here() {
        let here = |pattern| matches!(Pattern::new(pattern), Some(Pattern::Sequence(_)));
        assert!(here("^[a-z][a-z0-9_-]{0,31}$") && !here(r"^\d+(?:)$") && here("^[0-9a-f]{8}-[0-9a-f]{4}$"));
        for other in ["^a+a$", "a+", "^[a-é]$", r"^\s$", "^[A-z]$", "^a+?$", "^a{1001}$", "^[a&&b]$"] {
            assert!(!here(other), "{other}");
        }
        assert!(Pattern::new("(").is_none());
    }
}
