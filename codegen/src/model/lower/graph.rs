//! What only the whole set of types can tell: which are recursive, and which have type parameters.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Rule, Type, TypeDef};

/// Fills in `recursive`, `parameters` and the arguments of references.
pub(super) fn complete(types: &mut [TypeDef]) {
    let index: BTreeMap<&str, usize> =
        types.iter().enumerate().map(|(at, each)| (each.name.as_str(), at)).collect();
    let edges: Vec<Vec<usize>> = types
        .iter()
        .map(|each| references(each).into_iter().filter_map(|name| index.get(name).copied()).collect())
        .collect();
    let recursive = in_circles(&edges);
    for (each, flag) in types.iter_mut().zip(&recursive) {
        each.recursive = *flag;
    }
    parameters(types, &edges);
}

/// The names of all types that a type refers to.
fn references(definition: &TypeDef) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    definition.shape.walk(&mut |each| {
        if let Type::Reference { name, .. } = each {
            found.insert(name.as_str());
        }
    });
    rule_references(&definition.rule, &mut found);
    found
}

fn rule_references<'a>(rule: &'a Rule, found: &mut BTreeSet<&'a str>) {
    found.extend(rule.reference.as_deref());
    for each in rule.in_place().chain(rule.inside()) {
        rule_references(each, found);
    }
}

/// Which nodes lie on a circle (Tarjan's strongly connected components, with a stack of its own).
fn in_circles(edges: &[Vec<usize>]) -> Vec<bool> {
    const UNSEEN: usize = usize::MAX;
    let count = edges.len();
    let (mut order, mut low, mut on_path) = (vec![UNSEEN; count], vec![0; count], vec![false; count]);
    let (mut path, mut next, mut circles) = (Vec::new(), 0, vec![false; count]);
    for start in 0..count {
        if order[start] != UNSEEN {
            continue;
        }
        let mut work = vec![(start, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                order[node] = next;
                low[node] = next;
                next += 1;
                path.push(node);
                on_path[node] = true;
            }
            match edges[node].get(edge) {
                Some(&target) => {
                    work.push((node, edge + 1));
                    if order[target] == UNSEEN {
                        work.push((target, 0));
                    } else if on_path[target] {
                        low[node] = low[node].min(order[target]);
                    }
                }
                None => {
                    if let Some(&(parent, _)) = work.last() {
                        low[parent] = low[parent].min(low[node]);
                    }
                    if low[node] == order[node] {
                        let first = path.iter().rposition(|&each| each == node).unwrap_or(0);
                        let alone = path.len() - first == 1 && !edges[node].contains(&node);
                        for member in path.drain(first..) {
                            on_path[member] = false;
                            circles[member] = !alone;
                        }
                    }
                }
            }
        }
    }
    circles
}

fn parameters(types: &mut [TypeDef], edges: &[Vec<usize>]) {
    let mut sets: Vec<BTreeSet<String>> = types.iter().map(own_parameters).collect();
    if sets.iter().all(BTreeSet::is_empty) {
        return;
    }
    loop {
        let mut changed = false;
        for (node, targets) in edges.iter().enumerate() {
            for &target in targets {
                let passed = sets[target].clone();
                let before = sets[node].len();
                sets[node].extend(passed);
                changed |= sets[node].len() != before;
            }
        }
        if !changed {
            break;
        }
    }
    let by_name: BTreeMap<String, Vec<String>> = types
        .iter()
        .zip(&sets)
        .map(|(each, set)| (each.name.clone(), set.iter().cloned().collect()))
        .collect();
    for each in types.iter_mut() {
        each.parameters = by_name.get(&each.name).cloned().unwrap_or_default();
        each.shape.walk_mut(&mut |part| {
            if let Type::Reference { name, arguments } = part {
                *arguments = by_name.get(name).cloned().unwrap_or_default();
            }
        });
    }
}

fn own_parameters(definition: &TypeDef) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    definition.shape.walk(&mut |each| {
        if let Type::Parameter { name } = each {
            found.insert(name.clone());
        }
    });
    found
}
