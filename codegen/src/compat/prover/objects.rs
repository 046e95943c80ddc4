//! Rules about objects.

use serde_json::Value;

use super::scalars::count_follows;
use super::{Position, Prover, Values};
use crate::compat::evaluate::evaluate;
use crate::compat::node::Node;
use crate::compat::number::Exact;
use crate::compat::shape::{Bound, Shape, Side, member_of};
use crate::compat::types::Types;

impl Prover {
    pub(super) fn object_follows<'a>(
        &mut self,
        shape: &Shape<'a>,
        right: Node<'a>,
        keyword: &str,
        rule: &'a Value,
        at: &Position<'a>,
    ) -> bool {
        match keyword {
            "required" => right.names(keyword).all(|name| shape.requires(name)),
            "minProperties" => count_follows(shape, keyword, rule) || requires_as_many(shape, rule),
            "maxProperties" => count_follows(shape, keyword, rule) || lists_at_most(shape, rule),
            "propertyNames" => self.names_follow(shape, right.at(rule)),
            "dependentRequired" => rule.as_object().is_some_and(|map| {
                map.iter().all(|(name, needed)| self.dependency_follows(shape, name, needed))
            }),
            "dependentSchemas" => {
                right.map(keyword).all(|(name, node)| self.dependent_schema_follows(shape, name, node))
            }
            "properties" => right.map(keyword).all(|(name, _)| self.member_in(shape, name, right, at)),
            "patternProperties" => {
                self.listed_in(shape, right, at)
                    && right.map(keyword).all(|(pattern, node)| self.pattern_in(shape, pattern, node, at))
            }
            "additionalProperties" => {
                self.listed_in(shape, right, at) && self.others_in(shape, right.at(rule), right, at)
            }
            _ => true,
        }
    }

    /// Whether what is sent as the member of this name is what `right` says of it.
    pub(super) fn member_in<'a>(
        &mut self,
        shape: &Shape<'a>,
        name: &str,
        right: Node<'a>,
        at: &Position<'a>,
    ) -> bool {
        let (said, known) = member_of(right, name);
        if !known {
            return false;
        }
        let new_to_sender =
            at.record && right.member("properties", name).is_some() && !self.is_declared(shape, name, at);
        new_to_sender || said.iter().all(|node| self.includes(&shape.member(name), *node, at.values))
    }

    /// Whether a sender of this shape may write the member because some schema declares it. A schema whose values
    /// are none of this shape's does not count.
    fn is_declared<'a>(&mut self, shape: &Shape<'a>, name: &str, at: &Position<'a>) -> bool {
        at.shapes.iter().any(|other| {
            if !other.declares(name) {
                return false;
            }
            let mut nodes = shape.nodes.clone();
            nodes.extend(other.nodes.iter().copied());
            !self.is_empty(&nodes, shape.types)
        })
    }

    /// Whether the members that the left lists by name are what `right` says of them.
    fn listed_in<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>, at: &Position<'a>) -> bool {
        let mut names = shape.listed();
        names.extend(shape.required());
        names.into_iter().all(|name| self.member_in(shape, name, right, at))
    }

    /// Whether members that neither side lists, and whose names match a pattern of the right, are what it says.
    fn pattern_in<'a>(
        &mut self,
        shape: &Shape<'a>,
        pattern: &str,
        right: Node<'a>,
        at: &Position<'a>,
    ) -> bool {
        if right.is_trivial() {
            return true;
        }
        let same = shape
            .nodes
            .iter()
            .filter_map(|node| node.member("patternProperties", pattern))
            .collect::<Vec<_>>();
        let values = single_rule(shape, at.values);
        same.into_iter().any(|node| self.includes(&[node], right, values))
            || self.unlisted_in(shape, right, &[], at)
    }

    /// Whether members that neither side lists, and whose names match no pattern of the right, are what it says.
    fn others_in<'a>(
        &mut self,
        shape: &Shape<'a>,
        rule: Node<'a>,
        right: Node<'a>,
        at: &Position<'a>,
    ) -> bool {
        let excluded: Vec<&str> = right.map("patternProperties").map(|(pattern, _)| pattern).collect();
        rule.is_trivial() || self.unlisted_in(shape, rule, &excluded, at)
    }

    /// Whether one schema object of the left says enough of members that it does not list. Names that match one
    /// of the patterns in `excluded` do not matter.
    fn unlisted_in<'a>(
        &mut self,
        shape: &Shape<'a>,
        right: Node<'a>,
        excluded: &[&str],
        at: &Position<'a>,
    ) -> bool {
        let mut ways: Vec<Vec<Vec<Node<'a>>>> = shape
            .nodes
            .iter()
            .map(|node| {
                let mut cases = vec![node.schema("additionalProperties").into_iter().collect::<Vec<_>>()];
                let patterns = node.map("patternProperties");
                cases.extend(
                    patterns.filter(|(pattern, _)| !excluded.contains(pattern)).map(|(_, node)| vec![node]),
                );
                cases
            })
            .collect();
        if ways.is_empty() {
            ways.push(vec![Vec::new()]);
        }
        let values = single_rule(shape, at.values);
        ways.into_iter().any(|cases| cases.iter().all(|case| self.includes(case, right, values)))
    }

    fn names_follow<'a>(&mut self, shape: &Shape<'a>, right: Node<'a>) -> bool {
        let known: Vec<Node<'a>> =
            shape.nodes.iter().filter_map(|node| node.schema("propertyNames")).collect();
        if known.into_iter().any(|node| self.includes(&[node], right, Values::Valid)) {
            return true;
        }
        // Otherwise all names must be known.
        closed_names(shape).is_some_and(|names| {
            names.iter().all(|name| evaluate(right, &Value::String((*name).to_owned())) == Some(true))
        })
    }

    fn never_there(&mut self, shape: &Shape<'_>, name: &str) -> bool {
        let member = shape.member(name);
        !member.is_empty() && self.is_empty(&member, Types::ALL)
    }

    fn dependency_follows(&mut self, shape: &Shape<'_>, name: &str, needed: &Value) -> bool {
        needed.as_array().into_iter().flatten().filter_map(Value::as_str).all(|each| {
            each == name
                || shape.requires(each)
                || shape.nodes.iter().any(|node| {
                    let known =
                        node.get("dependentRequired").and_then(|map| map.get(name)).and_then(Value::as_array);
                    known.is_some_and(|names| names.iter().any(|known| known == each))
                })
        }) || self.never_there(shape, name)
    }

    fn dependent_schema_follows<'a>(&mut self, shape: &Shape<'a>, name: &str, right: Node<'a>) -> bool {
        let known: Vec<Node<'a>> =
            shape.nodes.iter().filter_map(|node| node.member("dependentSchemas", name)).collect();
        known.into_iter().any(|node| self.includes(&[node], right, Values::Valid))
            || self.shape_valid_in(shape, right)
            || self.never_there(shape, name)
    }
}

fn requires_as_many(shape: &Shape<'_>, rule: &Value) -> bool {
    let count = Bound {
        value: Exact::Integer(i128::try_from(shape.required().len()).unwrap_or(0)),
        exclusive: false,
    };
    let least = rule.as_number().map(|value| Bound { value: Exact::new(value), exclusive: false });
    least.is_some_and(|least| count.implies(least, Side::Lower))
}

fn lists_at_most(shape: &Shape<'_>, rule: &Value) -> bool {
    let most = rule.as_number().map(|value| Bound { value: Exact::new(value), exclusive: false });
    closed_names(shape).zip(most).is_some_and(|(names, most)| {
        let count = Bound {
            value: Exact::Integer(i128::try_from(names.len()).unwrap_or(i128::MAX)),
            exclusive: false,
        };
        count.implies(most, Side::Upper)
    })
}

/// All names that a member can have, where a schema object closes the list.
fn closed_names<'a>(shape: &Shape<'a>) -> Option<Vec<&'a str>> {
    let closed = |node: &&Node<'a>| {
        node.get("additionalProperties") == Some(&Value::Bool(false))
            && node.map("patternProperties").next().is_none()
    };
    let node = shape.nodes.iter().find(closed)?;
    Some(node.map("properties").map(|(name, _)| name).collect())
}

/// What may be taken as sent under a name that is not listed, where only one schema of the left is looked at. If
/// others may have a say in the same member, nothing is known beyond what is valid.
fn single_rule(shape: &Shape<'_>, values: Values) -> Values {
    let rules = |node: &Node<'_>| {
        let patterns = node.map("patternProperties").count();
        patterns.max(usize::from(node.get("additionalProperties").is_some()))
    };
    if shape.nodes.iter().map(rules).sum::<usize>() <= 1 { values } else { Values::Valid }
}
