import { createHash } from "node:crypto";
import type { PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";
import { describe, expect, it } from "vitest";
import {
  clearPersistedData,
  createCrossTabSync,
  createLZCompressionAdapter,
  createMemoryStorageBackend,
  createPersistenceApplier,
  createSimpleMigration,
  loadPersistedSnapshot,
  type PersistenceError,
  type StorageBackend,
} from "../src/index.js";
import { createClock, createLayer, settled } from "./layer.js";
import { snapshot } from "./suites/storage.js";

const kinds = (errors: PersistenceError[]) => errors.map(({ kind }) => kind);

describe("saving", () => {
  it("saves what was applied, not what the application makes of its objects afterwards (PRS-3)", async () => {
    const { layer, storage, clock } = createLayer({ debounceMs: 50 });
    const data = { list: [1] };
    layer.apply(snapshot("1", data));
    data.list.push(2);
    clock.move(50);
    expect(storage.getRawData()?.snapshot.data).toEqual({ list: [1] });
  });

  it("is done at once where backend and compressor are: the page may go (PRS-36)", () => {
    const { layer, storage, hide, clock } = createLayer({
      debounceMs: 5_000,
      compression: createLZCompressionAdapter(),
    });
    layer.apply(snapshot("1", "a".repeat(100)));
    expect(storage.getRawData()).toBe(null);
    hide();
    expect(storage.getRawData()).toMatchObject({
      snapshot: { revision: "1" },
      metadata: { compressed: true },
    });
    clock.move(10_000);
    expect(layer.getStats().saveCount).toBe(1);
  });

  it("is done at once with a hash too, once that is there (PRS-36)", async () => {
    const { layer, storage, hide } = createLayer({ debounceMs: 5_000, enableHash: true });
    layer.apply(snapshot("1", null));
    await expect.poll(() => layer.hasPendingSave()).toBe(true);
    await globalThis.crypto.subtle.digest("SHA-256", new Uint8Array());
    await settled();
    hide();
    await expect.poll(() => storage.getRawData()?.metadata.hash).toMatch(/^74234e98/);
  });

  it("is done at once with a hash that the application computes at once", () => {
    const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
    const { layer, storage, hide } = createLayer({ debounceMs: 5_000, enableHash: true, sha256 });
    layer.apply(snapshot("1", null));
    hide();
    expect(storage.getRawData()?.metadata.hash).toMatch(/^74234e98/);
  });

  it.each([
    ["a function", { a: () => {} }, '"/a"'],
    [
      "a cycle",
      Object.assign(
        [],
        [0].map(() => cyclic()),
      ),
      "/0",
    ],
  ])("reports data that is not JSON, and stores nothing of it (PRS-4): %s", async (_, data, place) => {
    const { layer, storage, errors } = createLayer();
    layer.apply(snapshot("1", data));
    expect(kinds(errors)).toEqual(["not-serializable"]);
    expect(errors[0]?.message).toContain(place);
    expect(storage.getRawData()).toBe(null);
    expect(layer.hasPendingSave()).toBe(false);
    await layer.flush();
  });

  it("hands a backend that knows no records the whole record, inside of an envelope", async () => {
    const stored: SnapshotEnvelope[] = [];
    const storage: StorageBackend = {
      // A backend as applications have them: it takes the envelope apart and puts it together again.
      save: async ({ revision, data }) => void stored.splice(0, 1, structuredClone({ revision, data })),
      load: async () => stored[0] ?? null,
    };
    const first = createLayer({ storage, schemaVersion: 2, ttlMs: 60_000, enableHash: true });
    first.layer.apply(snapshot("7", { a: 1 }));
    await first.layer.dispose();
    expect(stored[0]?.data).toMatchObject({
      snapshot: { revision: "7" },
      metadata: { ttlMs: 60_000, schemaVersion: 2 },
    });

    const second = createLayer({ storage, schemaVersion: 2 });
    expect(await loadPersistedSnapshot(storage, second.layer)).toBe(true);
    expect(second.states).toEqual([snapshot("7", { a: 1 })]);

    const late = createLayer({ storage, schemaVersion: 2, wallClock: () => 70_000 });
    expect(await loadPersistedSnapshot(storage, late.layer)).toBe(false);

    const older = createLayer({ storage, schemaVersion: 1 });
    older.layer.apply(snapshot("8"));
    await expect(older.layer.flush()).rejects.toMatchObject({ kind: "newer-schema" });
    expect(stored[0]?.revision).toBe("7");

    await expect(second.layer.clear()).rejects.toThrow("no function clear");
  });

  it("keeps the kind of an error that came over a bridge as a plain object", async () => {
    const storage: StorageBackend = {
      save: () => Promise.reject({ kind: "quota-exceeded", message: "the disk is full", cause: "ENOSPC" }),
      load: () => null,
    };
    const { layer, errors } = createLayer({ storage });
    layer.apply(snapshot("1"));
    await expect(layer.flush()).rejects.toMatchObject({ kind: "quota-exceeded", cause: "ENOSPC" });
    expect(kinds(errors)).toEqual(["quota-exceeded"]);
  });

  it("does not let one apply become more than one save and one message", async () => {
    const { layer, storage, clock } = createLayer();
    layer.attach({
      async offer(offered) {
        await layer.apply(offered);
        return true;
      },
    });
    layer.apply(snapshot("1"));
    clock.move(60_000);
    await settled();
    expect(storage.getSavedSnapshots()).toHaveLength(1);
  });

  it("does not make an application that forgets dispose()'s outcome fail (ENG-75)", async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", listener);
    const { layer } = createLayer({
      storage: createMemoryStorageBackend({ failOnSave: true }),
      debounceMs: 5,
    });
    layer.apply(snapshot("1"));
    layer.flush();
    layer.dispose();
    layer.clear();
    await settled();
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });

  it("drops failures of the application's callbacks, at once or later (PRS-65)", async () => {
    const storage = createMemoryStorageBackend({ failOnSave: true });
    const { layer } = createLayer({
      storage,
      onPersistenceError: async () => {
        throw new Error("later");
      },
    });
    layer.on("saveStart", () => {
      throw new Error("at once");
    });
    layer.apply(snapshot("1"));
    await settled();
    expect(layer.getStats().saveErrorCount).toBe(1);
  });
});

describe("loading", () => {
  it("offers the record to the engine, which judges it (PRS-14)", async () => {
    const { layer, storage, states } = createLayer();
    await storage.save(snapshot("5", "old"));
    const offered: SnapshotEnvelope[] = [];
    layer.attach({ offer: async (given) => offered.push(given) > 1 });
    expect(await loadPersistedSnapshot(storage, layer)).toBe(false);
    expect(offered).toEqual([snapshot("5", "old")]);
    expect(states).toEqual([]);
  });

  it("goes through the gate of the layer also where the applier inside is named", async () => {
    const applied: SnapshotEnvelope[] = [];
    const inner = { apply: (given: SnapshotEnvelope) => void applied.push(given) };
    const storage = createMemoryStorageBackend();
    await storage.save(snapshot("5"));
    const layer = createPersistenceApplier({ storage, applier: inner });
    await layer.apply(snapshot("6"));
    expect(await loadPersistedSnapshot(storage, inner)).toBe(false);
    expect(applied).toEqual([snapshot("6")]);
    await layer.dispose();
  });

  it("works with an applier that is no persistence applier, and saves what it migrated", async () => {
    const storage = createMemoryStorageBackend();
    await storage.saveWithMetadata(snapshot("5", "a"), {
      savedAt: 7,
      schemaVersion: 1,
      sizeBytes: 3,
      compressed: false,
    });
    const applied: SnapshotEnvelope[] = [];
    const applier = { apply: (given: SnapshotEnvelope) => void applied.push(given) };
    const migration = createSimpleMigration(2, (data: string) => `${data}!`);
    expect(await loadPersistedSnapshot(storage, applier, { migration })).toBe(true);
    expect(applied).toEqual([snapshot("5", "a!")]);
    expect(storage.getRawData()).toMatchObject({
      snapshot: { data: "a!" },
      metadata: { savedAt: 7, schemaVersion: 2 },
    });
  });

  it("tells the callback of the call, or the layer's", async () => {
    const { layer, storage, errors } = createLayer();
    storage.setRawData({ no: "record" });
    const told: PersistenceError[] = [];
    await loadPersistedSnapshot(storage, layer, (error) => told.push(error));
    await loadPersistedSnapshot(storage, layer);
    expect([kinds(told), kinds(errors)]).toEqual([["unreadable"], ["unreadable"]]);
  });

  it.each([
    ["is no record", (record: PersistedSnapshot) => ({ ...record, metadata: {} }), {}, "unreadable"],
    [
      "is compressed with something else",
      (record: PersistedSnapshot) => ({ ...record, metadata: { ...record.metadata, compressed: true } }),
      {},
      "unreadable",
    ],
    [
      "was changed",
      (record: PersistedSnapshot) => ({ ...record, snapshot: { ...record.snapshot, data: "changed" } }),
      {},
      "hash-mismatch",
    ],
    [
      "cannot be migrated",
      (record: PersistedSnapshot) => ({ ...record, metadata: { ...record.metadata, schemaVersion: 0 } }),
      {},
      "migration-failed",
    ],
    ["is refused", (record: PersistedSnapshot) => record, { validate: () => false }, "invalid-data"],
  ])(
    "a record that %s is reported, does not keep a save away by its revision, and is set aside (PRS-69, PRS-70)",
    async (_, damage, options, kind) => {
      const first = createLayer({ enableHash: true });
      first.layer.apply(snapshot("900", "good"));
      await first.layer.dispose();
      const { layer, storage, errors, states } = createLayer();
      const damaged = damage(first.storage.getRawData() as PersistedSnapshot);
      storage.setRawData(damaged);

      expect(await loadPersistedSnapshot(storage, layer, options)).toBe(false);
      expect([kinds(errors), states]).toEqual([[kind], []]);
      expect(storage.getRawData()).toEqual(damaged);

      layer.apply(snapshot("3", "from the source"));
      await layer.flush();
      expect(storage.getRawData()?.snapshot).toEqual(snapshot("3", "from the source"));
      expect(storage.getDamagedData()).toEqual(damaged);
    },
  );

  it("leaves the validators out where it is told to, and adds one", async () => {
    const { layer, storage, errors } = createLayer({ validator: () => false });
    await storage.save(snapshot("1"));
    expect(await loadPersistedSnapshot(storage, layer, { validate: true })).toBe(false);
    expect(await loadPersistedSnapshot(storage, layer, { validate: false })).toBe(true);
    expect(kinds(errors)).toEqual(["invalid-data"]);
  });

  it("refuses a migration to another version than the layer writes: it would lose data", async () => {
    const { layer, storage } = createLayer({ schemaVersion: 1 });
    const migration = createSimpleMigration(2, (data) => data);
    await expect(loadPersistedSnapshot(storage, layer, { migration })).rejects.toMatchObject({
      option: "migration",
    });
    const adopted = createLayer({ migration });
    adopted.layer.apply(snapshot("1"));
    expect(adopted.storage.getRawData()?.metadata.schemaVersion).toBe(2);
  });

  it("says that there is no Web Crypto, instead of taking the record unverified", async () => {
    const noCrypto = () => {
      throw new TypeError("no crypto here");
    };
    const { layer, storage, errors } = createLayer({ sha256: noCrypto });
    await storage.saveWithMetadata(snapshot("1"), {
      savedAt: 0,
      schemaVersion: 1,
      sizeBytes: 3,
      compressed: false,
      hash: "00",
    });
    expect(await loadPersistedSnapshot(storage, layer)).toBe(false);
    expect(errors).toHaveLength(1);
    expect(await loadPersistedSnapshot(storage, layer, { verifyHash: false })).toBe(true);
  });
});

describe("clearing", () => {
  it("by the storage drops what its layer has not saved yet (PRS-37, PRS-38)", async () => {
    const { layer, storage, clock } = createLayer({ debounceMs: 50 });
    layer.apply(snapshot("1"));
    await clearPersistedData(storage);
    clock.move(60_000);
    await layer.dispose();
    expect(storage.getRawData()).toBe(null);
  });

  it("tells the other tabs by the connection that is given, once the store is empty", async () => {
    const storage = createMemoryStorageBackend();
    await storage.save(snapshot("1"));
    const seen: unknown[] = [];
    await clearPersistedData(storage, { notifyClear: () => seen.push(storage.getRawData()) });
    expect(seen).toEqual([null]);
  });

  it.each([
    ["of the layer, once", "same", ["own"]],
    ["of the layer, and the one that is given", "live", ["own", "given"]],
    ["that is given, where the layer's is closed", "disposed", ["given"]],
    ["that is given, where the layer is about to close", "disposing", ["given"]],
  ])("tells the other tabs by the connection %s (PRS-37)", async (_, state, told) => {
    const posted: string[] = [];
    const tabOn = (name: string) =>
      createCrossTabSync({
        channelName: name,
        receiveUpdates: false,
        channel: { postMessage: () => void posted.push(name), onmessage: null, close() {} },
      });
    const own = tabOn("own");
    const { layer, storage } = createLayer({ crossTabSync: own });
    await storage.save(snapshot("1"));
    const ended = state.startsWith("dispos") ? layer.dispose() : undefined;
    if (state === "disposed") {
      await ended;
    }
    await clearPersistedData(storage, state === "same" ? own : tabOn("given"));
    expect(storage.getRawData()).toBe(null);
    expect(posted).toEqual(told);
  });

  it("tells no tab where it fails (PRS-37)", async () => {
    const { layer, storage } = createLayer({ storage: { save() {}, load: () => null } });
    const told: unknown[] = [];
    const notifyClear = () => told.push(true);
    await expect(clearPersistedData(layer, { notifyClear })).rejects.toThrow("no function clear");
    expect([told, storage.getRawData()]).toEqual([[], null]);
  });
});

describe("after dispose", () => {
  it("nothing is loaded through the layer, but through the applier inside as if there had been none (PRS-13)", async () => {
    const storage = createMemoryStorageBackend();
    await storage.save(snapshot("5"));
    const applied: SnapshotEnvelope[] = [];
    const applier = { apply: (given: SnapshotEnvelope) => void applied.push(given) };
    const disposed = createPersistenceApplier({ storage, applier });
    const ended = disposed.dispose();
    expect(await loadPersistedSnapshot(storage, applier)).toBe(true);
    await ended;
    expect(await loadPersistedSnapshot(storage, disposed)).toBe(false);
    expect(applied).toEqual([snapshot("5")]);
  });

  it("a layer that has taken its place stays known", async () => {
    const applier = { apply() {} };
    const storage = createMemoryStorageBackend();
    const first = createPersistenceApplier({ storage, applier });
    const { layer, clock } = createLayer({ storage, applier, debounceMs: 50 });
    await first.dispose();
    layer.apply(snapshot("1"));
    await clearPersistedData(storage);
    clock.move(60_000);
    expect([layer.hasPendingSave(), storage.getRawData()]).toEqual([false, null]);
  });

  it("a clearing waits for the save that is still in flight (PRS-35, PRS-37)", async () => {
    const clock = createClock();
    const storage = createMemoryStorageBackend({ latencyMs: 100, clock });
    const { layer } = createLayer({ storage, clock });
    layer.apply(snapshot("1"));
    const ended = layer.dispose();
    const cleared = clearPersistedData(storage);
    for (let turn = 0; turn < 10; turn++) {
      clock.move(100);
      await settled();
    }
    await Promise.all([ended, cleared]);
    expect(storage.getRawData()).toBe(null);
  });
});

describe("options", () => {
  it.each([
    ["schemaVersion", { schemaVersion: 1.5 }],
    ["ttlMs", { ttlMs: -1 }],
    ["saveTimeoutMs", { saveTimeoutMs: 0 }],
    ["loadTimeoutMs", { loadTimeoutMs: Number.POSITIVE_INFINITY }],
    ["maxWaitMs", { throttling: { throttleMs: 5, maxWaitMs: 4 } }],
    ["debounceMs", { debounceMs: -1 }],
    ["crossTabSync", { crossTabSync: { channelName: "not opened" } as never }],
  ])("are refused with their name: %s (PRS-1)", (name, options) => {
    expect(() => createLayer(options)).toThrow(
      expect.objectContaining({ option: expect.stringMatching(`${name}$`) }),
    );
  });

  it("that are null have their defaults (ENG-8)", async () => {
    const nothing = {
      throttling: null,
      debounceMs: null,
      schemaVersion: null,
      ttlMs: null,
      compression: null,
      enableHash: null,
    };
    const { layer, storage } = createLayer({
      ...nothing,
      crossTabSync: null,
      migration: null,
      validator: null,
      sha256: null,
    });
    layer.apply(snapshot("1"));
    expect(storage.getRawData()?.metadata).toMatchObject({ schemaVersion: 1, compressed: false });
  });
});

function cyclic() {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}
