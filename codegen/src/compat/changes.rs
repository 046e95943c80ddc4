//! The result of a comparison.

use serde::Serialize;

/// Whether a change can be deployed on one side alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Proved to be safe.
    Compatible,
    /// Not safe, or not decided.
    Breaking,
}

impl Verdict {
    /// Compatible if it was proved.
    pub(super) fn proved(proved: bool) -> Self {
        if proved { Verdict::Compatible } else { Verdict::Breaking }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Compatible => "compatible",
            Verdict::Breaking => "breaking",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The schema file, relative to the folder.
    pub schema: String,
    /// Where in the new file; for what was removed, where it was in the old one. A JSON Pointer.
    pub pointer: String,
    /// What changed, as a sentence without its full stop.
    pub what: String,
    /// For senders built from the old schema.
    pub senders: Verdict,
    /// For receivers built from the old schema.
    pub receivers: Verdict,
    /// Why, in sentences.
    pub reason: String,
}

impl Change {
    /// Whether it is breaking for either side.
    pub fn is_breaking(&self) -> bool {
        self.senders == Verdict::Breaking || self.receivers == Verdict::Breaking
    }
}

/// All changes between two folders, by file and place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The version of this document's form.
    pub version: u32,
    /// Whether any change is breaking.
    pub breaking: bool,
    /// For senders built from the old schemas: the worst of all changes.
    pub senders: Verdict,
    /// For receivers built from the old schemas: the worst of all changes.
    pub receivers: Verdict,
    /// The changes.
    pub changes: Vec<Change>,
}

impl Comparison {
    pub(super) fn new(mut changes: Vec<Change>) -> Self {
        changes.sort();
        // One definition may be reached from several messages: the worst verdict counts.
        changes.dedup_by(|next, kept| {
            let same = (&next.schema, &next.pointer, &next.what) == (&kept.schema, &kept.pointer, &kept.what);
            if same && (next.senders, next.receivers) != (kept.senders, kept.receivers) {
                kept.senders = kept.senders.max(next.senders);
                kept.receivers = kept.receivers.max(next.receivers);
                kept.reason = reason(kept.senders, kept.receivers);
            }
            same
        });
        let worst = |verdict: fn(&Change) -> Verdict| {
            changes.iter().map(verdict).max().unwrap_or(Verdict::Compatible)
        };
        let (senders, receivers) = (worst(|change| change.senders), worst(|change| change.receivers));
        Comparison {
            version: 1,
            breaking: changes.iter().any(Change::is_breaking),
            senders,
            receivers,
            changes,
        }
    }

    /// Whether any change is breaking for either side.
    pub fn is_breaking(&self) -> bool {
        self.breaking
    }
}

/// The reason that follows from the verdicts alone.
pub(super) fn reason(senders: Verdict, receivers: Verdict) -> String {
    let narrower = "Not all that the old schema allows is known to be allowed by the new one, so what an old sender writes may be refused.";
    let wider = "Not all that the new schema allows is known to be allowed by the old one, so an old receiver may refuse what a new sender writes.";
    match (senders, receivers) {
        (Verdict::Breaking, Verdict::Breaking) => format!("{narrower} {wider}"),
        (Verdict::Breaking, Verdict::Compatible) => narrower.to_owned(),
        (Verdict::Compatible, Verdict::Breaking) => wider.to_owned(),
        (Verdict::Compatible, Verdict::Compatible) => {
            "What senders write is accepted as before, in both directions.".to_owned()
        }
    }
}
