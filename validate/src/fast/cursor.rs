//! Reads JSON text token by token without building values.
//!
//! The text is known to be UTF-8 before a cursor sees it, so strings are only searched for their end, for
//! control characters and for escapes.

/// How many levels of arrays and objects a text may nest: serde_json's bound, and the protocol's (`MSG-9`).
pub(crate) const MAX_DEPTH: usize = state_sync::json::MAX_DEPTH;

/// The pass ends without a verdict: the text may be invalid, or need more than one pass can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop;

/// The result of every step of the pass.
pub(crate) type Step<T = ()> = Result<T, Stop>;

/// A string in the text, without its quotes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StringToken<'a> {
    /// The bytes between the quotes as they are written.
    pub raw: &'a [u8],
    /// Whether `raw` has escapes, so that it differs from the string's value.
    pub escaped: bool,
}

/// A number in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NumberToken<'a> {
    /// The number as it is written.
    pub raw: &'a [u8],
    /// Its value where it is written as an integer of at most 18 digits; `-0` is none, since it is a double.
    pub integer: Option<i64>,
}

/// A place in a JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), position: 0 }
    }

    /// Where the next byte is.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The text from `start` up to here.
    pub fn since(&self, start: usize) -> &'a [u8] {
        &self.text[start..self.position]
    }

    /// The next byte that is not white space, left in place.
    #[inline(always)]
    pub fn peek(&mut self) -> Step<u8> {
        match self.text.get(self.position) {
            Some(&byte) if byte > b' ' => Ok(byte),
            _ => self.peek_after_space(),
        }
    }

    fn peek_after_space(&mut self) -> Step<u8> {
        loop {
            match self.text.get(self.position) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.position += 1,
                Some(&byte) => return Ok(byte),
                None => return Err(Stop),
            }
        }
    }

    /// Takes the byte that [`Self::peek`] has shown.
    #[inline(always)]
    pub fn advance(&mut self) {
        self.position += 1;
    }

    /// Takes `byte`, the next one that is not white space.
    #[inline(always)]
    pub fn expect(&mut self, byte: u8) -> Step {
        if self.peek()? != byte {
            return Err(Stop);
        }
        self.position += 1;
        Ok(())
    }

    /// Takes `bytes` if they come next, white space apart from none.
    #[inline(always)]
    pub fn take(&mut self, bytes: &[u8]) -> bool {
        let matches = self.text[self.position..].starts_with(bytes);
        if matches {
            self.position += bytes.len();
        }
        matches
    }

    /// Nothing but white space may be left.
    pub fn end(&mut self) -> Step {
        match self.peek() {
            Ok(_) => Err(Stop),
            Err(Stop) => Ok(()),
        }
    }

    /// Takes one of the words `null`, `true` and `false`.
    #[inline]
    pub fn word(&mut self, word: &'static [u8]) -> Step {
        if self.take(word) { Ok(()) } else { Err(Stop) }
    }

    /// Takes a string; the cursor is at its opening quote.
    #[inline]
    pub fn string(&mut self) -> Step<StringToken<'a>> {
        let start = self.position + 1;
        let mut position = start;
        let mut escaped = false;
        loop {
            position = plain_end(self.text, position);
            match self.text.get(position) {
                Some(b'"') => {
                    self.position = position + 1;
                    return Ok(StringToken { raw: &self.text[start..position], escaped });
                }
                Some(b'\\') => {
                    escaped = true;
                    position = escape_end(self.text, position)?;
                }
                _ => return Err(Stop),
            }
        }
    }

    /// Takes a number; the cursor is at its first byte.
    #[inline]
    pub fn number(&mut self) -> Step<NumberToken<'a>> {
        let start = self.position;
        let mut position = start;
        let negative = self.text[position] == b'-';
        position += usize::from(negative);
        let digits = position;
        let mut value = 0_i64;
        while let Some(digit) = digit_at(self.text, position) {
            value = value.wrapping_mul(10).wrapping_add(digit);
            position += 1;
        }
        let length = position - digits;
        if length == 0 || (length > 1 && self.text[digits] == b'0') {
            return Err(Stop);
        }
        let mut integer = (length <= 18 && !(negative && value == 0)).then_some(value);
        if negative {
            integer = integer.map(|value| -value);
        }
        if let Some(b'.' | b'e' | b'E') = self.text.get(position) {
            position = self.fraction_and_exponent(start, position)?;
            integer = None;
        } else if length > 300 {
            finite(&self.text[start..position])?;
        }
        self.position = position;
        Ok(NumberToken { raw: &self.text[start..position], integer })
    }

    /// The end of a number whose integer part ends at `position`.
    #[inline(never)]
    fn fraction_and_exponent(&self, start: usize, mut position: usize) -> Step<usize> {
        let text = self.text;
        let digits_end = |mut position: usize| {
            let start = position;
            while digit_at(text, position).is_some() {
                position += 1;
            }
            if position == start { Err(Stop) } else { Ok(position) }
        };
        if text.get(position) == Some(&b'.') {
            position = digits_end(position + 1)?;
        }
        let mut short = position - start < 200;
        if let Some(b'e' | b'E') = text.get(position) {
            position += 1;
            position += usize::from(matches!(text.get(position), Some(b'+' | b'-')));
            let exponent = position;
            position = digits_end(position)?;
            short &= position - exponent <= 2;
        }
        // Fewer than 200 digits and an exponent below 100 are far from infinity.
        if !short {
            finite(&text[start..position])?;
        }
        Ok(position)
    }
}

/// Whether serde_json reads the number as a finite double; it refuses what is none.
#[cold]
fn finite(number: &[u8]) -> Step {
    serde_json::from_slice::<serde_json::Value>(number).map(drop).map_err(|_| Stop)
}

#[inline(always)]
fn digit_at(text: &[u8], position: usize) -> Option<i64> {
    match text.get(position) {
        Some(&byte) if byte.is_ascii_digit() => Some(i64::from(byte - b'0')),
        _ => None,
    }
}

/// Where a run of plain string bytes ends: at a quote, a backslash, a control character or the end of the text.
#[inline]
fn plain_end(text: &[u8], mut position: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    while let Some(chunk) = text.get(position..position + 8) {
        let word = u64::from_le_bytes(chunk.try_into().expect("eight bytes"));
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        // A byte's high bit ends up set where the byte is special; a borrow can only set a bit above the
        // lowest special byte, which is the one asked for.
        let special = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let special = special & HIGHS;
        if special != 0 {
            return position + (special.trailing_zeros() / 8) as usize;
        }
        position += 8;
    }
    while let Some(&byte) = text.get(position) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        position += 1;
    }
    position
}

/// The end of the escape that starts at `position`; surrogates must come as pairs.
#[inline(never)]
fn escape_end(text: &[u8], position: usize) -> Step<usize> {
    match text.get(position + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(position + 2),
        Some(b'u') => match code_unit(text, position + 2)? {
            0xD800..=0xDBFF => {
                if text.get(position + 6..position + 8) != Some(b"\\u") {
                    return Err(Stop);
                }
                match code_unit(text, position + 8)? {
                    0xDC00..=0xDFFF => Ok(position + 12),
                    _ => Err(Stop),
                }
            }
            0xDC00..=0xDFFF => Err(Stop),
            _ => Ok(position + 6),
        },
        _ => Err(Stop),
    }
}

fn code_unit(text: &[u8], position: usize) -> Step<u32> {
    let digits = text.get(position..position + 4).ok_or(Stop)?;
    digits.iter().try_fold(0, |unit, &byte| {
        let digit = char::from(byte).to_digit(16).ok_or(Stop)?;
        Ok(unit << 4 | digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_end_at_their_quote_wherever_it_is() {
        for length in 0..40 {
            let text = format!("\"{}\"  ", "é".repeat(length));
            let token = Cursor::new(&text).string().unwrap();
            assert_eq!((token.raw.len(), token.escaped), (length * 2, false));
            let control = format!("\"{}\u{1f}\"        ", "x".repeat(length));
            assert!(Cursor::new(&control).string().is_err());
            let open = format!("\"{}", "\u{7f}".repeat(length));
            assert!(Cursor::new(&open).string().is_err());
        }
    }

    #[test]
    fn escapes() {
        for right in [r#""\n""#, r#""\u00e9""#, r#""\ud83d\ude00""#, r#""\\""#, r#""\"""#] {
            let token = Cursor::new(right).string().unwrap();
            assert!(token.escaped && token.raw.len() == right.len() - 2, "{right}");
        }
        for wrong in
            [r#""\x""#, r#""\u12""#, r#""\ud83d""#, r#""\ude00""#, r#""\ud83dx""#, r#""\ud83d\u0041""#]
        {
            assert!(Cursor::new(wrong).string().is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers() {
        let rows = [
            ("0", Some(0)),
            ("-7", Some(-7)),
            ("999999999999999999", Some(999_999_999_999_999_999)),
            ("1000000000000000000", None),
            ("-0", None),
            ("1.0", None),
            ("1e99", None),
            ("1E+308", None),
        ];
        for (text, integer) in rows {
            let token = Cursor::new(text).number().unwrap();
            assert_eq!((token.integer, token.raw), (integer, text.as_bytes()));
        }
        let long = "9".repeat(400);
        for wrong in ["-", "01", "1.", ".5", "1e", "1e+", "1e400", long.as_str(), "1.e5"] {
            let mut cursor = Cursor::new(wrong);
            assert!(cursor.number().and_then(|_| cursor.end()).is_err(), "{wrong}");
        }
    }
}
