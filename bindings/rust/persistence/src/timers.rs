//! The timers of a layer: at most one of each kind, in the order in which they fire (`ENG-80`).

use std::time::Duration;

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    /// The limiter's next call.
    Limiter,
    /// The answer to a `request-sync`.
    Answer,
    /// The time-out of `load`.
    LoadTimeout,
    /// The time-out of `save` or `clear`, of which one is under way at a time.
    StoreTimeout,
}

const ALL: [Timer; 4] = [Timer::Limiter, Timer::Answer, Timer::LoadTimeout, Timer::StoreTimeout];

/// Timers by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timers {
    slots: [Option<(Duration, u64)>; ALL.len()],
    set: u64,
}

impl Timers {
    /// Sets a timer, in place of the one of its kind; one that is due at the same time stays (`ENG-36`).
    pub(crate) fn set(&mut self, timer: Timer, due: Duration) {
        if self.slots[timer as usize].is_some_and(|(set, _)| set == due) {
            return;
        }
        self.set += 1;
        self.slots[timer as usize] = Some((due, self.set));
    }

    /// Drops a timer.
    pub(crate) fn drop(&mut self, timer: Timer) {
        self.slots[timer as usize] = None;
    }

    /// The timer that fires next: of the earliest time, and of these the one that was set first.
    pub(crate) fn next(&self) -> Option<(Timer, Duration)> {
        let set = ALL.into_iter().filter_map(|timer| Some((self.slots[timer as usize]?, timer)));
        set.min_by_key(|(order, _)| *order).map(|((due, _), timer)| (timer, due))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_fire_by_time_and_then_by_the_order_in_which_they_were_set() {
        let ms = Duration::from_millis;
        let mut timers = Timers::default();
        assert_eq!(timers.next(), None);
        timers.set(Timer::StoreTimeout, ms(20));
        timers.set(Timer::Limiter, ms(20));
        timers.set(Timer::Answer, ms(30));
        assert_eq!(timers.next(), Some((Timer::StoreTimeout, ms(20))));
        timers.set(Timer::StoreTimeout, ms(20));
        assert_eq!(timers.next(), Some((Timer::StoreTimeout, ms(20))));
        timers.drop(Timer::StoreTimeout);
        assert_eq!(timers.next(), Some((Timer::Limiter, ms(20))));
        timers.set(Timer::Limiter, ms(40));
        assert_eq!(timers.next(), Some((Timer::Answer, ms(30))));
    }
}
