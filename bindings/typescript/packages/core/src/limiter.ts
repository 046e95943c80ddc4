import type { SetTimer } from "./calls.js";
import { platformClock } from "./clock.js";
import { isolate } from "./isolate.js";
import { INFINITE, numbersOf, OptionError } from "./options.js";
import type { Clock } from "./ports.js";

/** Later than all times; what a clock that fails shows. */
export const NEVER = INFINITE;

/** How events, or other triggers, are turned into few calls. All times are in milliseconds. */
export interface ThrottlingOptions {
  /** How long triggers must pause before a call; 0 by default. */
  debounceMs?: number | null | undefined;
  /** The least time between two calls; 100 by default. */
  throttleMs?: number | null | undefined;
  /** Whether the first trigger of a burst calls at once; true by default. */
  leading?: boolean | null | undefined;
  /** Whether later triggers of a burst call at the end of the window; true by default. */
  trailing?: boolean | null | undefined;
  /** The longest time that a trigger waits; by default the greatest of 1000, `debounceMs` and `throttleMs`. */
  maxWaitMs?: number | null | undefined;
}

/** What {@link createThrottledHandler} takes. */
export interface ThrottledHandlerOptions extends ThrottlingOptions {
  /** The platform's by default. */
  clock?: Clock | null | undefined;
  /** Told about a call that failed; it changes nothing (ENG-40). */
  onError?: ((error: unknown) => void) | null | undefined;
}

/** Turns a stream of triggers into few calls. */
export interface ThrottledHandler {
  /** Asks for a call; it follows within `maxWaitMs` (ENG-38). */
  trigger(): void;
  /** Drops what waits; later triggers do nothing (ENG-39). */
  dispose(): void;
  /** Whether a trigger waits for its call. */
  hasPending(): boolean;
}

/** The same as a part of an engine, which clears it instead: drops what waits. */
type Limiter = [trigger: () => void, clear: () => void, hasPending: () => boolean];

/**
 * The limiter of ENG-36 to ENG-40.
 *
 * @param prefix - What the names of options begin with in errors.
 * @param call - Never throws.
 * @param now - The time in milliseconds; infinity where the clock fails (ENG-79).
 * @param setTimer - Gives what drops the timer; nothing where the clock fails.
 */
export function createLimiter(
  options: ThrottlingOptions | null | undefined,
  prefix: string,
  call: () => void,
  now: () => number,
  setTimer: SetTimer,
): Limiter {
  const number = numbersOf(options, prefix);
  const debounceMs = number("debounceMs", 0);
  const throttleMs = number("throttleMs", 100);
  const least = Math.max(debounceMs, throttleMs);
  const maxWaitMs = number("maxWaitMs", Math.max(1000, least), least);
  const leading = options?.leading ?? true;
  const trailing = options?.trailing ?? true;
  if (!leading && !trailing) {
    throw new OptionError(`${prefix}leading`, "true, or trailing", leading);
  }

  /** The first trigger that no call has served yet, and when that call is due. */
  let first: number | undefined;
  let due: number | undefined;
  let drop: (() => void) | undefined;
  let windowEnd = -NEVER;

  function clear() {
    drop?.();
    first = due = drop = undefined;
  }

  function fire(at: number) {
    clear();
    windowEnd = at < NEVER ? at + throttleMs : -NEVER;
    call();
  }

  function trigger() {
    const time = now();
    const before = due;
    first ??= time;
    const next = Math.min(
      first + maxWaitMs,
      debounceMs
        ? Math.max(time + debounceMs, windowEnd)
        : time < windowEnd
          ? trailing
            ? windowEnd
            : NEVER
          : leading
            ? time
            : first + throttleMs,
    );
    if (next <= time) {
      fire(time);
    } else if (next !== before) {
      drop?.();
      due = next;
      drop = setTimer(() => fire(next), next - time);
      if (!drop) {
        fire(time);
      }
    }
  }

  return [trigger, clear, () => first !== undefined];
}

/**
 * Turns a stream of triggers into few calls of `onRefresh`: at once, then at most one every `throttleMs`, or after a
 * pause of `debounceMs`; every trigger is followed by a call within `maxWaitMs`.
 *
 * @throws {OptionError} For an option outside of its range (ENG-9).
 */
export function createThrottledHandler(
  onRefresh: () => unknown,
  options?: ThrottledHandlerOptions | null,
): ThrottledHandler {
  const clock = options?.clock ?? platformClock;
  let disposed = false;
  const tell = (error: unknown) => isolate(() => options?.onError?.(error));
  const [trigger, clear, hasPending] = createLimiter(
    options,
    "",
    () => isolate(onRefresh, tell),
    () => isolate(() => clock.now(), tell) ?? NEVER,
    (callback, delayMs) => isolate(() => clock.setTimer(callback, delayMs), tell),
  );
  return {
    trigger() {
      if (!disposed) {
        trigger();
      }
    },
    dispose() {
      disposed = true;
      clear();
    },
    hasPending,
  };
}
