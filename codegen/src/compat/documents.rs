//! Which schema of the old folder is compared with which of the new one.

use std::collections::HashSet;

use serde_json::Value;

use super::changes::{Change, Comparison, Verdict};
use super::equal::equal;
use super::explain::Explainer;
use super::node::{Document, Node, Schemas, address};
use crate::model::escape;

/// A folder that was read and checked.
pub(super) type Folder<'a> = (&'a [Document], &'a Schemas<'a>);

/// With `files`, each side is one file that was named, so they belong together whatever they are called.
pub(super) fn compare<'a>(old: Folder<'a>, new: Folder<'a>, files: bool) -> Comparison {
    let unchanged =
        |(one, other): (&Document, &Document)| (files || one.name == other.name) && one.root == other.root;
    if old.0.len() == new.0.len() && old.0.iter().zip(new.0).all(unchanged) {
        return Comparison::new(Vec::new());
    }
    let mut explainer = Explainer::new(old.0, new.0);
    let mut taken = vec![false; new.0.len()];
    // First all that have an `$id` in common, so that a file name cannot take a document from its `$id`.
    let by_id: Vec<Option<usize>> = old
        .0
        .iter()
        .map(|document| {
            let id = document.id()?;
            let found = new.0.iter().position(|other| other.id() == Some(id))?;
            taken[found] = true;
            Some(found)
        })
        .collect();
    for (document, found) in old.0.iter().zip(by_id) {
        let free = |at: &usize| !taken[*at] && (files || new.0[*at].name == document.name);
        let found = found.or_else(|| (0..new.0.len()).find(free));
        let Some(at) = found else {
            explainer.push(removed_file(document));
            continue;
        };
        taken[at] = true;
        compare_documents(&mut explainer, (document, old.1), (&new.0[at], new.1));
    }
    for (document, _) in new.0.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        explainer.push(added_file(document));
    }
    Comparison::new(explainer.finish())
}

fn removed_file(document: &Document) -> Change {
    Change {
        schema: document.name.clone(),
        pointer: String::new(),
        what: "the schema was removed".to_owned(),
        senders: Verdict::Breaking,
        receivers: Verdict::Breaking,
        reason: "Nobody who follows the new version reads or writes these messages.".to_owned(),
    }
}

fn added_file(document: &Document) -> Change {
    Change {
        schema: document.name.clone(),
        pointer: String::new(),
        what: "the schema was added".to_owned(),
        senders: Verdict::Compatible,
        receivers: Verdict::Compatible,
        reason: "Nobody who follows the old version reads or writes these messages.".to_owned(),
    }
}

/// The root, and the definitions that are there for other documents: those that the root does not lead to.
fn compare_documents<'a>(
    explainer: &mut Explainer<'a>,
    (old, old_schemas): (&'a Document, &'a Schemas<'a>),
    (new, new_schemas): (&'a Document, &'a Schemas<'a>),
) {
    let (old_root, new_root) = (Node::new(old_schemas, &old.root), Node::new(new_schemas, &new.root));
    // Two files that somebody named may well be called `old` and `new`: only an `$id` makes them one that moved.
    if old.name != new.name && old.id().is_some() && old.id() == new.id() {
        explainer.push(Change {
            schema: new.name.clone(),
            pointer: String::new(),
            what: format!("the file was called `{}`", old.name),
            senders: Verdict::Compatible,
            receivers: Verdict::Compatible,
            reason: "Its `$id` is the same.".to_owned(),
        });
    }
    let mut roots = vec![(old_root, new_root)];

    let (old_reached, new_reached) = (reached(old_root), reached(new_root));
    for keyword in ["$defs", "definitions"] {
        for (name, node) in old_root.map(keyword) {
            let public = !old_reached.contains(&address(node.value));
            match new_root.member(keyword, name) {
                Some(other) if public || !new_reached.contains(&address(other.value)) => {
                    roots.push((node, other));
                }
                Some(_) => {}
                None => explainer.push(missing(
                    new,
                    keyword,
                    name,
                    public,
                    same(node, old_root, new_root, keyword),
                )),
            }
        }
        let added = new_root.map(keyword).filter(|(name, _)| old_root.member(keyword, name).is_none());
        for (name, _) in added.filter(|(_, node)| !new_reached.contains(&address(node.value))) {
            explainer.push(Change {
                schema: new.name.clone(),
                pointer: format!("/{keyword}/{}", escape(name)),
                what: format!("definition `{name}` was added"),
                senders: Verdict::Compatible,
                receivers: Verdict::Compatible,
                reason: "Nobody who follows the old version knows it.".to_owned(),
            });
        }
    }
    explainer.roots(&roots);
}

/// The name of a new definition that says the same.
fn same<'a>(node: Node<'a>, old_root: Node<'a>, new_root: Node<'a>, keyword: &str) -> Option<&'a str> {
    new_root
        .map(keyword)
        .find(|(name, other)| old_root.member(keyword, name).is_none() && equal(node, *other))
        .map(|(name, _)| name)
}

fn missing(new: &Document, keyword: &str, name: &str, public: bool, same: Option<&str>) -> Change {
    let verdict = Verdict::proved(!public);
    let what = match same {
        Some(other) => format!("definition `{name}` was renamed to `{other}`"),
        None => format!("definition `{name}` was removed"),
    };
    let reason = if public {
        "It is there for others to refer to by this name, and they find it no more."
    } else {
        "Only this document refers to it: what that does to messages is listed where it was used."
    };
    Change {
        schema: new.name.clone(),
        pointer: format!("/{keyword}/{}", escape(name)),
        what,
        senders: verdict,
        receivers: verdict,
        reason: reason.to_owned(),
    }
}

/// The addresses of all subschemas that a schema leads to, definitions only where something refers to them.
fn reached(root: Node<'_>) -> HashSet<usize> {
    let mut seen = HashSet::new();
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if !seen.insert(address(node.value)) {
            continue;
        }
        pending.extend(node.target());
        for (keyword, value) in
            node.keywords().filter(|(keyword, _)| !matches!(*keyword, "$defs" | "definitions"))
        {
            match super::keywords::holds(keyword) {
                Some(super::keywords::Holds::Schema) => pending.push(node.at(value)),
                Some(super::keywords::Holds::List) => {
                    pending.extend(node.list(keyword).into_iter().flatten())
                }
                Some(super::keywords::Holds::Map) => pending.extend(
                    value
                        .as_object()
                        .into_iter()
                        .flat_map(|map| map.values())
                        .map(|value: &Value| node.at(value)),
                ),
                None => {}
            }
        }
    }
    seen
}
