//! The machine of chapter 6: what it remembers, and how an input goes through it.

mod applies;
mod events;
mod life;
mod pulls;
mod reports;

use crate::{
    CallerId, Gate, Input, InvalidOption, Limiter, Metrics, Normative, Note, Options, Output, Port, Position,
    Rules, State, Status,
    puller::Puller,
    timers::{Timer, Timers},
};
use applies::Applying;
use life::Subscription;
use state_sync::{InvalidationEvent, Revision, SnapshotEnvelope, Topic, is_blank};
use std::{collections::VecDeque, fmt, time::Duration};

/// Keeps a reader's copy of one topic current, without doing anything itself.
///
/// [`handle`](Engine::handle) tells it what happens, [`next_output`](Engine::next_output) what to do about it, one
/// thing after the other. `D` is the data of a snapshot, `E` the application's error, `R` what it decides by.
///
/// Inputs may come in while outputs are still to be done, from a port or a callback too: they wait until those are done,
/// and are handled in the order in which they came (`ENG-15`). `Stop` alone does not wait, and takes back what is not
/// done yet.
pub struct Engine<D, E, R = Normative> {
    topic: Topic,
    options: Options,
    rules: R,
    random: Box<dyn FnMut() -> f64 + Send>,
    /// The time of the input that is being handled; `None` where the clock fails.
    now: Option<Duration>,
    state: State,
    status: Status,
    gate: Gate,
    promise: Option<Position>,
    gap: bool,
    limiter: Limiter,
    subscription: Subscription,
    starts: Vec<CallerId>,
    puller: Puller<D>,
    applying: Option<Applying>,
    offers: Vec<(CallerId, SnapshotEnvelope<D>)>,
    timers: Timers,
    /// The calls that were given out since the last time when all was done, and when; their time-outs are set then.
    unarmed: Vec<(Port, u64, Option<Duration>)>,
    /// The last number of a call of each port.
    calls: [u64; 3],
    metrics: Metrics,
    question: Option<Question>,
    /// The event that `shouldRefresh` was asked about when the engine was stopped.
    unanswered: Option<InvalidationEvent>,
    /// What came in before the inputs before it were handled to their end, and when.
    inbox: VecDeque<(Input<D, E>, Option<Duration>)>,
    outputs: VecDeque<Output<D, E>>,
    /// An output has been given out and is not known to be done.
    doing: bool,
}

/// What the machine has asked and waits for, in the middle of an input.
#[derive(Clone, Debug)]
enum Question {
    /// Whether an event is of interest.
    Event(InvalidationEvent),
    /// Whether the answer of `getSnapshot` is good.
    Answer,
    /// Whether an offer is.
    Offer(CallerId),
}

impl<D, E> Engine<D, E> {
    /// An engine for a topic. `random` gives numbers from 0 (included) to 1 (excluded).
    ///
    /// # Errors
    ///
    /// As [`Options::check`].
    pub fn new(
        topic: Topic,
        options: Options,
        random: impl FnMut() -> f64 + Send + 'static,
    ) -> Result<Self, InvalidOption> {
        Self::with_rules(topic, options, random, Normative)
    }
}

impl<D, E, R: Rules> Engine<D, E, R> {
    /// As [`Engine::new`], with other rules.
    ///
    /// # Errors
    ///
    /// As [`Options::check`].
    pub fn with_rules(
        topic: Topic,
        options: Options,
        random: impl FnMut() -> f64 + Send + 'static,
        rules: R,
    ) -> Result<Self, InvalidOption> {
        options.check()?;
        let mut outputs = VecDeque::new();
        let ends = [topic.as_str().chars().next(), topic.as_str().chars().next_back()];
        if ends.into_iter().flatten().any(|end| is_blank(end.encode_utf8(&mut [0; 4]))) {
            outputs.push_back(Output::Note(Note::TopicWithWhiteSpace));
        }
        Ok(Self {
            topic,
            rules,
            random: Box::new(random),
            now: None,
            state: State::New,
            status: Status::Idle,
            gate: Gate::new(options.initial.clone()),
            promise: None,
            gap: false,
            limiter: Limiter::new(options.throttling)?,
            subscription: Subscription::None,
            starts: Vec::new(),
            puller: Puller::default(),
            applying: None,
            offers: Vec::new(),
            timers: Timers::default(),
            unarmed: Vec::new(),
            calls: [0; 3],
            metrics: Metrics::default(),
            question: None,
            unanswered: None,
            inbox: VecDeque::new(),
            outputs,
            doing: false,
            options,
        })
    }

    /// Something happens at the time `now`, a time since any beginning that never goes back; `None` where the clock
    /// fails (`ENG-79`).
    pub fn handle(&mut self, input: Input<D, E>, now: impl Into<Option<Duration>>) {
        let now = now.into();
        match input {
            Input::Stop => {
                self.now = now;
                self.stop();
            }
            Input::ShouldRefresh(answer) => {
                self.now = now;
                self.should_refresh_answered(answer);
            }
            Input::Validated(answer) => {
                self.now = now;
                self.validated(answer);
            }
            Input::UnsubscribeFailed(failure) => self.unsubscribe_failed(failure),
            Input::Event(event) if self.notices(&event) => self.accept(Input::Event(event), now),
            Input::Event(_) => {}
            Input::InvalidEvent(_) if !self.counts_event() => {}
            // The timer stays set, and is due again when all is done.
            Input::Timer if self.is_busy() => {}
            input => self.accept(input, now),
        }
    }

    /// As [`handle`](Engine::handle) of an [`Input::Event`], which is not taken: one that is stale or of another topic
    /// costs no allocation.
    pub fn handle_event(&mut self, event: &InvalidationEvent, now: impl Into<Option<Duration>>) {
        if self.notices(event) {
            self.accept(Input::Event(event.clone()), now.into());
        }
    }

    fn accept(&mut self, input: Input<D, E>, now: Option<Duration>) {
        if self.is_busy() {
            self.inbox.push_back((input, now));
        } else {
            self.now = now;
            self.take(input);
        }
    }

    /// Whether an input is not handled to its end.
    fn is_busy(&self) -> bool {
        self.doing || !self.outputs.is_empty() || self.question.is_some()
    }

    fn take(&mut self, input: Input<D, E>) {
        match input {
            Input::Start(caller) => self.start(caller),
            Input::Refresh(caller) => self.refresh(caller),
            Input::Stop => self.stop(),
            Input::Offer { caller, snapshot } => self.offer(caller, snapshot),
            // It may have become stale since it came.
            Input::Event(event) if self.is_news(&event) => self.noticed(event),
            Input::Event(_) => {}
            Input::InvalidEvent(error) => self.invalid_event(error),
            Input::Gap => self.gap_signalled(),
            Input::Subscribed { number, outcome } => self.subscribed(number, outcome),
            Input::Snapshot { number, outcome } => self.snapshot_came(number, outcome),
            Input::Applied { number, outcome } => self.applied(number, outcome),
            Input::ShouldRefreshFailed { event, error } => self.should_refresh_failed(&event, error),
            Input::Timer => self.timer_fired(),
            // What follows at once from an output does not wait.
            Input::ShouldRefresh(_) | Input::Validated(_) | Input::UnsubscribeFailed(_) => {}
        }
    }

    fn timer_fired(&mut self) {
        let Some((timer, due)) = self.timers.next() else { return };
        if self.now.is_some_and(|now| now < due) {
            return;
        }
        self.timers.drop(timer);
        match timer {
            Timer::Limiter => self.limiter_due(self.now.unwrap_or(due)),
            Timer::Subscribe => self.subscribe_again(),
            Timer::Attempt => self.pull_again(),
            Timer::SubscribeTimeout => self.subscribe_timed_out(),
            Timer::GetSnapshotTimeout => self.get_snapshot_timed_out(),
            Timer::ApplyTimeout => self.apply_timed_out(),
        }
    }

    /// Sets a timer; where the clock fails it reports that and sets none (`ENG-79`).
    fn set_timer(&mut self, timer: Timer, delay: Duration) -> bool {
        match self.now {
            Some(now) => self.timers.set(timer, now.saturating_add(delay)),
            None => {
                self.timers.drop(timer);
                self.report_clock();
            }
        }
        self.now.is_some()
    }

    /// Stops in the middle of an input until the answer comes.
    fn ask(&mut self, question: Question, output: Output<D, E>) {
        self.question = Some(question);
        self.outputs.push_back(output);
    }

    /// The next thing to do; `None` when all is done until the next input.
    ///
    /// To be called until it gives `None`: asking again says that the output before has been done. A port that has an
    /// outcome when it returns is best told of it before that; no time-out is set for it then.
    pub fn next_output(&mut self) -> Option<Output<D, E>> {
        loop {
            if let Some(output) = self.outputs.pop_front() {
                self.doing = true;
                if let Some((port, number)) = output.call() {
                    self.unarmed.push((port, number, self.now));
                }
                return Some(output);
            }
            self.doing = false;
            if self.question.is_some() {
                return None;
            }
            if let Some((input, now)) = self.inbox.pop_front() {
                self.now = now;
                self.take(input);
            } else if self.unarmed.is_empty() {
                return None;
            } else {
                for index in 0..self.unarmed.len() {
                    let (port, number, now) = self.unarmed[index];
                    self.now = now;
                    self.set_timeout(port, number);
                }
                self.unarmed.clear();
            }
        }
    }

    /// Sets the time-out of a call that has returned, unless it has come to its end (`ENG-69`).
    fn set_timeout(&mut self, port: Port, number: u64) {
        let (under_way, timer, timeout) = match port {
            Port::Subscribe => {
                (self.subscription.call(), Timer::SubscribeTimeout, self.options.subscribe_timeout)
            }
            Port::GetSnapshot => {
                (self.puller.call, Timer::GetSnapshotTimeout, self.options.get_snapshot_timeout)
            }
            Port::Apply => {
                let applying = self.applying.as_ref().map(|applying| applying.number);
                (applying, Timer::ApplyTimeout, self.options.apply_timeout)
            }
        };
        if under_way == Some(number) {
            self.set_timer(timer, timeout);
        }
    }

    /// The time of the earliest timer, at which [`Input::Timer`] is due; `None` where none is set, and while there are
    /// outputs to be done.
    pub fn next_timer(&self) -> Option<Duration> {
        let next = self.timers.next().map(|(_, due)| due);
        next.filter(|_| !self.is_busy())
    }

    /// The topic, as it was given.
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// The revision that an application is shown: that of the snapshot that was applied last, or 0 (`ENG-13`).
    pub fn local_revision(&self) -> Revision {
        self.gate.revision()
    }

    /// The epoch of the snapshot that was applied last, or the empty one.
    pub fn local_epoch(&self) -> &str {
        self.gate.epoch()
    }

    /// How current the reader's copy is.
    pub fn status(&self) -> Status {
        self.status
    }

    /// What has been done so far.
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }
}

impl<D, E, R> fmt::Debug for Engine<D, E, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Engine")
            .field("topic", &self.topic)
            .field("status", &self.status)
            .field("local", &self.gate.local())
            .field("promise", &self.promise)
            .field("metrics", &self.metrics)
            .finish_non_exhaustive()
    }
}
