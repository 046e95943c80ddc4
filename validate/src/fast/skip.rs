//! Reads a value of which nothing is asked but that it is JSON.

use super::cursor::{Cursor, MAX_DEPTH, Step, Stop};

/// Takes any value that starts `depth` levels inside others.
///
/// Iterative: what is open is kept as bits, one a level, so nesting costs no stack.
pub(crate) fn value(cursor: &mut Cursor<'_>, depth: usize) -> Step {
    const OBJECT: u128 = 1;
    // The lowest bit tells the innermost open level: set for an object, clear for an array.
    let mut open: u128 = 0;
    let mut levels = 0;
    loop {
        match cursor.peek()? {
            byte @ (b'{' | b'[') => {
                cursor.advance();
                levels += 1;
                if depth + levels > MAX_DEPTH {
                    return Err(Stop);
                }
                let object = byte == b'{';
                open = open << 1 | u128::from(object);
                match cursor.peek()? {
                    b'}' if object => {}
                    b']' if !object => {}
                    _ => {
                        if object {
                            name(cursor)?;
                        }
                        continue;
                    }
                }
            }
            byte => {
                scalar(cursor, byte)?;
                if levels == 0 {
                    return Ok(());
                }
            }
        }
        // A value has ended, or an empty array or object is about to: close what ends here.
        loop {
            if levels == 0 {
                return Ok(());
            }
            let object = open & OBJECT == OBJECT;
            match cursor.peek()? {
                b',' => {
                    cursor.advance();
                    if object {
                        name(cursor)?;
                    }
                    break;
                }
                b'}' if object => {}
                b']' if !object => {}
                _ => return Err(Stop),
            }
            cursor.advance();
            open >>= 1;
            levels -= 1;
        }
    }
}

/// Takes a scalar whose first byte is `first`.
#[inline]
pub(crate) fn scalar(cursor: &mut Cursor<'_>, first: u8) -> Step {
    match first {
        b'"' => cursor.string().map(drop),
        b'-' | b'0'..=b'9' => cursor.number().map(drop),
        b't' => cursor.word(b"true"),
        b'f' => cursor.word(b"false"),
        b'n' => cursor.word(b"null"),
        _ => Err(Stop),
    }
}

/// Takes a member's name and the colon.
#[inline]
fn name(cursor: &mut Cursor<'_>) -> Step {
    if cursor.peek()? != b'"' {
        return Err(Stop);
    }
    cursor.string()?;
    cursor.expect(b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &str) -> bool {
        let mut cursor = Cursor::new(text);
        value(&mut cursor, 0).and_then(|()| cursor.end()).is_ok()
    }

    #[test]
    fn agrees_with_serde_json() {
        let texts = [
            "",
            " ",
            "1",
            " 1 ",
            "1 2",
            "[]",
            "[ ]",
            "[1,2]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{}",
            "{ }",
            "{\"a\":1}",
            "{\"a\":1,}",
            "{\"a\" : [ { } , [ ] ] , \"b\":null}",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":}",
            "[}",
            "{]",
            "[1}",
            "{\"a\":1]",
            "]",
            "tru",
            "true",
            "truefalse",
            "[[[]]",
            "[[]]]",
            "{\"a\":{\"b\":[1,{\"c\":[]}]}}",
            "[,]",
            "{,}",
            "\u{feff}1",
            "nul",
            "[\"a\":1]",
            "{\"a\",1}",
            "{\"a\":1 \"b\":2}",
        ];
        for text in texts {
            assert_eq!(accepts(text), serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(accepts(&nested(MAX_DEPTH)));
        assert!(!accepts(&nested(MAX_DEPTH + 1)));
        assert!(!accepts(&nested(100_000)));
        assert!(value(&mut Cursor::new("[]"), MAX_DEPTH).is_err());
    }
}
