//! Rules about `anyOf`, `oneOf`, `not` and `if`.

use serde_json::Value;

use super::{Position, Prover, Values};
use crate::compat::node::Node;
use crate::compat::shape::Shape;

impl Prover {
    /// One branch must take the whole shape. (Shapes of several types have been taken apart before, so a branch
    /// for each type is enough.)
    pub(super) fn in_any<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>, at: &Position<'a>) -> bool {
        right.list("anyOf").into_iter().flatten().any(|branch| self.shape_in(shape, branch, at))
    }

    /// One branch must take the whole shape, and every other branch none of it.
    pub(super) fn in_one<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>, at: &Position<'a>) -> bool {
        let branches = right.list("oneOf").unwrap_or_default();
        (0..branches.len()).any(|chosen| {
            self.shape_in(shape, branches[chosen], at)
                && branches
                    .iter()
                    .enumerate()
                    .all(|(other, branch)| other == chosen || self.apart(shape, *branch))
        })
    }

    /// The schema under `not` must take nothing of the shape; or the shape itself is under a `not` that refuses as
    /// much.
    pub(super) fn in_not<'a>(&mut self, shape: &Shape<'a>, refused: Node<'a>) -> bool {
        self.apart(shape, refused)
            || shape.refused.iter().any(|known| self.includes(&[refused], *known, Values::Valid))
    }

    pub(super) fn in_conditional<'a>(
        &mut self,
        shape: &Shape<'a>,
        right: Node<'a>,
        at: &Position<'a>,
    ) -> bool {
        let Some(condition) = right.schema("if") else { return true };
        let follows = |prover: &mut Self, shape: &Shape<'a>, keyword: &str| {
            right.schema(keyword).is_none_or(|branch| prover.shape_in(shape, branch, at))
        };
        // Values that meet the condition are in this shape too. A condition that is a union stays one node here,
        // which makes the shape larger.
        let mut met = shape.clone();
        met.nodes.push(condition);
        let mut unmet = shape.clone();
        unmet.refused.push(condition);
        (self.apart(shape, condition) || follows(self, &met, "then"))
            && (follows(self, &unmet, "else") || self.shape_valid_in(shape, condition))
    }

    /// Whether all valid values of the shape satisfy a schema. Stricter than for sent ones: used where the schema
    /// is a condition or is negated.
    pub(super) fn shape_valid_in<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>) -> bool {
        if right.value == &Value::Bool(false) {
            return false;
        }
        let at = Position { shapes: Vec::new(), record: false, values: Values::Valid };
        self.shape_in(shape, right, &at)
    }

    /// Whether no valid value of the shape satisfies a schema.
    pub(super) fn apart<'a>(&mut self, shape: &Shape<'a>, other: Node<'a>) -> bool {
        let mut nodes = shape.nodes.clone();
        nodes.push(other);
        self.is_empty_but(&nodes, shape.types, &shape.refused)
    }
}
