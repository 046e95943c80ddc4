//! The limiter: it turns a stream of triggers into few calls (`ENG-36` to `ENG-40`).

use crate::{InvalidOption, Throttling};
use std::time::Duration;

/// Turns triggers into few calls, by a time that it is told.
///
/// It calls nothing and sets no timer: [`Limiter::trigger`] and [`Limiter::fire`] say whether the call is to be made
/// now, and [`Limiter::due`] says when the next one is. Persistence uses it too.
///
/// ```
/// use state_sync_engine::{Limiter, Throttling};
/// use std::time::Duration;
///
/// let ms = Duration::from_millis;
/// let mut limiter = Limiter::new(Throttling::default())?;
/// assert!(limiter.trigger(ms(0)), "the first trigger of a burst calls at once");
/// assert!(!limiter.trigger(ms(16)));
/// assert_eq!(limiter.due(), Some(ms(100)));
/// assert!(limiter.fire(ms(100)));
/// assert_eq!(limiter.due(), None);
/// # Ok::<(), state_sync_engine::InvalidOption>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limiter {
    throttling: Throttling,
    waiting: Option<Waiting>,
    window_end: Option<Duration>,
    disposed: bool,
}

/// Triggers that no call has served yet, and the time of the call that will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waiting {
    first: Duration,
    due: Duration,
}

impl Limiter {
    /// A limiter that nothing has triggered yet.
    ///
    /// # Errors
    ///
    /// As [`Throttling::check`].
    pub fn new(throttling: Throttling) -> Result<Self, InvalidOption> {
        throttling.check()?;
        Ok(Self { throttling, waiting: None, window_end: None, disposed: false })
    }

    /// A trigger at the time `now`; whether the call is to be made at once (`ENG-36`).
    pub fn trigger(&mut self, now: Duration) -> bool {
        let due = self.due_after_trigger(now);
        self.trigger_for(now, due)
    }

    /// When the next call would be due after a trigger at the time `now`: the rule of `ENG-36` by itself.
    pub fn due_after_trigger(&self, now: Duration) -> Duration {
        let Throttling { debounce, throttle, leading, trailing, .. } = self.throttling;
        let first = self.first().unwrap_or(now);
        let latest_of_all = first.saturating_add(self.throttling.longest_wait());
        let due = match self.window_end {
            window if !debounce.is_zero() => now.saturating_add(debounce).max(window.unwrap_or_default()),
            Some(end) if now < end && trailing => end,
            Some(end) if now < end => latest_of_all,
            _ if leading => now,
            _ => first.saturating_add(throttle),
        };
        due.min(latest_of_all)
    }

    /// A trigger at the time `now`, with the next call put at the time `due`; whether that is at once.
    pub fn trigger_for(&mut self, now: Duration, due: Duration) -> bool {
        if self.disposed {
            return false;
        }
        self.waiting = Some(Waiting { first: self.first().unwrap_or(now), due });
        self.fire(now)
    }

    /// The clock has reached `now`; whether the call is to be made (`ENG-37`).
    pub fn fire(&mut self, now: Duration) -> bool {
        if self.waiting.is_none_or(|waiting| now < waiting.due) {
            return false;
        }
        self.waiting = None;
        self.window_end = Some(now.saturating_add(self.throttling.throttle));
        true
    }

    /// A trigger at a time that nobody can tell; whether the call is to be made at once, which it is save after a
    /// disposal. There is no window then (`ENG-79`).
    pub fn trigger_without_clock(&mut self) -> bool {
        self.waiting = None;
        self.window_end = None;
        !self.disposed
    }

    /// When the next call is due; `None` where no trigger waits.
    pub fn due(&self) -> Option<Duration> {
        self.waiting.map(|waiting| waiting.due)
    }

    /// Whether a trigger waits for its call.
    pub fn has_pending(&self) -> bool {
        self.waiting.is_some()
    }

    /// The time of the first trigger that no call has served yet.
    pub fn first(&self) -> Option<Duration> {
        self.waiting.map(|waiting| waiting.first)
    }

    /// The end of the window that the last call has begun.
    pub fn window_end(&self) -> Option<Duration> {
        self.window_end
    }

    /// What it was made with.
    pub fn throttling(&self) -> &Throttling {
        &self.throttling
    }

    /// Drops what waits; later triggers are served as before.
    pub fn clear(&mut self) {
        self.waiting = None;
    }

    /// Drops what waits; later triggers do nothing (`ENG-39`).
    pub fn dispose(&mut self) {
        self.waiting = None;
        self.disposed = true;
    }
}
