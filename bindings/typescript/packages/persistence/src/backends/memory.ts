import { type Clock, platformClock } from "@statesync/core";
import type { PersistedMetadata, PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";
import { PersistenceError } from "../error.js";
import { utf8 } from "../hash.js";
import type { Judge, MaybePromise, StorageBackendWithMetadata } from "../port.js";
import { encodeRecord, isOwnEnvelope } from "../record.js";
import { createBackend } from "./backend.js";

/** What a backend in memory is made with: nothing, but for tests. */
export interface MemoryStorageOptions {
  /** How long each call takes, in milliseconds; by default it works at once. */
  latencyMs?: number | null | undefined;
  /** Whether saves fail, with this error where it is one. */
  failOnSave?: boolean | Error | null | undefined;
  /** Whether loads fail, with this error where it is one. */
  failOnLoad?: boolean | Error | null | undefined;
  /** How large the record may be, in bytes of its JSON text; larger ones find the store full. */
  maxSizeBytes?: number | null | undefined;
  /** The clock for `latencyMs`; by default the platform's. */
  clock?: Clock | null | undefined;
}

/** How a backend in memory is to fail from now on. */
export type MemoryFailMode = Pick<MemoryStorageOptions, "failOnSave" | "failOnLoad">;

/** A backend in memory, with what tests want to know. */
export interface MemoryStorageBackend<D = unknown> extends Required<StorageBackendWithMetadata<D>> {
  /** The snapshots that were saved since it was made or reset, the oldest first. */
  getSavedSnapshots(): SnapshotEnvelope<D>[];
  /** The stored record; nothing where nothing is stored. */
  getRawData(): PersistedSnapshot<D> | null;
  /** Puts anything into the store, such as a damaged record. */
  setRawData(stored: unknown): void;
  /** What was set aside, because it was of no use. */
  getDamagedData(): unknown;
  /** Forgets everything; the options stay. */
  reset(): void;
  /** Makes saves and loads fail, or work again. */
  setFailMode(mode: MemoryFailMode): void;
}

/** Several backends in memory that share one record, as tabs share a store. */
export interface SharedMemoryStorage<D = unknown> {
  /** Another backend of the same record. */
  createBackend(options?: MemoryStorageOptions): MemoryStorageBackend<D>;
  /** The stored record; nothing where nothing is stored. */
  getRawData(): PersistedSnapshot<D> | null;
  /** Forgets the record. */
  reset(): void;
}

/** What backends share: the stored record, and what was set aside. */
interface Cell {
  stored: unknown;
  damaged: unknown;
}

/** How many snapshots `getSavedSnapshots` remembers: a store is no leak. */
const REMEMBERED = 100;

/** Keeps the record for as long as the program runs. */
export function createMemoryStorageBackend<D = unknown>(
  options?: MemoryStorageOptions | null,
): MemoryStorageBackend<D> {
  return createOn({ stored: null, damaged: null }, options ?? {});
}

/** A record in memory that several backends share, as several tabs share a store. */
export function createSharedMemoryStorage<D = unknown>(): SharedMemoryStorage<D> {
  const cell: Cell = { stored: null, damaged: null };
  return {
    createBackend: (options) => createOn(cell, options ?? {}),
    getRawData: () => copy(cell.stored) as PersistedSnapshot<D> | null,
    reset() {
      cell.stored = cell.damaged = null;
    },
  };
}

function createOn<D>(cell: Cell, options: MemoryStorageOptions): MemoryStorageBackend<D> {
  const { latencyMs, maxSizeBytes } = options;
  const clock = options.clock ?? platformClock;
  let { failOnSave, failOnLoad }: MemoryFailMode = options;
  let saved: SnapshotEnvelope<D>[] = [];

  function work<T>(failure: boolean | Error | null | undefined, act: () => T): MaybePromise<T> {
    const end = () => {
      if (failure) {
        throw failure === true ? new PersistenceError("unavailable", "this store was told to fail") : failure;
      }
      return act();
    };
    return latencyMs
      ? new Promise<void>((resolve) => {
          clock.setTimer(resolve, latencyMs);
        }).then(end)
      : end();
  }

  function mayGo(judge: Judge | undefined): boolean {
    const verdict = judge === undefined || judge(cell.stored);
    if (verdict === "damaged") {
      cell.damaged = cell.stored;
    }
    return verdict !== false;
  }

  function write(snapshot: SnapshotEnvelope<D>, metadata: PersistedMetadata, judge: Judge | undefined): void {
    if (maxSizeBytes != null) {
      const size = utf8(encodeRecord(snapshot, metadata)).length;
      if (size > maxSizeBytes) {
        throw new PersistenceError(
          "quota-exceeded",
          `the record has ${size} bytes; expected ${maxSizeBytes} at most`,
        );
      }
    }
    if (mayGo(judge)) {
      cell.stored = { snapshot, metadata };
      saved.push(snapshot);
      if (saved.length >= 2 * REMEMBERED) {
        saved = saved.slice(-REMEMBERED);
      }
    }
  }

  const backend = createBackend<D>({
    saveWithMetadata(snapshot, metadata, judge) {
      // What a persistence applier hands over is a copy already.
      const own = isOwnEnvelope(snapshot) ? snapshot : copy(snapshot);
      return work(failOnSave, () => write(own, metadata, judge));
    },
    loadWithMetadata: () => work(failOnLoad, () => copy(cell.stored) as PersistedSnapshot<D> | null),
    clear: (judge) =>
      work(false, () => {
        if (mayGo(judge)) {
          cell.stored = cell.damaged = null;
        }
      }),
    getUsage: () =>
      work(false, () => ({ used: cell.stored === null ? 0 : utf8(JSON.stringify(cell.stored)).length })),
  });
  return {
    ...backend,
    getSavedSnapshots: () => saved.slice(-REMEMBERED).map(copy),
    getRawData: () => copy(cell.stored) as PersistedSnapshot<D> | null,
    setRawData(value) {
      cell.stored = value;
    },
    getDamagedData: () => cell.damaged,
    reset() {
      cell.stored = cell.damaged = null;
      saved = [];
    },
    setFailMode(mode) {
      failOnSave = "failOnSave" in mode ? mode.failOnSave : failOnSave;
      failOnLoad = "failOnLoad" in mode ? mode.failOnLoad : failOnLoad;
    },
  };
}

function copy<T>(value: T): T {
  return structuredClone(value);
}
