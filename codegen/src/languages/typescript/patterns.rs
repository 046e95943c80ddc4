//! Patterns for which there is a faster and smaller test than the regular expression engine.
//!
//! The tests of `@statesync/protocol` compare each helper with its pattern.

/// The canonical decimals from 0 to 2^64-1.
pub(super) const DECIMAL_64: &str = "^(?:0|[1-9][0-9]{0,18}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-4]|18446744073709551615)$";

/// Something besides the white space and line terminators of ECMAScript.
pub(super) const NOT_BLANK: &str =
    "[^\\u0009-\\u000d\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]";

/// The helper of `checks.ts` that tests a string as the pattern would.
pub(super) fn known(pattern: &str) -> Option<&'static str> {
    match pattern {
        DECIMAL_64 => Some("isDecimal64"),
        NOT_BLANK => Some("isNotBlank"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_uses_them() {
        let model = crate::protocol::model().expect("the protocol can be lowered");
        let patterns: Vec<&str> =
            model.types.iter().filter_map(|each| each.rule.pattern.as_deref()).collect();
        assert!(!patterns.is_empty());
        assert!(patterns.iter().all(|each| known(each).is_some()), "{patterns:?}");
    }

    #[test]
    fn the_patterns_mean_what_their_helpers_are_named_for() {
        let decimal = regress::Regex::with_flags(DECIMAL_64, "u").expect("the pattern is valid");
        for (text, expected) in [
            ("0", true),
            ("18446744073709551615", true),
            ("18446744073709551609", true),
            ("9999999999999999999", true),
            ("10000000000000000000", true),
            ("18446744073709551616", false),
            ("01", false),
            ("", false),
        ] {
            assert_eq!(decimal.find(text).is_some(), expected, "{text}");
        }
        let not_blank = regress::Regex::with_flags(NOT_BLANK, "u").expect("the pattern is valid");
        for (text, expected) in
            [("a", true), ("\u{feff}", false), ("\u{85}", true), ("\u{200b}", true), (" \u{3000}", false)]
        {
            assert_eq!(not_blank.find(text).is_some(), expected, "{text:?}");
        }
    }
}
