import { describe, expect, it } from "vitest";
import {
  createBroadcastChannelBroadcaster,
  createBroadcastChannelProvider,
  createBroadcastChannelResponder,
  createBroadcastChannelSubscriber,
} from "../src/index.js";
import { createManualClock, settle } from "./port/clock.js";
import { createTestPage } from "./port/page.js";
import { createRecorder } from "./port/recorder.js";
import { describeSubscriber, event } from "./port/suite.js";
import { until } from "./port/until.js";

let names = 0;
const freshName = () => {
  names += 1;
  return `test-${process.pid}-${names}`;
};

describeSubscriber("BroadcastChannel", () => {
  const channelName = freshName();
  const { page, restore, listeners } = createTestPage();
  let open = 0;
  const subscriber = createBroadcastChannelSubscriber({
    channelName,
    page,
    createChannel(name) {
      open += 1;
      const channel = new BroadcastChannel(name);
      return Object.assign(channel, {
        close() {
          open -= 1;
          BroadcastChannel.prototype.close.call(channel);
        },
      });
    },
  });
  const source = new BroadcastChannel(channelName);
  return {
    recorder: createRecorder(subscriber),
    send: (event) => source.postMessage(event),
    sendMalformed() {
      const malformed = [
        JSON.stringify(event("3")),
        null,
        7,
        [event("3")],
        { topic: " ", revision: "3" },
        { topic: "settings" },
      ];
      for (const message of malformed) {
        source.postMessage(message);
      }
      return malformed.length;
    },
    // A frozen page hears nothing: nothing is sent to it here, and then it is resumed.
    async lose() {
      restore();
    },
    attached: () => open + listeners(),
    close: () => source.close(),
  };
});

describe("BroadcastChannel", () => {
  it.each([
    [
      "pageshow of a page from the back/forward cache",
      (page: ReturnType<typeof createTestPage>) => page.restore(),
      1,
    ],
    ["pageshow of a page that was loaded", (page: ReturnType<typeof createTestPage>) => page.load(), 0],
    ["resume", (page: ReturnType<typeof createTestPage>) => page.resume(), 1],
    ["visibilitychange to visible", (page: ReturnType<typeof createTestPage>) => page.show("visible"), 1],
    ["visibilitychange to hidden", (page: ReturnType<typeof createTestPage>) => page.show("hidden"), 0],
  ])("TRA-2: %s", async (_name, happen, gaps) => {
    const testPage = createTestPage();
    const subscriber = createBroadcastChannelSubscriber({ channelName: freshName(), page: testPage.page });
    const recorder = createRecorder(subscriber);
    const index = (await recorder.subscribe()) as number;
    happen(testPage);
    expect(recorder.gaps(index)).toBe(gaps);
    await recorder.end(index);
    happen(testPage);
    expect(recorder.gaps(index)).toBe(gaps);
    expect(testPage.listeners()).toBe(0);
  });

  it("TRA-2: signals one gap for each return of the page, however many events tell of it", async () => {
    const page = createTestPage();
    const recorder = createRecorder(
      createBroadcastChannelSubscriber({ channelName: freshName(), page: page.page }),
    );
    const index = (await recorder.subscribe()) as number;
    for (const leave of [() => page.show("hidden"), page.hide, page.freeze]) {
      leave();
      page.resume();
      page.restore();
      page.show("visible");
    }
    expect(recorder.gaps(index)).toBe(3);
    await recorder.end(index);
  });

  it("TRA-21: the broadcaster posts the event as a plain object", async () => {
    const channelName = freshName();
    const heard: unknown[] = [];
    const other = new BroadcastChannel(channelName);
    other.onmessage = (message) => heard.push((message as MessageEvent).data);
    const broadcaster = createBroadcastChannelBroadcaster({ channelName });
    broadcaster.broadcast({ topic: "settings", revision: "3" as never, epoch: "e" });
    await until(
      () => heard,
      ({ length }) => length === 1,
    );
    expect(heard).toEqual([{ topic: "settings", revision: "3", epoch: "e" }]);
    broadcaster.dispose();
    other.close();
  });

  it("says what to do where there is none", () => {
    const { BroadcastChannel: platform } = globalThis;
    try {
      Object.assign(globalThis, { BroadcastChannel: undefined });
      expect(() => createBroadcastChannelBroadcaster({ channelName: "x" })).toThrow(
        "createStorageEventSubscriber",
      );
    } finally {
      Object.assign(globalThis, { BroadcastChannel: platform });
    }
  });
});

describe("BroadcastChannel: a late joiner asks the other tabs", () => {
  const snapshot = { revision: "5" as never, epoch: "e", data: { theme: "dark" } };

  it("TRA-13: takes the answer of a tab that has the state, and leaves nothing open", async () => {
    const channelName = freshName();
    const tabs = [undefined, snapshot, undefined].map((has) =>
      createBroadcastChannelResponder({ channelName, topic: "settings", getSnapshot: () => has }),
    );
    let open = 0;
    const provider = createBroadcastChannelProvider({
      channelName,
      topic: "settings",
      createChannel: (name) => {
        open += 1;
        const channel = new BroadcastChannel(name);
        return Object.assign(channel, {
          close: () => {
            open -= 1;
            BroadcastChannel.prototype.close.call(channel);
          },
        });
      },
    });
    expect(await provider.getSnapshot()).toEqual(snapshot);
    expect(open).toBe(0);
    for (const tab of tabs) {
      tab.dispose();
    }
  });

  it.each([
    ["text", JSON.stringify(snapshot)],
    ["an answer for another topic", { type: "snapshot", sourceId: "s", topic: "other", snapshot }],
    [
      "an answer that is no snapshot",
      { type: "snapshot", sourceId: "s", topic: "settings", snapshot: { revision: 5, data: 1 } },
    ],
    ["another request", { type: "request-sync", sourceId: "s", topic: "settings" }],
    ["a clear", { type: "clear", sourceId: "s", topic: "settings" }],
  ])("TRA-21: does not take %s for an answer", async (_name, message) => {
    const channelName = freshName();
    const other = new BroadcastChannel(channelName);
    other.onmessage = () => {
      other.postMessage(message);
      other.postMessage({ type: "snapshot", sourceId: "s", snapshot: { revision: "9", data: "right" } });
    };
    const provider = createBroadcastChannelProvider({ channelName, topic: "settings" });
    expect(await provider.getSnapshot()).toEqual({ revision: "9", data: "right" });
    other.close();
  });

  it("TRA-14: fails where nobody answers in time", async () => {
    const { clock, advance, pending } = createManualClock();
    const provider = createBroadcastChannelProvider({ channelName: freshName(), topic: "settings", clock });
    const outcome = provider.getSnapshot().catch((error: Error) => error.message);
    await settle();
    expect(pending()).toEqual([1000]);
    await advance(1000);
    expect(await outcome).toContain('for the topic "settings" within 1000 ms');
  });

  it("TRA-15: gives up when it is cancelled", async () => {
    const { clock, pending } = createManualClock();
    const provider = createBroadcastChannelProvider({ channelName: freshName(), topic: "settings", clock });
    const cancellation = new AbortController();
    const outcome = provider.getSnapshot({ signal: cancellation.signal }).catch((error: unknown) => error);
    await settle();
    cancellation.abort("no longer");
    expect(await outcome).toBe("no longer");
    expect(pending()).toEqual([]);
    await expect(provider.getSnapshot({ signal: cancellation.signal })).rejects.toBe("no longer");
  });

  it("a responder that fails tells it and goes on", async () => {
    const channelName = freshName();
    const errors: unknown[] = [];
    let fails = true;
    const responder = createBroadcastChannelResponder({
      channelName,
      topic: "settings",
      onError: (error) => errors.push(error),
      getSnapshot() {
        if (fails) {
          throw new Error("no state yet");
        }
        return snapshot;
      },
    });
    const { clock, advance } = createManualClock();
    const provider = createBroadcastChannelProvider({ channelName, topic: "settings", clock });
    const refused = provider.getSnapshot().catch((error: Error) => error.message);
    await until(
      () => errors,
      ({ length }) => length === 1,
    );
    await advance(1000);
    expect(await refused).toContain("no other tab answered");
    fails = false;
    expect(await provider.getSnapshot()).toEqual(snapshot);
    responder.dispose();
  });
});
