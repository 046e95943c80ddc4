import { type Clock, platformClock } from "@statesync/core";
import type { PersistedSnapshot } from "@statesync/protocol";
import { type IDBPDatabase, openDB } from "idb";
import { PersistenceError } from "../error.js";
import { utf8 } from "../hash.js";
import type { Judge, StorageBackendWithMetadata } from "../port.js";
import { createBackend } from "./backend.js";

/** What a backend in IndexedDB is made with. */
export interface IndexedDBBackendOptions {
  /** The name of the database; several backends may share one. */
  dbName: string;
  /** The name of the object store. It is made where it is not there, whatever the version of the database. */
  storeName: string;
  /** The key of the record; by default `"snapshot"`. What is set aside is at `<key>.damaged`. */
  recordKey?: string | null | undefined;
  /** The least version of the database; by default the one that it has. */
  version?: number | null | undefined;
  /** How often a call is tried again where the connection fails, beside the first time; by default 2. */
  retryAttempts?: number | null | undefined;
  /** How long to wait before trying again, in milliseconds; by default 50. */
  retryDelayMs?: number | null | undefined;
  /** How long an upgrade waits for other tabs to release the database, in milliseconds; by default 2000 (PRS-45). */
  blockedTimeoutMs?: number | null | undefined;
  /** Told that other tabs keep the database from being upgraded. */
  onBlocked?: (() => unknown) | null | undefined;
  /** Called during an upgrade, to do more to the database than making the store. */
  onUpgrade?:
    | ((database: IDBDatabase, oldVersion: number, newVersion: number | null) => unknown)
    | null
    | undefined;
  /** The clock for the waits; by default the platform's. */
  clock?: Clock | null | undefined;
}

/** A backend in IndexedDB, with its connection. */
export interface IndexedDBBackend<D = unknown> extends Required<StorageBackendWithMetadata<D>> {
  /** Closes the connection; the next call opens a new one. */
  close(): void;
}

/** Errors after which a new connection may do better. */
const TRANSIENT = ["AbortError", "InvalidStateError", "NotFoundError", "UnknownError", "VersionError"];

/** Keeps the record in IndexedDB, for what is too large for `localStorage`. */
export function createIndexedDBBackend<D = unknown>(options: IndexedDBBackendOptions): IndexedDBBackend<D> {
  const { dbName, storeName } = options;
  const recordKey = options.recordKey ?? "snapshot";
  const asideKey = `${recordKey}.damaged`;
  const clock = options.clock ?? platformClock;
  const blockedTimeoutMs = options.blockedTimeoutMs ?? 2_000;
  let connection: Promise<IDBPDatabase> | undefined;

  const wait = (delayMs: number) => new Promise<void>((resolve) => void clock.setTimer(resolve, delayMs));

  function release(): void {
    connection?.then((database) => database.close()).catch(() => {});
    connection = undefined;
  }

  /** Opens the database, at the given version or at the one that it has. */
  function openAt(version: number | undefined): Promise<IDBPDatabase> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      let cancel: (() => void) | undefined;
      openDB(dbName, version, {
        upgrade(database, oldVersion, newVersion) {
          if (!database.objectStoreNames.contains(storeName)) {
            database.createObjectStore(storeName);
          }
          options.onUpgrade?.(database as unknown as IDBDatabase, oldVersion, newVersion);
        },
        blocked() {
          options.onBlocked?.();
          cancel ??= clock.setTimer(() => {
            isLate = true;
            reject(
              new PersistenceError(
                "unavailable",
                `another tab keeps the database "${dbName}" from being upgraded; close it or reload it`,
              ),
            );
          }, blockedTimeoutMs);
        },
        // Another tab needs the database for itself: this one opens it again when it needs it (PRS-45).
        blocking: release,
        terminated() {
          connection = undefined;
        },
      }).then(
        (database) => {
          cancel?.();
          if (isLate) {
            database.close();
          }
          resolve(database);
        },
        (error) => {
          cancel?.();
          reject(error);
        },
      );
    });
  }

  /** A connection to a database that has the store: it is upgraded by one version where it has not (PRS-43). */
  async function open(): Promise<IDBPDatabase> {
    const { version } = options;
    let database = await openAt(version ?? undefined).catch((error) => {
      // The database is newer than the least version asked for, because another store was added.
      if (version != null && error?.name === "VersionError") {
        return openAt(undefined);
      }
      throw error;
    });
    while (!database.objectStoreNames.contains(storeName)) {
      const next = database.version + 1;
      database.close();
      database = await openAt(next).catch((error) => {
        if (error?.name === "VersionError") {
          return openAt(undefined);
        }
        throw error;
      });
    }
    return database;
  }

  /** Does something with the database, on a new connection where the old one was closed from outside (PRS-44). */
  async function use<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<T> {
    for (let left = options.retryAttempts ?? 2; ; left--) {
      try {
        connection ??= open();
        return await work(await connection);
      } catch (error) {
        release();
        if (left <= 0 || !TRANSIENT.includes((error as Error)?.name)) {
          throw error;
        }
        await wait(options.retryDelayMs ?? 50);
      }
    }
  }

  /** Changes the record in one transaction with the judgement of what is stored, and waits for its commit (PRS-40). */
  function change(judge: Judge | undefined, record: PersistedSnapshot<D> | undefined): Promise<void> {
    return use(async (database) => {
      const transaction = database.transaction(storeName, "readwrite");
      // Watched from the beginning: a commit that fails while nobody waits is no unhandled error of the page.
      const done = transaction.done.then(
        () => undefined,
        (error: unknown) => error ?? transaction.error ?? new Error("the transaction was aborted"),
      );
      try {
        const { store } = transaction;
        const stored: unknown = await store.get(recordKey);
        const verdict = judge === undefined || judge(stored);
        if (verdict === "damaged") {
          await store.put(stored, asideKey);
        }
        if (verdict !== false) {
          await (record === undefined
            ? Promise.all([store.delete(recordKey), store.delete(asideKey)])
            : store.put(record, recordKey));
        }
      } catch (error) {
        abort(transaction);
        const reason = await done;
        throw (reason as Error | undefined)?.name === "QuotaExceededError" ? reason : error;
      }
      const reason = await done;
      if (reason !== undefined) {
        throw reason;
      }
    });
  }

  const read = () => use((database) => database.get(storeName, recordKey));
  const backend = createBackend<D>({
    saveWithMetadata: (snapshot, metadata, judge) => change(judge, { snapshot, metadata }),
    loadWithMetadata: async () => ((await read()) as PersistedSnapshot<D> | undefined) ?? null,
    clear: (judge) => change(judge, undefined),
    async getUsage() {
      const stored: unknown = await read();
      const used = stored === undefined ? 0 : utf8(JSON.stringify(stored)).length;
      const { quota } = (await globalThis.navigator?.storage?.estimate?.()) ?? {};
      return quota === undefined ? { used } : { used, quota, percentage: (100 * used) / quota };
    },
  });
  return { ...backend, close: release };
}

/** Ends a transaction that has failed; it may have ended by itself. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It is over already.
  }
}
