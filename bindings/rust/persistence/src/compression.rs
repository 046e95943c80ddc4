//! What a compressor is (`PRS-9` to `PRS-12`).

use crate::Cause;
use std::fmt;

/// Makes text smaller, and gives it back.
///
/// Every text must come back as it was, and what [`Compressor::compress`] gives is Unicode text itself (`PRS-11`); a
/// `String` holds no lone surrogate. All programs that share a store use the same compressor.
pub trait Compressor: Send + Sync {
    /// Its name, for messages to people.
    fn algorithm(&self) -> &str;

    /// The compressed text.
    ///
    /// # Errors
    ///
    /// Whatever went wrong; it becomes the cause of an error of the kind `compression`.
    fn compress(&self, text: &str) -> Result<String, Cause>;

    /// The text before compression.
    ///
    /// # Errors
    ///
    /// Whatever went wrong; it becomes the cause of an error of the kind `unreadable`.
    fn decompress(&self, text: &str) -> Result<String, Cause>;
}

impl fmt::Debug for dyn Compressor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Compressor({:?})", self.algorithm())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::{io, iter, sync::Arc};

    /// Runs of two to nine equal letters become the letter and a digit; text with digits fails.
    pub(crate) struct Runs;

    impl Compressor for Runs {
        fn algorithm(&self) -> &str {
            "runs"
        }

        fn compress(&self, text: &str) -> Result<String, Cause> {
            if text.contains(|c: char| c.is_ascii_digit()) {
                return Err(Arc::new(io::Error::other("text with a digit")));
            }
            let mut left = text.chars().peekable();
            let mut compressed = String::new();
            while let Some(letter) = left.next() {
                compressed.push(letter);
                let mut count = 1;
                while letter.is_ascii_alphabetic() && count < 9 && left.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                if count > 1 {
                    compressed.push_str(&count.to_string());
                }
            }
            Ok(compressed)
        }

        fn decompress(&self, text: &str) -> Result<String, Cause> {
            let mut left = text.chars().peekable();
            let mut whole = String::new();
            while let Some(letter) = left.next() {
                let count = left.next_if(char::is_ascii_digit).and_then(|digit| digit.to_digit(10));
                whole.extend(iter::repeat_n(letter, count.unwrap_or(1) as usize));
            }
            Ok(whole)
        }
    }

    #[test]
    fn the_compressor_of_the_tests_gives_back_what_it_got() {
        for text in ["", "a", "aa", "aaaaaaaaaaaaaaaaaaaa", "{\"x\":[]}", "ééé\u{1F600}\u{1F600}"] {
            let compressed = Runs.compress(text).unwrap();
            assert_eq!(Runs.decompress(&compressed).unwrap(), text, "{compressed}");
        }
    }
}
