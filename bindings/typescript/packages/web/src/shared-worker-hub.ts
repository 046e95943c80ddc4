import { type Clock, type InvalidationEvent, platformClock, type SnapshotEnvelope } from "@statesync/core";
import { isInvalidationEvent, isTopic } from "@statesync/protocol";
import { type ErrorListener, isolate } from "./fan-out.js";
import {
  hear,
  type MessagePortLike,
  type PageMessage,
  type WorkerMessage,
} from "./shared-worker-messages.js";

export interface SharedWorkerHubOptions {
  /**
   * The current snapshot of a topic, where the worker is its source or a replica; without it, and where it throws, a page
   * that asks is told that there is none.
   */
  readonly getSnapshot?: (topic: string) => SnapshotEnvelope | Promise<SnapshotEnvelope>;
  /** Told about ports that cannot be reached. */
  readonly onError?: ErrorListener;
  /** How often subscribed pages are sent a ping, in milliseconds; 15000 by default (TRA-11). */
  readonly pingIntervalMs?: number;
  readonly clock?: Clock;
}

/** The worker's end: it passes events on between the pages, and answers their requests for snapshots. */
export interface SharedWorkerHub {
  /** Takes a page in: `onconnect = (event) => hub.accept(event.ports[0])`. */
  accept(port: MessagePortLike): void;
  /** Sends an event of the worker itself to all pages, once the state that it announces can be pulled (ENG-6). */
  broadcast(event: InvalidationEvent): void;
  /** How many pages are subscribed. */
  readonly subscribed: number;
}

/**
 * Runs in a SharedWorker. It keeps the last event of each topic and sends it at the beginning of each subscription, so that
 * a page that comes late learns what is current (TRA-3).
 *
 * A page that was closed says nothing, and not every browser tells that its port is gone. A page that leaves three pings
 * unanswered is forgotten; if it was frozen, it notices the silence when it is resumed, and subscribes again.
 */
export function createSharedWorkerHub(options: SharedWorkerHubOptions = {}): SharedWorkerHub {
  const { getSnapshot, onError, pingIntervalMs = 15_000, clock = platformClock } = options;
  /** The subscribed pages, each with the pings that it has left unanswered. */
  const ports = new Map<MessagePortLike, number>();
  const last = new Map<string, InvalidationEvent>();
  // A port that cannot be reached keeps no other from its message.
  const send = (port: MessagePortLike, message: WorkerMessage) =>
    isolate(onError, () => port.postMessage(message));
  const pass = (event: unknown) => {
    if (isInvalidationEvent(event)) {
      last.set(event.topic, event as InvalidationEvent);
    }
    for (const port of ports.keys()) {
      send(port, { type: "invalidation", event });
    }
  };
  const answer = async (port: MessagePortLike, id: string, topic: string) => {
    try {
      if (getSnapshot === undefined || !isTopic(topic)) {
        throw new Error("this worker keeps no state");
      }
      const snapshot = await getSnapshot(topic);
      // Not by `send`: data that cannot be cloned is an answer too.
      port.postMessage({ type: "snapshot", id, snapshot } satisfies WorkerMessage);
    } catch (error) {
      send(port, { type: "no-snapshot", id, reason: error instanceof Error ? error.message : String(error) });
    }
  };
  let pinging = false;
  const ping = () => {
    for (const [port, unanswered] of ports) {
      if (unanswered >= 3) {
        ports.delete(port);
        port.close();
      } else {
        ports.set(port, unanswered + 1);
        send(port, { type: "ping" });
      }
    }
    pinging = ports.size > 0;
    if (pinging) {
      clock.setTimer(ping, pingIntervalMs);
    }
  };
  return {
    accept(port) {
      port.addEventListener("close", () => ports.delete(port));
      hear<PageMessage>(port, (message) => {
        switch (message.type) {
          case "subscribe":
            ports.set(port, 0);
            send(port, { type: "subscribed" });
            if (!pinging) {
              pinging = true;
              clock.setTimer(ping, pingIntervalMs);
            }
            for (const event of last.values()) {
              send(port, { type: "invalidation", event });
            }
            break;
          case "unsubscribe":
            ports.delete(port);
            break;
          case "pong":
            if (ports.has(port)) {
              ports.set(port, 0);
            }
            break;
          case "invalidation":
            pass(message.event);
            break;
          case "get-snapshot":
            void answer(port, message.id, message.topic);
            break;
        }
      });
    },
    broadcast: (event) => pass(event),
    get subscribed() {
      return ports.size;
    },
  };
}
