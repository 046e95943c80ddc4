//! Small pieces of TypeScript: names of members, literals, comments.

use serde_json::Value;

/// A string as a literal. JSON's form is TypeScript's; line separators are escaped for old tools.
pub(super) fn text(value: &str) -> String {
    Value::String(value.to_owned()).to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// A JSON value as an expression. `__proto__` as a plain key would set the prototype.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(each) => text(each),
        Value::Array(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, each)| format!("{}: {}", key(name), self::value(each))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// A JSON value as a type.
pub(super) fn literal_type(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, each)| format!("{}: {}", property(name), literal_type(each)))
                .collect();
            format!("{{ {} }}", members.join("; "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal_type).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => number.to_string(),
        other => self::value(other),
    }
}

/// Whether `name` can stand after a dot.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|each| each.is_ascii_alphabetic() || each == '_' || each == '$')
        && characters.all(|each| each.is_ascii_alphanumeric() || each == '_' || each == '$')
}

/// A member's name in a declaration.
pub(super) fn property(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { text(name) }
}

/// A member's name in an object literal.
pub(super) fn key(name: &str) -> String {
    if name == "__proto__" { "[\"__proto__\"]".to_owned() } else { property(name) }
}

/// The members that every object seems to have: only an own one counts.
const INHERITED: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Whether reading the member needs a look at whether it is the object's own.
pub(super) fn is_inherited(name: &str) -> bool {
    INHERITED.contains(&name)
}

/// The reading of a member, `undefined` where it is absent.
pub(super) fn access(object: &str, name: &str) -> String {
    if is_inherited(name) {
        format!("own({object}, {})", text(name))
    } else if is_identifier(name) {
        format!("{object}.{name}")
    } else {
        format!("{object}[{}]", text(name))
    }
}

/// A regular expression literal. The pattern has been checked.
pub(super) fn regular_expression(pattern: &str) -> String {
    if pattern.is_empty() {
        return "/(?:)/u".to_owned();
    }
    let mut literal = String::from("/");
    let (mut escaped, mut in_class) = (false, false);
    for character in pattern.chars() {
        match character {
            '/' if !escaped && !in_class => literal.push_str("\\/"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\u{2028}' => literal.push_str("\\u2028"),
            '\u{2029}' => literal.push_str("\\u2029"),
            other => literal.push(other),
        }
        in_class = if escaped { in_class } else { (in_class || character == '[') && character != ']' };
        escaped = !escaped && character == '\\';
    }
    literal + "/u"
}

/// The lines of a documentation comment, each with `indent` in front; nothing for no documentation.
pub(super) fn comment(docs: Option<&str>, tags: &[String], indent: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    if let Some(docs) = docs {
        lines.extend(docs.lines().map(|each| each.trim_end().replace("*/", "*\\/")));
    }
    if !tags.is_empty() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(tags.iter().map(|each| each.replace("*/", "*\\/")));
    }
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let body: String =
                lines
                    .iter()
                    .map(|each| {
                        if each.is_empty() { format!("{indent} *\n") } else { format!("{indent} * {each}\n") }
                    })
                    .collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_awkward_is_escaped() {
        assert_eq!(property("a-b"), "\"a-b\"");
        assert_eq!(key("__proto__"), "[\"__proto__\"]");
        assert_eq!(access("v", "constructor"), "own(v, \"constructor\")");
        assert_eq!(access("v", "a b"), "v[\"a b\"]");
        assert_eq!(value(&json!({"__proto__": [1, "\u{2028}"]})), "{ [\"__proto__\"]: [1, \"\\u2028\"] }");
        assert_eq!(literal_type(&json!({"a": [null, true]})), "{ a: [null, true] }");
        assert_eq!(comment(Some("ends */ here"), &[], ""), "/** ends *\\/ here */\n");
        assert_eq!(comment(None, &[], ""), "");
        assert_eq!(
            comment(Some("a\n\nb"), &["@deprecated".into()], "  "),
            "  /**\n   * a\n   *\n   * b\n   *\n   * @deprecated\n   */\n"
        );
    }

    #[test]
    fn regular_expressions_survive_as_literals() {
        for (pattern, literal) in [
            ("", "/(?:)/u"),
            ("a/b", "/a\\/b/u"),
            ("[/]", "/[/]/u"),
            ("a\\/b", "/a\\/b/u"),
            ("a\nb", "/a\\nb/u"),
        ] {
            assert_eq!(regular_expression(pattern), literal, "{pattern}");
        }
    }
}
