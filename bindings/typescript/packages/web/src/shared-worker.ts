import type { Clock, SnapshotEnvelope, SnapshotProvider } from "@statesync/core";
import { isSnapshotEnvelope } from "@statesync/protocol";
import type { Broadcaster } from "./broadcaster.js";
import { type ConnectedSubscriber, type ConnectionOptions, createConnectedSubscriber } from "./connection.js";
import { awaitAnswer, createSourceId } from "./question.js";
import { type PageLike, whenResumed } from "./resumed.js";
import {
  hear,
  type MessagePortLike,
  type PageMessage,
  type WorkerMessage,
} from "./shared-worker-messages.js";

/** How a page reaches the worker. */
export interface SharedWorkerOptions {
  /** Gives a new port to the worker, such as `() => new SharedWorker(url, { type: "module" }).port`. */
  readonly connect: () => MessagePortLike;
}

export interface SharedWorkerSubscriberOptions extends SharedWorkerOptions, ConnectionOptions {
  /** What tells that the page was frozen and is resumed; the page itself by default. */
  readonly page?: PageLike;
}

/**
 * Brings the events that a SharedWorker with a {@link createSharedWorkerHub} passes on. Where the worker is gone, which its
 * silence tells (TRA-11), another one is connected to and a gap is signalled; also each time when the page is resumed.
 */
export function createSharedWorkerSubscriber(options: SharedWorkerSubscriberOptions): ConnectedSubscriber {
  return createConnectedSubscriber(
    () => options.connect,
    (connect, events) => {
      const port = connect();
      const send = (message: PageMessage) => port.postMessage(message);
      // Not every platform tells it.
      port.addEventListener("close", () =>
        events.lost(new Error("the SharedWorker is gone: its port was closed")),
      );
      hear<WorkerMessage>(port, (message) => {
        if (message.type === "subscribed") {
          events.opened();
        } else if (message.type === "ping") {
          events.alive();
          send({ type: "pong" });
        } else if (message.type === "invalidation") {
          events.received(message.event);
        }
      });
      send({ type: "subscribe" });
      const endResumed = whenResumed(events.missed, options.page);
      return () => {
        endResumed();
        send({ type: "unsubscribe" });
        port.close();
      };
    },
    options,
  );
}

/**
 * Sends the events of a topic to all pages, by way of the worker. Each event has a port of its own: browsers do not tell
 * that the worker at the other end of a port is gone, but a new port always leads to one that lives.
 */
export function createSharedWorkerBroadcaster({ connect }: SharedWorkerOptions): Broadcaster {
  return {
    broadcast(event) {
      const port = connect();
      port.postMessage({ type: "invalidation", event } satisfies PageMessage);
      port.close();
    },
    dispose() {},
  };
}

export interface SharedWorkerProviderOptions extends SharedWorkerOptions {
  /** The topic whose snapshot is asked for. */
  readonly topic: string;
  /** How long the worker has for an answer, in milliseconds; 1000 by default. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** Pulls snapshots from the worker, which is the source or asks it. */
export function createSharedWorkerProvider<D>(options: SharedWorkerProviderOptions): SnapshotProvider<D> {
  const { connect, topic, timeoutMs, clock } = options;
  return {
    async getSnapshot({ signal } = {}) {
      return await awaitAnswer<SnapshotEnvelope<D>>({ signal, timeoutMs, clock }, (answer, fail) => {
        const id = createSourceId();
        const port = connect();
        hear<WorkerMessage>(port, (message) => {
          if (message.type === "snapshot" && message.id === id && isSnapshotEnvelope(message.snapshot)) {
            answer(message.snapshot as SnapshotEnvelope<D>);
          } else if (message.type === "no-snapshot" && message.id === id) {
            fail(
              new Error(`the SharedWorker has no snapshot of ${JSON.stringify(topic)}: ${message.reason}`),
            );
          }
        });
        port.postMessage({ type: "get-snapshot", id, topic } satisfies PageMessage);
        return {
          end: () => port.close(),
          nobody: `the SharedWorker did not answer with a snapshot of ${JSON.stringify(topic)}`,
        };
      });
    },
  };
}
