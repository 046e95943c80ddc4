import { nothing } from "./isolate.js";
import { NEVER } from "./limiter.js";
import type { CallOptions, Clock } from "./ports.js";

/** What a port is given. The signal is made when it is asked for: most ports never do. */
class Cancellation implements CallOptions {
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** A function instead of a method, so that ports do not have it. */
  static abort(call: Cancellation): void {
    call.#controller ??= new AbortController();
    call.#controller.abort();
  }
}

/** Something that happens; told whether the engine was stopped before its turn came. */
type Input = (late: boolean) => void;

/**
 * Where an engine meets the world: inputs one after the other, timers, and calls of ports with their time-outs.
 *
 * @param clockFailed - Is told each time that the clock is asked in vain (ENG-79).
 */
export function createCalls(clock: Clock, clockFailed: (error: unknown) => void) {
  const inputs: Input[] = [];
  /** Cancels the call that is under way, by the port: each has at most one. */
  const underWay: Record<string, (() => void) | undefined> = {};
  let busy = false;
  let stopped = false;

  /** Handles an input once those before it have been handled to their end; it is told whether `stop` came first. */
  function handle(input: Input) {
    if (busy) {
      inputs.push(input);
    } else {
      busy = true;
      for (let next: Input | undefined = input; next; next = inputs.shift()) {
        next(stopped);
      }
      busy = false;
    }
  }

  /** Sets a timer and gives what drops it; nothing where the clock fails. */
  function setTimer(callback: () => void, delayMs: number): (() => void) | undefined {
    try {
      return stopped ? nothing : clock.setTimer(() => handle((late) => late || callback()), delayMs);
    } catch (error) {
      clockFailed(error);
      return undefined;
    }
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
    settle: (failed: boolean, outcome: unknown) => void,
    discard: (value: unknown) => void = nothing,
  ) {
    if (stopped) {
      return;
    }
    const cancellation = new Cancellation();
    let dropTimer: (() => void) | undefined;

    function end() {
      underWay[port] = undefined;
      dropTimer?.();
    }
    function cancel() {
      end();
      Cancellation.abort(cancellation);
    }
    function settled(outcome: unknown, failed = false) {
      if (underWay[port] === cancel) {
        end();
        handle((late) => (late ? failed || discard(outcome) : settle(failed, outcome)));
      } else if (!failed) {
        handle(() => discard(outcome));
      }
    }

    underWay[port] = cancel;
    try {
      const outcome = run(cancellation) as PromiseLike<unknown> | undefined;
      if (typeof outcome?.then === "function") {
        outcome.then(
          (value) => settled(value),
          (error) => settled(error, true),
        );
        // What settles at once needs no timer, which would take longer than all the rest.
        Promise.resolve().then(() => {
          if (underWay[port] === cancel) {
            dropTimer = setTimer(() => {
              cancel();
              settle(true, new Error(`${port} has not settled within ${timeoutMs} ms`));
            }, timeoutMs);
          }
        });
      } else {
        settled(outcome);
      }
    } catch (error) {
      settled(error, true);
    }
  }

  return {
    handle,
    setTimer,
    call,
    /** The time in milliseconds; infinity where the clock fails. */
    now() {
      try {
        return clock.now();
      } catch (error) {
        clockFailed(error);
        return NEVER;
      }
    },
    /** Signals the cancellation of all calls under way; no input is handled and no port called any more. */
    stop() {
      stopped = true;
      for (const port in underWay) {
        underWay[port]?.();
      }
    },
  };
}
