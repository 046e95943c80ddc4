//! What a schema is compiled into: for each place a node, in each node a rule for each JSON type.

use super::{names::NameTable, pattern::Pattern};
use jsonschema::Validator as Asked;
use std::collections::HashSet;

/// The index of a node.
pub(crate) type NodeId = usize;

/// A compiled schema. That the pass ends well means that `jsonschema` would accept the text; that it stops
/// means nothing.
#[derive(Debug)]
pub(crate) struct Program {
    pub nodes: Vec<Node>,
    /// The node of the whole text.
    pub root: NodeId,
    /// Validators of the subtrees that the program leaves to `jsonschema`.
    pub asked: Vec<Asked>,
}

/// What may stand at one place.
#[derive(Debug)]
pub(crate) struct Node {
    /// Every rule is [`Rule::Any`].
    pub any: bool,
    pub null: Rule<()>,
    pub boolean: Rule<bool>,
    pub number: Rule<NumberRule>,
    pub string: Rule<StringRule>,
    pub array: Rule<ArrayRule>,
    pub object: Rule<ObjectRule>,
}

impl Node {
    /// A node that accepts nothing, to be filled.
    pub fn never() -> Self {
        Self {
            any: false,
            null: Rule::Never,
            boolean: Rule::Never,
            number: Rule::Never,
            string: Rule::Never,
            array: Rule::Never,
            object: Rule::Never,
        }
    }

    /// Settles [`Self::any`] once the rules are there.
    pub fn sealed(mut self) -> Self {
        self.any = matches!(
            (&self.null, &self.boolean, &self.number, &self.string, &self.array, &self.object),
            (Rule::Any, Rule::Any, Rule::Any, Rule::Any, Rule::Any, Rule::Any)
        );
        self
    }
}

/// What is asked of a value of one JSON type.
#[derive(Debug)]
pub(crate) enum Rule<T> {
    /// Not to be decided here: the schema allows no such value, or says it in a way that this pass cannot tell.
    Never,
    /// Every value of the type.
    Any,
    /// The values that the check accepts.
    Check(T),
    /// The values that one of the rules accepts; for scalars only, since the text is read again for each.
    Either(Vec<Rule<T>>),
    /// The values that `jsonschema` accepts: an index into [`Program::asked`].
    Ask(usize),
}

#[derive(Debug, Default)]
pub(crate) struct NumberRule {
    /// Without a fraction.
    pub integer: bool,
    pub limits: Vec<Limit>,
    /// One of these.
    pub allowed: Option<Vec<i64>>,
    /// A multiple of each of these, all positive.
    pub multiples: Vec<i64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub bound: Bound,
    pub value: LimitValue,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// A limit; integers are no further from zero than [`EXACT`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum LimitValue {
    Integer(i64),
    Double(f64),
}

/// Integers up to this one, and their negatives, are doubles without loss.
pub(crate) const EXACT: i64 = 1 << 53;

#[derive(Debug)]
pub(crate) struct StringRule {
    pub allowed: Option<AllowedStrings>,
    /// Bounds of the length in code points.
    pub minimum: usize,
    pub maximum: usize,
    pub patterns: Vec<Pattern>,
}

impl Default for StringRule {
    fn default() -> Self {
        Self { allowed: None, minimum: 0, maximum: usize::MAX, patterns: Vec::new() }
    }
}

/// The strings of an `enum`, as bytes of their values.
#[derive(Debug)]
pub(crate) enum AllowedStrings {
    Few(Vec<Box<[u8]>>),
    Many(HashSet<Box<[u8]>>),
}

impl AllowedStrings {
    pub fn new(strings: impl Iterator<Item = String>) -> Self {
        let few: Vec<Box<[u8]>> = strings.map(|string| string.into_bytes().into()).collect();
        if few.len() <= 8 { Self::Few(few) } else { Self::Many(few.into_iter().collect()) }
    }

    pub fn contains(&self, string: &[u8]) -> bool {
        match self {
            Self::Few(strings) => strings.iter().any(|allowed| **allowed == *string),
            Self::Many(strings) => strings.contains(string),
        }
    }
}

#[derive(Debug)]
pub(crate) struct ArrayRule {
    /// The nodes of the first items, one each.
    pub prefix: Vec<NodeId>,
    /// The node of the items after them.
    pub rest: NodeId,
    pub minimum: usize,
    pub maximum: usize,
}

#[derive(Debug)]
pub(crate) enum ObjectRule {
    Members(Box<Members>),
    Tagged(Tagged),
}

/// An object whose members are known one by one.
#[derive(Debug)]
pub(crate) struct Members {
    pub names: NameTable,
    /// By the index that the table gives.
    pub members: Vec<Member>,
    /// The node of the members that are not in the table.
    pub additional: NodeId,
    /// The bits of the members that must be there.
    pub required: u128,
    pub minimum: usize,
    pub maximum: usize,
    /// A member that has a bit may come only once.
    pub unique: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub node: NodeId,
    /// A bit of its own where somebody asks whether the member was there.
    pub bit: u128,
}

/// An object of one of several kinds, told apart by a member that holds a string of its own in each.
#[derive(Debug)]
pub(crate) struct Tagged {
    /// The name of that member with its quotes.
    pub quoted: Box<[u8]>,
    /// The string, as bytes of its value, and the node of that kind of object.
    pub kinds: Vec<(Box<[u8]>, NodeId)>,
}
