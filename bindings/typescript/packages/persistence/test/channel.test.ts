import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { SnapshotEnvelope } from "@statesync/protocol";
import { describe, expect, it } from "vitest";
import {
  clearPersistedData,
  createCrossTabSync,
  loadPersistedSnapshot,
  type TabChannel,
} from "../src/index.js";
import { createClock, createLayer, settled } from "./layer.js";
import { snapshot } from "./suites/storage.js";

/** A tab on a channel that the test holds the other end of: it sees what is posted, and brings messages at once. */
function createTab(options: Partial<Parameters<typeof createCrossTabSync>[0]> = {}) {
  const posted: { type: string; snapshot?: SnapshotEnvelope }[] = [];
  const channel: TabChannel = {
    postMessage: (message) => posted.push(message as (typeof posted)[number]),
    onmessage: null,
    close() {},
  };
  const clock = createClock();
  const tab = createCrossTabSync({ channelName: "held", channel, clock, random: () => 0.5, ...options });
  const receive = (message: object) =>
    channel.onmessage?.({ data: { sourceId: "other", ...message } } as MessageEvent);
  return {
    tab,
    clock,
    posted: (type: string) => posted.filter((message) => message.type === type),
    receive,
    hear: (given: SnapshotEnvelope) => receive({ type: "snapshot", snapshot: given }),
  };
}

describe("what a tab hears", () => {
  it("is not kept once it has been handed on, whether or not an answer waits", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const { tab, hear, receive } = createTab();
    tab.broadcast(snapshot("1"));
    const heard: WeakRef<object>[] = [];
    const hearMany = () => {
      for (let revision = 2; revision < 50; revision++) {
        const data = { revision };
        heard.push(new WeakRef(data));
        hear(snapshot(`${revision}`, data));
      }
    };
    hearMany();
    receive({ type: "request-sync" });
    hearMany();
    await settled();
    collectGarbage();
    // The last one may be kept for an applier that is not there yet.
    expect(heard.filter((reference) => reference.deref()).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ["nothing", [], ["7"]],
    ["the same", ["7"], []],
    ["a newer one, then an older one", ["8", "6"], []],
    ["an older one", ["6"], ["7"]],
  ])("while its answer waits silences it if that is as new (PRS-57): %s", (_, revisions, answered) => {
    const { tab, hear, receive, clock, posted } = createTab();
    tab.broadcast(snapshot("7"));
    // What came before the request is of no consequence.
    hear(snapshot("9"));
    receive({ type: "request-sync" });
    for (const revision of revisions) {
      hear(snapshot(revision));
    }
    clock.move(50);
    const [, ...answers] = posted("snapshot");
    expect(answers.map((answer) => answer.snapshot?.revision)).toEqual(answered);
  });
});

describe("a connection that a persistence applier takes", () => {
  const early = (revision: string, epoch?: string) => ({
    type: "snapshot",
    snapshot: snapshot(revision, revision, epoch),
  });
  const clear = { type: "clear" };

  it.each([
    ["one", [early("5")], {}, ["5"]],
    ["the newest of one epoch", [early("5"), early("7"), early("6")], {}, ["7"]],
    ["the latest of several epochs", [early("7", "a"), early("6", "b")], {}, ["6"]],
    ["none from before a clear", [early("5"), clear], {}, []],
    ["one after a clear", [early("5"), clear, early("4")], {}, ["4"]],
    ["none that the validator refuses", [early("5")], { validator: () => false }, []],
  ])("hands it what came before: %s", async (_, messages, options, applied) => {
    const heard: string[] = [];
    const { tab, receive } = createTab({ onSnapshot: ({ revision }) => heard.push(revision) });
    for (const message of messages) {
      receive(message);
    }
    const { layer, states, errors } = createLayer({ crossTabSync: tab, ...options });
    await settled();
    expect(states.map(({ revision }) => revision)).toEqual(applied);
    expect(errors.map(({ kind }) => kind)).toEqual("validator" in options ? ["channel"] : []);
    // It is told once, and neither saved nor sent again (PRS-54).
    expect(heard).toHaveLength(messages.filter(({ type }) => type === "snapshot").length);
    expect([layer.hasPendingSave(), layer.getStats().saveCount]).toEqual([false, 0]);
  });

  it("hands what came before to the engine that is attached at once", async () => {
    const { tab, hear } = createTab();
    hear(snapshot("5"));
    const { layer, states } = createLayer({ crossTabSync: tab });
    const offered: string[] = [];
    layer.attach({ offer: async ({ revision }) => offered.push(revision) > 1 });
    await settled();
    expect([offered, states]).toEqual([["5"], []]);
  });

  it("hands it nothing from before a clearing of the application's own", async () => {
    const { tab, hear } = createTab();
    hear(snapshot("5"));
    await clearPersistedData(createLayer().storage, tab);
    const { states } = createLayer({ crossTabSync: tab });
    await settled();
    expect(states).toEqual([]);
  });

  it.each([
    ["a clearing (PRS-58)", "clear"],
    ["dispose (PRS-35)", "dispose"],
  ] as const)("hands it nothing after %s", async (_, end) => {
    const { tab, hear } = createTab();
    hear(snapshot("5"));
    const { layer, states } = createLayer({ crossTabSync: tab });
    await layer[end]();
    await settled();
    expect(states).toEqual([]);
  });

  it("is not given to a second one: the first would hear nothing any more", async () => {
    const { tab, hear } = createTab();
    const first = createLayer({ crossTabSync: tab });
    expect(() => createLayer({ crossTabSync: tab })).toThrow(
      expect.objectContaining({
        option: "crossTabSync",
        message: expect.stringContaining("one createCrossTabSync for each persistence applier"),
      }),
    );
    hear(snapshot("6"));
    await settled();
    expect(first.states).toEqual([snapshot("6")]);
  });

  it("is not taken by a load that is given all options of an applier", async () => {
    const { tab, hear, posted } = createTab();
    const storage = createLayer().storage;
    await storage.save(snapshot("1"));
    const options = { storage, schemaVersion: 1, crossTabSync: tab };
    expect(await loadPersistedSnapshot(storage, { apply() {} }, options)).toBe(true);
    const { states } = createLayer({ crossTabSync: tab });
    hear(snapshot("6"));
    await settled();
    expect(states).toEqual([snapshot("6")]);
    await clearPersistedData(storage, tab);
    expect(posted("clear")).toHaveLength(1);
  });
});
