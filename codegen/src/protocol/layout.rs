//! Lays out a declaration of ts-rs, which writes an object on one line and comments between the lines.

/// One member a line, indented, with its comment above it.
pub(super) fn layout(declaration: &str) -> String {
    let mut out = Layout { text: String::new(), depth: 0, closed: Vec::new() };
    let mut rest = declaration;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with("/**") {
            let end = rest
                .find("\n */")
                .map(|at| at + 4)
                .or_else(|| rest.find("*/").map(|at| at + 2))
                .unwrap_or(rest.len());
            let (comment, after) = rest.split_at(end);
            out.comment(comment);
            rest = after.trim_start();
            continue;
        }
        if character == '"' {
            let end = string_end(rest);
            let (text, after) = rest.split_at(end);
            out.text.push_str(text);
            rest = after;
            continue;
        }
        let (piece, after) = rest.split_at(character.len_utf8());
        rest = match piece {
            "{" => {
                out.closed.push('}');
                out.depth += 1;
                out.text.push('{');
                out.line();
                after.trim_start()
            }
            "(" | "[" | "<" => {
                out.closed.push(if piece == "(" {
                    ')'
                } else if piece == "[" {
                    ']'
                } else {
                    '>'
                });
                out.text.push_str(piece);
                after
            }
            "," if out.closed.last() == Some(&'}') => {
                out.text.push(';');
                let after = after.trim_start();
                if !after.starts_with('}') {
                    out.line();
                }
                after
            }
            "}" => {
                out.closed.pop();
                out.end_member();
                out.depth = out.depth.saturating_sub(1);
                out.line();
                out.text.push('}');
                after
            }
            ")" | "]" | ">" if out.closed.last().is_some_and(|each| piece.starts_with(*each)) => {
                out.closed.pop();
                out.text.push_str(piece);
                after
            }
            other => {
                out.text.push_str(other);
                after
            }
        };
    }
    out.text
}

struct Layout {
    text: String,
    depth: usize,
    closed: Vec<char>,
}

impl Layout {
    fn line(&mut self) {
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(self.depth));
    }

    /// The last member of an object ends like the others.
    fn end_member(&mut self) {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        if !self.text.ends_with([';', '{']) {
            self.text.push(';');
        }
    }

    fn comment(&mut self, comment: &str) {
        let body = comment.trim_start_matches("/**").trim_end_matches("*/").trim_end();
        let lines: Vec<&str> =
            body.lines().map(|each| each.trim_start().trim_start_matches('*').trim_end()).collect();
        let lines: Vec<&str> = lines.into_iter().skip_while(|each| each.is_empty()).collect();
        if !self.text.ends_with(' ') || self.text.trim_end_matches(' ').ends_with('\n') {
            // Already at the beginning of a line.
        } else {
            self.line();
        }
        if let [line] = lines.as_slice() {
            self.text.push_str(&format!("/** {} */", line.trim()));
        } else {
            self.text.push_str("/**");
            for line in lines {
                self.line();
                self.text.push_str(&format!(" *{line}"));
            }
            self.line();
            self.text.push_str(" */");
        }
        self.line();
    }
}

/// Where the string literal at the beginning of `text` ends.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_a_line() {
        for (declaration, expected) in [
            ("type A = string;", "type A = string;"),
            (
                "type A = { a: string, b?: Map<string, { c: [number, string], }>, };",
                "type A = {\n  a: string;\n  b?: Map<string, {\n    c: [number, string];\n  }>;\n};",
            ),
            (
                "type A = { \n/**\n * One line.\n */\na: string, };",
                "type A = {\n  /** One line. */\n  a: string;\n};",
            ),
            (
                "type A = { \"type\": \"x, {y}\", \n/**\n * First.\n *\n * Second.\n */\na: string, };",
                "type A = {\n  \"type\": \"x, {y}\";\n  /**\n   * First.\n   *\n   * Second.\n   */\n  a: string;\n};",
            ),
            (
                "type A = string & { readonly __brand: \"A\" };",
                "type A = string & {\n  readonly __brand: \"A\";\n};",
            ),
        ] {
            assert_eq!(layout(declaration), expected, "{declaration}");
        }
    }
}
