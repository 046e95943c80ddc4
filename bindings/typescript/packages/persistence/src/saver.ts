import type { Clock } from "@statesync/core";
import type { PersistedSnapshot } from "@statesync/protocol";
import { asPersistenceError, PersistenceError } from "./error.js";
import type { Emit } from "./events.js";
import type { AnyStorageBackend, Judge, MaybePromise } from "./port.js";
import { isSameRecord, judgeReplacement } from "./record.js";
import { changeRecord, isPromise } from "./run.js";

/** A snapshot that is to be saved. */
export interface Save {
  /** Makes its record when the save begins; fails where none can be made. */
  make(): MaybePromise<PersistedSnapshot>;
  /** The stored record, where it replaces only that one (PRS-23). */
  only?: PersistedSnapshot;
}

/** A save from the moment on when it is pending; `record` is there once it is made, and stays the same. */
interface Pending extends Save {
  readonly number: number;
  record?: PersistedSnapshot;
  /** It is from before a clearing, and does not become pending again (PRS-38). */
  overtaken?: boolean;
  /** Another tab has cleared the store meanwhile: what it writes goes, once (PRS-59). */
  clearedElsewhere?: boolean;
}

/** Somebody who waits until the save of this number, or a later one, has ended. */
interface Waiting {
  until: number;
  error: PersistenceError | undefined;
  readonly settle: (error?: PersistenceError) => void;
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
export interface SaverParts {
  readonly storage: AnyStorageBackend;
  readonly schemaVersion: number;
  readonly saveTimeoutMs: number;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly report: (error: PersistenceError) => void;
  readonly emit: Emit;
  /** A save has become pending: the limiter is to be triggered. */
  readonly onPending: () => void;
}

/**
 * Saves one record after the other, always the latest (chapter 7, "Saving" and "Clearing"). A save is pending, then due
 * (the limiter has called, or somebody cannot wait), then in flight; at most one save or clearing is under way.
 */
export function createSaver(parts: SaverParts) {
  const { storage, schemaVersion, saveTimeoutMs, clock, wallClock, report, emit } = parts;
  const stats: PersistenceStats = { saveCount: 0, saveErrorCount: 0, totalBytesSaved: 0, throttledCount: 0 };
  let numbers = 0;
  let pending: Pending | undefined;
  let inFlight: Pending | undefined;
  let due = false;
  let busy = false;
  /** The stored record is of a newer schema: nothing is saved until the store has been cleared (PRS-30). */
  let refused = false;
  let disposed = false;
  /** A stored record that a load found to be of no use (PRS-70). */
  let useless: unknown;
  let waiting: Waiting[] = [];
  /** Clearings that wait for what is under way. */
  const clearings: (() => void)[] = [];

  /** Begins what is next, if nothing is under way: a clearing before a save. */
  function advance(): void {
    if (busy) {
      return;
    }
    const clearing = clearings.shift();
    busy = clearing !== undefined || due;
    if (clearing !== undefined) {
      clearing();
    } else if (due) {
      begin();
    }
  }

  function ended(): void {
    busy = false;
    advance();
  }

  /** Makes the pending save due. */
  function hurry(): void {
    due = pending !== undefined;
    advance();
  }

  function begin(): void {
    const save = pending as Pending;
    inFlight = save;
    pending = undefined;
    due = false;
    const unmade = (error: unknown) => settled(save, asPersistenceError(error), false);
    try {
      const record = save.record ?? save.make();
      if (isPromise(record)) {
        record.then((made) => write(save, made), unmade);
      } else {
        write(save, record);
      }
    } catch (error) {
      unmade(error);
    }
  }

  function write(save: Pending, record: PersistedSnapshot): void {
    save.record = record;
    let newer = false;
    const judge: Judge = (stored) => {
      const verdict = judgeReplacement(stored, record, save.only, useless, wallClock());
      newer = verdict === "newer-schema";
      return newer ? false : (verdict as boolean);
    };
    emit("saveStart", { record });
    const begun = clock.now();
    changeRecord(clock, saveTimeoutMs, storage, record, judge, (failure) => {
      const error = newer ? newerSchema(schemaVersion) : failure;
      refused = error?.kind === "newer-schema";
      if (error === undefined) {
        const durationMs = clock.now() - begun;
        stats.saveCount += 1;
        stats.totalBytesSaved += record.metadata.sizeBytes;
        stats.lastSaveAt = wallClock();
        stats.lastSaveDurationMs = durationMs;
        useless = undefined;
        emit("saveComplete", { record, durationMs });
      }
      settled(save, error, !refused);
    });
  }

  /** A save has ended. One that failed stays pending where trying again may help, unless a later one is (PRS-33). */
  function settled(save: Pending, error: PersistenceError | undefined, again: boolean): void {
    inFlight = undefined;
    if (error !== undefined) {
      stats.saveErrorCount += 1;
      if (again && !save.overtaken && !disposed) {
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
    const served = waiting;
    waiting = [];
    for (const one of served) {
      one.error = error ?? one.error;
      if (one.until <= number) {
        one.settle(one.error);
      } else {
        waiting.push(one);
      }
    }
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
    if (inFlight !== undefined) {
      inFlight.overtaken = true;
    }
    drop();
  }

  /** Empties the store, or removes only what this save has written. */
  function clearingOf(only: Pending | undefined, done: (error?: PersistenceError) => void): () => void {
    return () => {
      const judge = only && ((stored: unknown) => isSameRecord(stored, only.record));
      changeRecord(clock, saveTimeoutMs, storage, undefined, judge, (error) => {
        done(error);
        ended();
      });
    };
  }

  function flush(): Promise<void> {
    const last = pending ?? inFlight;
    const settled = new Promise<void>((resolve, reject) => {
      if (last === undefined) {
        resolve();
        return;
      }
      const settle = (error?: PersistenceError) => (error === undefined ? resolve() : reject(error));
      waiting.push({ until: last.number, error: undefined, settle });
    });
    // A failure has been reported: who does not wait for it is not told again (ENG-75).
    settled.catch(() => {});
    hurry();
    return settled;
  }

  return {
    stats,
    hurry,
    flush,
    drop,
    overtake,
    hasPendingSave: () => pending !== undefined || inFlight !== undefined,
    /** A stored record has turned out to be of no use: it counts as none (PRS-70). */
    discard(stored: unknown): void {
      useless = stored;
    },
    /** Makes a save the pending one. */
    add(save: Save): void {
      if (!refused && !disposed) {
        stats.throttledCount += pending === undefined ? 0 : 1;
        numbers += 1;
        pending = { ...save, number: numbers };
        parts.onPending();
      }
    },
    /** Empties the store (PRS-37). */
    clear(done: (error?: PersistenceError) => void): void {
      clearings.push(
        clearingOf(undefined, (error) => {
          refused &&= error !== undefined;
          done(error);
        }),
      );
      advance();
    },
    /** Another tab has emptied the store: what this one is writing meanwhile goes too (PRS-59). */
    clearedElsewhere(done: (error?: PersistenceError) => void): void {
      const save = inFlight;
      overtake();
      refused = false;
      if (save === undefined) {
        done();
      } else if (!save.clearedElsewhere) {
        save.clearedElsewhere = true;
        clearings.push(clearingOf(save, done));
      }
    },
    dispose(): Promise<void> {
      disposed = true;
      return flush();
    },
  };
}

function newerSchema(schemaVersion: number): PersistenceError {
  return new PersistenceError(
    "newer-schema",
    `the stored record is newer than schema version ${schemaVersion}; update this program, or clear the store`,
  );
}
