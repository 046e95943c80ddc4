import type { SnapshotEnvelope } from "@statesync/protocol";
import { describe, expect, it } from "vitest";
import { loadPersistedSnapshot, type PersistenceApplierOptions, type StorageBackend } from "../src/index.js";
import { createLayer, settled } from "./layer.js";
import { metadata, snapshot } from "./suites/storage.js";

/** Work of the application that the test ends, or never. */
function createHanging<T>() {
  const ends: ((value: T) => void)[] = [];
  return { begin: () => new Promise<T>((resolve) => ends.push(resolve)), ends };
}

/** How a call ended, without waiting for one that does not. */
async function outcomeOf(call: Promise<unknown>) {
  let outcome: unknown = "under way";
  call.then(
    (value) => {
      outcome = value === undefined ? "done" : value;
    },
    ({ kind }) => {
      outcome = kind;
    },
  );
  await settled();
  return () => outcome;
}

const kinds = (errors: readonly { kind: string }[]) => errors.map(({ kind }) => kind);

/** What may hang while a save is prepared, and what the layer is given for it. */
const preparations: [string, (begin: () => Promise<never>) => Partial<PersistenceApplierOptions>][] = [
  [
    "a compressor",
    (compress) => ({ compression: { algorithm: "hangs", compress, decompress: (text) => text } }),
  ],
  ["sha256", (sha256) => ({ enableHash: true, sha256 })],
];

describe.each(preparations)("%s that never settles", (what, options) => {
  const begin = () => {
    const hanging = createHanging<never>();
    const made = createLayer({ saveTimeoutMs: 50, throttling: { throttleMs: 0 }, ...options(hanging.begin) });
    made.layer.apply(snapshot("1"));
    return { ...made, ...hanging };
  };

  it("makes the save time out, and stay pending (PRS-33)", async () => {
    const { layer, clock, errors, storage } = begin();
    const flushed = await outcomeOf(layer.flush());
    clock.move(49);
    await settled();
    expect([flushed(), kinds(errors)]).toEqual(["under way", []]);
    clock.move(1);
    await settled();
    expect([flushed(), kinds(errors)]).toEqual(["timeout", ["timeout"]]);
    expect(errors[0]?.message).toContain("50 ms");
    expect(errors[0]?.message).toContain(what === "sha256" ? "hash" : "compressor");
    expect([layer.hasPendingSave(), layer.getStats().saveErrorCount]).toEqual([true, 1]);
    expect(storage.getRawData()).toBe(null);
  });

  it("does not hold up a clearing, and what it makes late is not saved (PRS-38)", async () => {
    const { layer, clock, storage, ends } = begin();
    const cleared = await outcomeOf(layer.clear());
    clock.move(50);
    await settled();
    expect(cleared()).toBe("done");
    for (const end of ends) {
      end(new Uint8Array(32) as never);
    }
    await settled();
    expect([storage.getRawData(), layer.hasPendingSave()]).toEqual([null, false]);
  });

  it("does not hold up dispose (PRS-35)", async () => {
    const { layer, clock } = begin();
    const disposed = await outcomeOf(layer.dispose());
    clock.move(50);
    await settled();
    expect(disposed()).toBe("timeout");
  });
});

describe("a save", () => {
  it("that timed out while it was prepared is tried again (PRS-33)", async () => {
    const { begin, ends } = createHanging<string>();
    const { layer, clock, storage } = createLayer({
      saveTimeoutMs: 50,
      throttling: { throttleMs: 0 },
      compression: { algorithm: "slow", compress: begin, decompress: (text) => text },
    });
    layer.apply(snapshot("1", "a".repeat(50)));
    clock.move(50);
    await settled();
    const flushed = await outcomeOf(layer.flush());
    ends[1]?.("a");
    await settled();
    expect(flushed()).toBe("done");
    expect(storage.getRawData()).toMatchObject({
      snapshot: { revision: "1", data: "a" },
      metadata: { compressed: true },
    });
  });

  it("has one time for all that it does: preparation, the look at what is stored, the replacement", async () => {
    const { begin, ends } = createHanging<string>();
    const looks = createHanging<null>();
    const saved: SnapshotEnvelope[] = [];
    const storage: StorageBackend = { save: (given) => void saved.push(given), load: looks.begin };
    const { layer, clock, errors } = createLayer({
      storage,
      saveTimeoutMs: 50,
      throttling: { throttleMs: 0 },
      compression: { algorithm: "slow", compress: begin, decompress: (text) => text },
    });
    layer.apply(snapshot("1"));
    clock.move(30);
    ends[0]?.("a");
    await settled();
    expect(looks.ends).toHaveLength(1);
    clock.move(20);
    await settled();
    expect(kinds(errors)).toEqual(["timeout"]);
    looks.ends[0]?.(null);
    await settled();
    expect(saved).toEqual([]);
  });
});

describe("a load", () => {
  const stored = { snapshot: snapshot("5", "r5"), metadata: metadata({ hash: "a".repeat(64) }) };
  const compressed = { ...stored, metadata: metadata({ compressed: true }) };
  type Begin = () => Promise<never>;

  it.each<[string, unknown, string, (begin: Begin) => Partial<PersistenceApplierOptions>]>([
    ["sha256", stored, "hash", (sha256) => ({ sha256 })],
    [
      "a step of a migration",
      { ...stored, metadata: metadata() },
      "migration",
      (begin) => ({ migration: { currentVersion: 2, migrations: { 1: begin } } }),
    ],
    [
      "a compressor",
      compressed,
      "compressor",
      (decompress) => ({ compression: { algorithm: "hangs", compress: (text) => text, decompress } }),
    ],
  ])("ends with its time where %s never settles (PRS-13, PRS-16)", async (_, record, named, options) => {
    const { begin, ends } = createHanging<never>();
    const asked: unknown[] = [];
    const { layer, storage, clock, errors, states } = createLayer({
      loadTimeoutMs: 50,
      throttling: { throttleMs: 0 },
      validator: (data) => asked.push(data),
      ...options(begin),
    });
    storage.setRawData(record as never);
    const events: string[] = [];
    for (const event of ["migrated", "loadComplete"] as const) {
      layer.on(event, () => events.push(event));
    }
    const loaded = await outcomeOf(loadPersistedSnapshot(storage, layer));
    clock.move(49);
    await settled();
    expect(loaded()).toBe("under way");
    clock.move(1);
    await settled();
    expect([loaded(), kinds(errors)]).toEqual([false, ["timeout"]]);
    expect(errors[0]?.message).toContain(named);
    ends[0]?.('"late"' as never);
    await settled();
    expect([states, asked, events, kinds(errors)]).toEqual([[], [], [], ["timeout"]]);
    expect(storage.getRawData()).toEqual(record);
  });

  it("whose time is over says nothing against the record: it is not replaced by an older one (PRS-31)", async () => {
    const { layer, storage, clock } = createLayer({
      loadTimeoutMs: 50,
      throttling: { throttleMs: 0 },
      sha256: () => new Promise(() => {}),
    });
    storage.setRawData(stored);
    const loaded = await outcomeOf(loadPersistedSnapshot(storage, layer));
    clock.move(50);
    await settled();
    expect(loaded()).toBe(false);
    layer.apply(snapshot("4"));
    await layer.flush();
    expect(storage.getRawData()).toEqual(stored);
  });
});
