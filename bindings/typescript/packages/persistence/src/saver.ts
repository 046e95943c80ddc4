import type { PersistedSnapshot } from "@statesync/protocol";
import { newerSchema, type PersistenceError } from "./error.js";
import type { Emit } from "./events.js";
import type { Judge, Verdict } from "./port.js";
import { isSameRecord, judgeReplacement, makeRecord, type Prepared, type RecordOptions } from "./record.js";
import { after, change, changeRecord, type Done, promised, run, STORE, type Store } from "./run.js";

/** A save from the moment on when it is pending. */
interface Pending {
  readonly number: number;
  readonly prepared: Prepared;
  /** The stored record, where it replaces only that one (PRS-23). */
  readonly only: PersistedSnapshot | undefined;
  /** Made when the save begins; it stays the same when it is tried again (PRS-5). */
  record: PersistedSnapshot | undefined;
}

/** Somebody who waits until the save of this number, or a later one, has ended. */
interface Waiting {
  until: number;
  error?: PersistenceError | undefined;
  readonly settle: Done<void>;
}

/** Figures of a persistence layer since it was made (PRS-67). */
export interface PersistenceStats {
  /** Saves that succeeded, those included that found a record as new as theirs. */
  saveCount: number;
  /** Saves that failed. */
  saveErrorCount: number;
  /** The sum of `sizeBytes` of the saves that succeeded, in bytes. */
  totalBytesSaved: number;
  /** When the last save that succeeded ended, in milliseconds since the Unix epoch. */
  lastSaveAt?: number;
  /** How long that save took, in milliseconds. */
  lastSaveDurationMs?: number;
  /** Pending saves that a later one has replaced. */
  throttledCount: number;
}

/** What a saver works with. */
export interface SaverParts extends Store, RecordOptions {
  readonly wallClock: () => number;
  readonly report: (error: PersistenceError) => void;
  readonly emit: Emit;
}

/**
 * Saves one record after the other, always the latest (chapter 7, "Saving" and "Clearing"). A save is pending, then due
 * (the limiter has called, or somebody cannot wait), then in flight; at most one save or clearing is under way.
 *
 * @param onPending - A save has become pending: the limiter is to be triggered.
 */
export function createSaver(parts: SaverParts, onPending: () => void) {
  const { schemaVersion, clock, wallClock, report, emit } = parts;
  const stats: PersistenceStats = { saveCount: 0, saveErrorCount: 0, totalBytesSaved: 0, throttledCount: 0 };
  let numbers = 0;
  let pending: Pending | undefined;
  let inFlight: Pending | undefined;
  let due = false;
  let busy = false;
  /** The stored record is of a newer schema: nothing is saved until the store has been cleared (PRS-30). */
  let refused = false;
  let disposed = false;
  /** Saves up to this number are from before a clearing, and do not become pending again (PRS-38). */
  let overtaken = 0;
  /** The save in flight when another tab cleared the store: what it writes goes, once (PRS-59). */
  let condemned: Pending | undefined;
  /** A stored record that a load found to be of no use (PRS-70). */
  let useless: unknown;
  let waiting: Waiting[] = [];
  /** Clearings that wait for what is under way. */
  const clearings: (() => void)[] = [];

  /** Begins what is next, if nothing is under way: a clearing before a save. */
  function advance(): void {
    const next = busy ? undefined : (clearings.shift() ?? (due && begin));
    if (next) {
      busy = true;
      next();
    }
  }

  function ended(): void {
    busy = false;
    advance();
  }

  /** Makes the pending save due. */
  function hurry(): void {
    due = !!pending;
    advance();
  }

  /** Begins the pending save. Its time is that of its preparation too, which is the application's code. */
  function begin(): void {
    const save = pending as Pending;
    const { only } = save;
    let newer = false;
    let begun = 0;
    inFlight = save;
    pending = undefined;
    due = false;

    const write = (record: PersistedSnapshot, awaited: () => boolean) => {
      save.record = record;
      const judge: Judge = (stored) => {
        const verdict = judgeReplacement(stored, record, save.only, useless, wallClock());
        newer = verdict === "newer-schema";
        return newer ? false : (verdict as Verdict);
      };
      emit("saveStart", { record });
      begun = clock.now();
      return change(parts.storage, record, judge, awaited);
    };

    run(
      clock,
      parts.saveTimeoutMs,
      (awaited) =>
        after(
          save.record ??
            // A migrated record keeps its age (PRS-23).
            (only
              ? makeRecord(save.prepared, { ...parts, ttlMs: only.metadata.ttlMs }, only.metadata.savedAt)
              : makeRecord(save.prepared, parts, wallClock())),
          (record) => (awaited() ? write(record, awaited) : undefined),
        ),
      (failure) => {
        const error = newer ? newerSchema(schemaVersion) : failure;
        refused = error?.kind === "newer-schema";
        if (!error) {
          succeeded(save.record as PersistedSnapshot, clock.now() - begun);
        }
        settled(save, error);
      },
      () => (save.record ? STORE : "the hash or the compressor"),
    );
  }

  function succeeded(record: PersistedSnapshot, durationMs: number): void {
    stats.saveCount += 1;
    stats.totalBytesSaved += record.metadata.sizeBytes;
    stats.lastSaveAt = wallClock();
    stats.lastSaveDurationMs = durationMs;
    useless = undefined;
    emit("saveComplete", { record, durationMs });
  }

  /** A save has ended. One that failed stays pending where trying again may help, unless a later one is (PRS-33). */
  function settled(save: Pending, error: PersistenceError | undefined): void {
    inFlight = undefined;
    if (error) {
      stats.saveErrorCount += 1;
      const mayHelp = save.record || error.kind === "timeout";
      if (mayHelp && save.number > overtaken && !refused && !disposed) {
        pending ??= save;
      }
      emit("saveError", { error });
      report(error);
    }
    settleUntil(save.number, error);
    if (refused) {
      drop();
    }
    ended();
  }

  /** Whoever waits for the save of this number, or an earlier one, waits no more (PRS-34). */
  function settleUntil(number: number, error?: PersistenceError): void {
    waiting = waiting.filter((one) => {
      one.error = error ?? one.error;
      if (one.until <= number) {
        one.settle(one.error);
      }
      return one.until > number;
    });
  }

  /** Drops the pending save, and lets those go who wait for it alone. */
  function drop(): void {
    pending = undefined;
    due = false;
    for (const one of waiting) {
      one.until = Math.min(one.until, inFlight?.number ?? 0);
    }
    settleUntil(0);
  }

  /** Forgets what has not been saved yet, also if the save in flight fails (PRS-38). */
  function overtake(): void {
    overtaken = numbers;
    drop();
  }

  /** Empties the store, or removes only what this save has written, when it is its turn. */
  function addClearing(save: Pending | undefined, done: Done<void>): void {
    clearings.push(() => {
      const judge: Judge | undefined = save && ((stored) => isSameRecord(stored, save.record));
      changeRecord(parts, undefined, judge, (error) => {
        done(error);
        ended();
      });
    });
    advance();
  }

  function flush(): Promise<void> {
    const last = pending ?? inFlight;
    const settled = promised<void>((settle) => {
      if (last) {
        waiting.push({ until: last.number, settle });
      } else {
        settle();
      }
    });
    hurry();
    return settled;
  }

  return {
    stats,
    hurry,
    flush,
    drop,
    overtake,
    hasPendingSave: () => !!(pending ?? inFlight),
    /** A stored record has turned out to be of no use: it counts as none (PRS-70). */
    discard(stored: unknown): void {
      useless = stored;
    },
    /** Makes a save the pending one; a migrated record replaces `only` the one that it was made of (PRS-23). */
    add(prepared: Prepared, only?: PersistedSnapshot): void {
      if (!refused && !disposed) {
        stats.throttledCount += pending ? 1 : 0;
        numbers += 1;
        pending = { number: numbers, prepared, only, record: undefined };
        onPending();
      }
    },
    /** Empties the store (PRS-37). */
    clear(done: Done<void>): void {
      addClearing(undefined, (error) => {
        refused &&= !!error;
        done(error);
      });
    },
    /** Another tab has emptied the store: what this one is writing meanwhile goes too (PRS-59). */
    clearedElsewhere(done: Done<void>): void {
      const save = inFlight;
      overtake();
      refused = false;
      if (!save) {
        done();
      } else if (save !== condemned) {
        condemned = save;
        addClearing(save, done);
      }
    },
    dispose(): Promise<void> {
      disposed = true;
      return flush();
    },
  };
}
