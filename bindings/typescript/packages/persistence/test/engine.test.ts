import { createRevisionSync } from "@statesync/core";
import type { SnapshotEnvelope } from "@statesync/protocol";
import { afterEach, describe, expect, it } from "vitest";
import {
  type CrossTabSync,
  createCrossTabSync,
  createMemoryStorageBackend,
  createPersistenceApplier,
  loadPersistedSnapshot,
  type PersistenceApplier,
} from "../src/index.js";
import { createClock, settled } from "./layer.js";
import { snapshot } from "./suites/storage.js";

const ends: (() => unknown)[] = [];
afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

/** A whole reader: the real engine, a persistence layer, a channel. */
function createReader(options: { answer?: SnapshotEnvelope; name?: string } = {}) {
  const storage = createMemoryStorageBackend();
  const states: SnapshotEnvelope[] = [];
  const clock = createClock();
  const crossTabSync: CrossTabSync | undefined =
    options.name === undefined ? undefined : createCrossTabSync({ channelName: options.name, clock });
  const persisted: PersistenceApplier = createPersistenceApplier({
    storage,
    applier: { apply: (given) => void states.push(given) },
    throttling: { throttleMs: 0 },
    crossTabSync,
  });
  const sync = persisted.attach(
    createRevisionSync({
      topic: "settings",
      subscriber: { subscribe: async () => () => {} },
      provider: {
        getSnapshot: async () => options.answer ?? Promise.reject(new Error("the source is not there")),
      },
      applier: persisted,
    }),
  );
  ends.push(
    () => sync.stop(),
    () => persisted.dispose(),
  );
  return { storage, states, sync, persisted };
}

const revisions = (states: SnapshotEnvelope[]) => states.map(({ revision }) => revision);

describe("a persistence layer around the applier of an engine", () => {
  it("seeds the engine with the record, so that an older answer of a server does not replace it", async () => {
    const { storage, states, sync, persisted } = createReader({ answer: snapshot("4") });
    await storage.save(snapshot("5"));
    expect(await loadPersistedSnapshot(storage, persisted)).toBe(true);
    expect(sync.getLocalRevision()).toBe("5");
    sync.start().catch(() => {});
    await settled();
    await settled();
    expect(revisions(states)).toEqual(["5"]);
  });

  it("does not save what it has loaded, and does not renew its time", async () => {
    const { storage, persisted } = createReader();
    await storage.save(snapshot("5"));
    const before = storage.getRawData();
    await loadPersistedSnapshot(storage, persisted);
    await persisted.flush();
    expect(persisted.getStats().saveCount).toBe(0);
    expect(storage.getRawData()).toEqual(before);
  });

  it("does not let a record that comes late replace what the source gave", async () => {
    const { storage, states, sync, persisted } = createReader({ answer: snapshot("7") });
    storage.setRawData({
      snapshot: snapshot("6"),
      metadata: { savedAt: 0, schemaVersion: 1, sizeBytes: 3, compressed: false },
    });
    await sync.start();
    expect(await loadPersistedSnapshot(storage, persisted)).toBe(false);
    expect(revisions(states)).toEqual(["7"]);
    await persisted.flush();
    expect(storage.getRawData()?.snapshot.revision).toBe("7");
  });

  it("saves and sends what the source and the application give, and nothing of it twice (PRS-26, PRS-54)", async () => {
    const one = createReader({ answer: snapshot("1"), name: "engines" });
    const two = createReader({ name: "engines" });
    await one.sync.start();
    await expect.poll(() => revisions(two.states)).toEqual(["1"]);
    expect(two.sync.getLocalRevision()).toBe("1");
    expect(await one.sync.offer(snapshot("2"))).toBe(true);
    await expect.poll(() => revisions(two.states)).toEqual(["1", "2"]);
    await settled();
    expect([one, two].map(({ persisted }) => persisted.getStats().saveCount)).toEqual([2, 0]);
    expect(revisions(one.states)).toEqual(["1", "2"]);
  });
});
