//! What an engine is made with, its defaults and its ranges (`ENG-8`, `ENG-9`).

use crate::{Position, RetryPolicy};
use std::{fmt, time::Duration};

/// How events are turned into few pulls (`ENG-36` to `ENG-40`).
///
/// ```
/// use state_sync_engine::Throttling;
/// use std::time::Duration;
///
/// let throttling = Throttling { debounce: Duration::from_millis(50), ..Throttling::default() };
/// assert_eq!(throttling.longest_wait(), Duration::from_millis(1000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttling {
    /// How long triggers must pause before a call; 0 by default.
    pub debounce: Duration,
    /// The least time between two calls; 100 ms by default.
    pub throttle: Duration,
    /// Whether the first trigger of a burst calls at once; it does by default.
    pub leading: bool,
    /// Whether later triggers of a burst call at the end of the window; they do by default.
    pub trailing: bool,
    /// The longest time that a trigger waits; by default the greatest of 1 s, `debounce` and `throttle`.
    pub max_wait: Option<Duration>,
}

impl Default for Throttling {
    fn default() -> Self {
        Self {
            debounce: Duration::ZERO,
            throttle: Duration::from_millis(100),
            leading: true,
            trailing: true,
            max_wait: None,
        }
    }
}

impl Throttling {
    /// The longest time that a trigger waits: `max_wait`, or its default.
    pub fn longest_wait(&self) -> Duration {
        let least = self.debounce.max(self.throttle);
        self.max_wait.unwrap_or_else(|| least.max(Duration::from_secs(1)))
    }

    /// Whether the options are within their ranges (`ENG-9`).
    ///
    /// # Errors
    ///
    /// [`InvalidOption`] for a `max_wait` below `debounce` or `throttle`, and where neither `leading` nor
    /// `trailing` is set.
    pub fn check(&self) -> Result<(), InvalidOption> {
        if !self.leading && !self.trailing {
            let problem =
                "leading and trailing are both false, so that no trigger would ever call; set one of them";
            return Err(InvalidOption::new("throttling.leading", problem));
        }
        for (name, least) in [("debounceMs", self.debounce), ("throttleMs", self.throttle)] {
            if self.longest_wait() < least {
                let wait = self.longest_wait().as_millis();
                let problem =
                    format!("{wait} ms is below {name}, {} ms; wait at least as long", least.as_millis());
                return Err(InvalidOption::new("throttling.maxWaitMs", problem));
            }
        }
        Ok(())
    }
}

/// What an engine is made with beside its topic and its source of chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How events are turned into few pulls.
    pub throttling: Throttling,
    /// What follows a failed attempt, and one that leaves the reader behind.
    pub retry: RetryPolicy,
    /// How long `subscribe` may take; 10 s by default.
    pub subscribe_timeout: Duration,
    /// How long `getSnapshot` may take; 10 s by default.
    pub get_snapshot_timeout: Duration,
    /// How long `apply` may take; 10 s by default.
    pub apply_timeout: Duration,
    /// The position of the snapshot that the application's state is already (`ENG-83`).
    pub initial: Option<Position>,
    /// Whether events are put to the application ([`Output::ShouldRefresh`](crate::Output::ShouldRefresh)).
    pub asks_should_refresh: bool,
    /// Whether snapshots are put to the application's validator ([`Output::Validate`](crate::Output::Validate)).
    pub validates: bool,
}

impl Default for Options {
    fn default() -> Self {
        let timeout = Duration::from_secs(10);
        Self {
            throttling: Throttling::default(),
            retry: RetryPolicy::default(),
            subscribe_timeout: timeout,
            get_snapshot_timeout: timeout,
            apply_timeout: timeout,
            initial: None,
            asks_should_refresh: false,
            validates: false,
        }
    }
}

impl Options {
    /// Whether the options are within their ranges (`ENG-9`).
    ///
    /// # Errors
    ///
    /// [`InvalidOption`] with the name of the first option that is not.
    pub fn check(&self) -> Result<(), InvalidOption> {
        self.throttling.check()?;
        self.retry.check()?;
        for (name, timeout) in [
            ("subscribeTimeoutMs", self.subscribe_timeout),
            ("getSnapshotTimeoutMs", self.get_snapshot_timeout),
            ("applyTimeoutMs", self.apply_timeout),
        ] {
            if timeout.is_zero() {
                return Err(InvalidOption::new(
                    name,
                    "a time-out of 0 would fail every call; give it some time",
                ));
            }
        }
        Ok(())
    }
}

/// An option outside of its range (`ENG-9`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOption {
    option: &'static str,
    problem: String,
}

impl InvalidOption {
    /// The fault of an option, by its name in the prose, such as `throttling.maxWaitMs`.
    pub fn new(option: &'static str, problem: impl Into<String>) -> Self {
        Self { option, problem: problem.into() }
    }

    /// The option, by its name in the prose, which is the same in every language.
    pub fn option(&self) -> &'static str {
        self.option
    }
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the option {}: {}", self.option, self.problem)
    }
}

impl std::error::Error for InvalidOption {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Attempts;

    fn refused(change: impl FnOnce(&mut Options)) -> Option<&'static str> {
        let mut options = Options::default();
        change(&mut options);
        options.check().err().map(|error| error.option())
    }

    #[test]
    fn options_outside_of_their_range_are_named() {
        let ms = Duration::from_millis;
        assert_eq!(refused(|_| {}), None);
        assert_eq!(refused(|it| it.throttling.max_wait = Some(ms(99))), Some("throttling.maxWaitMs"));
        assert_eq!(refused(|it| it.throttling.max_wait = Some(ms(100))), None);
        assert_eq!(
            refused(|it| {
                it.throttling.max_wait = Some(ms(100));
                it.throttling.debounce = ms(101);
            }),
            Some("throttling.maxWaitMs")
        );
        assert_eq!(refused(|it| it.throttling.debounce = ms(5000)), None);
        assert_eq!(refused(|it| it.throttling.leading = false), None);
        assert_eq!(
            refused(|it| {
                it.throttling.leading = false;
                it.throttling.trailing = false;
            }),
            Some("throttling.leading")
        );
        assert_eq!(refused(|it| it.retry.max_attempts = Attempts::AtMost(0)), Some("retry.maxAttempts"));
        assert_eq!(refused(|it| it.retry.max_attempts = Attempts::Infinite), None);
        assert_eq!(refused(|it| it.retry.backoff_multiplier = 0.99), Some("retry.backoffMultiplier"));
        assert_eq!(refused(|it| it.retry.backoff_multiplier = f64::NAN), Some("retry.backoffMultiplier"));
        for jitter in [-0.01, 1.01, f64::NAN] {
            assert_eq!(refused(|it| it.retry.jitter = jitter), Some("retry.jitter"), "{jitter}");
        }
        assert_eq!(refused(|it| it.subscribe_timeout = Duration::ZERO), Some("subscribeTimeoutMs"));
        assert_eq!(refused(|it| it.get_snapshot_timeout = Duration::ZERO), Some("getSnapshotTimeoutMs"));
        assert_eq!(refused(|it| it.apply_timeout = Duration::ZERO), Some("applyTimeoutMs"));
    }
}
