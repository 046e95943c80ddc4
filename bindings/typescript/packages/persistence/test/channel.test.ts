import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { SnapshotEnvelope } from "@statesync/protocol";
import { describe, expect, it } from "vitest";
import { createCrossTabSync, type TabChannel } from "../src/index.js";
import { createClock, settled } from "./layer.js";
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
