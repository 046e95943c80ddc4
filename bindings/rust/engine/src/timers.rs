//! The timers of an engine: at most one of each kind, in the order in which they fire (`ENG-80`).

use std::time::Duration;

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    /// The limiter's next call.
    Limiter,
    /// The next attempt to subscribe.
    Subscribe,
    /// The next attempt to pull, or the turn of the event loop before a queued one.
    Attempt,
    /// The time-out of `subscribe`.
    SubscribeTimeout,
    /// The time-out of `getSnapshot`.
    GetSnapshotTimeout,
    /// The time-out of `apply`.
    ApplyTimeout,
}

const ALL: [Timer; 6] = [
    Timer::Limiter,
    Timer::Subscribe,
    Timer::Attempt,
    Timer::SubscribeTimeout,
    Timer::GetSnapshotTimeout,
    Timer::ApplyTimeout,
];

/// Timers by kind. Nothing here allocates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timers {
    slots: [Option<(Duration, u64)>; ALL.len()],
    set: u64,
}

impl Timers {
    /// Sets a timer, in place of the one of its kind.
    pub(crate) fn set(&mut self, timer: Timer, due: Duration) {
        self.set += 1;
        self.slots[timer as usize] = Some((due, self.set));
    }

    /// Sets a timer, unless the one of its kind is due at that time already: it keeps its place (`ENG-36`).
    pub(crate) fn keep(&mut self, timer: Timer, due: Duration) {
        if self.slots[timer as usize].is_none_or(|(set, _)| set != due) {
            self.set(timer, due);
        }
    }

    /// Drops a timer.
    pub(crate) fn drop(&mut self, timer: Timer) {
        self.slots[timer as usize] = None;
    }

    /// Drops every timer.
    pub(crate) fn drop_all(&mut self) {
        self.slots = Default::default();
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
        timers.set(Timer::Attempt, ms(20));
        timers.set(Timer::Limiter, ms(20));
        timers.set(Timer::ApplyTimeout, ms(30));
        assert_eq!(timers.next(), Some((Timer::Attempt, ms(20))));
        timers.set(Timer::Attempt, ms(20));
        assert_eq!(timers.next(), Some((Timer::Limiter, ms(20))));
        timers.keep(Timer::Limiter, ms(20));
        assert_eq!(timers.next(), Some((Timer::Limiter, ms(20))));
        timers.drop(Timer::Limiter);
        timers.drop(Timer::Attempt);
        assert_eq!(timers.next(), Some((Timer::ApplyTimeout, ms(30))));
        timers.drop_all();
        assert_eq!(timers.next(), None);
    }
}
