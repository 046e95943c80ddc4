import { isolate, nothing } from "./isolate.js";
import { NEVER } from "./limiter.js";
import type { CallOptions, Clock } from "./ports.js";

/**
 * What a port is given. The signal is made when it is asked for, as most ports never do; it is a property of the object's
 * own, so that a copy has it too. As making one takes as long as all the rest of a call, the calls of a port share one for
 * as long as nobody has asked it.
 */
class Cancellation implements CallOptions {
  declare readonly signal: AbortSignal;
  #controller: AbortController | undefined;

  constructor() {
    Object.defineProperty(this, "signal", SIGNAL);
  }

  /** Functions instead of methods, so that ports do not have them. */
  static isAsked(call: Cancellation): boolean {
    return !!call.#controller;
  }

  static controller(call: Cancellation): AbortController {
    call.#controller ??= new AbortController();
    return call.#controller;
  }
}

const SIGNAL: PropertyDescriptor & ThisType<Cancellation> = {
  enumerable: true,
  get() {
    return Cancellation.controller(this).signal;
  },
};

/** Something that happens; told whether the engine was stopped before its turn came. */
type Input = (late: boolean) => void;

/** What an engine calls, by the name that its time-out and its reports have. */
export type Port = "subscribe" | "getSnapshot" | "apply";

/** Handles an input once those before it have been handled to their end. */
export type Handle = (input: Input) => void;

/** Sets a timer and gives what drops it; nothing where the clock fails. */
export type SetTimer = (callback: () => void, delayMs: number) => (() => void) | undefined;

/**
 * Calls a port.
 *
 * @param settle - Told the outcome, as an input of its own; a time-out counts as failed (ENG-69).
 * @param discard - Told a value that came after the time-out or after `stop`.
 */
export type Call = (
  port: Port,
  run: (options: CallOptions) => unknown,
  settle: (failed: boolean, outcome: unknown) => void,
  discard?: (value: unknown) => void,
) => void;

/**
 * Where an engine meets the world: inputs one after the other, timers, and calls of ports with their time-outs.
 *
 * It gives, in this order, what handles inputs, sets timers and calls ports, the time in milliseconds (infinity where
 * the clock fails), and what signals the cancellation of all calls under way; no input is handled and no port called
 * after that.
 *
 * @param timeouts - How long a call may take, in milliseconds.
 * @param clockFailed - Is told each time that the clock is asked in vain (ENG-79).
 */
export function createCalls(
  clock: Clock,
  timeouts: Readonly<Record<Port, number>>,
  clockFailed: (error: unknown) => void,
): [Handle, SetTimer, Call, now: () => number, stop: () => void] {
  /** Those that wait for the end of the one that is handled. */
  const inputs: Input[] = [];
  let busy = false;
  /** Cancels the call that is under way, by the port: each has at most one. */
  const underWay: { [Name in Port]?: (() => void) | undefined } = {};
  const cancellations: { [Name in Port]?: Cancellation | undefined } = {};
  const turn = Promise.resolve();
  let stopped = false;

  const handle: Handle = (input) => {
    if (busy) {
      inputs.push(input);
    } else {
      busy = true;
      try {
        for (let next: Input | undefined = input; next; next = inputs.shift()) {
          next(stopped);
        }
      } finally {
        // An input that fails must not keep the later ones from being handled.
        busy = false;
      }
    }
  };

  const setTimer: SetTimer = (callback, delayMs) =>
    stopped
      ? nothing
      : isolate(() => clock.setTimer(() => handle((late) => late || callback()), delayMs), clockFailed);

  const call: Call = (port, run, settle, discard = nothing) => {
    if (stopped) {
      return;
    }
    const last = cancellations[port];
    const cancellation = last && !Cancellation.isAsked(last) ? last : new Cancellation();
    cancellations[port] = cancellation;
    let dropTimer: (() => void) | undefined;

    function end() {
      underWay[port] = undefined;
      dropTimer?.();
    }
    function cancel() {
      end();
      Cancellation.controller(cancellation).abort();
    }
    function settled(failed: boolean, outcome: unknown) {
      const awaited = underWay[port] === cancel;
      if (awaited) {
        end();
      }
      handle((late) => (awaited && !late ? settle(failed, outcome) : failed || discard(outcome)));
    }

    underWay[port] = cancel;
    try {
      const outcome = run(cancellation) as PromiseLike<unknown> | undefined;
      if (typeof outcome?.then === "function") {
        outcome.then(
          (value) => settled(false, value),
          (error) => settled(true, error),
        );
        // What settles at once needs no timer, which would take longer than all the rest.
        turn.then(() => {
          if (underWay[port] === cancel) {
            dropTimer = setTimer(() => {
              cancel();
              settle(true, new Error(`${port} timed out after ${timeouts[port]} ms`));
            }, timeouts[port]);
          }
        });
      } else {
        settled(false, outcome);
      }
    } catch (error) {
      settled(true, error);
    }
  };

  return [
    handle,
    setTimer,
    call,
    () => {
      try {
        return clock.now();
      } catch (error) {
        clockFailed(error);
        return NEVER;
      }
    },
    () => {
      stopped = true;
      for (const port in underWay) {
        underWay[port as Port]?.();
      }
    },
  ];
}
