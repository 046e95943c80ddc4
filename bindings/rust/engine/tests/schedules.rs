//! Random schedules: whatever comes when, what the prose promises of every run holds.

use proptest::prelude::*;
use state_sync::{Epoch, InvalidationEvent, Revision, SnapshotEnvelope, Topic};
use state_sync_engine::{
    Attempts, Caller, Engine, Failure, Input, Options, Outcome, Output, Port, RetryPolicy, Throttling,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// One thing that may happen.
#[derive(Clone, Copy, Debug)]
enum Action {
    Start,
    Refresh,
    Stop,
    /// The source changes, and its event is delivered or lost.
    Change {
        told: bool,
    },
    /// The source loses its history, and its event is delivered or lost.
    NewEpoch {
        told: bool,
    },
    /// An event of the past comes late or again.
    OldEvent(u64),
    Gap,
    /// A snapshot of the source as it was some revisions ago is offered.
    Offer(u64),
    /// The oldest call under way settles: it succeeds, with an answer that lags by so many revisions, or fails.
    Settle {
        lag: u64,
        fails: bool,
    },
    /// Time passes.
    Pass(u64),
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        2 => Just(Action::Start),
        2 => Just(Action::Refresh),
        5 => any::<bool>().prop_map(|told| Action::Change { told }),
        1 => any::<bool>().prop_map(|told| Action::NewEpoch { told }),
        1 => (0_u64..9).prop_map(Action::OldEvent),
        1 => Just(Action::Gap),
        1 => (0_u64..4).prop_map(Action::Offer),
        8 => (0_u64..3, prop::bool::weighted(0.25)).prop_map(|(lag, fails)| Action::Settle { lag, fails }),
        4 => prop_oneof![Just(0), 1..60_u64, 60..12_000_u64].prop_map(Action::Pass),
    ]
}

fn options() -> impl Strategy<Value = Options> {
    let throttling = (0..2_u64, 0..3_u64, 0..3_u8).prop_map(|(debounce, throttle, edges)| Throttling {
        debounce: Duration::from_millis(debounce * 30),
        throttle: Duration::from_millis(throttle * 50),
        leading: edges != 1,
        trailing: edges != 2,
        max_wait: None,
    });
    // Enough to outlast every row of failures below; and an end, because a promise of an epoch that was lost before
    // anybody pulled it can never be reached (ENG-57).
    let retry = (0..2_u64).prop_map(|delay| RetryPolicy {
        max_attempts: Attempts::AtMost(50),
        initial_delay: Duration::from_millis(delay * 100),
        max_delay: Duration::from_secs(1),
        ..RetryPolicy::default()
    });
    (throttling, retry).prop_map(|(throttling, retry)| Options { throttling, retry, ..Options::default() })
}

/// An engine, its source, and everything that is under way.
struct World {
    engine: Engine<(), ()>,
    now: Duration,
    epoch: u64,
    revision: u64,
    calls: Vec<(Port, u64, Option<SnapshotEnvelope<()>>)>,
    callers: BTreeSet<u64>,
    next_caller: u64,
    subscriptions: BTreeMap<u64, u32>,
    applied: Vec<(u64, u64)>,
    pulls: u64,
    stopped: bool,
}

impl World {
    fn new(options: Options) -> Self {
        let topic = Topic::new("settings").unwrap();
        Self {
            engine: Engine::new(topic, options, || 0.5).unwrap(),
            now: Duration::ZERO,
            epoch: 0,
            revision: 1,
            calls: Vec::new(),
            callers: BTreeSet::new(),
            next_caller: 0,
            subscriptions: BTreeMap::new(),
            applied: Vec::new(),
            pulls: 0,
            stopped: false,
        }
    }

    fn snapshot(&self, lag: u64) -> SnapshotEnvelope<()> {
        let revision = Revision::new(self.revision.saturating_sub(lag));
        SnapshotEnvelope {
            epoch: Some(Epoch::new(self.epoch.to_string())),
            ..SnapshotEnvelope::new(revision, ())
        }
    }

    fn event(&self, revision: u64) -> Input<(), ()> {
        let event = InvalidationEvent::new(Topic::new("settings").unwrap(), Revision::new(revision));
        Input::Event(InvalidationEvent { epoch: Some(Epoch::new(self.epoch.to_string())), ..event })
    }

    fn caller(&mut self) -> u64 {
        self.next_caller += 1;
        self.callers.insert(self.next_caller);
        self.next_caller
    }

    fn input(&mut self, input: Input<(), ()>) {
        self.engine.handle(input, self.now);
        for done in 0.. {
            assert!(done < 1_000, "one input leads to few outputs");
            let Some(output) = self.engine.next_output() else { break };
            self.output(output);
        }
    }

    fn begin(&mut self, port: Port, number: u64, snapshot: Option<SnapshotEnvelope<()>>) {
        assert!(!self.stopped, "{port} is called after stop (ENG-24)");
        let under_way = self.calls.iter().filter(|(other, ..)| *other == port).count();
        assert_eq!(under_way, 0, "two calls of {port} are under way (ENG-43, ENG-55)");
        self.calls.push((port, number, snapshot));
    }

    fn output(&mut self, output: Output<(), ()>) {
        match output {
            Output::Subscribe { number } => self.begin(Port::Subscribe, number, None),
            Output::GetSnapshot { number } => {
                self.pulls += 1;
                self.begin(Port::GetSnapshot, number, None);
            }
            Output::Apply { number, snapshot } => self.begin(Port::Apply, number, Some(snapshot)),
            Output::Unsubscribe { subscription } => {
                *self.subscriptions.get_mut(&subscription).expect("there is such a subscription") += 1;
            }
            Output::Cancel { port, number } => {
                let before = self.calls.len();
                self.calls.retain(|(other, made, _)| (*other, *made) != (port, number));
                assert_eq!(self.calls.len(), before - 1, "only a call under way is cancelled");
            }
            Output::Settle {
                caller: Caller::Start(id) | Caller::Refresh(id) | Caller::Offer(id),
                outcome,
            } => {
                assert!(self.callers.remove(&id), "a caller is settled once");
                // Nobody fails here but by stop: the policy does not give up so soon.
                assert!(self.stopped || !matches!(outcome, Outcome::Failed(_)));
            }
            Output::Report(_) | Output::Status(_) | Output::Note(_) => {}
            Output::ShouldRefresh { .. } | Output::Validate { .. } => {
                unreachable!("there are no such callbacks")
            }
        }
    }

    /// Lets the oldest call settle; nothing where none is under way.
    fn settle(&mut self, lag: u64, fails: bool) -> bool {
        if self.calls.is_empty() {
            return false;
        }
        let (port, number, snapshot) = self.calls.remove(0);
        let outcome = || if fails { Err(Failure::from(())) } else { Ok(()) };
        let input = match port {
            Port::Subscribe => {
                if !fails {
                    self.subscriptions.insert(number, 0);
                }
                Input::Subscribed { number, outcome: outcome() }
            }
            Port::GetSnapshot => {
                let answer = self.snapshot(lag);
                Input::Snapshot { number, outcome: outcome().map(|()| answer) }
            }
            Port::Apply => {
                if !fails {
                    let applied = snapshot.expect("apply has one");
                    let epoch = applied.epoch.unwrap_or_default().as_str().parse().unwrap();
                    self.note_applied(epoch, applied.revision.value());
                }
                Input::Applied { number, outcome: outcome() }
            }
        };
        self.input(input);
        true
    }

    fn note_applied(&mut self, epoch: u64, revision: u64) {
        if let Some((last_epoch, last_revision)) = self.applied.last() {
            let newer = *last_epoch == epoch && *last_revision < revision;
            let left = self.applied.iter().any(|(old, _)| *old == epoch);
            assert!(newer || !left, "{epoch}:{revision} is applied after {:?} (ENG-52)", self.applied);
        }
        self.applied.push((epoch, revision));
    }

    fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        for fired in 0.. {
            assert!(fired < 100_000, "timers come to an end");
            let Some(due) = self.engine.next_timer().filter(|due| *due <= until) else { break };
            self.now = self.now.max(due);
            self.input(Input::Timer);
        }
        self.now = until;
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Start => {
                let caller = self.caller();
                self.input(Input::Start(caller));
            }
            Action::Refresh => {
                let caller = self.caller();
                self.input(Input::Refresh(caller));
            }
            Action::Stop => {
                self.stopped = true;
                self.input(Input::Stop);
            }
            Action::Change { told } => {
                self.revision += 1;
                self.tell(told);
            }
            Action::NewEpoch { told } => {
                (self.epoch, self.revision) = (self.epoch + 1, 1);
                self.tell(told);
            }
            Action::OldEvent(age) => {
                let event = self.event(self.revision.saturating_sub(age));
                self.input(event);
            }
            Action::Gap => self.input(Input::Gap),
            Action::Offer(lag) => {
                let (caller, snapshot) = (self.caller(), self.snapshot(lag));
                self.input(Input::Offer { caller, snapshot: Ok(snapshot) });
            }
            Action::Settle { lag, fails } => drop(self.settle(lag, fails)),
            Action::Pass(milliseconds) => self.pass(Duration::from_millis(milliseconds)),
        }
        let shown = self.engine.local_revision().value();
        assert_eq!(
            shown,
            self.applied.last().map_or(0, |(_, revision)| *revision),
            "local is what was applied"
        );
        assert_eq!(self.engine.metrics().applied, self.applied.len() as u64);
        assert_eq!(self.engine.metrics().pulls, self.pulls);
    }

    fn tell(&mut self, told: bool) {
        if told {
            let event = self.event(self.revision);
            self.input(event);
        }
    }

    /// The source works from now on, and time passes.
    fn come_to_rest(&mut self) {
        for _ in 0..70 {
            while self.settle(0, false) {}
            self.pass(Duration::from_secs(1));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_ends_up_where_its_source_is(options in options(), actions in prop::collection::vec(action(), 0..80)) {
        let mut world = World::new(options);
        for action in actions {
            world.act(action);
        }
        world.act(Action::Start);
        world.come_to_rest();
        // Events may have been lost, and then the subscriber says so.
        world.act(Action::Gap);
        world.come_to_rest();
        prop_assert_eq!(world.applied.last(), Some(&(world.epoch, world.revision)));
        prop_assert!(world.callers.is_empty(), "someone still waits: {:?}", world.callers);
        prop_assert_eq!(world.engine.status().as_str(), "live");
        prop_assert_eq!(world.engine.next_timer(), None);
    }

    #[test]
    fn stop_leaves_nothing_behind(
        options in options(),
        actions in prop::collection::vec(action(), 0..60),
        afterwards in prop::collection::vec(action(), 0..20),
    ) {
        let mut world = World::new(options);
        for action in actions {
            world.act(action);
        }
        world.act(Action::Stop);
        prop_assert!(world.callers.is_empty(), "someone still waits: {:?}", world.callers);
        prop_assert!(world.calls.is_empty(), "a call was not cancelled: {:?}", world.calls);
        let (pulls, applied) = (world.pulls, world.applied.len());
        for action in afterwards {
            world.act(action);
        }
        world.act(Action::Stop);
        prop_assert_eq!((world.pulls, world.applied.len()), (pulls, applied));
        prop_assert!(world.subscriptions.values().all(|ends| *ends == 1), "{:?}", world.subscriptions);
        prop_assert_eq!(world.engine.next_timer(), None);
    }
}
