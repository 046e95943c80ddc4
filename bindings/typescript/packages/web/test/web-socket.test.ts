import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createWebSocketSubscriber, type WebSocketSubscriberOptions } from "../src/index.js";
import { createRecorder } from "./port/recorder.js";
import { describeSubscriber, event } from "./port/suite.js";
import { until } from "./port/until.js";

/** A real server on loopback. */
async function serve() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const requests: string[] = [];
  const told: string[] = [];
  server.on("connection", (socket, request) => {
    requests.push(request.url ?? "");
    socket.on("message", (text) => told.push(String(text)));
  });
  return {
    server,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    told,
    send(text: string | Uint8Array) {
      for (const client of server.clients) {
        client.send(text);
      }
    },
    async drop() {
      for (const client of server.clients) {
        client.terminate();
      }
      await until(
        () => server.clients.size,
        (size) => size === 0,
      );
    },
    async close() {
      for (const client of server.clients) {
        client.terminate();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const fast = {
  retry: { initialDelayMs: 1, maxDelayMs: 5 },
  createWebSocket: (url, protocols) => new WebSocket(url, protocols),
} satisfies Partial<WebSocketSubscriberOptions>;

const MALFORMED = [
  "",
  "{",
  "null",
  "[]",
  '"text"',
  '{"topic":"settings","revision":7}',
  '{"topic":"a","topic":"b","revision":"1"}',
];

describeSubscriber("WebSocket", async () => {
  const source = await serve();
  return {
    recorder: createRecorder(createWebSocketSubscriber({ url: source.url, ...fast })),
    send: (event) => source.send(JSON.stringify(event)),
    sendMalformed() {
      for (const text of MALFORMED) {
        source.send(text);
      }
      source.send(new TextEncoder().encode(JSON.stringify(event("5"))));
      return MALFORMED.length + 1;
    },
    async lose(during) {
      await source.drop();
      await during();
    },
    attached: () => source.server.clients.size,
    close: source.close,
  };
});

describe("WebSocket", () => {
  it("TRA-12: asks for the address at every attempt", async () => {
    const source = await serve();
    let token = 0;
    const recorder = createRecorder(
      createWebSocketSubscriber({
        ...fast,
        url: async () => {
          token += 1;
          return new URL(`?token=${token}`, source.url);
        },
      }),
    );
    const index = (await recorder.subscribe()) as number;
    await source.drop();
    await until(
      () => recorder.gaps(index),
      (gaps) => gaps === 1,
    );
    expect(source.requests).toEqual(["/?token=1", "/?token=2"]);
    await recorder.end(index);
    await source.close();
  });

  it("tells the server what `onOpen` says, on every connection", async () => {
    const source = await serve();
    const recorder = createRecorder(
      createWebSocketSubscriber({
        ...fast,
        url: source.url,
        onOpen: (socket) => socket.send("settings, please"),
      }),
    );
    const index = (await recorder.subscribe()) as number;
    await until(
      () => source.told,
      ({ length }) => length === 1,
    );
    await source.drop();
    await until(
      () => source.told,
      ({ length }) => length === 2,
    );
    expect(source.told).toEqual(["settings, please", "settings, please"]);
    await recorder.end(index);
    await source.close();
  });

  it('TRA-1: with `ready: "message"` it waits for the first event', async () => {
    const source = await serve();
    const recorder = createRecorder(
      createWebSocketSubscriber({ ...fast, url: source.url, ready: "message" }),
    );
    let done = false;
    const subscribed = recorder.subscribe().then((index) => {
      done = true;
      return index as number;
    });
    await until(
      () => source.server.clients.size,
      (size) => size === 1,
    );
    // A ping goes there and back: the socket is open on both sides by now.
    for (const client of source.server.clients) {
      await new Promise((resolve) => {
        client.once("pong", resolve);
        client.ping();
      });
    }
    expect(done).toBe(false);
    source.send(JSON.stringify(event("4")));
    const index = await subscribed;
    expect(recorder.received(index)).toEqual([event("4")]);
    await recorder.end(index);
    await source.close();
  });

  it("TRA-18: one connection carries topics to their subscriptions only", async () => {
    const source = await serve();
    const subscriber = createWebSocketSubscriber({ ...fast, url: source.url });
    const [settings, board] = [subscriber.forTopic("settings"), subscriber.forTopic("board")].map(
      createRecorder,
    );
    await settings?.subscribe();
    await board?.subscribe();
    expect(source.server.clients.size).toBe(1);
    for (const text of [JSON.stringify(event("1")), "{", '{"topic":"board","revision":"2"}']) {
      source.send(text);
    }
    await until(
      () => board?.received(0),
      (list) => list?.length === 2,
    );
    expect(settings?.received(0)).toEqual([event("1"), "malformed"]);
    expect(board?.received(0)).toEqual(["malformed", { topic: "board", revision: "2" }]);
    await source.close();
  });

  it.each<[string, Partial<WebSocketSubscriberOptions>, string]>([
    ["nobody listens", { url: "ws://127.0.0.1:1/" }, "the WebSocket was closed (1006)"],
    [
      "there is no address",
      {
        url: () => {
          throw new Error("signed out");
        },
      },
      "signed out",
    ],
    ["the address is none", { url: "nonsense" }, "Invalid URL"],
    [
      "onOpen fails",
      {
        onOpen: () => {
          throw new Error("not now");
        },
      },
      "not now",
    ],
  ])("fails, and tells it, where %s", async (_name, options, message) => {
    const source = await serve();
    const errors: unknown[] = [];
    const recorder = createRecorder(
      createWebSocketSubscriber({
        ...fast,
        url: source.url,
        onError: (error) => errors.push(error),
        ...options,
      }),
    );
    expect(await recorder.subscribe()).toContain(message);
    expect(String(errors)).toContain(message);
    await until(
      () => source.server.clients.size,
      (size) => size === 0,
    );
    await source.close();
  });
});
