import type { Clock } from "@statesync/core";
import type { SnapshotEnvelope } from "@statesync/protocol";
import {
  createMemoryStorageBackend,
  createPersistenceApplier,
  type PersistenceApplierOptions,
  type PersistenceError,
} from "../src/index.js";

/** A clock that stands still until it is moved. */
export function createClock(): Clock & { move(ms: number): void } {
  let now = 0;
  let timers: { due: number; callback: () => void }[] = [];
  return {
    now: () => now,
    setTimer(callback, delayMs) {
      const timer = { due: now + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    move(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = timers.filter(({ due }) => due <= end).sort((left, right) => left.due - right.due);
        if (next === undefined) {
          break;
        }
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.due);
        next.callback();
      }
      now = end;
    },
  };
}

/** A persistence layer around a state in memory, with everything that it told. */
export function createLayer(options: Partial<PersistenceApplierOptions> = {}) {
  const clock = createClock();
  const storage = createMemoryStorageBackend();
  const states: SnapshotEnvelope[] = [];
  const errors: PersistenceError[] = [];
  let hide = () => {};
  const layer = createPersistenceApplier({
    storage,
    applier: { apply: (snapshot) => void states.push(snapshot) },
    onPersistenceError: (error) => errors.push(error),
    clock,
    wallClock: () => 1_000 + clock.now(),
    pageHidden(callback) {
      hide = callback;
      return () => {};
    },
    ...options,
  });
  return { layer, storage, clock, states, errors, hide: () => hide() };
}

/** Lets every promise that is ready go on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
