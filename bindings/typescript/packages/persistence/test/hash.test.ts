import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadPersistedSnapshot, type Sha256 } from "../src/index.js";
import { createLayer } from "./layer.js";
import { metadata, snapshot } from "./suites/storage.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

const hash = createHash("sha256").update('"r5"').digest("hex");
const stored = { snapshot: snapshot("5", "r5"), metadata: metadata({ hash }) };
const failing = (): never => {
  throw new Error("no crypto");
};

describe.each<[string, Sha256 | undefined]>([
  ["is not there, in an insecure context", undefined],
  ["fails at once", failing],
  ["fails later", () => Promise.reject(new Error("no crypto"))],
  ["gives no digest", () => new Uint8Array(3)],
  ["gives nothing", () => undefined as never],
])("SHA-256 that %s", (_, sha256) => {
  const open = () => {
    vi.stubGlobal("crypto", sha256 ? crypto : { getRandomValues: () => {} });
    const layer = createLayer({ sha256, throttling: { throttleMs: 0 } });
    layer.storage.setRawData(stored);
    return layer;
  };

  it("is told as unavailable, with what helps", async () => {
    const { layer, storage, states, errors } = open();
    expect(await loadPersistedSnapshot(storage, layer)).toBe(false);
    expect(errors).toMatchObject([{ name: "PersistenceError", kind: "unavailable" }]);
    expect(errors[0]?.message).toMatch(/^no hash could be computed: (?!no hash)/);
    expect(errors[0]?.message).toContain("sha256");
    expect(errors[0]?.message).toContain("verifyHash: false");
    expect(states).toEqual([]);
    expect(await loadPersistedSnapshot(storage, layer, { verifyHash: false })).toBe(true);
    expect(states).toEqual([stored.snapshot]);
  });

  it("says nothing against the record: it is neither set aside nor replaced by an older one (PRS-31)", async () => {
    const { layer, storage } = open();
    await loadPersistedSnapshot(storage, layer);
    layer.apply(snapshot("4"));
    await layer.flush();
    expect(storage.getRawData()).toEqual(stored);
    layer.apply(snapshot("6"));
    await layer.flush();
    expect(storage.getRawData()?.snapshot.revision).toBe("6");
    expect(storage.getDamagedData()).toBe(null);
  });

  it("makes a save with a hash fail as unavailable, and the next one be tried (PRS-33)", async () => {
    vi.stubGlobal("crypto", sha256 ? crypto : { getRandomValues: () => {} });
    const { layer, storage, errors } = createLayer({
      sha256,
      enableHash: true,
      throttling: { throttleMs: 0 },
    });
    layer.apply(snapshot("1"));
    await layer.flush().catch(() => {});
    expect(errors).toMatchObject([{ kind: "unavailable", message: expect.stringContaining("sha256") }]);
    expect([layer.hasPendingSave(), storage.getRawData()]).toEqual([false, null]);
    layer.apply(snapshot("2"));
    await layer.flush().catch(() => {});
    expect(errors).toHaveLength(2);
  });
});

it("what is no hash is a mismatch, also where none can be computed (PRS-18)", async () => {
  const { layer, storage, errors } = createLayer({ sha256: failing });
  storage.setRawData({ ...stored, metadata: metadata({ hash: hash.toUpperCase() }) });
  await loadPersistedSnapshot(storage, layer);
  expect(errors).toMatchObject([{ kind: "hash-mismatch" }]);
});
