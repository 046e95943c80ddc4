// What all scripts have in common: functions that are open until a script settles them, calls of the application,
// and the trace of both (conformance/scripts.md).
import { createVirtualTime, EndlessTimers } from "./virtual-time.mjs";

/** How many calls may happen at one instant before the run is given up. */
const CALLS_AT_ONE_INSTANT = 10_000;

/** An error of an entry that no sensible script holds; it says what is wrong with the script. */
export class ScriptError extends Error {
  name = "ScriptError";
}

/**
 * The player of one script.
 *
 * @param {{
 *   input: { timeline: object[], until?: number, wallClock?: number, random?: number[] },
 *   act: (action: object) => void,
 *   written?: (error: unknown) => unknown,
 * }} parts - The script; what does the actions that this player does not know; how an error is written in the
 * trace, where that differs from `writtenError`.
 */
export function createScript({ input, act: actOtherwise, written = writtenError }) {
  const time = createVirtualTime(input);
  const trace = [];
  const functions = new Map();
  const callsOfTheApplication = new Map();

  /** The instant of the latest call, how many there were at it, and that it was given up. */
  let busyInstant = 0;
  let callsAtInstant = 0;
  let endless;

  /** Gives up where functions call each other without end at one instant; what is under test sees a failure. */
  function countCall(name) {
    const instant = time.instant();
    callsAtInstant = instant === busyInstant ? callsAtInstant + 1 : 1;
    busyInstant = instant;
    if (callsAtInstant > CALLS_AT_ONE_INSTANT) {
      endless ??= new EndlessTimers(
        `more than ${CALLS_AT_ONE_INSTANT} calls at ${instant} ms, the last of ${name}; expected time to go on`,
      );
      throw endless;
    }
  }

  function note(entry) {
    trace.push({ at: time.instant(), ...entry });
  }

  /** Defines a function that can be called: open until settled, or answering at once with what `answer` gives. */
  function define(name, answer) {
    functions.set(name, {
      calls: 0,
      open: new Map(),
      answer: answer && ((argument) => answer(argument)),
      during: [],
    });
  }

  function called(name) {
    const found = functions.get(name);
    if (found === undefined) {
      throw new ScriptError(`there is no function ${name} here`);
    }
    return found;
  }

  /**
   * What a function does when it is called.
   *
   * @param {string} name
   * @param {{ signal?: AbortSignal, argument?: unknown, shown?: unknown }} [call] - Its cancellation and its
   * argument; `shown` is the argument as the trace has it.
   * @returns The answer where it answers at once, a promise where it is open. It throws what the script throws.
   */
  function call(name, { signal, argument, shown = argument } = {}) {
    countCall(name);
    const function_ = called(name);
    function_.calls += 1;
    const number = function_.calls;
    note({ call: name, number, ...(shown === undefined ? {} : { with: structuredClone(shown) }) });
    const { answer, during } = function_;
    const settled = answer === undefined ? open(function_, name, number, signal) : undefined;
    during.forEach(act);
    return settled ?? answer(argument);
  }

  function open(function_, name, number, signal) {
    return new Promise((resolve, reject) => {
      function_.open.set(number, { resolve, reject });
      signal?.addEventListener("abort", () => {
        if (function_.open.has(number)) {
          note({ cancelled: name, number });
        }
      });
    });
  }

  /**
   * A call of the application, whose end is an entry of the trace.
   *
   * @param {string} name
   * @param {() => unknown} run - Makes the call; what it returns, once there, is what the call settles with.
   */
  function application(name, run) {
    const number = (callsOfTheApplication.get(name) ?? 0) + 1;
    callsOfTheApplication.set(name, number);
    const resolved = (value) => note({ settled: name, number, resolve: structuredClone(value ?? null) });
    const rejected = (error) => note({ settled: name, number, reject: written(error) });
    let outcome;
    try {
      outcome = run();
    } catch (error) {
      rejected(error);
      return;
    }
    if (typeof outcome?.then === "function") {
      outcome.then(resolved, rejected);
    } else {
      resolved(outcome);
    }
  }

  function act(action) {
    if (Object.hasOwn(action, "settle")) {
      settle(action);
    } else if (Object.hasOwn(action, "answer")) {
      const function_ = called(action.answer);
      function_.during = action.during ?? [];
      function_.answer = Object.hasOwn(action, "open")
        ? undefined
        : () => {
            if (Object.hasOwn(action, "throw")) {
              throw action.throw;
            }
            return structuredClone(action.resolve);
          };
    } else if (Object.hasOwn(action, "wallClock")) {
      time.setWallClock(action.wallClock);
    } else if (Object.hasOwn(action, "clock")) {
      time.setWorking(action.clock === "works");
    } else {
      actOtherwise(action);
    }
  }

  function settle(action) {
    const { settle: name, number } = action;
    const waiting = called(name).open.get(number);
    if (waiting === undefined) {
      throw new ScriptError(
        `call ${number} of ${name} cannot be settled at ${time.instant()} ms: it is not open`,
      );
    }
    called(name).open.delete(number);
    if (Object.hasOwn(action, "reject")) {
      waiting.reject(action.reject);
    } else {
      waiting.resolve(structuredClone(action.resolve));
    }
  }

  return {
    time,
    trace,
    note,
    define,
    call,
    application,
    /** Plays the script to its end and gives its trace. */
    async play() {
      await time.play(input, act);
      if (endless !== undefined) {
        throw endless;
      }
      return trace;
    },
  };
}

/**
 * An error as a trace has it: the script's own value, code and place of an error of the decoder, and of every
 * other error that it is the implementation's own.
 */
export function writtenError(error) {
  if (!(error instanceof Error)) {
    return error === undefined ? { own: true } : structuredClone(error);
  }
  return typeof error.code === "string" && typeof error.pointer === "string"
    ? { code: error.code, pointer: error.pointer }
    : { own: true };
}
