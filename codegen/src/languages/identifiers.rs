//! What languages share when they make identifiers of wire names.

use std::collections::BTreeSet;

/// Converts every name. Of those that become the same, one that was so already keeps it; the others are numbered in
/// the order of the wire names, so that the result does not depend on the order given.
pub(super) fn distinct(wire: &[&str], separator: &str, convert: impl Fn(&str) -> String) -> Vec<String> {
    let wanted: Vec<String> = wire.iter().map(|each| convert(each)).collect();
    let mut order: Vec<usize> = (0..wire.len()).collect();
    order.sort_by_key(|&at| (wanted[at] != wire[at], wire[at]));
    let all: BTreeSet<&String> = wanted.iter().collect();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut result = wanted.clone();
    for at in order {
        let mut name = wanted[at].clone();
        let mut number = 2;
        while used.contains(&name) || (number > 2 && all.contains(&name)) {
            name = format!("{}{separator}{number}", wanted[at]);
            number += 1;
        }
        used.insert(name.clone());
        result[at] = name;
    }
    result
}

/// Words for a name without a letter or digit of ASCII: `empty`, or its code points.
pub(super) fn spelled(name: &str) -> Vec<String> {
    if name.is_empty() {
        return vec!["empty".to_owned()];
    }
    name.chars().map(|each| format!("u{:04x}", u32::from(each))).collect()
}

/// Documentation without what could break a comment or hide in it: control characters other than line ends, and marks that
/// turn the direction of writing.
pub(super) fn clean_docs(text: &str) -> String {
    let hidden = |each: char| matches!(each, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line_end = |each: char| matches!(each, '\u{85}' | '\u{2028}' | '\u{2029}');
    text.replace("\r\n", "\n")
        .chars()
        .map(|each| if each != '\n' && (each.is_control() || line_end(each)) { ' ' } else { each })
        .filter(|each| !hidden(*each))
        .collect::<String>()
        .trim()
        .to_owned()
}
