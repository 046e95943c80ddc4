import { describe, expect, it } from "vitest";
import {
  createLocalStorageBackend,
  createMemoryStorageBackend,
  createSessionStorageBackend,
  createSharedMemoryStorage,
  type StorageBackendWithMetadata,
} from "../src/index.js";
import { createLayer } from "./layer.js";
import { kindOf, metadata, type StorageUnderTest, same, snapshot, storageTests } from "./suites/storage.js";

/** The part of `Storage` that backends use, for Node; browsers run the same tests with the real one. */
function createStorage(quota = Number.POSITIVE_INFINITY) {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > quota) {
        throw new DOMException("full", "QuotaExceededError");
      }
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
  };
}

function withGlobal<T>(name: "localStorage" | "sessionStorage", value: object, work: () => T): T {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return work();
}

const backends: Record<string, () => StorageUnderTest> = {
  memory() {
    const places = { one: createSharedMemoryStorage(), two: createSharedMemoryStorage() };
    const backend = places.one.createBackend();
    return {
      create: (place) => places[place].createBackend(),
      damage: () => backend.setRawData({ snapshot: "no record" }),
      damaged: () => backend.getDamagedData(),
    };
  },
  "memory that takes its time"() {
    const places = { one: createSharedMemoryStorage(), two: createSharedMemoryStorage() };
    const backend = places.one.createBackend();
    // The shortest latency there is: the suite waits for the calls, not for a time.
    const setTimer = (callback: () => void) => {
      queueMicrotask(callback);
      return () => {};
    };
    const clock = { now: () => 0, setTimer };
    return {
      create: (place) => places[place].createBackend({ latencyMs: 1, clock }),
      damage: () => backend.setRawData({ snapshot: "no record" }),
      damaged: () => backend.getDamagedData(),
    };
  },
  localStorage: () => inStorage("localStorage", createLocalStorageBackend),
  sessionStorage: () => inStorage("sessionStorage", createSessionStorageBackend),
};

function inStorage(
  name: "localStorage" | "sessionStorage",
  create: (options: { key: string }) => Required<StorageBackendWithMetadata>,
): StorageUnderTest {
  const storage = createStorage();
  return withGlobal(name, storage, () => ({
    create: (place) => create({ key: place }),
    damage: () => storage.setItem("one", "{ no JSON"),
    damaged: () => storage.getItem("one.damaged"),
  }));
}

describe.each(Object.entries(backends))("storage in %s", (_, create) => {
  it.each(storageTests)("$name", ({ run }) => run(create()));
});

describe("storage in localStorage", () => {
  it("says of a text that is no JSON that it is unreadable, with the cause", async () => {
    const storage = createStorage();
    storage.setItem("key", "{ no JSON");
    const backend = withGlobal("localStorage", storage, () => createLocalStorageBackend({ key: "key" }));
    expect(() => backend.loadWithMetadata()).toThrow(
      expect.objectContaining({ kind: "unreadable", cause: expect.any(SyntaxError) }),
    );
  });

  it("says that it is full, with the platform's error and what to do (PRS-47)", () => {
    const backend = withGlobal("localStorage", createStorage(10), () =>
      createLocalStorageBackend({ key: "key" }),
    );
    expect(() => backend.saveWithMetadata(snapshot("1"), metadata())).toThrow(
      expect.objectContaining({
        kind: "quota-exceeded",
        message: expect.stringMatching(/free space, compress/),
        cause: expect.objectContaining({ name: "QuotaExceededError" }),
      }),
    );
  });

  it("replaces a damaged record even where there is no room to set it aside", () => {
    const storage = createStorage(200);
    storage.items.set("key", "x".repeat(201));
    const backend = withGlobal("localStorage", storage, () => createLocalStorageBackend({ key: "key" }));
    backend.saveWithMetadata(snapshot("1"), metadata(), () => "damaged");
    expect([...storage.items.keys()]).toEqual(["key"]);
    expect((backend.load() as { revision: string }).revision).toBe("1");
  });

  it("is unavailable where the page may not use it, and asks again at the next call", async () => {
    const backend = createLocalStorageBackend({ key: "key" });
    Object.defineProperty(globalThis, "localStorage", {
      configurable: true,
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
    expect(await kindOf(() => backend.load())).toBe("unavailable");
    expect(withGlobal("localStorage", createStorage(), () => backend.load())).toBe(null);
  });

  it("keeps what a backend around it has made of the data", () => {
    const backend = withGlobal("localStorage", createStorage(), () =>
      createLocalStorageBackend({ key: "key" }),
    );
    const { layer } = createLayer({
      storage: {
        ...backend,
        saveWithMetadata: (snapshot, metadata, judge) =>
          backend.saveWithMetadata({ ...snapshot, data: "encrypted" }, metadata, judge),
      },
    });
    layer.apply(snapshot("1", { secret: true }));
    expect(localStorage.getItem("key")).toContain('"data":"encrypted"');
    expect(localStorage.getItem("key")).not.toContain("secret");
  });

  it("counts bytes, not characters", () => {
    const backend = withGlobal("localStorage", createStorage(), () =>
      createLocalStorageBackend({ key: "k" }),
    );
    backend.saveWithMetadata(snapshot("1", ""), metadata());
    const { used } = backend.getUsage() as { used: number };
    backend.saveWithMetadata(snapshot("1", "é😀"), metadata());
    expect((backend.getUsage() as { used: number }).used - used).toBe(6);
  });

  it("uses the application's own text", () => {
    const storage = createStorage();
    const backend = withGlobal("localStorage", storage, () =>
      createLocalStorageBackend({
        key: "k",
        serialize: (record) => `v1${JSON.stringify(record)}`,
        deserialize: (text) => JSON.parse(text.slice(2)),
      }),
    );
    backend.saveWithMetadata(snapshot("4"), metadata());
    expect(storage.getItem("k")).toMatch(/^v1\{/);
    expect((backend.load() as { revision: string }).revision).toBe("4");
  });
});

describe("storage in memory", () => {
  it("has what tests want to know", async () => {
    const backend = createMemoryStorageBackend();
    await backend.save(snapshot("1"));
    await backend.save(snapshot("2"));
    expect(backend.getSavedSnapshots().map(({ revision }) => revision)).toEqual(["1", "2"]);
    expect(backend.getRawData()?.snapshot).toEqual(snapshot("2"));
    backend.reset();
    expect([backend.getSavedSnapshots(), backend.getRawData()]).toEqual([[], null]);
  });

  it.each([
    ["failOnSave", (backend: ReturnType<typeof createMemoryStorageBackend>) => backend.save(snapshot("1"))],
    ["failOnLoad", (backend: ReturnType<typeof createMemoryStorageBackend>) => backend.load()],
  ])("fails when it is told to: %s", async (mode, work) => {
    const backend = createMemoryStorageBackend({ [mode]: true });
    expect(await kindOf(() => work(backend))).toBe("unavailable");
    backend.setFailMode({ [mode]: new DOMException("full", "QuotaExceededError") });
    expect(await kindOf(() => work(backend))).toBe("quota-exceeded");
    backend.setFailMode({ [mode]: false });
    expect(await kindOf(() => work(backend))).toBe("no error");
  });

  it("has no room for a record past maxSizeBytes, counted in bytes", async () => {
    const size = JSON.stringify({ snapshot: snapshot("1", "é"), metadata: metadata() }).length + 1;
    const full = createMemoryStorageBackend({ maxSizeBytes: size - 1 });
    expect(await kindOf(() => full.saveWithMetadata(snapshot("1", "é"), metadata()))).toBe("quota-exceeded");
    const fits = createMemoryStorageBackend({ maxSizeBytes: size });
    await fits.saveWithMetadata(snapshot("1", "é"), metadata());
    same((await fits.load())?.data, "é");
  });
});
