//! The machine with tokio around it: ports as async functions, timers, and a handle for the application.
//!
//! ```
//! use state_sync::{Revision, SnapshotEnvelope, Topic};
//! use state_sync_engine::{Failure, driver::{Handler, RevisionSync, Unsubscribe}};
//! use std::{io::Error, sync::{Arc, Mutex}};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let shown = Arc::new(Mutex::new(String::new()));
//! let view = Arc::clone(&shown);
//! let sync = RevisionSync::builder(
//!     Topic::new("theme")?,
//!     |_handler: Handler, _| async { Ok::<Unsubscribe<Error>, Failure<Error>>(Box::new(|| Ok(()))) },
//!     |_| async { Ok(SnapshotEnvelope::new(Revision::new(7), "dark".to_owned())) },
//!     move |snapshot: SnapshotEnvelope<String>, _| {
//!         *view.lock().unwrap() = snapshot.data;
//!         async { Ok(()) }
//!     },
//! )
//! .on_error(|report| eprintln!("{}: {}", report.phase, report.error))
//! .build()?;
//!
//! sync.start().await?;
//! assert_eq!((sync.local_revision(), shown.lock().unwrap().as_str()), (Revision::new(7), "dark"));
//! sync.stop();
//! # Ok(())
//! # }
//! ```

mod builder;
mod cancellation;
mod clock;
mod core;
mod handler;
mod ports;

pub use builder::Builder;
pub use cancellation::Cancellation;
pub use handler::Handler;
pub use ports::{Applier, Provider, Subscriber, Unsubscribe};

use self::core::Core;
use crate::{Input, Metrics, Outcome, SharedError, Status, SyncError};
use state_sync::{DecodeError, Revision, SnapshotEnvelope, Topic};
use std::{fmt, sync::Arc};
use tokio::sync::{oneshot, watch};

/// The handle of a running engine. Clones are handles of the same one; when the last is dropped, the engine stops.
pub struct RevisionSync<D, E> {
    core: Arc<Core<D, E>>,
}

impl<D: Send + 'static, E: Send + Sync + 'static> RevisionSync<D, E> {
    /// A driver for a topic, by its three ports.
    pub fn builder(
        topic: Topic,
        subscriber: impl Subscriber<E>,
        provider: impl Provider<D, E>,
        applier: impl Applier<D, E>,
    ) -> Builder<D, E> {
        Builder::new(topic, subscriber, provider, applier)
    }

    fn new(core: Arc<Core<D, E>>) -> Self {
        Self { core }
    }

    /// Subscribes and pulls (`ENG-16` to `ENG-21`). It begins at once; what it gives waits for the outcome.
    ///
    /// # Errors
    ///
    /// The error of the last attempt, and [`SyncError::Stopped`] after [`stop`](RevisionSync::stop).
    pub fn start(&self) -> impl Future<Output = Result<(), SharedError<E>>> + Send + use<D, E> {
        settled(self.core.call(Input::Start))
    }

    /// Pulls (`ENG-42` to `ENG-50`). It begins at once; what it gives waits until the answer has been applied.
    ///
    /// # Errors
    ///
    /// The error of the last attempt. After [`stop`](RevisionSync::stop) it succeeds and does nothing.
    pub fn refresh(&self) -> impl Future<Output = Result<(), SharedError<E>>> + Send + use<D, E> {
        settled(self.core.call(Input::Refresh))
    }

    /// Offers a snapshot that did not come from the provider (`ENG-59` to `ENG-64`); whether it was applied.
    pub fn offer(&self, snapshot: SnapshotEnvelope<D>) -> impl Future<Output = bool> + Send + use<D, E> {
        self.offer_decoded(Ok(snapshot))
    }

    /// As [`offer`](RevisionSync::offer), for what may not have decoded; that is reported with the phase `protocol`.
    pub fn offer_decoded(
        &self,
        snapshot: Result<SnapshotEnvelope<D>, DecodeError>,
    ) -> impl Future<Output = bool> + Send + use<D, E> {
        let outcome = self.core.call(|caller| Input::Offer { caller, snapshot });
        async { matches!(outcome.await, Ok(Outcome::Offered(true))) }
    }

    /// Stops for good, before it returns (`ENG-23` to `ENG-26`).
    pub fn stop(&self) {
        self.core.input(Input::Stop);
    }

    /// The revision of the snapshot that was applied last, or 0 (`ENG-13`).
    pub fn local_revision(&self) -> Revision {
        self.core.look(|engine| engine.local_revision())
    }

    /// The epoch of the snapshot that was applied last, or the empty one.
    pub fn local_epoch(&self) -> String {
        self.core.look(|engine| engine.local_epoch().to_owned())
    }

    /// How current the reader's copy is.
    pub fn status(&self) -> Status {
        self.core.look(|engine| engine.status())
    }

    /// The status as it changes; where it changes quickly, the latest.
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.core.status().subscribe()
    }

    /// What has been done so far (`ENG-85`).
    pub fn metrics(&self) -> Metrics {
        self.core.look(|engine| engine.metrics())
    }
}

/// The outcome of `start` or `refresh`.
async fn settled<E>(outcome: oneshot::Receiver<Outcome<E>>) -> Result<(), SharedError<E>> {
    match outcome.await {
        Ok(Outcome::Done | Outcome::Offered(_)) => Ok(()),
        Ok(Outcome::Failed(error)) => Err(error),
        // The last handle was dropped.
        Err(_) => Err(Arc::new(SyncError::Stopped)),
    }
}

impl<D, E> Clone for RevisionSync<D, E> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core) }
    }
}

impl<D: Send + 'static, E: Send + Sync + 'static> fmt::Debug for RevisionSync<D, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.look(|engine| fmt::Debug::fmt(engine, formatter))
    }
}
