//! Names: from whatever a schema calls things to identifiers.

/// The words of a name: split at everything that is no letter or digit, and where lower case turns to upper case.
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        if !character.is_ascii_alphanumeric() {
            flush(&mut word, &mut words);
            continue;
        }
        let before = at.checked_sub(1).and_then(|index| characters.get(index)).copied();
        let after = characters.get(at + 1).copied();
        let starts = character.is_ascii_uppercase()
            && (before.is_some_and(|each| each.is_ascii_lowercase() || each.is_ascii_digit())
                || before.is_some_and(|each| each.is_ascii_uppercase())
                    && after.is_some_and(|each| each.is_ascii_lowercase()));
        if starts {
            flush(&mut word, &mut words);
        }
        word.push(character);
    }
    flush(&mut word, &mut words);
    words
}

fn flush(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// `user-settings` → `UserSettings`. A name that starts with a digit gets a `T` in front; one without any letter or
/// digit gives none.
pub fn pascal(name: &str) -> Option<String> {
    let mut result = String::new();
    for word in words(name) {
        let mut characters = word.chars();
        if let Some(first) = characters.next() {
            result.push(first.to_ascii_uppercase());
            result.push_str(characters.as_str());
        }
    }
    if result.starts_with(|each: char| each.is_ascii_digit()) {
        result.insert(0, 'T');
    }
    (!result.is_empty()).then_some(result)
}

/// `userSettings` → `user_settings`.
pub fn snake(name: &str) -> Option<String> {
    let result = words(name).iter().map(|each| each.to_ascii_lowercase()).collect::<Vec<_>>().join("_");
    (!result.is_empty()).then_some(result)
}

/// `user-settings` → `userSettings`.
pub fn camel(name: &str) -> Option<String> {
    let mut result = String::new();
    for (at, word) in words(name).iter().enumerate() {
        let mut characters = word.chars();
        if let Some(first) = characters.next() {
            result.push(if at == 0 { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() });
            let rest = characters.as_str();
            if at == 0 && word.chars().all(|each| each.is_ascii_uppercase()) {
                result.push_str(&rest.to_ascii_lowercase());
            } else {
                result.push_str(rest);
            }
        }
    }
    (!result.is_empty()).then_some(result)
}

/// Whether `name` can stand as it is as the name of a type: `Settings`, not `Settings schema`.
pub fn is_type_name(name: &str) -> bool {
    name.starts_with(|each: char| each.is_ascii_uppercase())
        && name.chars().all(|each| each.is_ascii_alphanumeric())
}

/// The nearest of `known` to `name`, if it is near enough to be what was meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|each| (distance(&name.to_lowercase(), &each.to_lowercase()), each))
        .filter(|(distance, each)| *distance <= 1 + each.len() / 4)
        .min()
        .map(|(_, each)| each)
}

/// How many edits of one character part `left` from `right`.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, character) in left.chars().enumerate() {
        let mut diagonal = at;
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
        for (index, &other) in right.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = (diagonal + usize::from(other != character)).min(above + 1).min(row[index] + 1);
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_case() {
        for (name, pascal_case, snake_case, camel_case) in [
            ("settings", "Settings", "settings", "settings"),
            ("user-settings", "UserSettings", "user_settings", "userSettings"),
            ("app/open_files", "AppOpenFiles", "app_open_files", "appOpenFiles"),
            ("URL", "URL", "url", "url"),
            ("HTTPServer", "HTTPServer", "http_server", "httpServer"),
            ("getSnapshot", "GetSnapshot", "get_snapshot", "getSnapshot"),
            ("2fa", "T2fa", "2fa", "2fa"),
            ("a b", "AB", "a_b", "aB"),
        ] {
            assert_eq!(pascal(name).as_deref(), Some(pascal_case), "{name}");
            assert_eq!(snake(name).as_deref(), Some(snake_case), "{name}");
            assert_eq!(camel(name).as_deref(), Some(camel_case), "{name}");
        }
        assert_eq!(pascal("…"), None);
    }

    #[test]
    fn near_names_are_suggested() {
        let known = ["minimum", "maximum", "properties", "type"];
        for (name, expected) in [
            ("minimun", Some("minimum")),
            ("propertys", Some("properties")),
            ("Type", Some("type")),
            ("colour", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }
}
