import type { Clock } from "./ports.js";

/** The longest delay that the timers of platforms hold; a longer one fires at once (ENG-78). */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The platform's monotonic clock and timers. */
export const platformClock: Clock = {
  now: () => performance.now(),
  setTimer(callback, delayMs) {
    let timer: ReturnType<typeof setTimeout>;
    function wait(restMs: number) {
      timer =
        restMs > LONGEST_DELAY
          ? setTimeout(wait, LONGEST_DELAY, restMs - LONGEST_DELAY)
          : setTimeout(callback, restMs);
    }
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};
