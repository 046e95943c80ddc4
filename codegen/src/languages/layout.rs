//! Lays out nested literals and calls: on one line where they fit, else one part a line.

/// A piece of source text that may be broken over lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text that stays together.
    Text(String),
    /// Parts between brackets, separated by commas.
    Group {
        /// What comes first, its bracket included: `rule(`, `"members": {`.
        open: String,
        /// The parts.
        parts: Vec<Piece>,
        /// The closing bracket.
        close: &'static str,
    },
}

/// How a language wants it.
pub(super) struct Layout {
    /// One step of indentation.
    pub indent: &'static str,
    /// How many columns a step counts.
    pub indent_width: usize,
    /// How many columns a line should have at most.
    pub width: usize,
}

impl Piece {
    pub(super) fn text(text: impl Into<String>) -> Piece {
        Piece::Text(text.into())
    }

    pub(super) fn group(open: impl Into<String>, parts: Vec<Piece>, close: &'static str) -> Piece {
        Piece::Group { open: open.into(), parts, close }
    }

    /// The same piece with `prefix` in front of it.
    pub(super) fn after(self, prefix: &str) -> Piece {
        match self {
            Piece::Text(text) => Piece::Text(format!("{prefix}{text}")),
            Piece::Group { open, parts, close } => {
                Piece::Group { open: format!("{prefix}{open}"), parts, close }
            }
        }
    }

    /// How many columns it takes on one line; generated code is ASCII.
    fn columns(&self) -> usize {
        match self {
            Piece::Text(text) => text.len(),
            Piece::Group { open, parts, close } => {
                let inside: usize = parts.iter().map(|each| each.columns() + 2).sum();
                open.len() + close.len() + inside.saturating_sub(2)
            }
        }
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Piece::Text(text) => out.push_str(text),
            Piece::Group { open, parts, close } => {
                out.push_str(open);
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    part.write_flat(out);
                }
                out.push_str(close);
            }
        }
    }

    /// Writes it where `depth` steps of indentation are already on the line. A comma will follow.
    pub(super) fn write(&self, layout: &Layout, depth: usize, out: &mut String) {
        match self {
            Piece::Group { open, parts, close }
                if !parts.is_empty() && depth * layout.indent_width + self.columns() + 1 > layout.width =>
            {
                out.push_str(open);
                out.push('\n');
                for part in parts {
                    (0..=depth).for_each(|_| out.push_str(layout.indent));
                    part.write(layout, depth + 1, out);
                    out.push_str(",\n");
                }
                (0..depth).for_each(|_| out.push_str(layout.indent));
                out.push_str(close);
            }
            _ => self.write_flat(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_on_one_line() {
        let layout = Layout { indent: "  ", indent_width: 2, width: 16 };
        let inner = Piece::group("b(", vec![Piece::text("1"), Piece::text("2")], ")");
        for (piece, expected) in [
            (inner.clone(), "b(1, 2)"),
            (Piece::group("a(", vec![inner.clone(), Piece::text("long")], ")"), "a(b(1, 2), long)"),
            (
                Piece::group("a(", vec![inner.clone(), Piece::text("longer")], ")"),
                "a(\n  b(1, 2),\n  longer,\n)",
            ),
            (Piece::group("a(", vec![], ")"), "a()"),
        ] {
            let mut out = String::new();
            piece.write(
                &Layout { width: if expected.contains('\n') { 16 } else { 99 }, ..layout },
                0,
                &mut out,
            );
            assert_eq!(out, expected);
        }
    }
}
