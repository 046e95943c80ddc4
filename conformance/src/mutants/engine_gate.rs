//! Engines whose gate lets the wrong snapshots through.

use super::{
    Mutant,
    engine_tools::{In, Out, Tamper, between, hearing, ruled},
};
use state_sync::{Epoch, InvalidationEvent, Revision};
use state_sync_engine::{Failure, Gate, Input, Judgement, Output, Rules};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-left-epochs-forgotten",
        summary: "takes an epoch that it has left for a new one",
        breaks: &["ENG-12", "ENG-53"],
        answer: |request| ruled(request, ForgetsEpochs),
    },
    Mutant {
        name: "engine-left-epoch-remembered-alone",
        summary: "remembers no epoch but the one that it left last",
        breaks: &["ENG-12"],
        answer: |request| ruled(request, RemembersOneEpoch),
    },
    Mutant {
        name: "engine-revision-zero-is-nothing",
        summary: "takes a first snapshot of revision 0 for one that it already has",
        breaks: &["ENG-13"],
        answer: |request| ruled(request, ZeroIsNothing),
    },
    Mutant {
        name: "engine-local-before-apply",
        summary: "shows a revision when its apply begins",
        breaks: &["ENG-14"],
        answer: |request| {
            between(
                request,
                Tamper {
                    output: |inside, output| {
                        if let Output::Apply { snapshot, .. } = &output {
                            inside.memory.number = snapshot.revision.value();
                        }
                        inside.say(output);
                    },
                    local_revision: |inside, revision| revision.max(Revision::new(inside.memory.number)),
                    ..Tamper::default()
                },
            )
        },
    },
    Mutant {
        name: "engine-snapshots-applied-again",
        summary: "applies a snapshot that it already has",
        breaks: &["ENG-52"],
        answer: |request| ruled(request, AppliesSame),
    },
    Mutant {
        name: "engine-older-snapshots-applied",
        summary: "applies whatever the provider gives",
        breaks: &["ENG-52"],
        answer: |request| ruled(request, AppliesAll),
    },
    Mutant {
        name: "engine-revisions-compared-as-text",
        summary: "takes 9 for more than 10",
        breaks: &["ENG-52"],
        answer: |request| ruled(request, ComparesText),
    },
    Mutant {
        name: "engine-revisions-compared-as-doubles",
        summary: "takes 2^53 + 1 for 2^53",
        breaks: &["ENG-52"],
        answer: |request| ruled(request, ComparesDoubles),
    },
    Mutant {
        name: "engine-epochs-ignored",
        summary: "ignores a source that has begun again, for ever and without an error",
        breaks: &["ENG-52", "ENG-53", "ENG-30"],
        answer: |request| ruled(request, IgnoresEpochs),
    },
    Mutant {
        name: "engine-applies-side-by-side",
        summary: "begins an apply while another one runs",
        breaks: &["ENG-55", "ENG-52"],
        answer: |request| ruled(request, AppliesSideBySide),
    },
    Mutant {
        name: "engine-failed-apply-counts",
        summary: "takes a snapshot for applied whose apply has failed",
        breaks: &["ENG-54"],
        answer: |request| {
            hearing(request, |inside, input| {
                inside.hear(match input {
                    Input::Applied { number, .. } => Input::Applied { number, outcome: Ok(()) },
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-undecodable-answer-is-the-providers",
        summary: "blames getSnapshot for an answer that does not decode",
        breaks: &["ENG-51", "ENG-71"],
        answer: |request| {
            hearing(request, |inside, input| {
                inside.hear(match input {
                    Input::Snapshot { number, outcome: Err(Failure::Undecodable(error)) } => {
                        Input::Snapshot { number, outcome: Err(Failure::Panicked(error.to_string())) }
                    }
                    other => other,
                });
            })
        },
    },
    Mutant {
        name: "engine-refused-snapshot-applied",
        summary: "applies what the validator has refused",
        breaks: &["ENG-51", "ENG-59"],
        answer: |request| {
            between(request, Tamper { input: accept_refused, output: keep_validated, ..Tamper::default() })
        },
    },
];

fn keep_validated(inside: &mut super::engine_tools::Inside, output: Out) {
    if let Output::Validate { .. } = &output {
        inside.memory.kept = vec![output.clone()];
    }
    inside.say(output);
}

fn accept_refused(inside: &mut super::engine_tools::Inside, input: In) {
    let kept = inside.memory.kept.pop();
    inside.hear(match (input, kept) {
        (Input::Validated(Err(_)), Some(Output::Validate { snapshot })) => Input::Validated(Ok(snapshot)),
        (other, _) => other,
    });
}

struct ForgetsEpochs;
impl Rules for ForgetsEpochs {
    fn is_stale(&self, gate: &Gate, event: &InvalidationEvent) -> bool {
        !gate.has_left(event.epoch.as_ref()) && gate.is_stale(event)
    }

    fn judge(&self, gate: &Gate, epoch: Option<&Epoch>, revision: Revision) -> Judgement {
        if gate.has_left(epoch) { Judgement::NewEpoch } else { gate.judge_at(epoch, revision) }
    }
}

struct RemembersOneEpoch;
impl Rules for RemembersOneEpoch {
    fn judge(&self, gate: &Gate, epoch: Option<&Epoch>, revision: Revision) -> Judgement {
        // The scripts number the epochs that they go through.
        let number = |epoch: &str| epoch.strip_prefix('e').and_then(|number| number.parse::<u32>().ok());
        let asked = epoch.map(|epoch| epoch.as_str()).and_then(number);
        match (asked, number(gate.epoch())) {
            (Some(asked), Some(local)) if asked + 1 < local => Judgement::NewEpoch,
            _ => gate.judge_at(epoch, revision),
        }
    }
}

struct ZeroIsNothing;
impl Rules for ZeroIsNothing {
    fn judge(&self, gate: &Gate, epoch: Option<&Epoch>, revision: Revision) -> Judgement {
        match gate.judge_at(epoch, revision) {
            Judgement::First if revision == Revision::ZERO => Judgement::Same,
            other => other,
        }
    }
}

struct AppliesSame;
impl Rules for AppliesSame {
    fn applies_answer(&self, judgement: Judgement) -> bool {
        judgement.applies() || judgement == Judgement::Same
    }
}

struct AppliesAll;
impl Rules for AppliesAll {
    fn applies_answer(&self, _: Judgement) -> bool {
        true
    }
}

/// Judges within an epoch by another order.
fn judge_by(
    gate: &Gate,
    epoch: Option<&Epoch>,
    revision: Revision,
    order: fn(Revision, Revision) -> std::cmp::Ordering,
) -> Judgement {
    match gate.judge_at(epoch, revision) {
        Judgement::Newer | Judgement::Same | Judgement::Older if !gate.has_left(epoch) => {
            match order(revision, gate.revision()) {
                std::cmp::Ordering::Greater => Judgement::Newer,
                std::cmp::Ordering::Equal => Judgement::Same,
                std::cmp::Ordering::Less => Judgement::Older,
            }
        }
        other => other,
    }
}

struct ComparesText;
impl Rules for ComparesText {
    fn judge(&self, gate: &Gate, epoch: Option<&Epoch>, revision: Revision) -> Judgement {
        judge_by(gate, epoch, revision, |left, right| left.to_string().cmp(&right.to_string()))
    }
}

struct ComparesDoubles;
impl Rules for ComparesDoubles {
    fn judge(&self, gate: &Gate, epoch: Option<&Epoch>, revision: Revision) -> Judgement {
        judge_by(gate, epoch, revision, |left, right| {
            (left.value() as f64).total_cmp(&(right.value() as f64))
        })
    }
}

struct IgnoresEpochs;
impl Rules for IgnoresEpochs {
    fn is_stale(&self, gate: &Gate, event: &InvalidationEvent) -> bool {
        gate.local().is_some_and(|local| event.revision <= local.revision)
    }

    fn judge(&self, gate: &Gate, _: Option<&Epoch>, revision: Revision) -> Judgement {
        let local = gate.local().map(|local| local.epoch.clone());
        gate.judge_at(local.as_ref(), revision)
    }
}

struct AppliesSideBySide;
impl Rules for AppliesSideBySide {
    fn applies_side_by_side(&self) -> bool {
        true
    }
}
