//! Which of the valid values a sender writes.

use serde_json::Value;

use super::node::Node;
use super::types::Types;

/// Deeper than this through references and branches, a schema is no record.
const DEEPEST: usize = 16;

/// Whether the schemas together describe a record: an object whose members are listed (`properties`) in every branch
/// that allows an object.
///
/// Such a sender writes the listed members, and members that no version lists. It does not write a member that
/// its own version leaves unsaid and the other version lists: the first version that lists a name takes it. A
/// schema without `properties` describes free-form data, whose names are the application's own; and
/// `additionalProperties` says what any member may be. Neither gives names away.
pub(super) fn is_record(nodes: &[Node<'_>]) -> bool {
    nodes.iter().any(|node| lists_members(*node, 0))
}

fn lists_members(node: Node<'_>, depth: usize) -> bool {
    let within = |node: Node<'_>| depth < DEEPEST && lists_members(node, depth + 1);
    let every_branch = |branches: Vec<Node<'_>>| {
        branches.into_iter().all(|branch| within(branch) || !allows_object(branch, depth))
    };
    node.get("properties").is_some()
        || node.target().is_some_and(within)
        || node.list("allOf").into_iter().flatten().any(within)
        || ["anyOf", "oneOf"].iter().any(|keyword| node.list(keyword).is_some_and(every_branch))
        || (node.get("if").is_some()
            && ["then", "else"].iter().all(|keyword| node.schema(keyword).is_some_and(within)))
}

fn allows_object(node: Node<'_>, depth: usize) -> bool {
    if depth > DEEPEST {
        return true;
    }
    let listed = node.get("enum").and_then(Value::as_array);
    node.value != &Value::Bool(false)
        && node.get("type").is_none_or(|types| Types::of_keyword(types).meets(Types::OBJECT))
        && node.get("const").is_none_or(Value::is_object)
        && listed.is_none_or(|values| values.iter().any(Value::is_object))
        && node.target().is_none_or(|target| allows_object(target, depth + 1))
}
