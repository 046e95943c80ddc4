import { isolate, nothing } from "./isolate.js";
import { NEVER } from "./limiter.js";
import type { CallOptions, Clock } from "./ports.js";

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
  /** Cancels the call that is under way, by the port: each has at most one. */
  const underWay: Record<string, (() => void) | undefined> = {};
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
  const setTimer = (callback: () => void, delayMs: number): (() => void) | undefined =>
    stopped ? nothing : isolate(() => clock.setTimer(() => handle(callback), delayMs), clockFailed);

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
    settle: (failed: boolean, outcome: unknown) => void,
    discard: (value: unknown) => void = nothing,
  ) {
    if (stopped) {
      return;
    }
    const cancellation = new Cancellation();
    let dropTimer: (() => void) | undefined;

    /** Whether it was still under way. */
    function end() {
      if (underWay[port] === cancel) {
        underWay[port] = undefined;
        dropTimer?.();
        return true;
      }
      return false;
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

    underWay[port] = cancel;
    try {
      const outcome = run(cancellation) as PromiseLike<unknown> | undefined;
      if (typeof outcome?.then === "function") {
        outcome.then(
          (value) => settled(false, value),
          (error) => settled(true, error),
        );
        if (underWay[port] === cancel) {
          dropTimer = setTimer(() => {
            cancel();
            settle(true, new Error(`${port} has not settled within ${timeoutMs} ms`));
          }, timeoutMs);
        }
      } else {
        settled(false, outcome);
      }
    } catch (error) {
      settled(true, error);
    }
  }

  return {
    handle,
    setTimer,
    call,
    /** The time in milliseconds; infinity where the clock fails. */
    now: () => isolate(() => clock.now(), clockFailed) ?? NEVER,
    /** Signals the cancellation of all calls under way; no input is handled and no port called any more. */
    stop() {
      stopped = true;
      for (const port in underWay) {
        underWay[port]?.();
      }
    },
  };
}
