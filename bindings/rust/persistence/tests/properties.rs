//! What holds of a layer whatever happens in whatever order, with a store that takes its time and fails.

use proptest::prelude::*;
use serde_json::json;
use state_sync::{Revision, SnapshotEnvelope};
use state_sync_persistence::{
    Input, Layer, Now, Options, Outcome, Output, PersistenceError, PersistenceErrorKind, Record, ReplaceRule,
    Tabs,
};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

#[derive(Clone, Debug)]
enum Step {
    Apply,
    Flush,
    Clear,
    PageHidden,
    /// Another tab clears the store and says so.
    OtherTabClears,
    /// The call under way ends.
    End {
        well: bool,
    },
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Apply),
        2 => Just(Step::Flush),
        1 => Just(Step::Clear),
        1 => Just(Step::PageHidden),
        1 => Just(Step::OtherTabClears),
        4 => any::<bool>().prop_map(|well| Step::End { well }),
        3 => (0_u64..150).prop_map(Step::Wait),
    ]
}

enum Call {
    Save(u64, Arc<Record>, ReplaceRule),
    Clear(u64, Option<Arc<Record>>),
}

/// A layer with its store, and what must be true of them.
struct World {
    layer: Layer,
    now: u64,
    stored: Option<Record>,
    under_way: Option<Call>,
    revision: u64,
    /// The lowest revision that may be saved: those before were applied before a clearing.
    since_clearing: u64,
    last_saved: u64,
    callers: u64,
    waiting: BTreeSet<u64>,
    ended: u64,
}

impl World {
    fn new() -> Self {
        let tabs = Some(Tabs { receive_updates: false, ..Tabs::new("a") });
        let options = Options { tabs, save_timeout: Duration::from_secs(3600), ..Options::default() };
        Self {
            layer: Layer::new(options, || 0.0).unwrap(),
            now: 0,
            stored: None,
            under_way: None,
            revision: 0,
            since_clearing: 1,
            last_saved: 0,
            callers: 0,
            waiting: BTreeSet::new(),
            ended: 0,
        }
    }

    fn input(&mut self, input: Input) {
        let now = Now { time: Duration::from_millis(self.now), wall_ms: self.now };
        for output in self.layer.handle(input, now) {
            match output {
                Output::Save { number, record, rule } => {
                    assert!(self.under_way.is_none(), "one call is under way at a time (PRS-29)");
                    let revision = record.snapshot.revision.value();
                    assert!(revision >= self.last_saved, "saves come in order (PRS-29)");
                    assert!(revision >= self.since_clearing, "what was cleared comes back (PRS-38)");
                    self.last_saved = revision;
                    self.under_way = Some(Call::Save(number, record, rule));
                }
                Output::Clear { number, only } => {
                    assert!(self.under_way.is_none(), "a clearing waits for the save in flight (PRS-37)");
                    self.under_way = Some(Call::Clear(number, only));
                }
                Output::Settle { caller, outcome } => {
                    assert!(self.waiting.remove(&caller), "a call settles once");
                    assert!(!matches!(outcome, Outcome::Loaded(_)));
                }
                _ => {}
            }
        }
    }

    fn call(&mut self, input: fn(u64) -> Input) {
        self.callers += 1;
        self.waiting.insert(self.callers);
        self.input(input(self.callers));
    }

    fn end(&mut self, well: bool) {
        let failure = || PersistenceError::new(PersistenceErrorKind::Unavailable, "the store failed");
        match self.under_way.take() {
            None => {}
            Some(Call::Save(number, record, rule)) => {
                self.ended += 1;
                let outcome = if well {
                    let verdict = rule.judge(self.stored.as_ref(), &record, self.now);
                    if verdict.is_replaced() {
                        self.stored = Some(record.as_ref().clone());
                    }
                    Ok(verdict)
                } else {
                    Err(failure())
                };
                self.input(Input::Saved { number, outcome });
            }
            Some(Call::Clear(number, only)) => {
                let outcome = if well { Ok(()) } else { Err(failure()) };
                if well && (only.is_none() || only.as_deref() == self.stored.as_ref()) {
                    self.stored = None;
                }
                self.input(Input::Cleared { number, outcome });
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Apply => {
                self.revision += 1;
                let data = json!({ "revision": self.revision });
                self.input(Input::Applied(SnapshotEnvelope::new(Revision::new(self.revision), data)));
            }
            Step::Flush => self.call(Input::Flush),
            Step::Clear => {
                self.since_clearing = self.revision + 1;
                self.call(Input::Clear);
            }
            Step::PageHidden => self.input(Input::PageHidden),
            Step::OtherTabClears => {
                self.stored = None;
                self.since_clearing = self.revision + 1;
                self.input(Input::Message(json!({ "type": "clear", "sourceId": "b" })));
            }
            Step::End { well } => self.end(*well),
            Step::Wait(time) => {
                let until = self.now + time;
                while let Some(due) = self.layer.next_timer().filter(|due| due.as_millis() as u64 <= until) {
                    self.now = due.as_millis() as u64;
                    self.input(Input::Timer);
                }
                self.now = until;
            }
        }
    }

    /// The store works again, and the application flushes: everything is where it belongs.
    fn finish(&mut self) {
        while self.under_way.is_some() {
            self.end(true);
        }
        self.call(Input::Flush);
        while self.under_way.is_some() {
            self.end(true);
        }
        assert!(self.waiting.is_empty(), "calls never settle: {:?}", self.waiting);
        assert!(!self.layer.has_pending_save());
        let stored = self.stored.as_ref().map(|record| record.snapshot.revision.value());
        if self.revision >= self.since_clearing {
            assert_eq!(stored, Some(self.revision), "the latest snapshot is not stored");
        }
        let stats = self.layer.stats();
        assert_eq!(stats.save_count + stats.save_error_count, self.ended);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_latest_snapshot_is_stored_in_the_end(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        world.finish();
    }
}
