//! Rules that find out that no value can satisfy a schema, or none of some type.

use serde_json::Value;

use super::{Position, Prover, Values};
use crate::compat::evaluate::evaluate;
use crate::compat::node::Node;
use crate::compat::shape::{Bound, Shape, Side, expand};
use crate::compat::types::Types;

/// How many members and items deep emptiness is looked for.
const DEEPEST: usize = 8;

impl Prover {
    /// Whether no value of these types satisfies all of the schemas.
    pub(super) fn is_empty(&mut self, nodes: &[Node<'_>], types: Types) -> bool {
        self.is_empty_within(nodes, types, &[], DEEPEST)
    }

    /// The same for values that also do not satisfy any of `refused`.
    pub(super) fn is_empty_but<'a>(
        &mut self,
        nodes: &[Node<'a>],
        types: Types,
        refused: &[Node<'a>],
    ) -> bool {
        self.is_empty_within(nodes, types, refused, DEEPEST)
    }

    fn is_empty_within<'a>(
        &mut self,
        nodes: &[Node<'a>],
        types: Types,
        refused: &[Node<'a>],
        depth: usize,
    ) -> bool {
        if depth == 0 || !self.step() {
            return false;
        }
        let (shapes, _) = expand(nodes);
        shapes.iter().all(|shape| {
            let mut shape = shape.with_types(types);
            shape.refused.extend(refused);
            self.prune_within(&shape, depth).types == Types::NONE
        })
    }

    /// The shape without the types of which it has no value.
    pub(super) fn prune<'a>(&mut self, shape: &Shape<'a>) -> Shape<'a> {
        self.prune_within(shape, DEEPEST)
    }

    fn prune_within<'a>(&mut self, shape: &Shape<'a>, depth: usize) -> Shape<'a> {
        // A large shape costs more than a step.
        self.steps += shape.nodes.len() / 8;
        let mut pruned = shape.clone();
        if let Some(values) = pruned.values() {
            self.steps += values.len() * pruned.nodes.len();
            let possible =
                |value: &Value| pruned.nodes.iter().all(|node| evaluate(*node, value) != Some(false));
            let left =
                values.iter().filter(|value| possible(value)).map(Types::of).fold(Types::NONE, Types::or);
            pruned.types = left;
        }
        let mut drop = |gone: bool, types: Types| {
            if gone {
                pruned.types = pruned.types.without(types);
            }
        };
        let shape = shape.clone();
        drop(numbers_empty(&shape, Types::INTEGER), Types::INTEGER);
        drop(numbers_empty(&shape, Types::FRACTION), Types::FRACTION);
        drop(crossed(&shape, ["minLength", ""], ["maxLength", ""]), Types::STRING);
        drop(shape.types.meets(Types::OBJECT) && self.no_object(&shape, depth), Types::OBJECT);
        drop(shape.types.meets(Types::ARRAY) && self.no_array(&shape, depth), Types::ARRAY);
        let refused = pruned.types != Types::NONE && self.refused_by_not(&pruned, depth);
        if refused {
            pruned.types = Types::NONE;
        }
        pruned
    }

    /// Whether a required member has no value.
    fn no_object(&mut self, shape: &Shape<'_>, depth: usize) -> bool {
        crossed(shape, ["minProperties", ""], ["maxProperties", ""])
            || shape.required().into_iter().any(|name| {
                let member = shape.member(name);
                !member.is_empty() && self.is_empty_within(&member, Types::ALL, &[], depth - 1)
            })
    }

    /// Whether an item that must be there has no value.
    fn no_array(&mut self, shape: &Shape<'_>, depth: usize) -> bool {
        if crossed(shape, ["minItems", ""], ["maxItems", ""]) {
            return true;
        }
        let least = (0..=shape.prefix()).take_while(|index| must_reach(shape, *index));
        least.into_iter().any(|index| {
            let item = shape.item(index);
            !item.is_empty() && self.is_empty_within(&item, Types::ALL, &[], depth - 1)
        })
    }

    /// Whether all of the shape is refused.
    fn refused_by_not<'a>(&mut self, shape: &Shape<'a>, depth: usize) -> bool {
        if depth < DEEPEST {
            return false;
        }
        // What is refused is left out below, so that this ends.
        let rest = Shape { refused: Vec::new(), ..shape.clone() };
        let position = Position { shapes: Vec::new(), record: false, values: Values::Valid };
        shape.refused.iter().any(|refused| self.shape_in(&rest, *refused, &position))
    }
}

/// Whether the array must have an item at `index`.
fn must_reach(shape: &Shape<'_>, index: usize) -> bool {
    let wanted = i128::try_from(index).unwrap_or(i128::MAX).saturating_add(1);
    let wanted = Bound { value: crate::compat::number::Exact::Integer(wanted), exclusive: false };
    shape.count("minItems", Side::Lower).is_some_and(|least| least.implies(wanted, Side::Lower))
}

fn numbers_empty(shape: &Shape<'_>, types: Types) -> bool {
    shape.types.meets(types)
        && crossed(&shape.with_types(types), ["minimum", "exclusiveMinimum"], ["maximum", "exclusiveMaximum"])
}

/// Whether the lower bound lies above the upper one.
fn crossed(shape: &Shape<'_>, lower: [&str; 2], upper: [&str; 2]) -> bool {
    let low = shape.bound(lower[0], lower[1], Side::Lower);
    let high = shape.bound(upper[0], upper[1], Side::Upper);
    match (low, high) {
        (Some(low), Some(high)) => {
            let order = low.value.compare(high.value);
            order.is_gt() || (order.is_eq() && (low.exclusive || high.exclusive))
        }
        _ => false,
    }
}
