import { epochOf, isGreater, type Position, type RevisionGate } from "./gate.js";

/** What a reader knows that it lacks: the promise of the events, and gaps (chapter 6, "What it remembers"). */
export function createWants(gate: RevisionGate) {
  let promise: Position | undefined;
  let gaps = 0;
  let healed = 0;

  /** Whether a promise is neither reached nor void, which is what makes an event not stale. */
  const isOpen = (promised: Position | undefined): boolean =>
    promised !== undefined && !gate.isStale(promised);

  return {
    isOpen,
    /** The promise. */
    get: () => promise,
    /** Whether a pull is due when the limiter calls (ENG-41). */
    some: () => gaps > healed || isOpen(promise),
    /** Raises the promise to an event that is not ignored (ENG-33). */
    raise(event: Position) {
      if (
        !promise ||
        (epochOf(promise) === epochOf(event)
          ? isGreater(event.revision, promise.revision)
          : gate.judge(event) !== "newer")
      ) {
        promise = event;
      }
    },
    gap() {
      gaps += 1;
    },
    gaps: () => gaps,
    /** The gaps up to this one are made up for (ENG-35). */
    heal(gap: number) {
      healed = gap;
    },
    /** Forgets this promise, if it is still the one. */
    forget(promised: Position | undefined) {
      if (promise === promised) {
        promise = undefined;
      }
    },
    /** Forgets the promise if its epoch is a left one. */
    forgetVoid() {
      if (promise && epochOf(promise) !== gate.epoch && !isOpen(promise)) {
        promise = undefined;
      }
    },
  };
}

export type Wants = ReturnType<typeof createWants>;
