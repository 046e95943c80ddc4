import type { Clock } from "@statesync/core";
import type { PersistedSnapshot } from "@statesync/protocol";
import { asPersistenceError, PersistenceError } from "./error.js";
import type { AnyStorageBackend, Judge, MaybePromise } from "./port.js";

/** Told once how an operation ended. */
export type Done<T> = (error?: PersistenceError, value?: T) => void;

/** Whether a value is a promise, of whatever make. */
export function isPromise<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === "function";
}

/**
 * Runs an operation of a backend to its end, its time-out, or its failure. What the backend does at once is done when
 * this returns, so that a page that goes away can finish a save (PRS-36).
 *
 * @param operation - Is handed a function that tells whether its outcome is still awaited.
 */
export function run<T>(
  clock: Clock,
  timeoutMs: number,
  operation: (awaited: () => boolean) => MaybePromise<T>,
  done: Done<T>,
): void {
  let open = true;
  let cancel: (() => void) | undefined;
  const end = (error?: PersistenceError, value?: T) => {
    if (open) {
      open = false;
      cancel?.();
      done(error, value);
    }
  };
  const failed = (error: unknown) => end(asPersistenceError(error));
  let outcome: MaybePromise<T>;
  try {
    outcome = operation(() => open);
  } catch (error) {
    failed(error);
    return;
  }
  if (isPromise(outcome)) {
    outcome.then((value) => end(undefined, value), failed);
    cancel = clock.setTimer(
      () => end(new PersistenceError("timeout", `the store took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
  } else {
    end(undefined, outcome);
  }
}

/** Loads the record through whatever the backend has. */
export function loadRecord(storage: AnyStorageBackend): MaybePromise<unknown> {
  if ("loadWithMetadata" in storage) {
    return storage.loadWithMetadata();
  }
  const record = (envelope: { data: unknown } | null | undefined) => envelope?.data;
  const envelope = storage.load();
  return isPromise(envelope) ? envelope.then(record) : record(envelope);
}

/**
 * Replaces the stored record, or removes it where there is no new one, if the judge lets the stored one go: in one
 * transaction where the backend has them (PRS-32), otherwise after a look at it. Without a judge it goes in any case.
 */
export function changeRecord(
  clock: Clock,
  timeoutMs: number,
  storage: AnyStorageBackend,
  record: PersistedSnapshot | undefined,
  judge: Judge | undefined,
  done: Done<void>,
): void {
  const change = (only?: Judge): MaybePromise<void> => {
    if (record === undefined) {
      if (storage.clear === undefined) {
        throw new PersistenceError("unavailable", "the backend has no function clear; give it one");
      }
      return storage.clear(only);
    }
    return "saveWithMetadata" in storage
      ? storage.saveWithMetadata(record.snapshot, record.metadata, only)
      : storage.save({ ...record.snapshot, data: record });
  };
  if (judge === undefined) {
    run(clock, timeoutMs, () => change(), done);
    return;
  }
  if ("conditional" in storage && storage.conditional) {
    run(clock, timeoutMs, (awaited) => change((stored) => awaited() && judge(stored)), done);
    return;
  }
  run(
    clock,
    timeoutMs,
    () => loadRecord(storage),
    (error, stored) => {
      // What cannot be read counts as nothing; a store that cannot be reached is a failure.
      if (error !== undefined && error.kind !== "unreadable") {
        done(error);
      } else if (judge(stored)) {
        run(clock, timeoutMs, () => change(), done);
      } else {
        done();
      }
    },
  );
}
