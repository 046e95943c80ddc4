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

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// The times of the calls up to `until`, with triggers every 16 ms from 0 to `last`.
    fn calls(throttling: Throttling, last: u64, until: u64) -> Vec<u64> {
        let mut limiter = Limiter::new(throttling).unwrap();
        let mut calls = Vec::new();
        for now in 0..=until {
            if limiter.due() == Some(ms(now)) {
                assert!(limiter.fire(ms(now)));
                calls.push(now);
            }
            if now % 16 == 0 && now <= last && limiter.trigger(ms(now)) {
                calls.push(now);
            }
        }
        calls
    }

    #[test]
    fn triggers_every_16_ms_call_as_the_prose_says() {
        let default = Throttling::default();
        let debounce = Throttling { debounce: ms(50), ..default };
        for (throttling, last, expected) in [
            (default, u64::MAX, vec![0, 100, 200, 300]),
            (Throttling { leading: false, ..default }, u64::MAX, vec![100, 200, 300]),
            (Throttling { trailing: false, ..default }, u64::MAX, vec![0, 112, 224, 336]),
            (Throttling { throttle: ms(0), ..default }, 48, vec![0, 16, 32, 48]),
            (debounce, 160, vec![210]),
            (Throttling { max_wait: Some(ms(120)), ..debounce }, u64::MAX, vec![120, 248, 376]),
        ] {
            assert_eq!(calls(throttling, last, 390), expected, "{throttling:?}");
        }
        assert_eq!(calls(debounce, u64::MAX, 3020), [1000, 2008, 3016]);
    }

    #[test]
    fn every_trigger_is_served_within_the_longest_wait() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..300 {
            let (debounce, throttle) = (random.u64(0..3) * 40, random.u64(0..4) * 50);
            let throttling = Throttling {
                debounce: ms(debounce),
                throttle: ms(throttle),
                leading: random.bool(),
                trailing: true,
                max_wait: random.bool().then(|| ms(debounce.max(throttle) + random.u64(0..100))),
            };
            let throttling = Throttling { trailing: !throttling.leading || random.bool(), ..throttling };
            let mut limiter = Limiter::new(throttling).unwrap();
            let (mut waiting, mut last_call) = (None, None);
            for now in 0..2_000 {
                let fired = limiter.due() == Some(ms(now)) && limiter.fire(ms(now));
                let triggered = random.u8(0..10) == 0;
                if triggered {
                    waiting.get_or_insert(now);
                }
                if (triggered && limiter.trigger(ms(now))) || fired {
                    let apart = last_call.is_none_or(|last| now - last >= throttle);
                    assert!(apart, "{throttling:?}: {last_call:?} then {now}");
                    last_call = Some(now);
                    waiting = None;
                }
                let longest = throttling.longest_wait();
                assert!(waiting.is_none_or(|first| ms(now - first) <= longest), "{throttling:?} at {now}");
            }
        }
    }

    #[test]
    fn nothing_is_called_after_a_disposal() {
        let mut limiter = Limiter::new(Throttling::default()).unwrap();
        assert!(limiter.trigger(ms(0)));
        assert!(!limiter.trigger(ms(1)));
        assert!(limiter.has_pending());
        limiter.dispose();
        assert!(!limiter.has_pending());
        assert!(!limiter.fire(ms(100)));
        assert!(!limiter.trigger(ms(200)) && !limiter.trigger_without_clock());
        assert_eq!(limiter.due(), None);
    }

    #[test]
    fn a_clock_that_fails_leaves_no_window() {
        let mut limiter = Limiter::new(Throttling::default()).unwrap();
        assert!(limiter.trigger(ms(0)));
        assert!(limiter.trigger_without_clock());
        assert_eq!((limiter.window_end(), limiter.due()), (None, None));
    }

    #[test]
    fn the_latest_times_are_held() {
        let throttling = Throttling { debounce: Duration::MAX, ..Throttling::default() };
        let mut limiter = Limiter::new(throttling).unwrap();
        assert!(!limiter.trigger(ms(5)));
        assert_eq!(limiter.due(), Some(Duration::MAX));
    }
}
