import type { Clock } from "../src/index.js";

/** Lets everything run that does not wait for time. */
export const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands at 0 until it is moved; its timers fire by time, then in the order in which they were set. */
export function createVirtualClock() {
  let now = 0;
  let set = 0;
  let timers: { due: number; order: number; callback: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    setTimer(callback, delayMs) {
      const timer = { due: now + Math.max(0, delayMs), order: set++, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  return {
    clock,
    now: () => now,
    /** How many timers are set. */
    pending: () => timers.length,
    /** Moves on by so many milliseconds, and fires what is due on the way. */
    async advance(milliseconds: number) {
      const end = now + milliseconds;
      await idle();
      for (;;) {
        const [next] = timers.sort((left, right) => left.due - right.due || left.order - right.order);
        if (next === undefined || next.due > end) {
          break;
        }
        now = Math.max(now, next.due);
        timers = timers.filter((timer) => timer !== next);
        next.callback();
        await idle();
      }
      now = end;
    },
  };
}
