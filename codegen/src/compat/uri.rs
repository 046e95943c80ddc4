//! As much of RFC 3986 as references between schema files need.

/// The URI of a file that has no `$id`.
pub(super) fn of_file(name: &str) -> String {
    format!("file:///{name}")
}

/// A reference seen from a base.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let base = base.split('#').next().unwrap_or(base);
    if reference.is_empty() {
        return base.to_owned();
    }
    if reference.starts_with('#') {
        return format!("{base}{reference}");
    }
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let path_start =
        base.find("://").map_or(0, |at| base[at + 3..].find('/').map_or(base.len(), |slash| at + 3 + slash));
    let (origin, path) = base.split_at(path_start);
    let (relative, fragment) = reference.split_at(reference.find('#').unwrap_or(reference.len()));
    let joined = if relative.starts_with('/') {
        relative.to_owned()
    } else {
        format!("{}/{relative}", path.rsplit_once('/').map_or("", |(folder, _)| folder))
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in joined.split('/') {
        match step {
            "." => {}
            // The first step is the empty one before the leading slash: nothing goes above it.
            ".." if steps.len() > 1 => drop(steps.pop()),
            ".." => {}
            _ => steps.push(step),
        }
    }
    format!("{origin}{}{fragment}", steps.join("/"))
}

fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|each| each.is_ascii_alphanumeric() || "+-.".contains(each))
    })
}

/// Percent-decoding; `None` where the result is no text.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_resolve_against_their_base() {
        let rows = [
            ("https://a.dev/v1/x.json", "#/$defs/A", "https://a.dev/v1/x.json#/$defs/A"),
            ("https://a.dev/v1/x.json", "y.json", "https://a.dev/v1/y.json"),
            ("https://a.dev/v1/x.json", "../v2/y.json#b", "https://a.dev/v2/y.json#b"),
            ("https://a.dev/v1/x.json", "/y.json", "https://a.dev/y.json"),
            ("https://a.dev", "y.json", "https://a.dev/y.json"),
            ("https://a.dev/v1/x.json", "urn:b", "urn:b"),
            ("file:///x.json", "../../y.json", "file:///y.json"),
            ("file:///x.json", "", "file:///x.json"),
        ];
        for (base, reference, expected) in rows {
            assert_eq!(resolve(base, reference), expected, "{reference} from {base}");
        }
    }

    #[test]
    fn escapes_decode() {
        assert_eq!(decode("/%24defs/a%20b").as_deref(), Some("/$defs/a b"));
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("%4"), None);
    }
}
