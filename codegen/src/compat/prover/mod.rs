//! Proves that every value that one schema allows is allowed by another.
//!
//! The answer "yes" is a proof, "no" only says that none was found. Each rule below is sound on its own: it looks
//! at one keyword of the right schema, and at all that is known of the values on the left.
//!
//! Recursive schemas are handled by assuming what is being proved. That is sound because a goal only comes back
//! after a step into a member or an item (cycles without such a step are refused when schemas are read), and
//! values are finite: it is an induction over their depth.

mod arrays;
mod empty;
mod objects;
mod scalars;
mod unions;

use std::collections::HashSet;

use serde_json::Value;

use super::equal::equal_within;
use super::evaluate::evaluate;
use super::keywords::{Class, class, only_restricts};
use super::node::{Node, NodeKey};
use super::number::json_equal;
use super::sender;
use super::shape::{Shape, expand};
use super::types::Types;

/// A proof that goes deeper is given up.
const DEEPEST: usize = 20_000;

/// The same for references and branches at one place.
const DEEPEST_HERE: usize = 24;

/// A proof that takes more steps is given up.
const MOST_STEPS: usize = 200_000;

/// When all proofs together have taken more steps, every further one is given up.
const MOST_STEPS_IN_ALL: usize = 300_000;

/// How many pairs of schemas are looked at to see that two schemas are the same.
const MOST_PAIRS: usize = 200;

/// Which values the left side stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Values {
    /// All that are valid.
    Valid,
    /// The valid ones that a sender writes: see [`sender`].
    Sent,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Goal {
    left: Vec<NodeKey>,
    right: NodeKey,
    values: Values,
}

/// The values at one position of the left side, as needed to tell which members are sent.
struct Position<'a> {
    shapes: Vec<Shape<'a>>,
    /// Whether members that no schema declares are left to other versions.
    record: bool,
    values: Values,
}

/// Finds proofs. One prover serves one pair of folders and remembers what it has proved.
#[derive(Default)]
pub(super) struct Prover {
    /// What is proved or being proved, in this order. What comes later may rest on what came before.
    trail: Vec<Goal>,
    known: HashSet<Goal>,
    failed: HashSet<Goal>,
    /// Steps of the present proof, and of all before.
    steps: usize,
    spent: usize,
    depth: usize,
    /// How much of the depth is at one place, without a step into a member or an item.
    here: usize,
}

impl Prover {
    /// Whether every value that a sender writes by `left` is accepted by `right`.
    pub(super) fn accepts(&mut self, left: Node<'_>, right: Node<'_>) -> bool {
        self.spent += std::mem::take(&mut self.steps);
        self.includes(&[left], right, Values::Sent)
    }

    /// The same for the member of one name alone.
    pub(super) fn accepts_member(&mut self, left: Node<'_>, right: Node<'_>, name: &str) -> bool {
        self.spent += std::mem::take(&mut self.steps);
        let (shapes, incomplete) = expand(&[left]);
        let position =
            Position { record: !incomplete && sender::is_record(&[left]), shapes, values: Values::Sent };
        position.shapes.iter().all(|shape| self.member_in(shape, name, right, &position))
    }

    /// Whether all of `values` that satisfy every one of `left` satisfy `right`.
    fn includes(&mut self, left: &[Node<'_>], right: Node<'_>, values: Values) -> bool {
        let mut keys: Vec<NodeKey> = left.iter().map(|node| node.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        let goal = Goal { left: keys, right: right.key(), values };
        if self.known.contains(&goal) {
            return true;
        }
        if self.failed.contains(&goal) || self.depth >= DEEPEST || !self.step() {
            return false;
        }
        let mark = self.trail.len();
        self.trail.push(goal.clone());
        self.known.insert(goal.clone());
        self.depth += 1;
        let here = std::mem::take(&mut self.here);
        let proved = self.includes_now(left, right, values);
        self.here = here;
        self.depth -= 1;
        if !proved {
            // What was proved since may rest on the assumption that has just failed.
            for goal in self.trail.drain(mark..) {
                self.known.remove(&goal);
            }
            self.failed.insert(goal);
        }
        proved
    }

    /// Whether two schemas say the same, as far as a limited look tells.
    fn same(&mut self, left: Node<'_>, right: Node<'_>) -> bool {
        let (same, pairs) = equal_within(left, right, MOST_PAIRS);
        self.steps += pairs;
        same
    }

    /// Counts a step; `false` when there were too many.
    fn step(&mut self) -> bool {
        self.steps += 1;
        self.steps <= MOST_STEPS && self.spent + self.steps <= MOST_STEPS_IN_ALL
    }

    fn includes_now(&mut self, left: &[Node<'_>], right: Node<'_>, values: Values) -> bool {
        if !same_agreements(left, right) {
            return false;
        }
        let (shapes, incomplete) = expand(left);
        let record = values == Values::Sent && !incomplete && sender::is_record(left);
        let position = Position { shapes, record, values };
        position.shapes.iter().all(|shape| self.shape_in(shape, right, &position))
    }

    /// Whether every value of a shape satisfies a schema that applies at the same place.
    fn shape_in<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>, at: &Position<'a>) -> bool {
        if right.is_trivial() {
            return true;
        }
        if self.depth >= DEEPEST || self.here >= DEEPEST_HERE || !self.step() {
            return false;
        }
        self.depth += 1;
        self.here += 1;
        let proved = self.shape_in_now(shape, right, at);
        self.here -= 1;
        self.depth -= 1;
        proved
    }

    fn shape_in_now<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>, at: &Position<'a>) -> bool {
        let shape = self.prune(shape);
        if shape.types == Types::NONE
            || (is_hard(right) && shape.nodes.iter().any(|node| self.same(*node, right)))
        {
            return true;
        }
        if right.value == &Value::Bool(false)
            || shape.nodes.iter().any(|node| is_opaque(*node, true))
            || is_opaque(right, false)
        {
            return false;
        }
        if let Some(values) = shape.values() {
            let impossible =
                |value: &Value| shape.nodes.iter().any(|node| evaluate(*node, value) == Some(false));
            return values.iter().all(|value| {
                impossible(value) || (evaluate(right, value) == Some(true) && agrees(&shape, right, value))
            });
        }
        if has_choice(right) && shape.types.each().nth(1).is_some() {
            return shape.types.each().all(|one| self.shape_in(&shape.with_types(one), right, at));
        }
        right.keywords().all(|(keyword, rule)| match class(keyword) {
            Class::Annotation | Class::Structure => true,
            Class::Agreement => has_agreement(&shape, keyword, rule),
            Class::Opaque => false,
            Class::Rule => self.follows(&shape, right, keyword, rule, at),
        })
    }

    /// Whether every value of a shape follows one keyword of a schema.
    fn follows<'a>(
        &mut self,
        shape: &Shape<'a>,
        right: Node<'a>,
        keyword: &str,
        rule: &'a Value,
        at: &Position<'a>,
    ) -> bool {
        match keyword {
            "$ref" => right.target().is_some_and(|target| self.shape_in(shape, target, at)),
            "allOf" => right.list(keyword).into_iter().flatten().all(|node| self.shape_in(shape, node, at)),
            "anyOf" => self.in_any(shape, right, at),
            "oneOf" => self.in_one(shape, right, at),
            "not" => self.in_not(shape, right.at(rule)),
            "if" => self.in_conditional(shape, right, at),
            // Part of `if`.
            "then" | "else" => true,
            "type" => Types::of_keyword(rule).contains(shape.types),
            // The values could not be counted, so there are others too.
            "enum" | "const" => false,
            "format" => {
                !shape.types.meets(Types::STRING.or(Types::NUMBER)) || has_agreement(shape, keyword, rule)
            }
            _ => {
                (!shape.types.meets(Types::NUMBER) || scalars::number_follows(shape, keyword, rule))
                    && (!shape.types.meets(Types::STRING) || scalars::string_follows(shape, keyword, rule))
                    && (!shape.types.meets(Types::ARRAY)
                        || self.array_follows(shape, right, keyword, rule, at))
                    && (!shape.types.meets(Types::OBJECT)
                        || self.object_follows(shape, right, keyword, rule, at))
            }
        }
    }
}

/// Whether a schema object may include itself without a proof by its keywords: only for these is it worth to look
/// whether the left side holds the same one.
fn is_hard(node: Node<'_>) -> bool {
    const HARD: &[&str] = &[
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "enum",
        "const",
        "contains",
        "uniqueItems",
        "multipleOf",
        "propertyNames",
        "patternProperties",
        "dependentSchemas",
        "dependentRequired",
    ];
    node.keywords().any(|(keyword, _)| HARD.contains(&keyword) || class(keyword) == Class::Opaque)
}

/// Keywords that different values of a shape may follow in different ways.
fn has_choice(node: Node<'_>) -> bool {
    ["$ref", "allOf", "anyOf", "oneOf", "not", "if"].iter().any(|keyword| node.get(keyword).is_some())
}

/// Whether a schema object holds a keyword that no rule covers. What only restricts may stand on the left.
fn is_opaque(node: Node<'_>, on_the_left: bool) -> bool {
    node.keywords()
        .any(|(keyword, _)| class(keyword) == Class::Opaque && !(on_the_left && only_restricts(keyword)))
}

/// Whether the keyword stands in the shape with the same value.
fn has_agreement(shape: &Shape<'_>, keyword: &str, rule: &Value) -> bool {
    shape.nodes.iter().any(|node| node.get(keyword).is_some_and(|value| json_equal(value, rule)))
}

/// For a value that was looked at by itself: whether the agreements of the schema objects that it comes under
/// hold too. Branches that refuse the value do not count.
fn agrees(shape: &Shape<'_>, right: Node<'_>, value: &Value) -> bool {
    if !right.schemas.has_agreements || evaluate(right, value) == Some(false) {
        return true;
    }
    right
        .keywords()
        .all(|(keyword, rule)| class(keyword) != Class::Agreement || has_agreement(shape, keyword, rule))
        && right.in_place().into_iter().all(|node| agrees(shape, node, value))
}

/// Whether the agreements (`x-code`) at a position are the same on both sides, so that none is lost.
fn same_agreements(left: &[Node<'_>], right: Node<'_>) -> bool {
    if !right.schemas.has_agreements && left.iter().all(|node| !node.schemas.has_agreements) {
        return true;
    }
    let (left, right) = (agreements(left.to_vec()), agreements(vec![right]));
    let within = |some: &[(&str, &Value)], all: &[(&str, &Value)]| some.iter().all(|each| all.contains(each));
    within(&left, &right) && within(&right, &left)
}

fn agreements(mut pending: Vec<Node<'_>>) -> Vec<(&str, &Value)> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    while let Some(node) = pending.pop() {
        if seen.insert(node.key()) {
            found.extend(node.keywords().filter(|(keyword, _)| class(keyword) == Class::Agreement));
            pending.extend(node.in_place());
        }
    }
    found
}
