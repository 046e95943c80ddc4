//! A schema taken apart: a union of shapes, each a plain conjunction of schema objects.

use std::cmp::Ordering;

use serde_json::Value;

use super::evaluate::matches;
use super::node::Node;
use super::number::Exact;
use super::types::Types;

/// References and branches nested deeper than this at one place are left out in the same way.
const DEEPEST: usize = 16;

/// Up to so many nodes, one that comes twice is kept once.
const FEW: usize = 16;

/// More shapes than this are not told apart: the branches are left out, which makes the set of values larger.
const MOST_SHAPES: usize = 1024;

/// Values that satisfy all of `nodes` and have one of `types`. The branches of `anyOf` and the like have been
/// chosen: `nodes` holds the chosen one beside the schema that offered it.
#[derive(Debug, Clone)]
pub(super) struct Shape<'a> {
    pub(super) types: Types,
    pub(super) nodes: Vec<Node<'a>>,
    /// Schemas that the values do *not* satisfy: those under `not`, and conditions on the way to an `else`.
    pub(super) refused: Vec<Node<'a>>,
}

/// The union that a conjunction of schemas stands for. Every value that satisfies all of `nodes` is in at least
/// one shape. The flag says that some branches were not told apart.
pub(super) fn expand<'a>(nodes: &[Node<'a>]) -> (Vec<Shape<'a>>, bool) {
    let mut incomplete = false;
    let mut shapes = vec![Branch::default()];
    for node in nodes {
        shapes = both(shapes, branches(*node, &mut incomplete, 0), &mut incomplete);
    }
    let shapes = shapes
        .into_iter()
        .map(|Branch { nodes, refused }| {
            let types = nodes.iter().fold(Types::ALL, |types, node| types.and(types_here(*node)));
            Shape { types, nodes, refused }
        })
        .collect();
    (shapes, incomplete)
}

/// One way to satisfy a schema: what is then satisfied, and what is not.
#[derive(Debug, Clone, Default)]
struct Branch<'a> {
    nodes: Vec<Node<'a>>,
    refused: Vec<Node<'a>>,
}

type Branches<'a> = Vec<Branch<'a>>;

/// Every way to satisfy one schema.
fn branches<'a>(node: Node<'a>, incomplete: &mut bool, depth: usize) -> Branches<'a> {
    match node.value {
        Value::Bool(true) => return vec![Branch::default()],
        Value::Bool(false) => return Vec::new(),
        _ => {}
    }
    let mut all = vec![Branch { nodes: vec![node], refused: node.schema("not").into_iter().collect() }];
    if depth > DEEPEST {
        *incomplete = true;
        return all;
    }
    let mut of = |node: Node<'a>| branches(node, incomplete, depth + 1);
    let mut groups: Vec<Branches<'a>> = node.target().into_iter().map(&mut of).collect();
    groups.extend(node.list("allOf").into_iter().flatten().map(&mut of));
    for keyword in ["anyOf", "oneOf"] {
        groups.extend(
            node.list(keyword).map(|list| list.into_iter().flat_map(&mut of).collect::<Branches<'a>>()),
        );
    }
    if let Some(condition) = node.schema("if") {
        let mut of_branch =
            |keyword: &str| node.schema(keyword).map_or_else(|| vec![Branch::default()], &mut of);
        let (then, mut otherwise) = (of_branch("then"), of_branch("else"));
        for branch in &mut otherwise {
            branch.refused.push(condition);
        }
        let met = of(condition);
        let mut group = both(met, then, incomplete);
        group.extend(otherwise);
        groups.push(group);
    }
    for group in groups {
        all = both(all, group, incomplete);
    }
    all
}

/// The conjunction of two unions.
fn both<'a>(left: Branches<'a>, right: Branches<'a>, incomplete: &mut bool) -> Branches<'a> {
    if left.len() * right.len() > MOST_SHAPES {
        *incomplete = true;
        return left;
    }
    let mut product = Vec::with_capacity(left.len() * right.len());
    for one in &left {
        for other in &right {
            let mut joined = one.clone();
            for (all, more) in [(&mut joined.nodes, &other.nodes), (&mut joined.refused, &other.refused)] {
                for node in more {
                    if all.len() > FEW || !all.iter().any(|known| known.key() == node.key()) {
                        all.push(*node);
                    }
                }
            }
            product.push(joined);
        }
    }
    product
}

/// The types that a schema object lets through by itself.
fn types_here(node: Node<'_>) -> Types {
    let of_values = |values: &[Value]| values.iter().map(Types::of).fold(Types::NONE, Types::or);
    let mut types = node.get("type").map_or(Types::ALL, Types::of_keyword);
    if let Some(value) = node.get("const") {
        types = types.and(Types::of(value));
    }
    if let Some(Value::Array(values)) = node.get("enum") {
        types = types.and(of_values(values));
    }
    types
}

/// A bound on numbers, lengths or counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub(super) value: Exact,
    pub(super) exclusive: bool,
}

/// Which side of the values a bound is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Lower,
    Upper,
}

impl Bound {
    /// Whether all that this bound lets through is let through by `other` too.
    pub(super) fn implies(self, other: Bound, side: Side) -> bool {
        let order = self.value.compare(other.value);
        let tighter = if side == Side::Lower { Ordering::Greater } else { Ordering::Less };
        order == tighter || (order == Ordering::Equal && (self.exclusive || !other.exclusive))
    }

    /// The same for whole numbers, as a bound that may be reached.
    fn whole(self, side: Side) -> Bound {
        let value = match self.value {
            Exact::Integer(value) if self.exclusive && side == Side::Lower => {
                Exact::Integer(value.saturating_add(1))
            }
            Exact::Integer(value) if self.exclusive => Exact::Integer(value.saturating_sub(1)),
            #[allow(clippy::cast_possible_truncation)]
            // a double with a fraction is far inside the range of an i128
            Exact::Double(value) if value.fract() != 0.0 => {
                Exact::Integer(if side == Side::Lower { value.ceil() } else { value.floor() } as i128)
            }
            _ => return self,
        };
        Bound { value, exclusive: false }
    }
}

impl<'a> Shape<'a> {
    /// The same with fewer types.
    pub(super) fn with_types(&self, types: Types) -> Self {
        Shape { types: self.types.and(types), ..self.clone() }
    }

    /// The values, where they can be counted: from `enum` and `const`, or because only null and booleans are left.
    pub(super) fn values(&self) -> Option<Vec<Value>> {
        let listed = self.nodes.iter().find_map(|node| match (node.get("const"), node.get("enum")) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(Value::Array(values))) => Some(values.clone()),
            _ => None,
        });
        let listed = listed.or_else(|| {
            let countable = Types::NULL.or(Types::BOOLEAN);
            countable.contains(self.types).then(|| vec![Value::Null, Value::Bool(true), Value::Bool(false)])
        })?;
        Some(listed.into_iter().filter(|value| self.types.contains(Types::of(value))).collect())
    }

    /// The tightest bound of one of these keywords (inclusive, exclusive) on one side.
    pub(super) fn bound(&self, inclusive: &str, exclusive: &str, side: Side) -> Option<Bound> {
        let whole =
            !self.types.meets(Types::FRACTION) || inclusive.ends_with('s') || inclusive.ends_with("Length");
        let each = |keyword: &str, exclusive: bool| {
            self.nodes
                .iter()
                .filter_map(|node| node.get(keyword)?.as_number())
                .map(Exact::new)
                .map(move |value| Bound { value, exclusive })
                .collect::<Vec<_>>()
        };
        let bounds = each(inclusive, false).into_iter().chain(each(exclusive, true));
        bounds
            .map(|bound| if whole { bound.whole(side) } else { bound })
            .reduce(|best, next| if next.implies(best, side) { next } else { best })
    }

    /// A bound on a count: of characters, items or members.
    pub(super) fn count(&self, keyword: &str, side: Side) -> Option<Bound> {
        self.bound(keyword, "", side)
    }

    /// Whether an array can be so long that there is an item at `index`.
    pub(super) fn reaches(&self, index: usize) -> bool {
        let least =
            Bound { value: Exact::Integer(i128::try_from(index).unwrap_or(i128::MAX)), exclusive: false };
        self.count("maxItems", Side::Upper).is_none_or(|most| !most.implies(least, Side::Upper))
    }

    pub(super) fn requires(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| node.names("required").any(|each| each == name))
    }

    /// The different names that are required.
    pub(super) fn required(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.nodes.iter().flat_map(|node| node.names("required")).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What is said of the member of this name. (A pattern that is no pattern is left out, which makes the set
    /// of values larger.)
    pub(super) fn member(&self, name: &str) -> Vec<Node<'a>> {
        self.nodes.iter().flat_map(|node| member_of(*node, name).0).collect()
    }

    /// What is said of the item at this index.
    pub(super) fn item(&self, index: usize) -> Vec<Node<'a>> {
        self.nodes
            .iter()
            .filter_map(|node| {
                let prefix = node.list("prefixItems").unwrap_or_default();
                prefix.get(index).copied().or_else(|| node.schema("items"))
            })
            .collect()
    }

    /// The number of items that have a schema of their own.
    pub(super) fn prefix(&self) -> usize {
        self.nodes
            .iter()
            .filter_map(|node| node.list("prefixItems"))
            .map(|list| list.len())
            .max()
            .unwrap_or(0)
    }

    /// The names that `properties` of any node lists.
    pub(super) fn listed(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> =
            self.nodes.iter().flat_map(|node| node.map("properties").map(|(name, _)| name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether a schema here says something of the member of this name, or leaves it open on purpose.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.requires(name)
            || self.nodes.iter().any(|node| {
                let (said, known) = member_of(*node, name);
                let dependent =
                    ["dependentSchemas", "dependentRequired"].iter().any(|each| node.get(each).is_some());
                !known || !said.is_empty() || dependent
            })
    }
}

/// What one schema object says of the member of this name, and whether that is all that it says.
pub(super) fn member_of<'a>(node: Node<'a>, name: &str) -> (Vec<Node<'a>>, bool) {
    let mut said: Vec<Node<'a>> = node.member("properties", name).into_iter().collect();
    let mut known = true;
    for (pattern, schema) in node.map("patternProperties") {
        match matches(pattern, name) {
            Some(true) => said.push(schema),
            Some(false) => {}
            None => known = false,
        }
    }
    if said.is_empty() && known {
        said.extend(node.schema("additionalProperties"));
    }
    (said, known)
}
