//! The machine's time by tokio's clock, and the task that lets its timers fire.

use super::core::Core;
use crate::Input;
use std::{sync::Weak, time::Duration};
use tokio::time::{Instant, sleep_until};

/// The longest sleep; longer waits are made of several (`ENG-78`).
const LONGEST_SLEEP: Duration = Duration::from_secs(24 * 60 * 60);

/// Monotonic time since the driver was made; tests pause it with `tokio::time::pause`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    begin: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { begin: Instant::now() }
    }

    pub(super) fn now(self) -> Duration {
        self.begin.elapsed()
    }

    /// When to look at a timer that is due at this time.
    fn wake_up(self, due: Duration) -> Instant {
        let now = Instant::now();
        let wait = due.saturating_sub(now - self.begin);
        now + wait.min(LONGEST_SLEEP)
    }
}

/// Fires the timers of a driver until it is gone.
pub(super) async fn fire_timers<D: Send + 'static, E: Send + Sync + 'static>(core: Weak<Core<D, E>>) {
    loop {
        let Some((changed, next, clock)) =
            core.upgrade().map(|core| (core.timer_changed(), core.next_timer(), core.clock()))
        else {
            return;
        };
        let Some(due) = next else {
            changed.notified().await;
            continue;
        };
        tokio::select! {
            () = changed.notified() => {}
            () = sleep_until(clock.wake_up(due)) => {
                // The turn of the event loop that a queued pull waits for is a timer of 0 ms (ENG-49).
                tokio::task::yield_now().await;
                let Some(core) = core.upgrade() else { return };
                core.input(Input::Timer);
            }
        }
    }
}
