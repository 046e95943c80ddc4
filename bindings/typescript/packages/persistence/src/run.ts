import type { Clock } from "@statesync/core";
import type { PersistedSnapshot } from "@statesync/protocol";
import { asPersistenceError, PersistenceError } from "./error.js";
import type { AnyStorageBackend, Judge, MaybePromise } from "./port.js";

/** What is waited for where nothing else is said. */
export const STORE = "the store";

/** Told once how an operation ended. */
export type Done<T> = (error?: PersistenceError, value?: T) => void;

/** Whether a value is a promise, of whatever make. */
export const isPromise = <T>(value: MaybePromise<T>): value is PromiseLike<T> =>
  typeof (value as PromiseLike<T> | null | undefined)?.then === "function";

/** Goes on with a value, at once or later: what works synchronously stays so. */
export const after = <T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
  failed?: (error: unknown) => R,
): MaybePromise<R> => (isPromise(value) ? value.then(next, failed) : next(value));

/** Goes on with what some work gives, or with its failure, which may also be one at once of what follows. */
export function follow<T, R>(
  work: () => MaybePromise<T>,
  failed: (error: unknown) => R,
  next: (value: T) => MaybePromise<R> = (value) => value as R & T,
): MaybePromise<R> {
  try {
    return after(work(), next, failed);
  } catch (error) {
    return failed(error);
  }
}

/** A promise of what tells its end to a callback. A failure that nobody waits for is none of the page's (ENG-75). */
export function promised<T>(begin: (done: Done<T>) => void): Promise<T> {
  const promise = new Promise<T>((resolve, reject) => {
    begin((error, value) => (error ? reject(error) : resolve(value as T)));
  });
  promise.catch(() => {});
  return promise;
}

/**
 * Runs a load, a save or a clearing to its end, its time-out, or its failure. What it does at once is done when this
 * returns, so that a page that goes away can finish a save (PRS-36).
 *
 * @param operation - Is handed a function that tells whether its outcome is still awaited.
 * @param what - What the operation is waiting for, to be named where its time is over.
 */
export function run<T>(
  clock: Clock,
  timeoutMs: number,
  operation: (awaited: () => boolean) => MaybePromise<T>,
  done: Done<T>,
  what: () => string = () => STORE,
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
  follow(
    () => operation(() => open),
    (error) => end(asPersistenceError(error)),
    (value) => end(undefined, value),
  );
  if (open) {
    cancel = clock.setTimer(
      () => end(new PersistenceError("timeout", `${what()} did not end within ${timeoutMs} ms`)),
      timeoutMs,
    );
  }
}

/** Loads the record through whatever the backend has. */
export const loadRecord = (storage: AnyStorageBackend): MaybePromise<unknown> =>
  "loadWithMetadata" in storage
    ? storage.loadWithMetadata()
    : after(storage.load(), (envelope) => envelope?.data as unknown);

/** A store, and how long it may take. */
export interface Store {
  readonly storage: AnyStorageBackend;
  readonly saveTimeoutMs: number;
  readonly clock: Clock;
}

/**
 * Replaces the stored record, or removes it where there is no new one, if the judge lets the stored one go: in one
 * transaction where the backend has them (PRS-32), otherwise after a look at it. Without a judge it goes in any case.
 *
 * @param awaited - Whether the outcome is still awaited: what nobody waits for changes nothing any more.
 */
export function change(
  storage: AnyStorageBackend,
  record: PersistedSnapshot | undefined,
  judge: Judge | undefined,
  awaited: () => boolean,
): MaybePromise<void> {
  const replace = (only?: Judge): MaybePromise<void> => {
    if (record) {
      return "saveWithMetadata" in storage
        ? storage.saveWithMetadata(record.snapshot, record.metadata, only)
        : storage.save({ ...record.snapshot, data: record });
    }
    if (!storage.clear) {
      throw new TypeError("it has no function clear; give it one");
    }
    return storage.clear(only);
  };
  if (!judge) {
    return replace();
  }
  const mayGo: Judge = (stored) => awaited() && judge(stored);
  if ("conditional" in storage && storage.conditional) {
    return replace(mayGo);
  }
  const looked = follow<unknown, unknown>(
    () => loadRecord(storage),
    (error) => {
      // What cannot be read counts as nothing; a store that cannot be reached is a failure.
      if (asPersistenceError(error).kind !== "unreadable") {
        throw error;
      }
    },
  );
  return after(looked, (stored) => (mayGo(stored) ? replace() : undefined));
}

/** The same on its own, within `saveTimeoutMs`. */
export const changeRecord = (
  { storage, saveTimeoutMs, clock }: Store,
  record: PersistedSnapshot | undefined,
  judge: Judge | undefined,
  done: Done<void>,
): void => run(clock, saveTimeoutMs, (awaited) => change(storage, record, judge, awaited), done);
