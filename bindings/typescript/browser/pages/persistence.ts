import {
  clearPersistedData,
  createCrossTabSync,
  createIndexedDBBackend,
  createLocalStorageBackend,
  createLZCompressionAdapter,
  createPersistenceApplier,
  createSessionStorageBackend,
  createTabLeader,
  loadPersistedSnapshot,
  type PersistenceApplier,
  PersistenceError,
  type StorageBackendWithMetadata,
  type TabLeader,
} from "@statesync/persistence";
import type { SnapshotEnvelope } from "@statesync/protocol";
import { type StorageUnderTest, storageTests } from "../../packages/persistence/test/suites/storage.js";
import { expose } from "../rig/expose.js";

const storages = {
  localStorage: (place: string) => createLocalStorageBackend({ key: place }),
  sessionStorage: (place: string) => createSessionStorageBackend({ key: place }),
  indexedDB: (place: string, retryAttempts?: number) =>
    createIndexedDBBackend({ dbName: "application", storeName: place, retryAttempts }),
};

/** The backends of one run of the suite, in places of their own. */
function underTest(name: keyof typeof storages, run: number): StorageUnderTest {
  const at = (place: string) => `run-${run}-${place}`;
  if (name === "indexedDB") {
    const record = (change: (store: IDBObjectStore) => IDBRequest) =>
      inStore("application", at("one"), change);
    return {
      create: (place) => storages.indexedDB(at(place)),
      damage: () => record((store) => store.put("no record", "snapshot")).then(() => {}),
      damaged: () => record((store) => store.get("snapshot.damaged")),
    };
  }
  return {
    create: (place) => storages[name](at(place)),
    damage: () => globalThis[name].setItem(at("one"), "{ no JSON"),
    damaged: () => globalThis[name].getItem(`${at("one")}.damaged`),
  };
}

/** Uses an object store without any library. */
function inStore(
  name: string,
  storeName: string,
  use: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = use(opening.result.transaction(storeName, "readwrite").objectStore(storeName));
      request.transaction?.addEventListener("complete", () => {
        opening.result.close();
        resolve(request.result);
      });
    };
  });
}

const states: SnapshotEnvelope[] = [];
const errors: string[] = [];
const events: string[] = [];
const messages: { type: string }[] = [];
const listener = new BroadcastChannel("tabs");
listener.onmessage = ({ data }) => messages.push(data);
let storage: Required<StorageBackendWithMetadata>;
let layer: PersistenceApplier;
let leader: TabLeader;
let kept: IDBDatabase;

const named = (error: unknown) => (error instanceof PersistenceError ? error.kind : String(error));

/** What the tests of persistence ask a tab. */
export const subject = {
  /** Runs the shared suite of backends; gives the tests that failed, and why. */
  async suite(name: keyof typeof storages) {
    const failed: string[] = [];
    for (const [run, test] of storageTests.entries()) {
      await test.run(underTest(name, run)).catch((error) => failed.push(`${test.name}: ${error}`));
    }
    return { ran: storageTests.length, failed };
  },

  /** Makes a persistence layer; loads what is stored where it is told to. */
  async open(
    name: keyof typeof storages,
    options: {
      debounceMs?: number;
      throttleMs?: number;
      enableHash?: boolean;
      compressed?: boolean;
      tabs?: boolean;
      retryAttempts?: number;
    } = {},
  ) {
    storage = storages[name]("record", options.retryAttempts);
    layer = createPersistenceApplier({
      storage,
      applier: { apply: (snapshot) => void states.push(snapshot) },
      throttling: { debounceMs: options.debounceMs, throttleMs: options.throttleMs, maxWaitMs: 3_600_000 },
      enableHash: options.enableHash,
      compression: options.compressed ? createLZCompressionAdapter() : null,
      crossTabSync: options.tabs ? createCrossTabSync({ channelName: "tabs" }) : null,
      onPersistenceError: (error) => errors.push(error.kind),
    });
    layer.on("cleared", () => events.push("cleared"));
    return loadPersistedSnapshot(storage, layer);
  },
  apply: (revision: string, data: unknown = revision) =>
    layer.apply({ revision: revision as SnapshotEnvelope["revision"], data }),
  /** Applies so many random characters, which no store can make smaller. */
  applyRandom(revision: string, size: number) {
    const data = Array.from({ length: size / 50_000 }, () =>
      String.fromCharCode(...crypto.getRandomValues(new Uint8Array(50_000))),
    ).join("");
    return subject.apply(revision, data);
  },
  /** Applies many, so that a tab can be closed among them. */
  async applyMany(count: number, size: number) {
    for (let revision = 1; revision <= count; revision++) {
      await layer.apply({
        revision: `${revision}` as SnapshotEnvelope["revision"],
        data: `${revision}`.repeat(size),
      });
      await layer.flush().catch(() => {});
    }
  },
  flush: () => layer.flush().then(() => "saved", named),
  clear: () => layer.clear().then(() => "cleared", named),
  clearStorage: () => clearPersistedData(storage),
  stats: () => layer.getStats(),
  states: () => states.map(({ revision }) => revision as string),
  errors: () => errors,
  events: () => events,
  messages: () => messages.map(({ type }) => type),
  post: (message: unknown) => listener.postMessage(message),
  stored: async (name: keyof typeof storages) => {
    const record = await storages[name]("record").loadWithMetadata();
    return (
      record && {
        ...record.metadata,
        revision: record.snapshot.revision as string,
        length: `${record.snapshot.data}`.length,
      }
    );
  },

  /** Keeps a connection open that does not give way to upgrades, as other code may do. */
  keepOpen: () =>
    new Promise<number>((resolve) => {
      const opening = indexedDB.open("application");
      opening.onsuccess = () => {
        kept = opening.result;
        resolve(kept.version);
      };
    }),
  letGo: () => kept.close(),
  saveIn: (storeName: string, blockedTimeoutMs: number) =>
    Promise.resolve(
      createIndexedDBBackend({ dbName: "application", storeName, blockedTimeoutMs }).save({
        revision: "1" as SnapshotEnvelope["revision"],
        data: storeName,
      }),
    ).then(() => "saved", named),
  /** Removes the database under the backend, as a user does who clears the site's data. */
  deleteDatabase: () =>
    new Promise<string>((resolve) => {
      const deleting = indexedDB.deleteDatabase("application");
      deleting.onsuccess = () => resolve("deleted");
      deleting.onblocked = () => resolve("blocked");
    }),
  /** Makes transactions end without a commit after each `put` has succeeded, the next so many times. */
  abortTransactions: (times: number) => {
    const { put } = IDBObjectStore.prototype;
    let left = times;
    IDBObjectStore.prototype.put = function (...given) {
      const request = put.apply(this, given);
      if (left > 0) {
        left -= 1;
        request.addEventListener("success", () => request.transaction?.abort());
      }
      return request;
    };
  },
  fill: (name: "localStorage") => {
    for (let size = 1 << 22; size >= 1; size >>= 1) {
      try {
        globalThis[name].setItem("ballast", (globalThis[name].getItem("ballast") ?? "") + "x".repeat(size));
      } catch {
        // Half as much may fit.
      }
    }
  },

  run: (name: string) => {
    leader = createTabLeader({
      name,
      onLead: () => events.push("lead"),
      onResign: () => events.push("resign"),
    });
  },
  isLeader: () => leader.isLeader(),
  resign: () => leader.resign(),
};

expose(subject);
