import type { SnapshotEnvelope } from "@statesync/protocol";
import { afterEach, describe, expect, it } from "vitest";
import {
  type CrossTabSync,
  createCrossTabSync,
  createMemoryStorageBackend,
  createPersistenceApplierWithDefaults,
  createTabLeader,
  isBroadcastChannelSupported,
  type PersistenceError,
  type TabLocks,
  withCrossTabSync,
} from "../src/index.js";
import { createClock, createLayer, settled } from "./layer.js";
import { metadata, snapshot } from "./suites/storage.js";

const open: CrossTabSync[] = [];
afterEach(() => {
  for (const tab of open.splice(0)) {
    tab.dispose();
  }
});

/** A tab on Node's own BroadcastChannel. Its clock stands still, so that it answers a request only where a test wants it. */
function createTab(name: string, options: Partial<Parameters<typeof createCrossTabSync>[0]> = {}) {
  const received: SnapshotEnvelope[] = [];
  const errors: PersistenceError[] = [];
  const tab = createCrossTabSync({
    channelName: name,
    clock: createClock(),
    onSnapshot: (given) => received.push(given),
    onError: (error) => errors.push(error),
    ...options,
  });
  open.push(tab);
  return { ...tab, received, errors };
}

describe("cross-tab messages", () => {
  it("reach the other tabs, not the own one", async () => {
    const [one, two, other] = [createTab("a"), createTab("a"), createTab("b")];
    one.broadcast(snapshot("1", { a: 1 }, "e"));
    await expect.poll(() => two.received).toEqual([snapshot("1", { a: 1 }, "e")]);
    expect([one.received, other.received]).toEqual([[], []]);
    expect(one.getTabId()).toMatch(/^[0-9a-f]{16}$/);
    expect(one.getTabId()).not.toBe(two.getTabId());
    expect([one.isSupported(), isBroadcastChannelSupported()]).toEqual([true, true]);
  });

  it("come from a sourceId of the tab's own, made of 64 bits (PRS-48) that `random` has no part in (PRS-71)", () => {
    const asked: number[] = [];
    const ids = Array.from({ length: 50 }, () =>
      createTab("ids", { random: () => asked.push(0) * 0 }).getTabId(),
    );
    expect(ids.filter((id) => !/^[0-9a-f]{16}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(asked).toEqual([]);
  });

  it("of other topics are ignored, also without a look at their data", async () => {
    const [one, two] = [createTab("a", { topic: "one" }), createTab("a", { topic: "two" })];
    one.broadcast(snapshot("1"));
    const [three] = [createTab("a", { topic: "one" })];
    one.broadcast(snapshot("2"));
    await expect.poll(() => three.received).toEqual([snapshot("2")]);
    expect(two.received).toEqual([]);
    expect(() => createTab("a", { topic: " " })).toThrow(expect.objectContaining({ option: "topic" }));
  });

  it("that are none are reported, and nothing is thrown (PRS-50)", async () => {
    const tab = createTab("a");
    const channel = new BroadcastChannel("a");
    for (const message of [
      null,
      "text",
      { type: "snapshot" },
      { type: "snapshot", sourceId: "x", snapshot: { revision: "01", data: 1 } },
    ]) {
      channel.postMessage(message);
    }
    await expect
      .poll(() => tab.errors.map(({ kind }) => kind))
      .toEqual(["channel", "channel", "channel", "channel"]);
    channel.close();
  });

  it("that cannot be cloned are reported with the platform's error", () => {
    const tab = createTab("a");
    tab.broadcast(snapshot("1", () => {}));
    expect(tab.errors).toMatchObject([{ kind: "channel", cause: { name: "DataCloneError" } }]);
  });

  it.each([
    ["the last that was broadcast", { onSyncRequest: null }, "7"],
    ["what the application knows", { onSyncRequest: () => snapshot("8") }, "8"],
  ])("ask for a snapshot when a tab opens, and get %s (PRS-56, PRS-57)", async (_, options, revision) => {
    const clock = createClock();
    const one = createTab("a", { ...options, clock, random: () => 0.5 });
    one.broadcast(snapshot("7"));
    const two = createTab("a");
    await settled();
    await expect
      .poll(() => {
        clock.move(50);
        return two.received;
      })
      .toEqual([snapshot(revision)]);
  });

  it("are not sent or received any more after dispose", async () => {
    const [one, two] = [createTab("a"), createTab("a")];
    two.dispose();
    one.broadcast(snapshot("1"));
    two.broadcast(snapshot("2"));
    const three = createTab("a");
    one.broadcast(snapshot("3"));
    await expect.poll(() => three.received).toEqual([snapshot("3")]);
    expect([one.received, two.received]).toEqual([[], []]);
  });

  it("are dropped in silence where there is no channel (PRS-62)", () => {
    const { BroadcastChannel } = globalThis;
    Reflect.deleteProperty(globalThis, "BroadcastChannel");
    try {
      const tab = createTab("a");
      tab.broadcast(snapshot("1"));
      tab.notifyClear();
      expect([tab.isSupported(), tab.errors]).toEqual([false, []]);
    } finally {
      globalThis.BroadcastChannel = BroadcastChannel;
    }
  });
});

describe("persistence layers in two tabs", () => {
  const inTab = (options: Parameters<typeof createLayer>[0] = {}) => {
    const crossTabSync = createTab("layers");
    return createLayer({ crossTabSync, ...options });
  };

  it("do not echo: one apply is one message, one apply in the other tab, and one save", async () => {
    const [one, two] = [inTab(), inTab()];
    const listener = createTab("layers");
    one.layer.apply(snapshot("1"));
    await expect.poll(() => two.states).toEqual([snapshot("1")]);
    for (const { clock } of [one, two, one, two]) {
      clock.move(10_000);
      await settled();
    }
    expect(listener.received).toHaveLength(1);
    expect([one, two].map(({ layer }) => layer.getStats().saveCount)).toEqual([1, 0]);
  });

  it("offer what comes to their engine, and send it again in no case (PRS-53, PRS-54)", async () => {
    const [one, two] = [inTab(), inTab()];
    const offers: string[] = [];
    two.layer.attach({
      async offer(offered) {
        offers.push(offered.revision);
        await two.layer.apply(offered);
        return true;
      },
    });
    one.layer.apply(snapshot("1"));
    one.layer.apply(snapshot("0"));
    await expect.poll(() => offers).toEqual(["1", "0"]);
    expect(two.layer.getStats().saveCount).toBe(0);
    expect(one.states).toHaveLength(2);
  });

  it("send what was applied, whatever the application and the store do (PRS-51)", async () => {
    const storage = createMemoryStorageBackend({ failOnSave: true });
    const [one, two] = [inTab({ storage }), inTab()];
    one.layer.apply(snapshot("1", { a: 1 }));
    await expect.poll(() => two.states).toEqual([snapshot("1", { a: 1 })]);
  });

  it("report a snapshot of another tab that cannot be applied (PRS-72)", async () => {
    const two = inTab({
      applier: {
        apply() {
          throw new Error("no");
        },
      },
    });
    const one = inTab();
    one.layer.apply(snapshot("1"));
    await expect.poll(() => two.errors).toMatchObject([{ kind: "channel", cause: { message: "no" } }]);
  });
});

describe("storage that tells the tabs", () => {
  it("sends what is saved, before the save and whatever becomes of it, and what is cleared", async () => {
    const cleared: unknown[] = [];
    const other = createTab("storage", { onClear: () => cleared.push(true) });
    const memory = createMemoryStorageBackend({ failOnSave: true });
    const storage = withCrossTabSync(memory, { channelName: "storage" });
    open.push(storage.crossTab);
    expect(() => storage.save(snapshot("1"))).toThrow("told to fail");
    memory.setFailMode({ failOnSave: false });
    await storage.saveWithMetadata(snapshot("2"), metadata());
    await storage.saveWithMetadata(snapshot("3", "x"), metadata({ compressed: true }));
    await storage.clear();
    await expect.poll(() => other.received.map(({ revision }) => revision)).toEqual(["1", "2"]);
    await expect.poll(() => cleared).toEqual([true]);
    expect(memory.getRawData()).toBe(null);
  });

  it.each([
    ["goes", () => true, 1],
    ["is damaged and goes", () => "damaged" as const, 1],
    ["stays", () => false, 0],
  ])("tells of a clearing only where it is one (PRS-37): the record %s", async (_, judge, told) => {
    const posted: string[] = [];
    const memory = createMemoryStorageBackend();
    const storage = withCrossTabSync(memory, {
      channelName: "judged",
      receiveUpdates: false,
      channel: {
        postMessage: (message) => void posted.push((message as { type: string }).type),
        onmessage: null,
        close() {},
      },
    });
    await memory.save(snapshot("1"));
    await storage.clear(judge);
    expect(posted).toEqual(told ? ["clear"] : []);
    expect(memory.getRawData() === null).toBe(told === 1);
  });

  it("tells of no clearing that fails (PRS-37)", async () => {
    const posted: unknown[] = [];
    const channel = {
      postMessage: (message: unknown) => void posted.push(message),
      onmessage: null,
      close() {},
    };
    const failing = { save() {}, load: () => null, clear: () => Promise.reject(new Error("no")) };
    const storage = withCrossTabSync(failing, { channelName: "failing", receiveUpdates: false, channel });
    await expect(storage.clear()).rejects.toThrow("no");
    expect(posted).toEqual([]);
  });

  it("does not send again what another tab has sent (PRS-54)", async () => {
    const other = createTab("storage");
    const heard: string[] = [];
    const storage = withCrossTabSync(createMemoryStorageBackend(), {
      channelName: "storage",
      onSnapshot: (given) => heard.push(given.revision),
    });
    open.push(storage.crossTab);
    other.broadcast(snapshot("5"));
    await expect.poll(() => heard).toEqual(["5"]);
    await storage.save(snapshot("5"));
    await storage.save(snapshot("6"));
    await expect.poll(() => other.received.map(({ revision }) => revision)).toEqual(["6"]);
  });
});

describe("persistence applier with defaults", () => {
  it("waits for a pause, has a hash, and opens the channel by its name", async () => {
    const storage = createMemoryStorageBackend();
    const clock = createClock();
    const other = createTab("defaults");
    const layer = createPersistenceApplierWithDefaults({
      storage,
      applier: { apply() {} },
      clock,
      crossTabSync: { channelName: "defaults" },
    });
    layer.apply(snapshot("1"));
    expect(storage.getRawData()).toBe(null);
    clock.move(300);
    await expect.poll(() => storage.getRawData()?.metadata.hash).toHaveLength(64);
    await expect.poll(() => other.received).toHaveLength(1);
    await layer.dispose();
  });
});

describe("leader", () => {
  it("is every tab where there are no locks, or where they are forbidden", async () => {
    const forbidden: TabLocks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
    expect(createTabLeader({ name: "pull" }).isLeader()).toBe(true);
    const leader = createTabLeader({ name: "pull", locks: forbidden });
    await leader.leading;
    expect(leader.isLeader()).toBe(true);
  });

  it("leads no more after it has resigned, and not at all if it resigned before", async () => {
    const told: string[] = [];
    let grant = () => Promise.resolve();
    const locks: TabLocks = {
      request: (_, { signal }, held) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          grant = held;
        }),
    };
    const leader = createTabLeader({
      name: "a",
      locks,
      onLead: () => told.push("lead"),
      onResign: () => told.push("resign"),
    });
    leader.resign();
    await grant();
    expect([leader.isLeader(), told]).toEqual([false, []]);
    const second = createTabLeader({
      name: "a",
      locks,
      onLead: () => told.push("lead"),
      onResign: () => told.push("resign"),
    });
    const held = grant();
    second.resign();
    await held;
    expect([second.isLeader(), told]).toEqual([false, ["lead", "resign"]]);
  });

  it("leads no more after its lock was stolen, says so, and waits for the lock again", async () => {
    const { locks, requests } = createLocks();
    const { leader, told } = runFor(locks);
    requests[0]?.grant();
    expect([leader.isLeader(), told]).toEqual([true, ["lead"]]);
    requests[0]?.steal();
    await settled();
    expect([leader.isLeader(), told, requests.length]).toEqual([false, ["lead", "resign"], 2]);
    requests[1]?.grant();
    expect([leader.isLeader(), told]).toEqual([true, ["lead", "resign", "lead"]]);
    leader.resign();
    await requests[1]?.held;
    expect([leader.isLeader(), told]).toEqual([false, ["lead", "resign", "lead", "resign"]]);
  });

  it.each([
    ["when it is told that its lock was stolen", true],
    ["while it waits for its stolen lock", false],
  ])("does not run again if it resigned %s", async (_, atOnce) => {
    const { locks, requests } = createLocks();
    const { leader, told } = runFor(locks, () => atOnce && leader.resign());
    requests[0]?.grant();
    requests[0]?.steal();
    await settled();
    leader.resign();
    await settled();
    requests[1]?.grant();
    await requests[1]?.held;
    expect([leader.isLeader(), told]).toEqual([false, ["lead", "resign"]]);
  });
});

/** Locks that the test grants and steals. */
function createLocks() {
  const requests: { grant(): void; steal(): void; held?: Promise<void> }[] = [];
  const locks: TabLocks = {
    request: (_, { signal }, held) =>
      new Promise((_resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener("abort", () => reject(signal.reason));
        requests.push({
          grant() {
            this.held = held();
          },
          steal: () => reject(new DOMException("the lock was stolen", "AbortError")),
        });
      }),
  };
  return { locks, requests };
}

function runFor(locks: TabLocks, onResign: () => unknown = () => {}) {
  const told: string[] = [];
  const leader = createTabLeader({
    name: "stolen",
    locks,
    onLead: () => told.push("lead"),
    onResign() {
      told.push("resign");
      onResign();
    },
  });
  return { leader, told };
}
