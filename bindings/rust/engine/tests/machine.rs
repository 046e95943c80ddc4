//! The machine by itself: the runs of chapter 6, and how outputs and inputs take turns.

use state_sync::{InvalidationEvent, Revision, SnapshotEnvelope, Topic};
use state_sync_engine::{Engine, Input, Note, Options, Outcome, Output, Position, Status};
use std::time::Duration;

type Machine = Engine<&'static str, &'static str>;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn machine(options: Options) -> Machine {
    Engine::new(Topic::new("settings").unwrap(), options, || 0.0).unwrap()
}

fn event(epoch: &str, revision: u64) -> Input<&'static str, &'static str> {
    let event = InvalidationEvent::new(Topic::new("settings").unwrap(), Revision::new(revision));
    Input::Event(InvalidationEvent { epoch: Some(epoch.into()), ..event })
}

fn answer(number: u64, epoch: &str, revision: u64) -> Input<&'static str, &'static str> {
    let snapshot = SnapshotEnvelope::new(Revision::new(revision), "data");
    Input::Snapshot { number, outcome: Ok(SnapshotEnvelope { epoch: Some(epoch.into()), ..snapshot }) }
}

/// What the machine wants done, in short.
fn outputs(machine: &mut Machine) -> Vec<String> {
    std::iter::from_fn(|| machine.next_output())
        .map(|output| match output {
            Output::Subscribe { number } => format!("subscribe {number}"),
            Output::Unsubscribe { subscription } => format!("unsubscribe {subscription}"),
            Output::GetSnapshot { number } => format!("get {number}"),
            Output::Apply { number, snapshot } => format!("apply {number}: {}", snapshot.revision),
            Output::Cancel { port, number } => format!("cancel {port} {number}"),
            Output::ShouldRefresh { event } => format!("ask {}", event.revision),
            Output::Validate { snapshot } => format!("validate {}", snapshot.revision),
            Output::Report(report) => {
                format!(
                    "report {} {:?} in {:?}",
                    report.phase,
                    report.attempt.unwrap().get(),
                    report.next_delay_ms.map(u64::from)
                )
            }
            Output::Status(status) => format!("status {status}"),
            Output::Settle { caller, outcome: Outcome::Done } => format!("{caller:?} done"),
            Output::Settle { caller, outcome: Outcome::Offered(applied) } => format!("{caller:?} {applied}"),
            Output::Settle { caller, outcome: Outcome::Failed(error) } => {
                format!("{caller:?} failed: {error}")
            }
            Output::Note(note) => note.to_string(),
        })
        .collect()
}

/// Gives an input and says what the machine wants done.
fn after(machine: &mut Machine, input: Input<&'static str, &'static str>, now: u64) -> Vec<String> {
    machine.handle(input, ms(now));
    outputs(machine)
}

/// A machine that runs, at this revision of the empty epoch, since 0 ms.
fn running(revision: u64) -> Machine {
    let mut machine = machine(Options::default());
    assert_eq!(after(&mut machine, Input::Start(1), 0), ["status starting", "subscribe 1"]);
    assert_eq!(after(&mut machine, Input::Subscribed { number: 1, outcome: Ok(()) }, 0), ["get 1"]);
    assert_eq!(after(&mut machine, answer(1, "", revision), 0), [format!("apply 1: {revision}")]);
    let last = after(&mut machine, Input::Applied { number: 1, outcome: Ok(()) }, 0);
    assert_eq!(last, ["status live", "Start(1) done"]);
    machine
}

#[test]
fn a_lagging_source_is_pulled_again() {
    let mut machine = running(4);
    assert_eq!(after(&mut machine, event("", 5), 10), ["get 2"]);
    assert_eq!(after(&mut machine, answer(2, "", 4), 10), ["status stale"]);
    assert_eq!(machine.next_timer(), Some(ms(510)));
    assert_eq!(after(&mut machine, Input::Timer, 510), ["get 3"]);
    assert_eq!(after(&mut machine, answer(3, "", 5), 510), ["apply 2: 5"]);
    assert_eq!(after(&mut machine, Input::Applied { number: 2, outcome: Ok(()) }, 510), ["status live"]);
    assert_eq!(machine.next_timer(), None);
}

#[test]
fn a_queued_refresh_is_served_by_the_next_attempt() {
    let mut machine = running(4);
    assert_eq!(after(&mut machine, event("", 5), 10), ["get 2"]);
    assert!(after(&mut machine, event("", 6), 20).is_empty());
    assert_eq!(machine.next_timer(), Some(ms(110)));
    assert!(after(&mut machine, Input::Timer, 110).is_empty());
    assert!(after(&mut machine, Input::Refresh(2), 120).is_empty());
    let failed = Input::Snapshot { number: 2, outcome: Err("gone".into()) };
    assert_eq!(after(&mut machine, failed, 200), ["report getSnapshot 1 in Some(500)", "status stale"]);
    assert_eq!(machine.next_timer(), Some(ms(700)));
    assert_eq!(after(&mut machine, Input::Timer, 700), ["get 3"]);
    assert_eq!(after(&mut machine, answer(3, "", 6), 700), ["apply 2: 6"]);
    let last = after(&mut machine, Input::Applied { number: 2, outcome: Ok(()) }, 700);
    assert_eq!(last, ["status live", "Refresh(2) done"]);
}

#[test]
fn a_new_epoch_resets_the_gate() {
    let mut machine = machine(Options {
        initial: Some(Position { epoch: "a".into(), revision: Revision::new(900) }),
        ..Options::default()
    });
    after(&mut machine, Input::Start(1), 0);
    after(&mut machine, Input::Subscribed { number: 1, outcome: Ok(()) }, 0);
    assert_eq!(after(&mut machine, answer(1, "a", 900), 0), ["status live", "Start(1) done"]);
    assert_eq!(after(&mut machine, event("b", 1), 50), ["get 2"]);
    assert_eq!(after(&mut machine, answer(2, "b", 1), 50), ["apply 1: 1"]);
    assert!(after(&mut machine, Input::Applied { number: 1, outcome: Ok(()) }, 50).is_empty());
    assert!(after(&mut machine, event("a", 901), 60).is_empty(), "stale");
    assert_eq!((machine.local_epoch(), machine.local_revision().value()), ("b", 1));
}

#[test]
fn inputs_wait_until_the_outputs_before_them_are_done() {
    let mut machine = machine(Options::default());
    machine.handle(Input::Start(1), ms(0));
    assert!(matches!(machine.next_output(), Some(Output::Status(Status::Starting))));
    machine.handle(Input::Refresh(2), ms(0));
    assert_eq!(machine.metrics().pulls, 0, "the status listener has not returned yet");
    assert_eq!(machine.next_timer(), None, "no timer is due before all is done");
    assert_eq!(outputs(&mut machine), ["subscribe 1", "get 1"]);
    assert_eq!(machine.next_timer(), Some(ms(10_000)));
}

#[test]
fn stop_takes_back_what_is_not_done() {
    let mut machine = running(4);
    machine.handle(event("", 5), ms(10));
    machine.handle(Input::Refresh(2), ms(10));
    machine.handle(Input::Stop, ms(10));
    // `getSnapshot` was wanted and never called, so that there is nothing to cancel.
    assert_eq!(outputs(&mut machine), ["unsubscribe 1", "status stopped", "Refresh(2) done"]);
    let again = after(&mut machine, Input::Refresh(3), 20);
    assert_eq!(again, ["Refresh(3) done"]);
}

#[test]
fn stop_does_not_wait_for_the_answer_to_a_question() {
    let mut machine = machine(Options { asks_should_refresh: true, validates: true, ..Options::default() });
    after(&mut machine, Input::Start(1), 0);
    after(&mut machine, Input::Subscribed { number: 1, outcome: Ok(()) }, 0);
    assert_eq!(after(&mut machine, event("", 5), 0), ["ask 5"]);
    assert!(after(&mut machine, Input::Refresh(2), 0).is_empty(), "it waits");
    let stopped = after(&mut machine, Input::Stop, 0);
    let failed = "Start(1) failed: the engine is stopped; make a new one to start again";
    assert_eq!(
        stopped,
        ["cancel getSnapshot 1", "unsubscribe 1", "status stopped", failed, "Refresh(2) done"]
    );
    assert!(after(&mut machine, Input::ShouldRefresh(Ok(true)), 0).is_empty());
}

#[test]
fn a_topic_with_white_space_at_its_ends_is_noted() {
    for (topic, noted) in
        [("settings", false), ("my settings", false), (" settings", true), ("settings\u{feff}", true)]
    {
        let mut machine = Machine::new(Topic::new(topic).unwrap(), Options::default(), || 0.0).unwrap();
        let note = machine.next_output();
        assert_eq!(matches!(note, Some(Output::Note(Note::TopicWithWhiteSpace))), noted, "{topic:?}");
    }
}
