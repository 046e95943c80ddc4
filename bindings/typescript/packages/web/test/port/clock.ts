import type { Clock } from "@statesync/core";

/** A clock that stands still until a test moves it (ENG-80). */
export function createManualClock() {
  let now = 0;
  let order = 0;
  const timers = new Map<number, { at: number; callback: () => void }>();
  const next = () => [...timers].sort(([a, one], [b, two]) => one.at - two.at || a - b)[0];
  const clock: Clock = {
    now: () => now,
    setTimer(callback, delayMs) {
      order += 1;
      const id = order;
      timers.set(id, { at: now + delayMs, callback });
      return () => timers.delete(id);
    },
  };
  return {
    clock,
    /** How long each timer has still to go. */
    pending: () => [...timers.values()].map(({ at }) => at - now).sort((a, b) => a - b),
    /** Lets time go by, timer after timer, and what each of them sets in motion. */
    async advance(ms: number): Promise<void> {
      const end = now + ms;
      await settle();
      for (let due = next(); due !== undefined && due[1].at <= end; due = next()) {
        timers.delete(due[0]);
        now = due[1].at;
        due[1].callback();
        await settle();
      }
      now = end;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
