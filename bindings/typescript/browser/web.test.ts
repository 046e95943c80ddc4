import type { ServerResponse } from "node:http";
import { beforeAll, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import { type Bed, describeSubscriber, event } from "../packages/web/test/port/suite.js";
import { until } from "../packages/web/test/port/until.js";
import type { subject } from "./pages/web.js";
import { inBrowser, type Tab } from "./rig/index.js";

type Subject = typeof subject;
let names = 0;
const freshName = () => {
  names += 1;
  return `name-${names}`;
};

inBrowser("@statesync/web in Chromium", (rig) => {
  beforeAll(async () => {
    const { server } = rig();
    await server.page("/", new URL("./pages/web.ts", import.meta.url));
    await server.script("/shared-worker.js", new URL("./pages/shared-worker.ts", import.meta.url));
    server.route("/elsewhere", (_request, response) => {
      response
        .writeHead(200, { "content-type": "text/html", "cache-control": "no-cache" })
        .end("<p>elsewhere");
    });
  });

  /** A reader in one tab and what it hears; the source is another tab or the server. */
  const openReader = async (transport: Parameters<Subject["read"]>[0], address: string) => {
    const tab = await rig().open<Subject>("/");
    await tab.call("read", transport, address);
    const recorder: Bed["recorder"] = {
      subscribe: (options) => tab.call("subscribe", options),
      received: (index) => tab.call("received", index),
      gaps: (index) => tab.call("gaps", index),
      end: (index) => tab.call("end", index),
    };
    return { tab, recorder };
  };

  /** Leaves the page and comes back to it from the back/forward cache. */
  const leaveAndReturn = async (tab: Tab<Subject>, during: () => void | Promise<void>) => {
    const before = (await tab.call("returns")).length;
    await tab.page.goto(`${rig().server.origin}/elsewhere`);
    await during();
    await tab.page.goBack({ waitUntil: "commit" });
    await tab.until("returns", (returns) => returns.length > before);
  };

  describeSubscriber("BroadcastChannel in Chromium", async () => {
    const channelName = freshName();
    const { tab, recorder } = await openReader("broadcast-channel", channelName);
    const source = await rig().open<Subject>("/");
    await source.call("write", "broadcast-channel", channelName);
    return {
      recorder,
      send: (event) => source.call("broadcast", event),
      async sendMalformed() {
        const malformed = ["text", null, 7, { topic: "", revision: "1" }];
        for (const message of malformed) {
          await source.call("post", channelName, message);
        }
        return malformed.length;
      },
      // A message would throw the page out of the cache, so none is sent: the reader cannot know that there was none.
      lose: () => leaveAndReturn(tab, () => {}),
      attached: () => tab.call("open"),
      async close() {
        await Promise.all([tab.close(), source.close()]);
      },
    };
  });

  describeSubscriber("storage events in Chromium", async () => {
    const key = freshName();
    const { tab, recorder } = await openReader("storage-event", key);
    const source = await rig().open<Subject>("/");
    let times = 0;
    return {
      recorder,
      // White space makes every text another one, so that doubled events are doubled.
      send(event) {
        times += 1;
        return source.call("setItem", key, JSON.stringify(event) + " ".repeat(times));
      },
      async sendMalformed() {
        const texts = ["", "{", "null", '{"topic":"settings"}'];
        for (const text of texts) {
          await source.call("setItem", key, text);
        }
        return texts.length;
      },
      lose: (during) => leaveAndReturn(tab, during),
      // A page has no list of its listeners; that they are removed is held in Node. In use: what is subscribed and not ended.
      attached: (() => {
        let live = 0;
        const { subscribe, end } = recorder;
        const ended = new Set<number>();
        recorder.subscribe = async (options) => {
          const index = await subscribe(options);
          live += typeof index === "number" ? 1 : 0;
          return index;
        };
        recorder.end = async (index) => {
          await end(index);
          live -= ended.has(index) ? 0 : 1;
          ended.add(index);
        };
        return () => live;
      })(),
      async close() {
        await Promise.all([tab.close(), source.close()]);
      },
    };
  });

  describeSubscriber("SharedWorker in Chromium", async () => {
    const address = `/shared-worker.js?${freshName()}`;
    const { tab, recorder } = await openReader("shared-worker", address);
    const source = await rig().open<Subject>("/");
    await source.call("write", "shared-worker", address);
    return {
      recorder,
      send: (event) => source.call("broadcast", event),
      async sendMalformed() {
        const malformed = ["text", null, { topic: "settings" }];
        for (const message of malformed) {
          await source.call("broadcast", message);
        }
        return malformed.length;
      },
      async lose(during) {
        await source.call("endWorker", address);
        await during();
      },
      attached: () => tab.call("open"),
      async close() {
        await Promise.all([tab.close(), source.close()]);
      },
    };
  });

  describeSubscriber("server-sent events in Chromium", async () => {
    const path = `/${freshName()}`;
    const streams = new Set<ServerResponse>();
    rig().server.route(path, (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.flushHeaders();
      streams.add(response);
      response.on("close", () => streams.delete(response));
    });
    const { tab, recorder } = await openReader("server-sent-events", path);
    const send = (text: string) => {
      for (const stream of streams) {
        stream.write(`event: invalidation\ndata: ${text}\n\n`);
      }
    };
    return {
      recorder,
      send: (event) => send(JSON.stringify(event)),
      sendMalformed() {
        const texts = ["{", "null", '{"topic":"settings"}'];
        texts.forEach(send);
        return texts.length;
      },
      async lose(during) {
        for (const stream of streams) {
          stream.destroy();
        }
        await until(
          () => streams.size,
          (size) => size === 0,
        );
        await during();
      },
      attached: () => streams.size,
      close: () => tab.close(),
    };
  });

  describeSubscriber("WebSocket in Chromium", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const { tab, recorder } = await openReader("web-socket", `ws://127.0.0.1:${port}/`);
    const each = (call: (client: WebSocket) => void) => server.clients.forEach(call);
    return {
      recorder,
      send: (event) => each((client) => client.send(JSON.stringify(event))),
      sendMalformed() {
        each((client) => {
          client.send("{");
          client.send(new TextEncoder().encode(JSON.stringify(event("5"))));
          client.send("");
        });
        return 3;
      },
      async lose(during) {
        each((client) => client.terminate());
        await until(
          () => server.clients.size,
          (size) => size === 0,
        );
        await during();
      },
      attached: () => server.clients.size,
      async close() {
        await tab.close();
        each((client) => client.terminate());
        await new Promise((resolve) => server.close(resolve));
      },
    };
  });

  it("TRA-2: a page signals one gap each time when it comes back, though several events tell of it", async () => {
    const { tab, recorder } = await openReader("storage-event", freshName());
    const index = (await recorder.subscribe()) as number;
    for (const times of [1, 2]) {
      await leaveAndReturn(tab, () => {});
      expect(await tab.until("gaps", (gaps) => gaps >= times, index)).toBe(times);
    }
    expect(new Set(await tab.call("returns"))).toEqual(new Set(["pageshow", "resume"]));
  });

  it("the broadcaster for storage events reaches the other tabs", async () => {
    const key = freshName();
    const { tab, recorder } = await openReader("storage-event", key);
    const source = await rig().open<Subject>("/");
    await source.call("write", "storage-event", key);
    const index = (await recorder.subscribe()) as number;
    await source.call("broadcast", event("3", { epoch: "e" }));
    expect(await tab.until("received", ({ length }) => length > 0, index)).toEqual([
      event("3", { epoch: "e" }),
    ]);
  });
});
