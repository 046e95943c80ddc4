//! The retry policy: whether another attempt follows, and when (`ENG-65`, `ENG-66`).

use crate::InvalidOption;
use std::time::Duration;

/// How many attempts are made in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempts {
    /// As many as this, the first included; at least 1.
    AtMost(u32),
    /// No end.
    Infinite,
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How many attempts in a row are made; 3 by default.
    pub max_attempts: Attempts,
    /// The delay after the first attempt; 500 ms by default.
    pub initial_delay: Duration,
    /// By what the delay grows from one attempt to the next; 2 by default.
    pub backoff_multiplier: f64,
    /// The longest delay; 10 s by default.
    pub max_delay: Duration,
    /// The part of a delay that chance may take away, 0 to 1; 1 by default, all of it, so that readers that
    /// fail together do not come back together.
    pub jitter: f64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: Attempts::AtMost(3),
            initial_delay: Duration::from_millis(500),
            backoff_multiplier: 2.0,
            max_delay: Duration::from_secs(10),
            jitter: 1.0,
        }
    }
}

impl RetryPolicy {
    /// Whether the options are within their ranges (`ENG-9`).
    ///
    /// # Errors
    ///
    /// [`InvalidOption`] with the name of the first option that is not.
    pub fn check(&self) -> Result<(), InvalidOption> {
        if self.max_attempts == Attempts::AtMost(0) {
            return Err(InvalidOption::new(
                "retry.maxAttempts",
                "0 attempts call nobody; 1 means no repetition",
            ));
        }
        if self.backoff_multiplier.is_nan() || self.backoff_multiplier < 1.0 {
            let problem =
                format!("{} is not at least 1, so that delays would shrink", self.backoff_multiplier);
            return Err(InvalidOption::new("retry.backoffMultiplier", problem));
        }
        if !(0.0..=1.0).contains(&self.jitter) {
            return Err(InvalidOption::new("retry.jitter", format!("{} is not from 0 to 1", self.jitter)));
        }
        Ok(())
    }

    /// Whether another attempt follows attempt `number` of a row (`ENG-65`).
    pub fn allows_after(&self, number: u32) -> bool {
        match self.max_attempts {
            Attempts::AtMost(most) => number < most,
            Attempts::Infinite => true,
        }
    }

    /// How long to wait after attempt `number` of a row, in whole milliseconds (`ENG-65`).
    ///
    /// `random` is a new random number from 0 (included) to 1 (excluded).
    ///
    /// ```
    /// use state_sync_engine::RetryPolicy;
    ///
    /// let policy = RetryPolicy { jitter: 0.5, ..RetryPolicy::default() };
    /// assert_eq!(policy.delay_after(1, 0.0).as_millis(), 500);
    /// assert_eq!(policy.delay_after(2, 0.999).as_millis(), 500);
    /// ```
    pub fn delay_after(&self, number: u32, random: f64) -> Duration {
        let growth = self.backoff_multiplier.powf(f64::from(number.saturating_sub(1)));
        let initial = milliseconds(self.initial_delay);
        // 0 times an infinite growth would not be a number.
        let grown = if initial == 0.0 { 0.0 } else { initial * growth };
        let delay = grown.min(milliseconds(self.max_delay)) * (1.0 - self.jitter * random);
        Duration::from_millis(delay as u64)
    }
}

/// The milliseconds of a duration; those of a whole number of them are exact.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e6
}

/// What a port's error says about another attempt (`ENG-66`, TRA-25).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Advice {
    /// Nothing: the policy decides.
    #[default]
    Policy,
    /// Another attempt is of no use.
    Never,
    /// Not before this time has passed.
    NotBefore(Duration),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_the_longest_and_chance_takes_a_part() {
        let full = RetryPolicy::default();
        let policy = RetryPolicy { jitter: 0.5, ..full };
        let odd = RetryPolicy { initial_delay: Duration::from_millis(1001), jitter: 0.0, ..policy };
        let endless = RetryPolicy { backoff_multiplier: f64::INFINITY, ..policy };
        let none = RetryPolicy { initial_delay: Duration::ZERO, ..endless };
        for (policy, number, random, expected) in [
            (policy, 1, 0.0, 500),
            (policy, 2, 0.0, 1000),
            (policy, 5, 0.0, 8000),
            (policy, 6, 0.0, 10000),
            (policy, u32::MAX, 0.0, 10000),
            (policy, 1, 0.5, 375),
            (policy, 1, 0.9999, 250),
            (full, 1, 0.9999, 0),
            (odd, 1, 0.7, 1001),
            (endless, 1, 0.0, 500),
            (endless, 2, 0.0, 10000),
            (none, 2, 0.0, 0),
        ] {
            let delay = policy.delay_after(number, random);
            assert_eq!(delay.as_millis(), expected, "{policy:?} after {number} with {random}");
        }
    }

    #[test]
    fn a_row_ends_with_its_last_attempt() {
        let policy = RetryPolicy::default();
        assert_eq!([1, 2, 3, 4].map(|number| policy.allows_after(number)), [true, true, false, false]);
        assert!(RetryPolicy { max_attempts: Attempts::Infinite, ..policy }.allows_after(u32::MAX));
    }
}
