import type { Revision, SnapshotEnvelope, SyncPhase } from "@statesync/protocol";
import type { Calls } from "./calls.js";
import type { SyncMetrics } from "./metrics.js";
import type { CallOptions, SyncErrorContext } from "./ports.js";
import type { Backoff } from "./retry.js";
import type { Wants } from "./wants.js";

/** Who waits for a pull: told its success, or its failure. */
export type Caller = readonly [succeed: () => void, fail: (error: unknown) => void];

/** What a puller asks of its engine. */
export interface Pulls<D> {
  getSnapshot(options: CallOptions): unknown;
  /** The snapshot that an answer is; throws where it is none. */
  read(answer: unknown): SnapshotEnvelope<D>;
  /** Puts it to the gate, see `createApplies`. */
  answer(
    snapshot: SnapshotEnvelope<D>,
    skipped: (older: boolean) => void,
    applied: (failed: boolean, error: unknown) => void,
  ): void;
  report(phase: SyncPhase, error: unknown, members: Partial<SyncErrorContext>): void;
  /** An attempt has ended: `wanting` if it failed or left the reader behind; before its callers are told. */
  ended(callers: readonly Caller[], failed: boolean, wanting: boolean): void;
}

/**
 * The puller: at most one attempt under way and one pull queued behind it (ENG-42 to ENG-49, ENG-56 to ENG-58).
 *
 * It is idle, or an attempt is under way (`active`), or the next one waits for its time (`wake`); with `wake` and
 * `queue` both, the queued pull waits for the turn of the event loop.
 */
export function createPuller<D>(
  { call, setTimer }: Calls,
  wants: Wants,
  backoff: Backoff,
  figures: SyncMetrics,
  timeoutMs: number,
  { getSnapshot, read, answer, report, ended }: Pulls<D>,
) {
  let active = false;
  let attempt = 0;
  /** Whom the attempt under way serves, or the one that waits. */
  let served: Caller[] = [];
  /** Whom the queued pull serves; nothing where none is queued. */
  let queue: Caller[] | undefined;
  /** Drops the timer of the attempt that waits. */
  let wake: (() => void) | undefined;

  function begin(number: number) {
    wake = undefined;
    active = true;
    attempt = number;
    const promise = wants.get();
    const gaps = wants.gaps();

    function succeed(older: boolean, revision: Revision) {
      wants.heal(gaps);
      const behind = older || wants.isOpen(promise);
      if (behind && !queue && again() === undefined) {
        report(
          older ? "protocol" : "refresh",
          new Error(`revision ${promise?.revision} was promised, ${revision} is what the source gives`),
          members(revision),
        );
        wants.forget(promise);
      }
      end(false, behind);
    }

    call(
      "getSnapshot",
      timeoutMs,
      (options) => {
        figures.pulls += 1;
        return getSnapshot(options);
      },
      (failed, outcome) => {
        if (failed) {
          fail("getSnapshot", outcome);
          return;
        }
        let snapshot: SnapshotEnvelope<D>;
        try {
          snapshot = read(outcome);
        } catch (error) {
          fail("protocol", error);
          return;
        }
        const { revision } = snapshot;
        answer(
          snapshot,
          (older) => succeed(older, revision),
          (applyFailed, error) => {
            if (applyFailed) {
              fail("apply", error, revision);
            } else {
              attempt = 1;
              succeed(false, revision);
            }
          },
        );
      },
    );
  }

  /** Sets the timer of the next attempt, where the policy allows one and the clock works, and gives its delay. */
  function again(error?: unknown): number | undefined {
    const delayMs = backoff(attempt, error);
    wake = delayMs === undefined ? undefined : setTimer(() => begin(attempt + 1), delayMs);
    return wake && delayMs;
  }

  function members(snapshotRevision?: Revision, nextDelayMs?: number): Partial<SyncErrorContext> {
    const eventRevision = wants.get()?.revision;
    return {
      eventRevision,
      snapshotRevision,
      attempt,
      willRetry: nextDelayMs !== undefined,
      nextDelayMs,
    } as Partial<SyncErrorContext>;
  }

  function fail(phase: SyncPhase, error: unknown, revision?: Revision) {
    const nextDelayMs = again(error);
    report(phase, error, members(revision, nextDelayMs));
    if (nextDelayMs === undefined) {
      end(true, true, error);
    } else {
      served.push(...(queue ?? []));
      queue = undefined;
      active = false;
      ended([], false, true);
    }
  }

  /** The attempt was the last one for its callers. */
  function end(failed: boolean, wanting: boolean, error?: unknown) {
    const callers = served;
    served = [];
    active = false;
    ended(callers, failed, wanting);
    for (const [succeed, fail] of callers) {
      failed ? fail(error) : succeed();
    }
    if (queue) {
      wake = setTimer(beginQueued, 0);
      if (!wake) {
        beginQueued();
      }
    }
  }

  function beginQueued() {
    served = queue ?? [];
    queue = undefined;
    begin(1);
  }

  return {
    /** Requests a pull; `atOnce` begins one that waits for its time (ENG-44). */
    request(caller?: Caller, atOnce?: boolean) {
      if (active && !queue) {
        queue = [];
      } else if (queue || wake) {
        figures.coalesced += 1;
      }
      if (caller) {
        (queue ?? served).push(caller);
      }
      if (!queue && (!wake || atOnce)) {
        wake?.();
        begin(1);
      }
    },
    /** Drops a queued pull that no caller waits for (ENG-20). */
    dropIdleQueue() {
      if (queue?.length === 0) {
        queue = undefined;
      }
    },
    /** Drops the timer, and lets every caller succeed (ENG-26). */
    stop() {
      wake?.();
      for (const [succeed] of [...served, ...(queue ?? [])]) {
        succeed();
      }
    },
  };
}
