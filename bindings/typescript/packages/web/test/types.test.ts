import {
  createRevisionSync,
  type InvalidationSubscriber,
  type Revision,
  type SnapshotProvider,
} from "@statesync/core";
import { EventSource as NodeEventSource } from "eventsource";
import { describe, expectTypeOf, it } from "vitest";
import { WebSocket as NodeWebSocket } from "ws";
import {
  type Broadcaster,
  createBroadcastChannelProvider,
  createBroadcastChannelSubscriber,
  createHttpProvider,
  createServerSentEventsSubscriber,
  createSharedWorkerHub,
  createSharedWorkerSubscriber,
  createStorageEventBroadcaster,
  createTabSource,
  createWebSocketSubscriber,
  type LockManagerLike,
  type PageLike,
} from "../src/index.js";

interface Settings {
  theme: string;
}

// Held by the type checker; the functions are not called.
describe("types", () => {
  it("takes the platform's objects, and those of Node's packages", () => {
    expectTypeOf<Window & typeof globalThis>().toExtend<PageLike>();
    expectTypeOf<LockManager>().toExtend<LockManagerLike>();
    const _take = () => [
      createBroadcastChannelSubscriber({
        channelName: "a",
        createChannel: (name) => new BroadcastChannel(name),
      }),
      createWebSocketSubscriber({
        url: "",
        createWebSocket: (url, protocols) => new WebSocket(url, protocols),
      }),
      createWebSocketSubscriber({
        url: "",
        createWebSocket: (url, protocols) => new NodeWebSocket(url, protocols),
      }),
      createServerSentEventsSubscriber({
        url: "",
        createEventSource: (url, init) => new EventSource(url, init),
      }),
      createServerSentEventsSubscriber({
        url: "",
        createEventSource: (url, init) => new NodeEventSource(url, init),
      }),
      createSharedWorkerSubscriber({ connect: () => new SharedWorker("").port }),
      createStorageEventBroadcaster({ key: "a", storage: localStorage }),
      createHttpProvider({ url: new URL("x:y"), fetch, headers: async () => ({ authorization: "" }) }),
      createSharedWorkerHub().accept(new MessageChannel().port1),
    ];
  });

  it("carries the type of the data from the provider to the applier", () => {
    expectTypeOf(createHttpProvider<Settings>).returns.toEqualTypeOf<SnapshotProvider<Settings>>();
    expectTypeOf(createBroadcastChannelProvider<Settings>).returns.toEqualTypeOf<
      SnapshotProvider<Settings>
    >();
    const _engine = () =>
      createRevisionSync({
        topic: "settings",
        subscriber: createWebSocketSubscriber({ url: "" }).forTopic("settings"),
        provider: createHttpProvider<Settings>({ url: "" }),
        applier: {
          apply({ data }) {
            expectTypeOf(data).toEqualTypeOf<Settings>();
          },
        },
      });
    const _tabs = () => {
      const tabs = createTabSource<Settings, { theme: string }>({
        topic: "settings",
        channelName: "a",
        initial: () => ({ theme: "light" }),
        reduce: (data, { theme }) => ({ ...data, theme }),
      });
      expectTypeOf(tabs.provider).toEqualTypeOf<SnapshotProvider<Settings>>();
      expectTypeOf(tabs.subscriber).toEqualTypeOf<InvalidationSubscriber>();
      expectTypeOf(tabs.dispatch).parameters.toEqualTypeOf<[{ theme: string }]>();
      expectTypeOf(tabs.dispatch).returns.toEqualTypeOf<Promise<Revision>>();
    };
  });

  it("refuses what is wrong", () => {
    expectTypeOf<Broadcaster["broadcast"]>()
      .parameter(0)
      .toHaveProperty("revision")
      .toEqualTypeOf<Revision>();
    // @ts-expect-error the number of attempts is not limited (TRA-9)
    const _attempts = () => createWebSocketSubscriber({ url: "", retry: { maxAttempts: 3 } });
    // @ts-expect-error a channel needs a name
    const _channel = () => createBroadcastChannelSubscriber({});
  });
});
