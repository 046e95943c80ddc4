//! Rules about arrays.

use serde_json::Value;

use super::scalars::count_follows;
use super::{Position, Prover, Values};
use crate::compat::node::Node;
use crate::compat::number::Exact;
use crate::compat::shape::{Bound, Shape, Side};
use crate::compat::types::Types;

impl Prover {
    pub(super) fn array_follows<'a>(
        &mut self,
        shape: &Shape<'a>,
        right: Node<'a>,
        keyword: &str,
        rule: &'a Value,
        at: &Position<'a>,
    ) -> bool {
        match keyword {
            "minItems" => count_follows(shape, keyword, rule),
            "maxItems" => count_follows(shape, keyword, rule) || self.ends_before(shape, rule),
            "uniqueItems" => rule != &Value::Bool(true) || is_unique(shape),
            "prefixItems" => right
                .list(keyword)
                .into_iter()
                .flatten()
                .enumerate()
                .all(|(index, node)| self.item_in(shape, index, node, at)),
            "items" => {
                let start = right.list("prefixItems").map_or(0, |list| list.len());
                // One step past the last item that has a schema of its own stands for all that follow.
                let end = start.max(shape.prefix());
                (start..=end).all(|index| self.item_in(shape, index, right.at(rule), at))
            }
            "contains" => self.contains_follows(shape, right),
            // Part of `contains`.
            "minContains" | "maxContains" => true,
            _ => true,
        }
    }

    /// Whether no item can stand where the first one too many would.
    fn ends_before(&mut self, shape: &Shape<'_>, rule: &Value) -> bool {
        let Some(most) = rule.as_u64().and_then(|most| usize::try_from(most).ok()) else { return false };
        let item = shape.item(most);
        !item.is_empty() && self.is_empty(&item, Types::ALL)
    }

    fn item_in<'a>(&mut self, shape: &Shape<'a>, index: usize, right: Node<'a>, at: &Position<'a>) -> bool {
        !shape.reaches(index) || self.includes(&shape.item(index), right, at.values)
    }

    /// Proved from a `contains` of the left that wants at least as many of the same or of a narrower kind.
    fn contains_follows<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>) -> bool {
        let Some(wanted) = right.schema("contains") else { return true };
        let most = right.get("maxContains");
        if most.is_none() && least(right) == Some(Exact::Integer(0)) {
            return true;
        }
        shape.nodes.iter().any(|node| {
            let Some(known) = node.schema("contains") else { return false };
            let enough = match (least(*node), least(right)) {
                (Some(known), Some(wanted)) => known.compare(wanted).is_ge(),
                _ => false,
            };
            let few = most.is_none_or(|most| {
                let bound = |value: &Value| Some(Exact::new(value.as_number()?));
                let known = node.get("maxContains").and_then(bound);
                known.zip(bound(most)).is_some_and(|(known, most)| known.compare(most).is_le())
            });
            // An item comes under other schemas too, so nothing is known of what is sent beyond what is valid.
            // At most so many is only known for exactly the same schema.
            enough
                && few
                && (self.same(known, wanted)
                    || (most.is_none() && self.includes(&[known], wanted, Values::Valid)))
        })
    }
}

fn least(node: Node<'_>) -> Option<Exact> {
    node.get("minContains").map_or(Some(Exact::Integer(1)), |value| value.as_number().map(Exact::new))
}

fn is_unique(shape: &Shape<'_>) -> bool {
    let one = Bound { value: Exact::Integer(1), exclusive: false };
    shape.nodes.iter().any(|node| node.get("uniqueItems") == Some(&Value::Bool(true)))
        || shape.count("maxItems", Side::Upper).is_some_and(|most| most.implies(one, Side::Upper))
}
