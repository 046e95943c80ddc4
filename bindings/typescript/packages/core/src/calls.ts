import { isolate, nothing } from "./isolate.js";
import type { CallOptions, Clock } from "./ports.js";

/** How a call of a port ended: with a value, or by failing with an error. */
type Settled = (failed: boolean, outcome: unknown) => void;

/** What a port is given. The signal is made when it is asked for: most ports never do. */
class Cancellation implements CallOptions {
  #controller: AbortController | undefined;
  #over = false;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#over) {
      this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** A function instead of a method, so that ports do not have it. */
  static abort(call: Cancellation): void {
    call.#over = true;
    call.#controller?.abort();
  }
}

/**
 * Where an engine meets the world: inputs one after the other, timers, and calls of ports with their time-outs.
 *
 * @param clockFailed - Is told each time that the clock is asked in vain (ENG-79).
 */
export function createCalls(clock: Clock, clockFailed: (error: unknown) => void) {
  const inputs: (() => void)[] = [];
  const underWay = new Set<() => void>();
  let busy = false;
  let stopped = false;

  /** Handles an input once those before it have been handled to their end; `late` instead after `stop`. */
  function handle(input: () => void, late: () => void = nothing) {
    inputs.push(() => (stopped ? late() : input()));
    if (!busy) {
      busy = true;
      for (let next = inputs.shift(); next; next = inputs.shift()) {
        next();
      }
      busy = false;
    }
  }

  /** Sets a timer and gives what drops it; nothing where the clock fails. */
  function setTimer(callback: () => void, delayMs: number): (() => void) | undefined {
    return stopped ? nothing : isolate(() => clock.setTimer(() => handle(callback), delayMs), clockFailed);
  }

  /**
   * Calls a port.
   *
   * @param settle - Told the outcome, as an input of its own; a time-out counts as failed (ENG-69).
   * @param discard - Told a value that came after the time-out or after `stop`.
   */
  function call(
    port: string,
    timeoutMs: number,
    run: (options: CallOptions) => unknown,
    settle: Settled,
    discard: (value: unknown) => void = nothing,
  ) {
    if (stopped) {
      return;
    }
    const cancellation = new Cancellation();
    let dropTimer: (() => void) | undefined;

    function end() {
      dropTimer?.();
      return underWay.delete(cancel);
    }
    function cancel() {
      end();
      Cancellation.abort(cancellation);
    }
    function settled(failed: boolean, outcome: unknown) {
      const late = () => failed || discard(outcome);
      if (end()) {
        handle(() => settle(failed, outcome), late);
      } else {
        late();
      }
    }

    underWay.add(cancel);
    try {
      const outcome = run(cancellation) as PromiseLike<unknown> | undefined;
      if (typeof outcome?.then === "function") {
        outcome.then(
          (value) => settled(false, value),
          (error) => settled(true, error),
        );
      } else {
        settled(false, outcome);
      }
    } catch (error) {
      settled(true, error);
    }
    if (underWay.has(cancel)) {
      dropTimer = setTimer(() => {
        cancel();
        settle(true, new Error(`${port} has not settled within ${timeoutMs} ms`));
      }, timeoutMs);
    }
  }

  return {
    handle,
    setTimer,
    call,
    /** The time in milliseconds; infinity where the clock fails. */
    now: () => isolate(() => clock.now(), clockFailed) ?? Number.POSITIVE_INFINITY,
    /** Signals the cancellation of all calls under way; no input is handled and no port called any more. */
    stop() {
      stopped = true;
      for (const cancel of underWay) {
        cancel();
      }
    },
  };
}

export type Calls = ReturnType<typeof createCalls>;
