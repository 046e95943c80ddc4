import { createRevisionSync, type RevisionSync } from "@statesync/core";
import {
  createIndexedDBBackend,
  createPersistenceApplier,
  loadPersistedSnapshot,
} from "@statesync/persistence";
import {
  createHttpProvider,
  createServerSentEventsSubscriber,
  createStorageEventSubscriber,
  createTabSource,
  type TabSource,
} from "@statesync/web";
import { expose } from "../rig/expose.js";

type Ids = readonly string[];

const errors: string[] = [];
const acknowledged: string[] = [];
let shown: { revision: string; data: unknown } | undefined;
let applied = 0;
let source: TabSource<Ids, string> | undefined;
let cache: ReturnType<typeof createIndexedDBBackend<Ids>> | undefined;
let sync: RevisionSync;
let returned = 0;
addEventListener("pageshow", ({ persisted }) => {
  returned += persisted ? 1 : 0;
});

const note = (error: unknown) => void errors.push(error instanceof Error ? error.message : String(error));
const applier = {
  apply({ revision, data }: { revision: string; data: unknown }) {
    applied += 1;
    shown = { revision, data };
  },
};
const options = {
  applier,
  onError: ({ phase, error }: { phase: string; error: unknown }) => note(`${phase}: ${error}`),
};

/** Whole readers, of what an application would put together. */
export const subject = {
  /** Tabs without a server, with a cache in IndexedDB. */
  async openTabs(name: string) {
    const storage = createIndexedDBBackend<Ids>({ dbName: name, storeName: "records" });
    cache = storage;
    const tabs = createTabSource<Ids, string>({
      topic: "ids",
      channelName: name,
      async initial() {
        let kept: Ids = [];
        await loadPersistedSnapshot<Ids>(storage, {
          apply({ data }) {
            kept = data;
          },
        });
        return kept;
      },
      reduce: (ids, id) => [...ids, id],
      onError: note,
    });
    source = tabs;
    sync = createRevisionSync<Ids>({
      ...options,
      topic: "ids",
      subscriber: tabs.subscriber,
      provider: tabs.provider,
      applier: createPersistenceApplier<Ids>({ storage, applier, onPersistenceError: note }),
    });
    await sync.start();
  },
  /** Server-sent events and HTTP. */
  async openServer() {
    sync = createRevisionSync({
      ...options,
      topic: "state",
      subscriber: createServerSentEventsSubscriber({
        url: "/events",
        retry: { initialDelayMs: 1, maxDelayMs: 20 },
      }),
      provider: createHttpProvider({ url: "/state" }),
    });
    await sync.start();
  },
  /** Storage events and HTTP. */
  async openStorage(key: string) {
    sync = createRevisionSync({
      ...options,
      topic: "state",
      subscriber: createStorageEventSubscriber({ key }),
      provider: createHttpProvider({ url: "/state" }),
    });
    await sync.start();
  },
  /** Dispatches without waiting for one before the next. */
  dispatch(ids: string[]) {
    for (const id of ids) {
      source?.dispatch(id).then(() => acknowledged.push(id), note);
    }
  },
  acknowledged: () => acknowledged,
  /** What the next run would find. */
  kept: async () => (await cache?.load())?.data ?? [],
  isSource: () => source?.isSource ?? false,
  shown: () => shown,
  place: () => ({ revision: sync.getLocalRevision() as string, epoch: sync.getLocalEpoch() }),
  applied: () => applied,
  errors: () => errors,
  status: () => sync.status as string,
  returned: () => returned,
};

expose(subject);
