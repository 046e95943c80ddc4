//! Making a driver: ports, callbacks, options.

use super::{Applier, Provider, RevisionSync, Subscriber, core::Core, ports::Ports};
use crate::{Engine, Failure, InvalidOption, Note, Options, Report, Status};
use state_sync::{InvalidationEvent, SnapshotEnvelope, Topic};
use tokio::runtime::Handle;

/// Answers a question about something.
type Question<A, T, E> = Box<dyn Fn(&A) -> Result<T, Failure<E>> + Send + Sync>;
/// Is told something.
type Listener<A> = Box<dyn Fn(&A) + Send + Sync>;

/// The callbacks of the application; each may be absent, and none may do harm (`ENG-74`).
pub(super) struct Callbacks<D, E> {
    pub(super) should_refresh: Option<Question<InvalidationEvent, bool, E>>,
    pub(super) validate: Option<Question<SnapshotEnvelope<D>, (), E>>,
    pub(super) on_error: Option<Listener<Report<E>>>,
    pub(super) on_status: Option<Listener<Status>>,
    pub(super) logger: Option<Listener<Note>>,
}

/// What a driver is made with; see [`RevisionSync::builder`].
#[must_use = "a builder does nothing until it is built"]
pub struct Builder<D, E> {
    topic: Topic,
    options: Options,
    random: Box<dyn FnMut() -> f64 + Send>,
    ports: Ports<D, E>,
    callbacks: Callbacks<D, E>,
}

impl<D: Send + 'static, E: Send + Sync + 'static> Builder<D, E> {
    pub(super) fn new(
        topic: Topic,
        subscriber: impl Subscriber<E>,
        provider: impl Provider<D, E>,
        applier: impl Applier<D, E>,
    ) -> Self {
        let callbacks =
            Callbacks { should_refresh: None, validate: None, on_error: None, on_status: None, logger: None };
        let ports = Ports::new(subscriber, provider, applier);
        Self { topic, options: Options::default(), random: Box::new(fastrand::f64), ports, callbacks }
    }

    /// Other options than the defaults. The two that say whether there are callbacks are set by those.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Another source of chance than the platform's: numbers from 0 (included) to 1 (excluded).
    pub fn random(mut self, random: impl FnMut() -> f64 + Send + 'static) -> Self {
        self.random = Box::new(random);
        self
    }

    /// Asked about every event that is not stale: `Ok(false)` means that it is of no interest.
    pub fn should_refresh(
        mut self,
        ask: impl Fn(&InvalidationEvent) -> Result<bool, Failure<E>> + Send + Sync + 'static,
    ) -> Self {
        self.callbacks.should_refresh = Some(Box::new(ask));
        self
    }

    /// The application's check of every snapshot, pulled or offered; it refuses one by failing.
    pub fn validate(
        mut self,
        look: impl Fn(&SnapshotEnvelope<D>) -> Result<(), Failure<E>> + Send + Sync + 'static,
    ) -> Self {
        self.callbacks.validate = Some(Box::new(look));
        self
    }

    /// Told about every error.
    pub fn on_error(mut self, tell: impl Fn(&Report<E>) + Send + Sync + 'static) -> Self {
        self.callbacks.on_error = Some(Box::new(tell));
        self
    }

    /// Told each change of the status, one after the other; [`RevisionSync::watch`] keeps the latest alone.
    pub fn on_status(mut self, tell: impl Fn(Status) + Send + Sync + 'static) -> Self {
        self.callbacks.on_status = Some(Box::new(move |status| tell(*status)));
        self
    }

    /// Takes notes for people.
    pub fn logger(mut self, log: impl Fn(&Note) + Send + Sync + 'static) -> Self {
        self.callbacks.logger = Some(Box::new(log));
        self
    }

    /// Makes the driver. It begins with [`RevisionSync::start`].
    ///
    /// # Errors
    ///
    /// As [`Options::check`]; besides, [`InvalidOption`] for `clock` outside of a tokio runtime, which has the timers.
    pub fn build(self) -> Result<RevisionSync<D, E>, InvalidOption> {
        let Self { topic, options, random, ports, callbacks } = self;
        let runtime = Handle::try_current().map_err(|_| {
            InvalidOption::new(
                "clock",
                "there is no tokio runtime here; build it inside of one, such as in `main`",
            )
        })?;
        let options = Options {
            asks_should_refresh: callbacks.should_refresh.is_some(),
            validates: callbacks.validate.is_some(),
            ..options
        };
        let engine = Engine::new(topic, options, random)?;
        Ok(RevisionSync::new(Core::start(engine, ports, callbacks, runtime)))
    }
}
