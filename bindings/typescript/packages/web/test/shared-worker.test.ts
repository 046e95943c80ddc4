import { describe, expect, it } from "vitest";
import {
  createSharedWorkerBroadcaster,
  createSharedWorkerHub,
  createSharedWorkerProvider,
  createSharedWorkerSubscriber,
  type SharedWorkerHubOptions,
} from "../src/index.js";
import { createManualClock, settle } from "./port/clock.js";
import { createTestPage } from "./port/page.js";
import { createRecorder } from "./port/recorder.js";
import { describeSubscriber, event } from "./port/suite.js";
import { until } from "./port/until.js";

/** A hub whose pages are in this process: the ports are real, the worker's thread is not. See browser/web.test.ts for it. */
function createWorker(options?: SharedWorkerHubOptions) {
  let hub = createSharedWorkerHub(options);
  const open = new Set<MessagePort>();
  return {
    hub: () => hub,
    connect() {
      const { port1, port2 } = new MessageChannel();
      hub.accept(port2);
      open.add(port2);
      port2.addEventListener("close", () => open.delete(port2));
      return port1;
    },
    open: () => open.size,
    /** The worker ends, and the next page to connect starts another one. */
    crash() {
      hub = createSharedWorkerHub(options);
      for (const port of open) {
        port.close();
      }
    },
    close() {
      for (const port of open) {
        port.close();
      }
    },
  };
}

describeSubscriber("SharedWorker", () => {
  const worker = createWorker();
  const page = createTestPage();
  const subscriber = createSharedWorkerSubscriber({
    connect: worker.connect,
    page: page.page,
    retry: { initialDelayMs: 1, maxDelayMs: 5 },
  });
  return {
    recorder: createRecorder(subscriber),
    send: (event) => worker.hub().broadcast(event as never),
    sendMalformed() {
      const malformed = [null, "text", event("-1")];
      for (const message of malformed) {
        worker.hub().broadcast(message as never);
      }
      return malformed.length;
    },
    async lose(during) {
      worker.crash();
      await until(worker.open, (open) => open === 0);
      await during();
    },
    attached: () => worker.hub().subscribed + worker.open() + page.listeners(),
    close: worker.close,
  };
});

describe("SharedWorker", () => {
  it("passes the events of one page on to the others, and keeps the last of each topic for those that come late", async () => {
    const worker = createWorker();
    const recorders = [0, 1].map(() =>
      createRecorder(createSharedWorkerSubscriber({ connect: worker.connect, retry: { maxDelayMs: 1 } })),
    );
    const [one, two] = recorders as [(typeof recorders)[0], (typeof recorders)[0]];
    await one.subscribe();
    await two.subscribe();
    const broadcaster = createSharedWorkerBroadcaster({ connect: worker.connect });
    for (const revision of ["1", "2"]) {
      broadcaster.broadcast(event(revision) as never);
      broadcaster.broadcast({ topic: "board", revision: revision as never });
    }
    await until(
      () => [one.received(0), two.received(0)],
      (lists) => lists.every(({ length }) => length === 4),
    );
    const late = createRecorder(createSharedWorkerSubscriber({ connect: worker.connect }));
    await late.subscribe();
    await until(
      () => late.received(0),
      ({ length }) => length === 2,
    );
    expect(late.received(0)).toEqual([event("2"), { topic: "board", revision: "2" }]);
    worker.crash();
    await until(
      () => worker.hub().subscribed,
      (subscribed) => subscribed === 3,
    );
    broadcaster.broadcast(event("3") as never);
    await until(
      () => two.received(0).at(-1),
      (last) => JSON.stringify(last) === JSON.stringify(event("3")),
    );
    broadcaster.dispose();
    worker.close();
  });

  it("TRA-18: delivers the events of one topic, and what has none, to the subscription of that topic", async () => {
    const worker = createWorker();
    const subscriber = createSharedWorkerSubscriber({ connect: worker.connect });
    const [settings, board] = [subscriber.forTopic("settings"), subscriber.forTopic("board")].map(
      createRecorder,
    );
    await settings?.subscribe();
    await board?.subscribe();
    expect(worker.open()).toBe(1);
    worker.hub().broadcast(event("1") as never);
    worker.hub().broadcast({ revision: "1" } as never);
    worker.hub().broadcast({ topic: "board", revision: "2" as never });
    await until(
      () => board?.received(0),
      (list) => list?.length === 2,
    );
    expect(settings?.received(0)).toEqual([event("1"), "malformed"]);
    expect(board?.received(0)).toEqual(["malformed", { topic: "board", revision: "2" }]);
    worker.close();
  });

  it("answers requests for snapshots", async () => {
    const snapshot = { revision: "5" as never, data: { theme: "dark" } };
    const worker = createWorker({
      getSnapshot: async (topic) => ({ ...snapshot, data: { ...snapshot.data, topic } }),
    });
    const provider = createSharedWorkerProvider({ connect: worker.connect, topic: "settings" });
    expect(await Promise.all([provider.getSnapshot(), provider.getSnapshot()])).toEqual([
      { revision: "5", data: { theme: "dark", topic: "settings" } },
      { revision: "5", data: { theme: "dark", topic: "settings" } },
    ]);
    await until(worker.open, (open) => open === 0);
  });

  it.each<[string, SharedWorkerHubOptions | undefined, string]>([
    ["keeps no state", undefined, 'no snapshot of "settings": this worker keeps no state'],
    [
      "has none yet",
      {
        getSnapshot() {
          throw new Error("still loading");
        },
      },
      'no snapshot of "settings": still loading',
    ],
    ["cannot post it", { getSnapshot: () => ({ revision: "1" as never, data: () => {} }) }, "no snapshot"],
  ])("TRA-14: fails where the worker %s", async (_name, options, message) => {
    const errors: unknown[] = [];
    const worker = createWorker({ ...options, onError: (error) => errors.push(error) });
    const provider = createSharedWorkerProvider({
      connect: worker.connect,
      topic: "settings",
      timeoutMs: 500,
    });
    await expect(provider.getSnapshot()).rejects.toThrow(message);
    await until(worker.open, (open) => open === 0);
  });

  it("TRA-11: pings the pages; one that leaves three unanswered is forgotten", async () => {
    const { clock, advance, pending } = createManualClock();
    const worker = createWorker({ clock });
    let pongs = 0;
    const recorder = createRecorder(
      createSharedWorkerSubscriber({
        connect() {
          const port = worker.connect();
          const post = port.postMessage.bind(port);
          port.postMessage = (message: { type: string }) => {
            pongs += message.type === "pong" ? 1 : 0;
            post(message);
          };
          return port;
        },
      }),
    );
    const index = (await recorder.subscribe()) as number;
    const silent = worker.connect();
    silent.postMessage({ type: "subscribe" });
    await until(
      () => worker.hub().subscribed,
      (subscribed) => subscribed === 2,
    );
    for (const subscribed of [2, 2, 2, 1, 1]) {
      const before = pongs;
      await advance(15_000);
      await until(
        () => pongs,
        (pongs) => pongs > before,
      );
      await settle();
      expect(worker.hub().subscribed).toBe(subscribed);
    }
    await recorder.end(index);
    await until(
      () => worker.hub().subscribed,
      (subscribed) => subscribed === 0,
    );
    await advance(15_000);
    expect(pending()).toEqual([]);
    worker.close();
    silent.close();
  });

  it("TRA-8: a worker that never answers is given up", async () => {
    const { port1, port2 } = new MessageChannel();
    const recorder = createRecorder(
      createSharedWorkerSubscriber({ connect: () => port1, connectTimeoutMs: 5 }),
    );
    expect(await recorder.subscribe()).toBe("Error: no connection was there after 5 ms");
    port2.close();
  });
});
