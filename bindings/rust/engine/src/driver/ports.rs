//! The ports of an engine as async functions. Closures are ports too.

use super::{Cancellation, Handler};
use crate::Failure;
use state_sync::SnapshotEnvelope;
use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::Poll,
};

/// Ends a subscription. It is called once; a failure is reported with the phase `subscribe`.
pub type Unsubscribe<E> = Box<dyn FnOnce() -> Result<(), Failure<E>> + Send>;

/// Brings the invalidation events of a topic.
///
/// Closures `|handler, cancellation| async { … }` are subscribers.
pub trait Subscriber<E>: Send + Sync + 'static {
    /// Subscribes: once it has succeeded, every later event is handed to `handler`, or its loss told by
    /// [`Handler::gap`]. What it gives ends the subscription.
    fn subscribe(
        &self,
        handler: Handler,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<Unsubscribe<E>, Failure<E>>> + Send + 'static;
}

/// Pulls snapshots from the source of truth.
///
/// Closures `|cancellation| async { … }` are providers.
pub trait Provider<D, E>: Send + Sync + 'static {
    /// The current snapshot. An answer that does not decode is [`Failure::Undecodable`].
    fn get_snapshot(
        &self,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<SnapshotEnvelope<D>, Failure<E>>> + Send + 'static;
}

/// Makes the application's state what a snapshot says.
///
/// Closures `|snapshot, cancellation| async { … }` are appliers.
pub trait Applier<D, E>: Send + Sync + 'static {
    /// Once it has succeeded, the application's state is the snapshot's.
    fn apply(
        &self,
        snapshot: SnapshotEnvelope<D>,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<(), Failure<E>>> + Send + 'static;
}

impl<E, F, O> Subscriber<E> for F
where
    F: Fn(Handler, Cancellation) -> O + Send + Sync + 'static,
    O: Future<Output = Result<Unsubscribe<E>, Failure<E>>> + Send + 'static,
{
    fn subscribe(
        &self,
        handler: Handler,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<Unsubscribe<E>, Failure<E>>> + Send + 'static {
        self(handler, cancellation)
    }
}

impl<D, E, F, O> Provider<D, E> for F
where
    F: Fn(Cancellation) -> O + Send + Sync + 'static,
    O: Future<Output = Result<SnapshotEnvelope<D>, Failure<E>>> + Send + 'static,
{
    fn get_snapshot(
        &self,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<SnapshotEnvelope<D>, Failure<E>>> + Send + 'static {
        self(cancellation)
    }
}

impl<D, E, F, O> Applier<D, E> for F
where
    F: Fn(SnapshotEnvelope<D>, Cancellation) -> O + Send + Sync + 'static,
    O: Future<Output = Result<(), Failure<E>>> + Send + 'static,
{
    fn apply(
        &self,
        snapshot: SnapshotEnvelope<D>,
        cancellation: Cancellation,
    ) -> impl Future<Output = Result<(), Failure<E>>> + Send + 'static {
        self(snapshot, cancellation)
    }
}

type Call<T, E> = Pin<Box<dyn Future<Output = Result<T, Failure<E>>> + Send>>;
type Port<A, T, E> = Box<dyn Fn(A, Cancellation) -> Call<T, E> + Send + Sync>;

/// The three ports, whatever they are made of. None of them panics: a panic is a failure like any other.
pub(super) struct Ports<D, E> {
    pub(super) subscribe: Port<Handler, Unsubscribe<E>, E>,
    pub(super) get_snapshot: Port<(), SnapshotEnvelope<D>, E>,
    pub(super) apply: Port<SnapshotEnvelope<D>, (), E>,
}

impl<D: Send + 'static, E: Send + 'static> Ports<D, E> {
    pub(super) fn new(
        subscriber: impl Subscriber<E>,
        provider: impl Provider<D, E>,
        applier: impl Applier<D, E>,
    ) -> Self {
        let (subscriber, provider, applier) = (Arc::new(subscriber), Arc::new(provider), Arc::new(applier));
        Self {
            subscribe: Box::new(move |handler, cancellation| {
                guarded(|| subscriber.subscribe(handler, cancellation))
            }),
            get_snapshot: Box::new(move |(), cancellation| guarded(|| provider.get_snapshot(cancellation))),
            apply: Box::new(move |snapshot, cancellation| guarded(|| applier.apply(snapshot, cancellation))),
        }
    }
}

/// Makes a call whose panics, at once (`ENG-70`) or later, are failures.
fn guarded<T, E, F>(call: impl FnOnce() -> F) -> Call<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
    F: Future<Output = Result<T, Failure<E>>> + Send + 'static,
{
    let mut future = match caught(call) {
        Ok(future) => Box::pin(future),
        Err(message) => return Box::pin(std::future::ready(Err(Failure::Panicked(message)))),
    };
    Box::pin(std::future::poll_fn(move |context| match caught(|| future.as_mut().poll(context)) {
        Ok(poll) => poll,
        Err(message) => Poll::Ready(Err(Failure::Panicked(message))),
    }))
}

/// Calls a function of the application; `Err` is the message of its panic.
///
/// What a panic leaves behind is the application's own: nothing of the driver is inside of the call.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
    })
}
