//! How a running call is told that its outcome is no longer wanted.

use tokio::sync::watch;

/// Tells a call of a port that its outcome is no longer wanted: after a time-out, or after `stop`.
///
/// A port may ignore it. The future of `get_snapshot` is dropped then anyway; those of `subscribe` and `apply` run to
/// their end, so that nothing is left half done.
#[derive(Clone, Debug)]
pub struct Cancellation(watch::Receiver<bool>);

impl Cancellation {
    /// A cancellation, and what signals it.
    pub(super) fn new() -> (Canceller, Self) {
        let (sender, receiver) = watch::channel(false);
        (Canceller(sender), Self(receiver))
    }

    /// Whether it has been signalled.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is signalled; for ever where it never is.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|cancelled| *cancelled).await.is_err() {
            // The call came to its end, so that nobody will signal any more.
            std::future::pending::<()>().await;
        }
    }
}

/// Signals a cancellation.
#[derive(Debug)]
pub(super) struct Canceller(watch::Sender<bool>);

impl Canceller {
    pub(super) fn cancel(&self) {
        self.0.send_replace(true);
    }
}
