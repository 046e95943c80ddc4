//! File and event names from names that an application chose freely.

use crate::SetupError;

/// The longest name of a file, without the `.previous` and so on that are put behind it: file systems allow 255 bytes.
const LONGEST: usize = 200;

/// A file name that is the same on every platform and different for different names (`PRS-43`): what is not a lower-case
/// letter, a digit, `-` or `_` is written as `%` and two digits, since some file systems fold case, and so that no
/// name leads out of its folder.
pub(crate) fn file_name(name: &str) -> Result<String, SetupError> {
    let mut file = String::with_capacity(name.len() + 5);
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => file.push(char::from(byte)),
            other => file.push_str(&format!("%{other:02x}")),
        }
    }
    if is_reserved(&file) {
        file = format!("%{:02x}{}", file.as_bytes()[0], &file[1..]);
    }
    file.push_str(".json");
    if name.is_empty() || file.len() > LONGEST {
        return Err(SetupError::FileName(name.to_owned()));
    }
    Ok(file)
}

/// Names that Windows keeps for devices, whatever comes behind a dot.
fn is_reserved(file: &str) -> bool {
    match file {
        "con" | "prn" | "aux" | "nul" => true,
        _ => match file.strip_prefix("com").or_else(|| file.strip_prefix("lpt")) {
            Some(port) => port.len() == 1 && port.bytes().all(|byte| byte.is_ascii_digit()),
            None => false,
        },
    }
}

/// The rule of Tauri, which would otherwise tell at the first event, and an empty name is refused too.
pub(crate) fn is_event_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|each| each.is_alphanumeric() || matches!(each, '-' | '/' | ':' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder_and_apart() {
        for (name, expected) in [
            ("settings", "settings.json"),
            ("Settings", "%53ettings.json"),
            ("board/7", "board%2f7.json"),
            ("../../etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd.json"),
            ("..", "%2e%2e.json"),
            ("%53ettings", "%2553ettings.json"),
            ("ü", "%c3%bc.json"),
            ("nul", "%6eul.json"),
            ("com1", "%63om1.json"),
            ("a\0b", "a%00b.json"),
        ] {
            assert_eq!(file_name(name).unwrap(), expected);
        }
    }

    #[test]
    fn names_without_a_file_are_refused() {
        for name in [String::new(), "a".repeat(196), "ü".repeat(33)] {
            assert_eq!(file_name(&name), Err(SetupError::FileName(name.clone())), "{name}");
        }
        assert!(file_name(&"a".repeat(195)).is_ok());
    }

    #[test]
    fn event_names_are_those_of_tauri() {
        for (name, expected) in [
            ("state-sync:invalidated", true),
            ("app://changed_2", true),
            ("", false),
            ("a b", false),
            ("a.b", false),
        ] {
            assert_eq!(is_event_name(name), expected, "{name}");
        }
    }
}
