//! One namespace for the types of several documents.
//!
//! Types that are the same in every document that has them are one type. Types of one name that differ get the name of their
//! document's payload in front (`SettingsItem`, `ProfileItem`), in every document, so that no name depends on the order.

use std::collections::{BTreeMap, BTreeSet};

use super::Document;
use crate::model::{Rule, Type, TypeDef};
use crate::{Error, Result};

/// Renames where needed.
///
/// # Errors
/// Two payload types, or two renamed types, want one name.
pub(super) fn resolve(documents: &mut [Document]) -> Result<()> {
    let differing = differing(documents);
    if differing.is_empty() {
        return Ok(());
    }
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for document in documents.iter_mut() {
        let root = document.topic.as_ref().map(|(_, root)| root.clone()).unwrap_or_default();
        let mut renamed = BTreeMap::new();
        for definition in &document.types {
            if differing.contains(&definition.name) && definition.name != root {
                renamed.insert(definition.name.clone(), format!("{root}{}", definition.name));
            }
        }
        for definition in &mut document.types {
            rename(definition, &renamed);
            let same_elsewhere = !differing.contains(&definition.name)
                && !renamed.values().any(|each| *each == definition.name);
            if same_elsewhere {
                continue;
            }
            if let Some(other) = owners.insert(definition.name.clone(), definition.location.clone()) {
                return Err(Error::schema(
                    &document.source,
                    definition.location.rsplit_once('#').map_or("", |(_, pointer)| pointer),
                    format!(
                        "the type `{}` differs from the one of that name at {other}; give one of the two schemas another `title`",
                        definition.name
                    ),
                ));
            }
        }
        for each in &mut document.roots {
            if let Some(name) = renamed.get(each) {
                each.clone_from(name);
            }
        }
        document.types.sort_by(|left, right| left.name.cmp(&right.name));
    }
    Ok(())
}

/// The names that do not mean the same in every document, those that refer to one included.
fn differing(documents: &[Document]) -> BTreeSet<String> {
    let mut by_name: BTreeMap<&str, Vec<&TypeDef>> = BTreeMap::new();
    for definition in documents.iter().flat_map(|each| &each.types) {
        by_name.entry(&definition.name).or_default().push(definition);
    }
    by_name.retain(|_, definitions| definitions.len() > 1);
    let mut differing = BTreeSet::new();
    for (name, definitions) in &by_name {
        let first = definitions[0];
        if definitions
            .iter()
            .any(|each| each.shape != first.shape || each.rule != first.rule || each.docs != first.docs)
        {
            differing.insert((*name).to_owned());
        }
    }
    loop {
        let before = differing.len();
        for (name, definitions) in &by_name {
            if definitions.iter().any(|each| refers_to(each, &differing)) {
                differing.insert((*name).to_owned());
            }
        }
        if differing.len() == before {
            return differing;
        }
    }
}

fn refers_to(definition: &TypeDef, names: &BTreeSet<String>) -> bool {
    let mut found = false;
    definition
        .shape
        .walk(&mut |each| found |= matches!(each, Type::Reference { name, .. } if names.contains(name)));
    found
}

fn rename(definition: &mut TypeDef, renamed: &BTreeMap<String, String>) {
    if renamed.is_empty() {
        return;
    }
    if let Some(name) = renamed.get(&definition.name) {
        definition.name.clone_from(name);
    }
    definition.shape.walk_mut(&mut |each| {
        if let Type::Reference { name, .. } = each
            && let Some(other) = renamed.get(name)
        {
            name.clone_from(other);
        }
    });
    rename_rule(&mut definition.rule, renamed);
}

fn rename_rule(rule: &mut Rule, renamed: &BTreeMap<String, String>) {
    if let Some(name) = &mut rule.reference
        && let Some(other) = renamed.get(name)
    {
        name.clone_from(other);
    }
    rule.parts_mut(&mut |each| rename_rule(each, renamed));
}
