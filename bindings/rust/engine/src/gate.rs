//! The gate: which snapshots are applied and which events are stale (`ENG-30`, `ENG-52`, `ENG-53`).

use crate::Position;
use state_sync::{Epoch, InvalidationEvent, Revision, SnapshotEnvelope};
use std::collections::VecDeque;

/// How many left epochs are remembered (`ENG-12` asks for 16 at least).
pub const LEFT_EPOCHS: usize = 16;

/// What the gate says of a snapshot (`ENG-52`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Nothing has been applied yet.
    First,
    /// Of the local epoch, and of a greater revision.
    Newer,
    /// Of the local epoch and revision.
    Same,
    /// Of the local epoch and a lower revision, or of an epoch that has been left.
    Older,
    /// Of an epoch that has not been seen before.
    NewEpoch,
}

impl Judgement {
    /// Whether an answer of the provider that is judged so is applied.
    pub const fn applies(self) -> bool {
        matches!(self, Judgement::First | Judgement::Newer | Judgement::NewEpoch)
    }
}

/// What a reader holds, and the epochs that it once held.
///
/// It judges and remembers; it never calls anything. Persistence and transports use it by itself.
///
/// ```
/// use state_sync::{Revision, SnapshotEnvelope};
/// use state_sync_engine::{Gate, Judgement};
///
/// let mut gate = Gate::default();
/// let snapshot = SnapshotEnvelope::new(Revision::ZERO, "dark");
/// assert_eq!(gate.judge(&snapshot), Judgement::First);
/// gate.accept(&snapshot);
/// assert_eq!(gate.judge(&snapshot), Judgement::Same);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    local: Option<Position>,
    left: VecDeque<Epoch>,
}

impl Gate {
    /// A gate whose reader already holds a snapshot, or nothing.
    pub fn new(initial: Option<Position>) -> Self {
        Self { local: initial, left: VecDeque::new() }
    }

    /// What a snapshot is to this reader (`ENG-52`).
    pub fn judge<D>(&self, snapshot: &SnapshotEnvelope<D>) -> Judgement {
        self.judge_at(snapshot.epoch.as_ref(), snapshot.revision)
    }

    /// As [`Gate::judge`], for a revision of an epoch; an absent epoch is the empty one.
    pub fn judge_at(&self, epoch: Option<&Epoch>, revision: Revision) -> Judgement {
        let Some(local) = &self.local else { return Judgement::First };
        if Epoch::same(epoch, Some(&local.epoch)) {
            return match revision.cmp(&local.revision) {
                std::cmp::Ordering::Greater => Judgement::Newer,
                std::cmp::Ordering::Equal => Judgement::Same,
                std::cmp::Ordering::Less => Judgement::Older,
            };
        }
        if self.has_left(epoch) { Judgement::Older } else { Judgement::NewEpoch }
    }

    /// Remembers that a snapshot is now the reader's state, whatever the gate thought of it (`ENG-53`).
    pub fn accept<D>(&mut self, snapshot: &SnapshotEnvelope<D>) {
        self.accept_at(Position::of(snapshot));
    }

    /// As [`Gate::accept`], for a position.
    pub fn accept_at(&mut self, position: Position) {
        self.left.retain(|left| *left != position.epoch);
        let before = self.local.replace(position);
        let (Some(before), Some(local)) = (before, &self.local) else { return };
        if before.epoch != local.epoch {
            if self.left.len() == LEFT_EPOCHS {
                self.left.pop_front();
            }
            self.left.push_back(before.epoch);
        }
    }

    /// Whether an event tells this reader nothing new (`ENG-30`). Allocates nothing.
    pub fn is_stale(&self, event: &InvalidationEvent) -> bool {
        match &self.local {
            Some(local) if Epoch::same(event.epoch.as_ref(), Some(&local.epoch)) => {
                event.revision <= local.revision
            }
            _ => self.has_left(event.epoch.as_ref()),
        }
    }

    /// Whether the reader once held a snapshot of this epoch and does no more.
    pub fn has_left(&self, epoch: Option<&Epoch>) -> bool {
        self.left.iter().any(|left| Epoch::same(Some(left), epoch))
    }

    /// Whether the reader holds this epoch at this revision or a greater one.
    pub fn has_reached(&self, position: &Position) -> bool {
        let local = self.local.as_ref();
        local.is_some_and(|local| local.epoch == position.epoch && local.revision >= position.revision)
    }

    /// What the reader holds; `None` until the first snapshot.
    pub fn local(&self) -> Option<&Position> {
        self.local.as_ref()
    }

    /// The revision that an application is shown: that of local, or 0 (`ENG-13`).
    pub fn revision(&self) -> Revision {
        self.local.as_ref().map_or(Revision::ZERO, |local| local.revision)
    }

    /// The epoch that an application is shown: that of local, or the empty one.
    pub fn epoch(&self) -> &str {
        self.local.as_ref().map_or("", |local| local.epoch.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use state_sync::Topic;

    fn position(text: &str) -> Position {
        let (epoch, revision) = text.split_at(text.find(|c: char| c.is_ascii_digit()).unwrap());
        Position { epoch: epoch.into(), revision: revision.parse().unwrap() }
    }

    /// A gate that has accepted these positions, one after the other.
    fn gate(accepted: &[&str]) -> Gate {
        let mut gate = Gate::default();
        for text in accepted {
            gate.accept_at(position(text));
        }
        gate
    }

    #[test]
    fn snapshots_are_judged_by_the_first_line_that_fits() {
        use Judgement::*;
        for (accepted, answer, expected) in [
            (&[][..], "0", First),
            (&[], "a9", First),
            (&["0"], "0", Same),
            (&["4"], "5", Newer),
            (&["9"], "10", Newer),
            (&["4"], "3", Older),
            (&["4"], "a1", NewEpoch),
            (&["a4", "b1"], "a9", Older),
            (&["a4", "b1"], "b2", Newer),
            (&["a4", "b1"], "c0", NewEpoch),
            (&["4", "b1"], "5", Older),
        ] {
            let Position { epoch, revision } = position(answer);
            assert_eq!(gate(accepted).judge_at(Some(&epoch), revision), expected, "{accepted:?} {answer}");
        }
    }

    #[test]
    fn events_are_stale_that_tell_nothing_new() {
        for (accepted, event, expected) in [
            (&[][..], "0", false),
            (&["4"], "4", true),
            (&["4"], "5", false),
            (&["4"], "a1", false),
            (&["a4", "b1"], "a9", true),
            (&["a4", "b1"], "b1", true),
            (&["a4", "b1"], "b2", false),
        ] {
            let Position { epoch, revision } = position(event);
            let mut given = InvalidationEvent::new(Topic::new("t").unwrap(), revision);
            given.epoch = Some(epoch);
            assert_eq!(gate(accepted).is_stale(&given), expected, "{accepted:?} {event}");
        }
    }

    #[test]
    fn sixteen_left_epochs_are_remembered() {
        let names: Vec<_> = (0..=17).map(|index| format!("e{}-1", (b'a' + index) as char)).collect();
        let mut gate = Gate::default();
        for name in &names {
            gate.accept_at(Position { epoch: name.as_str().into(), revision: Revision::ZERO });
        }
        let left = |index: usize| gate.has_left(Some(&names[index].as_str().into()));
        assert!(!left(0), "the seventeenth from the end may be forgotten");
        assert!((1..=16).all(left));
        assert!(!left(17), "local is not left");
    }

    #[test]
    fn nothing_and_revision_zero_are_kept_apart() {
        let mut gate = Gate::default();
        assert_eq!((gate.revision(), gate.epoch(), gate.local()), (Revision::ZERO, "", None));
        let snapshot = SnapshotEnvelope::new(Revision::ZERO, ());
        assert!(gate.judge(&snapshot).applies());
        gate.accept(&snapshot);
        assert_eq!(gate.local(), Some(&position("0")));
        assert!(!gate.judge(&snapshot).applies());
    }
}
