//! The helper for the side that owns a state.

use crate::{Epoch, InvalidationEvent, Revision, SnapshotEnvelope, Topic};
use alloc::{string::String, sync::Arc};
use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A state with its revision, for the side that owns it: a change cannot forget to number itself.
///
/// ```
/// use state_sync::{Source, Topic};
///
/// let source = Source::new(Topic::new("settings")?, vec!["light"]);
/// let update = source.update(|themes| themes.push("dark"))?;
///
/// assert_eq!(serde_json::to_string(&update.event)?, r#"{"topic":"settings","revision":"1"}"#);
/// assert_eq!(serde_json::to_string(&source.snapshot())?, r#"{"revision":"1","data":["light","dark"]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The source can be shared between threads by reference. Updates run one after the other; a snapshot never
/// waits for a running update and never sees half of one. The closure of an update works on a copy, so one that
/// panics or fails leaves the state and its revision as they were. It must not update the same source again:
/// that would wait for itself for ever.
///
/// Revisions live in memory. A source that does not keep them over a restart takes a new epoch at each start
/// ([`Source::with_epoch`]), or its readers take the restarted count for old news.
pub struct Source<T> {
    topic: Topic,
    source_id: Option<String>,
    epoch: Option<Epoch>,
    /// Held for the whole of an update, so that updates queue while readers do not.
    writing: Mutex<()>,
    /// Held only to look or to exchange.
    current: Mutex<Current<T>>,
}

struct Current<T> {
    revision: Revision,
    data: Arc<T>,
}

/// What an update gives: the new state to answer with, and the event to emit.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "readers learn of the update only if the event is emitted"]
pub struct Update<T> {
    /// The state after the update.
    pub envelope: SnapshotEnvelope<T>,
    /// What the readers are to be told.
    pub event: InvalidationEvent,
}

/// The source stands at [`Revision::MAX`]; it takes no update until it starts anew in another epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevisionsExhausted;

impl fmt::Display for RevisionsExhausted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .write_str("no revision follows 18446744073709551615; start the source anew in another epoch")
    }
}

impl core::error::Error for RevisionsExhausted {}

/// Why [`Source::try_update`] changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateError<E> {
    /// The closure refused.
    Refused(E),
    /// There is no further revision.
    Exhausted(RevisionsExhausted),
}

impl<E: fmt::Display> fmt::Display for UpdateError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UpdateError::Refused(error) => error.fmt(formatter),
            UpdateError::Exhausted(error) => error.fmt(formatter),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for UpdateError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            UpdateError::Refused(error) => Some(error),
            UpdateError::Exhausted(error) => Some(error),
        }
    }
}

impl<T: Clone> Source<T> {
    /// A source that begins with `data` at [`Revision::ZERO`].
    pub fn new(topic: Topic, data: T) -> Self {
        Self::restored(topic, SnapshotEnvelope::new(Revision::ZERO, data))
    }

    /// A source that goes on from a snapshot that was kept, in the snapshot's epoch.
    pub fn restored(topic: Topic, snapshot: SnapshotEnvelope<T>) -> Self {
        let current = Current { revision: snapshot.revision, data: Arc::new(snapshot.data) };
        Self {
            topic,
            source_id: None,
            epoch: snapshot.epoch,
            writing: Mutex::new(()),
            current: Mutex::new(current),
        }
    }

    /// The same source in another epoch.
    #[must_use]
    pub fn with_epoch(mut self, epoch: impl Into<Epoch>) -> Self {
        self.epoch = Some(epoch.into());
        self
    }

    /// The same source, naming itself in its events.
    #[must_use]
    pub fn with_source_id(mut self, source_id: impl Into<String>) -> Self {
        self.source_id = Some(source_id.into());
        self
    }

    /// The topic.
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// The revision of the current state.
    pub fn revision(&self) -> Revision {
        lock(&self.current).revision
    }

    /// The current state with its revision.
    pub fn snapshot(&self) -> SnapshotEnvelope<T> {
        let (revision, data) = self.look();
        self.envelope(revision, &data)
    }

    /// Changes the state; it gets the next revision.
    ///
    /// # Errors
    ///
    /// [`RevisionsExhausted`], with nothing changed.
    pub fn update(&self, change: impl FnOnce(&mut T)) -> Result<Update<T>, RevisionsExhausted> {
        let infallible = |data: &mut T| -> Result<(), core::convert::Infallible> {
            change(data);
            Ok(())
        };
        self.try_update(infallible).map_err(|error| match error {
            UpdateError::Refused(never) => match never {},
            UpdateError::Exhausted(error) => error,
        })
    }

    /// Changes the state if the closure agrees; it gets the next revision.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], with nothing changed.
    pub fn try_update<E>(
        &self,
        change: impl FnOnce(&mut T) -> Result<(), E>,
    ) -> Result<Update<T>, UpdateError<E>> {
        let _writing = lock(&self.writing);
        let (revision, data) = self.look();
        let revision = revision.checked_next().ok_or(UpdateError::Exhausted(RevisionsExhausted))?;
        let mut changed = (*data).clone();
        change(&mut changed).map_err(UpdateError::Refused)?;

        let envelope = self.envelope(revision, &changed);
        *lock(&self.current) = Current { revision, data: Arc::new(changed) };
        let mut event = InvalidationEvent::new(self.topic.clone(), revision);
        event.source_id.clone_from(&self.source_id);
        event.epoch.clone_from(&self.epoch);
        Ok(Update { envelope, event })
    }

    fn look(&self) -> (Revision, Arc<T>) {
        let current = lock(&self.current);
        (current.revision, Arc::clone(&current.data))
    }

    fn envelope(&self, revision: Revision, data: &T) -> SnapshotEnvelope<T> {
        SnapshotEnvelope { revision, data: data.clone(), epoch: self.epoch.clone() }
    }
}

/// A panic in an update's closure poisons its lock but has changed nothing, so the poison means nothing here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> fmt::Debug for Source<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Source")
            .field("topic", &self.topic)
            .field("revision", &lock(&self.current).revision)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn counter() -> Source<u32> {
        Source::new(Topic::new("counter").unwrap(), 0)
    }

    #[test]
    fn update_numbers_the_state_and_announces_it() {
        let source = counter().with_epoch("boot-7").with_source_id("main");
        let update = source.update(|count| *count += 5).unwrap();
        assert_eq!(update.envelope, source.snapshot());
        assert_eq!(update.envelope.data, 5);
        assert_eq!(update.event.revision, Revision::new(1));
        assert_eq!(update.event.epoch, update.envelope.epoch);
        assert_eq!(update.event.source_id.as_deref(), Some("main"));
    }

    /// What a source owes its readers: `ENG-1`, `ENG-3`, `ENG-4`, `ENG-5`, `ENG-6` and `ENG-7`.
    #[test]
    fn readers_get_what_a_source_owes() {
        let of_epoch = |name: &str| counter().with_epoch(name);
        let source = of_epoch("boot-7");
        let mut last = source.snapshot().revision;
        for count in 1..=3 {
            let update = source.update(|current| *current = count).unwrap();
            assert!(update.event.revision > last, "each state has a greater revision (ENG-1)");
            last = update.event.revision;
            let epochs = [&update.event.epoch, &update.envelope.epoch].map(|epoch| epoch.clone().unwrap());
            assert_eq!(epochs, [Epoch::new("boot-7"), Epoch::new("boot-7")], "both say the epoch (ENG-4)");
            // Who holds the event can pull its state, whole (ENG-5, ENG-6), and it announces the last one (ENG-7).
            assert_eq!(source.snapshot(), SnapshotEnvelope { data: count, ..update.envelope });
            assert_eq!(source.snapshot().revision, update.event.revision);
        }
        // After a restart the numbers begin again, in an epoch of their own (ENG-3).
        let restarted = of_epoch("boot-8").update(|count| *count = 9).unwrap();
        assert!(restarted.event.revision < last && restarted.event.epoch != source.snapshot().epoch);
    }

    #[test]
    fn panic_leaves_state_and_revision_and_the_source_usable() {
        let source = counter();
        let panicking = AssertUnwindSafe(|| {
            let _ = source.update(|count| {
                *count = 99;
                panic!("half way");
            });
        });
        assert!(catch_unwind(panicking).is_err());
        assert_eq!(source.snapshot(), SnapshotEnvelope::new(Revision::ZERO, 0));
        assert_eq!(source.update(|count| *count += 1).unwrap().envelope.data, 1);
    }

    #[test]
    fn refusal_leaves_state_and_revision() {
        let source = counter();
        let refused = source.try_update(|count| {
            *count = 99;
            Err("no")
        });
        assert_eq!(refused, Err(UpdateError::Refused("no")));
        assert_eq!(source.snapshot(), SnapshotEnvelope::new(Revision::ZERO, 0));
    }

    #[test]
    fn last_revision_takes_no_update() {
        let topic = Topic::new("counter").unwrap();
        let source = Source::restored(topic, SnapshotEnvelope::new(Revision::MAX, 7));
        assert_eq!(source.update(|count| *count = 8), Err(RevisionsExhausted));
        assert_eq!(source.snapshot().data, 7);
    }

    #[test]
    fn concurrent_updates_lose_nothing_and_snapshots_do_not_wait() {
        let source = counter();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..250 {
                        // Looking from inside an update sees the state before it, and does not wait.
                        let before = |count: &mut u32| {
                            assert_eq!(source.snapshot().data, *count);
                            *count += 1;
                        };
                        let update = source.update(before).unwrap();
                        assert_eq!(u64::from(update.envelope.data), update.event.revision.value());
                    }
                });
            }
        });
        assert_eq!(source.snapshot(), SnapshotEnvelope::new(Revision::new(1000), 1000));
    }
}
