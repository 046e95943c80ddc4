//! Walks two schemas side by side and names each change.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::branches;
use super::changes::{Change, Verdict, reason};
use super::equal::equal;
use super::groups::{group, same_text};
use super::keywords::{Class, Holds, class, holds};
use super::node::{Document, Node, NodeKey};
use super::prover::Prover;
use super::sentences;
use crate::model::escape;

/// For senders and for receivers.
pub(super) type Verdicts = (Verdict, Verdict);

pub(super) const COMPATIBLE: Verdicts = (Verdict::Compatible, Verdict::Compatible);
pub(super) const BREAKING: Verdicts = (Verdict::Breaking, Verdict::Breaking);

/// Collects the changes of one pair of folders.
pub(super) struct Explainer<'a> {
    old: &'a [Document],
    new: &'a [Document],
    /// One for each direction, so that a hard proof in one leaves the other its steps.
    senders: Prover,
    receivers: Prover,
    /// Changes of the pair of documents that is being walked.
    changes: Vec<Change>,
    settled: Vec<Change>,
    /// Pairs that are or were walked for this pair of documents, and those that are still to be.
    walked: HashSet<(NodeKey, NodeKey)>,
    pending: Vec<(Node<'a>, Node<'a>)>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(old: &'a [Document], new: &'a [Document]) -> Self {
        Explainer {
            old,
            new,
            senders: Prover::default(),
            receivers: Prover::default(),
            changes: Vec::new(),
            settled: Vec::new(),
            walked: HashSet::new(),
            pending: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Vec<Change> {
        self.settled
    }

    /// Adds a change that is no matter of walking.
    pub(super) fn push(&mut self, change: Change) {
        self.settled.push(change);
    }

    /// Compares the pairs of schemas of one document that stand for messages.
    ///
    /// Each place is walked once. References are not followed on the way, but walked afterwards, so that the
    /// recursion is no deeper than a file.
    pub(super) fn roots(&mut self, roots: &[(Node<'a>, Node<'a>)]) {
        self.walked.clear();
        self.pending.extend(roots.iter().rev());
        while let Some((old, new)) = self.pending.pop() {
            self.walk(old, new);
        }
        if self.changes.is_empty() {
            // Every pair is the same: nothing is left to prove.
            return;
        }
        let verdicts: Vec<Verdicts> = roots.iter().map(|(old, new)| self.verdicts(*old, *new)).collect();
        let worst = verdicts.iter().fold(COMPATIBLE, |worst, each| worse(worst, *each));
        self.settle(0, worst);
        let named =
            self.changes.iter().fold(COMPATIBLE, |worst, each| worse(worst, (each.senders, each.receivers)));
        if named != worse(named, worst)
            && let Some(at) = verdicts.iter().position(|each| worse(named, *each) != named)
        {
            self.undecided(roots[at].0, roots[at].1, worst);
        }
        self.settled.append(&mut self.changes);
    }

    /// The proof in both directions.
    pub(super) fn verdicts(&mut self, old: Node<'_>, new: Node<'_>) -> Verdicts {
        (Verdict::proved(self.senders.accepts(old, new)), Verdict::proved(self.receivers.accepts(new, old)))
    }

    /// Changes from `mark` on are compatible where the schema that they are in is proved to be.
    fn settle(&mut self, mark: usize, (senders, receivers): Verdicts) {
        for change in &mut self.changes[mark..] {
            let before = (change.senders, change.receivers);
            change.senders = change.senders.min(senders);
            change.receivers = change.receivers.min(receivers);
            if before != (change.senders, change.receivers) {
                change.reason = reason(change.senders, change.receivers);
                if !change.is_breaking() {
                    change.reason.push_str(" The schema around it makes up for the change.");
                }
            }
        }
    }

    fn undecided(&mut self, old: Node<'a>, new: Node<'a>, verdicts: Verdicts) {
        let why = "No proof was found that this schema and the old one go together, and what is not decided counts as breaking.";
        self.emit_with(
            (old, Some(new)),
            "",
            "the schema changed in a way that cannot be decided",
            verdicts,
            why.to_owned(),
        );
    }

    /// Names a change at `step` of a place, the reason following from the verdicts.
    pub(super) fn emit(
        &mut self,
        at: (Node<'a>, Option<Node<'a>>),
        step: &str,
        what: impl Into<String>,
        verdicts: Verdicts,
    ) -> Verdicts {
        self.emit_with(at, step, what, verdicts, reason(verdicts.0, verdicts.1))
    }

    /// Names a change. The place is the new one, or the old one where there is no new.
    pub(super) fn emit_with(
        &mut self,
        (old, new): (Node<'a>, Option<Node<'a>>),
        step: &str,
        what: impl Into<String>,
        verdicts: Verdicts,
        reason: String,
    ) -> Verdicts {
        let (documents, (document, pointer)) = match new {
            Some(new) => (self.new, new.place()),
            None => (self.old, old.place()),
        };
        self.changes.push(Change {
            schema: documents[document].name.clone(),
            pointer: format!("{pointer}{step}"),
            what: what.into(),
            senders: verdicts.0,
            receivers: verdicts.1,
            reason,
        });
        verdicts
    }

    /// Compares two schemas for the same value. Gives what the changes in them amount to.
    pub(super) fn walk(&mut self, old: Node<'a>, new: Node<'a>) -> Verdicts {
        if !self.walked.insert((old.key(), new.key())) {
            return self.verdicts(old, new);
        }
        let (mark, waiting) = (self.changes.len(), self.pending.len());
        let found = self.walk_now(old, new);
        if self.changes.len() == mark && self.pending.len() == waiting && found == COMPATIBLE {
            // No keyword differs, and no reference leads out of here.
            return COMPATIBLE;
        }
        let verdicts = self.verdicts(old, new);
        self.settle(mark, verdicts);
        if found != worse(found, verdicts) {
            self.undecided(old, new, verdicts);
        }
        verdicts
    }

    /// Compares what two references lead to, later.
    fn walk_later(&mut self, old: Node<'a>, new: Node<'a>) -> Verdicts {
        if !self.walked.contains(&(old.key(), new.key())) {
            self.pending.push((old, new));
        }
        self.verdicts(old, new)
    }

    fn walk_now(&mut self, old: Node<'a>, new: Node<'a>) -> Verdicts {
        if old.object().is_none() || new.object().is_none() {
            if old.value == new.value || equal(old, new) {
                return COMPATIBLE;
            }
            let verdicts = self.verdicts(old, new);
            let what = format!(
                "the schema was {} and is {}",
                sentences::shown(old.value),
                sentences::shown(new.value)
            );
            return self.emit((old, Some(new)), "", what, verdicts);
        }
        if let Some(found) = self.walk_inlined(old, new) {
            return found;
        }
        let keywords: BTreeSet<&str> =
            old.keywords().chain(new.keywords()).map(|(keyword, _)| keyword).collect();
        keywords.into_iter().fold(COMPATIBLE, |worst, keyword| worse(worst, self.keyword(old, new, keyword)))
    }

    /// A schema that was moved into a definition, or out of one: compares what is meant.
    fn walk_inlined(&mut self, old: Node<'a>, new: Node<'a>) -> Option<Verdicts> {
        let only_reference = |node: Node<'a>| {
            let target = node.target()?;
            let alone = node.keywords().all(|(keyword, _)| {
                keyword == "$ref" || matches!(class(keyword), Class::Annotation | Class::Structure)
            });
            alone.then_some(target)
        };
        let (from, to) = match (old.get("$ref"), new.get("$ref")) {
            (Some(_), None) => (only_reference(old)?, new),
            (None, Some(_)) => (old, only_reference(new)?),
            _ => return None,
        };
        Some(self.walk_later(from, to))
    }

    fn keyword(&mut self, old: Node<'a>, new: Node<'a>, keyword: &'a str) -> Verdicts {
        let values = (old.get(keyword), new.get(keyword));
        let at = (old, Some(new));
        let step = format!("/{}", escape(keyword));
        match class(keyword) {
            Class::Structure if matches!(keyword, "$defs" | "definitions") || values.0 == values.1 => {
                COMPATIBLE
            }
            Class::Structure => {
                let why = "It names the schema; which messages are valid is the same. Who refers to it by this name has to follow.";
                self.emit_with(at, &step, sentences::described(keyword, values), COMPATIBLE, why.to_owned())
            }
            Class::Annotation if values.0 == values.1 => COMPATIBLE,
            Class::Annotation => {
                let why = match keyword {
                    "default" => {
                        "A default is a note to the reader: receivers do not fill it in, so every message means what it meant. Code that fills it in by itself has to be looked at."
                    }
                    _ => "A note to the reader: it says nothing about which messages are valid.",
                };
                self.emit_with(at, &step, sentences::described(keyword, values), COMPATIBLE, why.to_owned())
            }
            Class::Agreement | Class::Opaque if values.0 == values.1 && holds(keyword).is_none() => {
                COMPATIBLE
            }
            Class::Agreement => {
                let why = "Sender and receiver agree on it beside the rules of JSON Schema (an error code, say), so what the change does is not decided, and counts as breaking.";
                self.emit_with(at, &step, sentences::described(keyword, values), BREAKING, why.to_owned())
            }
            Class::Opaque if holds(keyword).is_none() => {
                let why =
                    "What this keyword means is not known here, and what is not decided counts as breaking.";
                self.emit_with(at, &step, sentences::described(keyword, values), BREAKING, why.to_owned())
            }
            Class::Opaque | Class::Rule => self.rule(old, new, keyword, values),
        }
    }

    fn rule(
        &mut self,
        old: Node<'a>,
        new: Node<'a>,
        keyword: &'a str,
        values: (Option<&'a Value>, Option<&'a Value>),
    ) -> Verdicts {
        match (keyword, values) {
            ("properties" | "required", _) => super::members::explain(self, old, new, keyword),
            ("$ref", (Some(_), Some(_))) => self.reference(old, new),
            ("allOf" | "anyOf" | "oneOf", (Some(_), Some(_))) => branches::explain(self, old, new, keyword),
            ("not" | "if" | "contains", (Some(before), Some(after))) => {
                let mark = self.changes.len();
                let inside = self.walk(old.at(before), new.at(after));
                if inside == COMPATIBLE && equal(old.at(before), new.at(after)) {
                    return COMPATIBLE;
                }
                // What is narrower inside may be wider outside: the keyword as a whole decides.
                let verdicts = self.by_keyword(old, new, keyword);
                for change in &mut self.changes[mark..] {
                    (change.senders, change.receivers) = verdicts;
                    change.reason = reason(verdicts.0, verdicts.1);
                }
                verdicts
            }
            (_, (Some(before), Some(after))) => match holds(keyword) {
                Some(Holds::Schema) => self.walk(old.at(before), new.at(after)),
                Some(Holds::List) => self.list(old, new, keyword),
                Some(Holds::Map) => self.map(old, new, keyword),
                None => self.leaf(old, new, keyword),
            },
            _ => self.leaf(old, new, keyword),
        }
    }

    fn reference(&mut self, old: Node<'a>, new: Node<'a>) -> Verdicts {
        let (Some(from), Some(to)) = (old.target(), new.target()) else { return COMPATIBLE };
        let (before, after) = (from.place().1, to.place().1);
        let still_there = old.get("$ref") != new.get("$ref")
            && new.schemas.places.values().any(|(_, pointer)| pointer == before);
        if before != after && still_there && !equal(from, to) {
            // Another definition, not a renamed one.
            return self.leaf(old, new, "$ref");
        }
        self.walk_later(from, to)
    }

    /// Schemas by position: `prefixItems`.
    fn list(&mut self, old: Node<'a>, new: Node<'a>, keyword: &str) -> Verdicts {
        let (before, after) = (old.list(keyword).unwrap_or_default(), new.list(keyword).unwrap_or_default());
        let mut worst = COMPATIBLE;
        for (from, to) in before.iter().zip(&after) {
            worst = worse(worst, self.walk(*from, *to));
        }
        if before.len() != after.len() {
            let what = format!("`{keyword}` had {} schemas and has {}", before.len(), after.len());
            let verdicts = self.by_keyword(old, new, keyword);
            worst = worse(worst, self.emit((old, Some(new)), &format!("/{keyword}"), what, verdicts));
        }
        worst
    }

    /// Schemas by name: `patternProperties`, `dependentSchemas`.
    fn map(&mut self, old: Node<'a>, new: Node<'a>, keyword: &str) -> Verdicts {
        let names: BTreeSet<&str> = old.map(keyword).chain(new.map(keyword)).map(|(name, _)| name).collect();
        names.into_iter().fold(COMPATIBLE, |worst, name| {
            let verdicts = match (old.member(keyword, name), new.member(keyword, name)) {
                (Some(from), Some(to)) => self.walk(from, to),
                (from, to) => {
                    let verb = if to.is_some() { "added to" } else { "removed from" };
                    let what = format!("`{name}` was {verb} `{keyword}`");
                    let verdicts = self.by_keyword(old, new, keyword);
                    self.emit((from.unwrap_or(old), to), "", what, verdicts)
                }
            };
            worse(worst, verdicts)
        })
    }

    /// A keyword without schemas that can be paired.
    fn leaf(&mut self, old: Node<'a>, new: Node<'a>, keyword: &str) -> Verdicts {
        let values = (old.get(keyword), new.get(keyword));
        let unchanged = match values {
            (Some(before), Some(after)) => same_text(keyword, before, after),
            _ => false,
        };
        if unchanged {
            return COMPATIBLE;
        }
        let verdicts = self.by_keyword(old, new, keyword);
        let mut why = reason(verdicts.0, verdicts.1);
        if verdicts != COMPATIBLE
            && let Some(undecided) = sentences::undecided(keyword, values)
        {
            why = undecided.to_owned();
        }
        let at = (old, values.1.map(|_| new));
        self.emit_with(
            at,
            &format!("/{}", escape(keyword)),
            sentences::described(keyword, values),
            verdicts,
            why,
        )
    }

    /// The proof for one keyword and those that it depends on, as if nothing else were there; then with the type.
    pub(super) fn by_keyword(&mut self, old: Node<'a>, new: Node<'a>, keyword: &str) -> Verdicts {
        let Some((alone, with_type)) = group(keyword) else { return BREAKING };
        let first = self.verdicts(old.masked(alone), new.masked(alone));
        let second = self.verdicts(old.masked(with_type), new.masked(with_type));
        (first.0.min(second.0), first.1.min(second.1))
    }

    /// The proof for the member of one name.
    pub(super) fn member_verdicts(&mut self, old: Node<'a>, new: Node<'a>, name: &str) -> Verdicts {
        (
            Verdict::proved(self.senders.accepts_member(old, new, name)),
            Verdict::proved(self.receivers.accepts_member(new, old, name)),
        )
    }
}

/// The worse of two in each direction.
pub(super) fn worse(left: Verdicts, right: Verdicts) -> Verdicts {
    (left.0.max(right.0), left.1.max(right.1))
}
