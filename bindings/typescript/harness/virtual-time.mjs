// Virtual time: a clock that stands still until it is moved, and the rules by which a script is played
// (conformance/scripts.md, "How it is played"; ENG-80, ENG-81).

/** How many timers may fire at one instant before the run is given up. */
const TIMERS_AT_ONE_INSTANT = 10_000;

/** Raised where timers at one instant follow each other without end: what is under test spins. */
export class EndlessTimers extends Error {
  name = "EndlessTimers";
}

/**
 * A clock that stands at 0, with a wall clock that goes along and chance out of a list.
 *
 * @param {{ wallClock?: number, random?: number[] }} [start] - The wall clock at instant 0 in milliseconds since
 * the Unix epoch, and what draws of random numbers give before they give 0.
 */
export function createVirtualTime({ wallClock = 0, random: draws = [] } = {}) {
  const timers = [];
  const remaining = [...draws];
  let now = 0;
  let set = 0;
  let wallOffset = wallClock;
  let works = true;

  function working(what) {
    if (!works) {
      throw new Error(`the clock fails to ${what}`);
    }
  }

  /** The monotonic clock of the engine (ENG-77). */
  const clock = {
    now() {
      working("tell the time");
      return now;
    },
    setTimer(callback, delayMs) {
      working("set a timer");
      const timer = { callback, due: now + Math.max(0, delayMs), order: set++ };
      timers.push(timer);
      return () => drop(timer);
    },
  };

  function drop(timer) {
    const index = timers.indexOf(timer);
    if (index >= 0) {
      timers.splice(index, 1);
    }
  }

  /** The timer that comes next: the earliest, and of those the one that was set first (ENG-80). */
  function next() {
    return timers.reduce(
      (best, timer) =>
        best === undefined || timer.due < best.due || (timer.due === best.due && timer.order < best.order)
          ? timer
          : best,
      undefined,
    );
  }

  /** Moves the clock to an instant and fires on the way all timers due by then, those set meanwhile too. */
  async function advance(instant) {
    let fired = 0;
    for (let timer = next(); timer !== undefined && timer.due <= instant; timer = next()) {
      fired = timer.due === now ? fired + 1 : 1;
      if (fired > TIMERS_AT_ONE_INSTANT) {
        throw new EndlessTimers(
          `more than ${TIMERS_AT_ONE_INSTANT} timers fired at ${now} ms, and there are more; expected time to go on`,
        );
      }
      now = Math.max(now, timer.due);
      drop(timer);
      timer.callback();
      await idle();
    }
    now = Math.max(now, instant);
  }

  /**
   * Plays a timeline: the timers due at an instant fire before each of its entries, and after each of both
   * everything runs that is ready.
   *
   * @param {{ timeline: { at: number, do: unknown }[], until?: number }} script
   * @param {(action: unknown) => void} act - Does what an entry says.
   */
  async function play({ timeline, until = timeline.at(-1)?.at ?? 0 }, act) {
    for (const { at, do: action } of timeline) {
      await advance(at);
      act(action);
      await idle();
    }
    await advance(until);
  }

  return {
    clock,
    /** Chance: the numbers of the script one after the other, then 0. */
    random: () => remaining.shift() ?? 0,
    /** The instant at which virtual time stands. */
    instant: () => now,
    /** The wall clock, in milliseconds since the Unix epoch. */
    wallNow: () => wallOffset + now,
    /** Sets the wall clock; virtual time goes on as before. */
    setWallClock(value) {
      wallOffset = value - now;
    },
    /** Makes telling the time and setting a timer fail, or work again. */
    setWorking(value) {
      works = value;
    },
    advance,
    play,
  };
}

let underWay = 0;

/**
 * Lets a method that works outside of virtual time, such as a digest, count as work that is ready: `idle` waits
 * for it.
 */
export function watch(object, method) {
  const original = object[method];
  object[method] = async function (...values) {
    underWay += 1;
    try {
      return await original.apply(this, values);
    } finally {
      underWay -= 1;
    }
  };
}

watch(Object.getPrototypeOf(globalThis.crypto.subtle), "digest");

/** Lets everything run that is ready, until nothing is left that does not wait for a port or for time. */
export async function idle() {
  do {
    await new Promise((resolve) => setImmediate(resolve));
  } while (underWay > 0);
}
