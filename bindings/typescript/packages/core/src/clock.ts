import type { Clock } from "./ports.js";

/** The longest delay that the timers of platforms hold; a longer one fires at once (ENG-78). */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The platform's monotonic clock and timers. */
export const platformClock: Clock = {
  now: () => performance.now(),
  setTimer(callback, delayMs) {
    if (delayMs > LONGEST_DELAY) {
      let drop = platformClock.setTimer(() => {
        drop = platformClock.setTimer(callback, delayMs - LONGEST_DELAY);
      }, LONGEST_DELAY);
      return () => drop();
    }
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
