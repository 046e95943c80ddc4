//! The machine behind a lock, and what does its outputs.

use super::{
    Cancellation, Handler,
    builder::Callbacks,
    cancellation::Canceller,
    clock::{Clock, fire_timers},
    handler::Sink,
    ports::{Ports, Unsubscribe, caught},
};
use crate::{Caller, CallerId, Engine, Failure, Input, Note, Outcome, Output, Port, Status};
use state_sync::{DecodeError, InvalidationEvent, SnapshotEnvelope};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::{Notify, oneshot, watch},
};

/// An engine that runs: outputs are done by whoever gives the input that leads to them, one after the other, and
/// never under the lock.
pub(super) struct Core<D, E> {
    shared: Mutex<Shared<D, E>>,
    ports: Ports<D, E>,
    callbacks: Callbacks<D, E>,
    status: watch::Sender<Status>,
    clock: Clock,
    timer_changed: Arc<Notify>,
    runtime: Handle,
    this: Weak<Core<D, E>>,
}

struct Shared<D, E> {
    engine: Engine<D, E>,
    /// How many are doing outputs: one, and those that have called `stop` meanwhile.
    at_work: u32,
    next_caller: CallerId,
    callers: HashMap<CallerId, oneshot::Sender<Outcome<E>>>,
    calls: HashMap<(Port, u64), Canceller>,
    handlers: HashMap<u64, Handler>,
    subscriptions: HashMap<u64, Unsubscribe<E>>,
    /// The time of the next timer as the task that waits for it knows it.
    told_timer: Option<Duration>,
}

impl<D: Send + 'static, E: Send + Sync + 'static> Core<D, E> {
    pub(super) fn start(
        engine: Engine<D, E>,
        ports: Ports<D, E>,
        callbacks: Callbacks<D, E>,
        runtime: Handle,
    ) -> Arc<Self> {
        let shared = Shared {
            engine,
            at_work: 0,
            next_caller: 0,
            callers: HashMap::new(),
            calls: HashMap::new(),
            handlers: HashMap::new(),
            subscriptions: HashMap::new(),
            told_timer: None,
        };
        let core = Arc::new_cyclic(|this| Self {
            shared: Mutex::new(shared),
            ports,
            callbacks,
            status: watch::Sender::new(Status::Idle),
            clock: Clock::start(),
            timer_changed: Arc::new(Notify::new()),
            runtime: runtime.clone(),
            this: Weak::clone(this),
        });
        runtime.spawn(fire_timers(Weak::clone(&core.this)));
        core.feed(false, |_, _| {});
        core
    }

    pub(super) fn status(&self) -> &watch::Sender<Status> {
        &self.status
    }

    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    pub(super) fn timer_changed(&self) -> Arc<Notify> {
        Arc::clone(&self.timer_changed)
    }

    pub(super) fn next_timer(&self) -> Option<Duration> {
        let mut shared = self.lock();
        shared.told_timer = shared.engine.next_timer();
        shared.told_timer
    }

    /// Looks at the machine.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Engine<D, E>) -> T) -> T {
        look(&self.lock().engine)
    }

    /// A call of the application, whose outcome comes over the channel.
    pub(super) fn call(&self, input: impl FnOnce(CallerId) -> Input<D, E>) -> oneshot::Receiver<Outcome<E>> {
        let (sender, receiver) = oneshot::channel();
        let mut shared = self.lock();
        shared.next_caller += 1;
        let caller = shared.next_caller;
        shared.callers.insert(caller, sender);
        drop(shared);
        self.input(input(caller));
        receiver
    }

    pub(super) fn input(&self, input: Input<D, E>) {
        // `stop` takes effect before it returns, also when a callback calls it in the middle of an output (ENG-23).
        let at_once = matches!(input, Input::Stop);
        self.feed(at_once, |engine, now| engine.handle(input, now));
    }

    fn feed(&self, at_once: bool, give: impl FnOnce(&mut Engine<D, E>, Duration)) {
        let mut shared = self.lock();
        give(&mut shared.engine, self.clock.now());
        if shared.at_work == 0 || at_once {
            shared.at_work += 1;
            drop(shared);
            self.work();
        }
    }

    /// Does outputs until there are none.
    fn work(&self) {
        loop {
            let mut shared = self.lock();
            let Some(output) = shared.engine.next_output() else {
                shared.at_work -= 1;
                if shared.engine.next_timer() != shared.told_timer {
                    self.timer_changed.notify_one();
                }
                return;
            };
            drop(shared);
            self.output(output);
        }
    }

    fn output(&self, output: Output<D, E>) {
        match output {
            Output::Subscribe { number } => self.subscribe(number),
            Output::GetSnapshot { number } => self.get_snapshot(number),
            Output::Apply { number, snapshot } => self.apply(number, snapshot),
            Output::Unsubscribe { subscription } => self.unsubscribe(subscription),
            Output::Cancel { port, number } => {
                let canceller = self.lock().calls.remove(&(port, number));
                if let Some(canceller) = canceller {
                    canceller.cancel();
                }
            }
            Output::ShouldRefresh { event } => {
                let answer = match &self.callbacks.should_refresh {
                    Some(ask) => caught(|| ask(&event)).unwrap_or_else(|text| Err(Failure::Panicked(text))),
                    None => Ok(true),
                };
                self.input(Input::ShouldRefresh(answer));
            }
            Output::Validate { snapshot } => {
                let answer = match &self.callbacks.validate {
                    Some(look) => {
                        caught(|| look(&snapshot)).unwrap_or_else(|text| Err(Failure::Panicked(text)))
                    }
                    None => Ok(()),
                };
                self.input(Input::Validated(answer.map(|()| snapshot)));
            }
            Output::Report(report) => {
                if let Some(on_error) = &self.callbacks.on_error
                    && let Err(message) = caught(|| on_error(&report))
                {
                    self.note(&Note::CallbackPanicked { callback: "onError", message });
                }
            }
            Output::Status(status) => {
                self.status.send_replace(status);
                if let Some(on_status) = &self.callbacks.on_status
                    && let Err(message) = caught(|| on_status(&status))
                {
                    self.note(&Note::CallbackPanicked { callback: "status", message });
                }
            }
            Output::Settle {
                caller: Caller::Start(id) | Caller::Refresh(id) | Caller::Offer(id),
                outcome,
            } => {
                let waiting = self.lock().callers.remove(&id);
                // Whoever has dropped the future does not wait (ENG-75).
                let _ = waiting.map(|waiting| waiting.send(outcome));
            }
            Output::Note(note) => self.note(&note),
        }
    }

    /// Tells the logger; its failure is dropped (`ENG-74`).
    fn note(&self, note: &Note) {
        if let Some(logger) = &self.callbacks.logger {
            let _ = caught(|| logger(note));
        }
    }

    fn begin_call(&self, port: Port, number: u64) -> Cancellation {
        let (canceller, cancellation) = Cancellation::new();
        self.lock().calls.insert((port, number), canceller);
        cancellation
    }

    fn subscribe(&self, number: u64) {
        let handler = Handler::new(Arc::new(WeakSink(Weak::clone(&self.this))));
        self.lock().handlers.insert(number, handler.clone());
        let cancellation = self.begin_call(Port::Subscribe, number);
        let _runtime = self.runtime.enter();
        let call = (self.ports.subscribe)(handler, cancellation);
        let this = Weak::clone(&self.this);
        self.runtime.spawn(async move {
            let outcome = call.await;
            match (this.upgrade(), outcome) {
                (Some(core), outcome) => {
                    let outcome = outcome.map(|unsubscribe| {
                        core.lock().subscriptions.insert(number, unsubscribe);
                    });
                    core.end_call(Port::Subscribe, number, Input::Subscribed { number, outcome });
                }
                // Nobody is left to tell, and the subscription must not stay (ENG-22).
                (None, Ok(unsubscribe)) => drop(caught(unsubscribe)),
                (None, Err(_)) => {}
            }
        });
    }

    fn get_snapshot(&self, number: u64) {
        let cancellation = self.begin_call(Port::GetSnapshot, number);
        let _runtime = self.runtime.enter();
        let call = (self.ports.get_snapshot)((), cancellation.clone());
        let this = Weak::clone(&self.this);
        self.runtime.spawn(async move {
            let outcome = tokio::select! {
                biased;
                () = cancellation.cancelled() => return,
                outcome = call => outcome,
            };
            if let Some(core) = this.upgrade() {
                core.end_call(Port::GetSnapshot, number, Input::Snapshot { number, outcome });
            }
        });
    }

    fn apply(&self, number: u64, snapshot: SnapshotEnvelope<D>) {
        let cancellation = self.begin_call(Port::Apply, number);
        let _runtime = self.runtime.enter();
        let call = (self.ports.apply)(snapshot, cancellation);
        let this = Weak::clone(&self.this);
        self.runtime.spawn(async move {
            let outcome = call.await;
            if let Some(core) = this.upgrade() {
                core.end_call(Port::Apply, number, Input::Applied { number, outcome });
            }
        });
    }

    fn end_call(&self, port: Port, number: u64, input: Input<D, E>) {
        self.lock().calls.remove(&(port, number));
        self.input(input);
    }

    fn unsubscribe(&self, subscription: u64) {
        let mut shared = self.lock();
        if let Some(handler) = shared.handlers.remove(&subscription) {
            handler.end();
        }
        let unsubscribe = shared.subscriptions.remove(&subscription);
        drop(shared);
        let ended = unsubscribe.map_or(Ok(Ok(())), caught);
        if let Err(failure) = ended.unwrap_or_else(|message| Err(Failure::Panicked(message))) {
            self.input(Input::UnsubscribeFailed(failure));
        }
    }
}

impl<D, E> Core<D, E> {
    fn lock(&self) -> MutexGuard<'_, Shared<D, E>> {
        // No call of the application is made under the lock, so nothing is half done in what a panic leaves.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who drops the last handle stops the engine.
impl<D, E> Drop for Core<D, E> {
    fn drop(&mut self) {
        let shared = self.shared.get_mut().unwrap_or_else(PoisonError::into_inner);
        for handler in shared.handlers.values() {
            handler.end();
        }
        for canceller in shared.calls.values() {
            canceller.cancel();
        }
        for (_, unsubscribe) in shared.subscriptions.drain() {
            let _ = caught(unsubscribe);
        }
        self.timer_changed.notify_one();
    }
}

/// What handlers deliver to: a driver that may be gone.
struct WeakSink<D, E>(Weak<Core<D, E>>);

impl<D: Send + 'static, E: Send + Sync + 'static> Sink for WeakSink<D, E> {
    fn event(&self, event: &InvalidationEvent) {
        if let Some(core) = self.0.upgrade() {
            core.feed(false, |engine, now| engine.handle_event(event, now));
        }
    }

    fn undecodable(&self, error: DecodeError) {
        if let Some(core) = self.0.upgrade() {
            core.input(Input::InvalidEvent(error));
        }
    }

    fn gap(&self) {
        if let Some(core) = self.0.upgrade() {
            core.input(Input::Gap);
        }
    }
}
