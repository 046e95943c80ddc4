import type {
  Clock,
  InvalidationEvent,
  InvalidationSubscriber,
  SnapshotEnvelope,
  SnapshotProvider,
} from "@statesync/core";
import { isCrossTabMessage } from "@statesync/protocol";
import type { Broadcaster } from "./broadcaster.js";
import { createAttachedSubscriber, type ErrorListener } from "./fan-out.js";
import type { Listener } from "./listener.js";
import { awaitAnswer, createSourceId } from "./question.js";
import { type PageLike, whenResumed } from "./resumed.js";

/** What is used of a `BroadcastChannel`. */
export interface BroadcastChannelLike {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: Listener): void;
  close(): void;
}

/** The options of all that uses a channel. */
export interface BroadcastChannelOptions {
  /** The channel's name. Events and cross-tab messages need two different ones (TRA-22). */
  readonly channelName: string;
  /** Makes the channel; the platform's `BroadcastChannel` by default. */
  readonly createChannel?: (name: string) => BroadcastChannelLike;
}

export interface BroadcastChannelSubscriberOptions extends BroadcastChannelOptions {
  /** Told about handlers that throw. */
  readonly onError?: ErrorListener;
  /** What tells that the page was frozen and is resumed; the page itself by default. */
  readonly page?: PageLike;
}

/** Brings the events that other tabs of the origin post. A gap is signalled each time when the page is resumed. */
export function createBroadcastChannelSubscriber(
  options: BroadcastChannelSubscriberOptions,
): InvalidationSubscriber {
  return createAttachedSubscriber(options.onError, (subscriptions) => {
    const channel = openChannel(options);
    channel.addEventListener("message", ({ data }) => subscriptions.deliver(data));
    const endResumed = whenResumed(() => subscriptions.gap(), options.page);
    return () => {
      endResumed();
      channel.close();
    };
  });
}

/** Sends the events of a topic to the other tabs of the origin; not to subscribers that are made with the same channel object. */
export function createBroadcastChannelBroadcaster(options: BroadcastChannelOptions): Broadcaster {
  const channel = openChannel(options);
  return {
    broadcast: (event: InvalidationEvent) => channel.postMessage(event),
    dispose: () => channel.close(),
  };
}

export interface BroadcastChannelProviderOptions extends BroadcastChannelOptions {
  /** The topic whose snapshot is asked for. */
  readonly topic: string;
  /** How long the other tabs have for an answer; 1000 by default. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * Asks the other tabs for the current snapshot, with the `request-sync` of chapter 7, and takes the first answer. The tabs
 * that answer are those with a {@link createBroadcastChannelResponder} or a persistence layer on the same channel. Each is a
 * replica that names the source's epoch and revision (TRA-13); where one lags, the engine asks again (ENG-56).
 */
export function createBroadcastChannelProvider<D>(
  options: BroadcastChannelProviderOptions,
): SnapshotProvider<D> {
  const { topic, timeoutMs, clock, channelName } = options;
  return {
    async getSnapshot({ signal } = {}) {
      const sourceId = createSourceId();
      return await awaitAnswer<SnapshotEnvelope<D>>({ signal, timeoutMs, clock }, (answer) => {
        const channel = openChannel(options);
        channel.addEventListener("message", ({ data }) => {
          if (isCrossTabMessage(data) && data.type === "snapshot" && (data.topic ?? topic) === topic) {
            answer(data.snapshot as SnapshotEnvelope<D>);
          }
        });
        channel.postMessage({ type: "request-sync", sourceId, topic });
        return {
          end: () => channel.close(),
          nobody: `no other tab answered on the channel ${JSON.stringify(channelName)} for the topic ${JSON.stringify(topic)}`,
        };
      });
    },
  };
}

export interface BroadcastChannelResponderOptions<D> extends BroadcastChannelOptions {
  /** The topic whose snapshot is asked for. */
  readonly topic: string;
  /** The current snapshot of this tab; `undefined` while it has none. */
  readonly getSnapshot: () => SnapshotEnvelope<D> | undefined;
  /** Told about a `getSnapshot` that throws and data that cannot be cloned. */
  readonly onError?: ErrorListener;
}

/** Answers the requests of {@link createBroadcastChannelProvider} in other tabs, at once and with what this tab has. */
export function createBroadcastChannelResponder<D>(options: BroadcastChannelResponderOptions<D>): {
  dispose(): void;
} {
  const { topic, getSnapshot, onError } = options;
  const sourceId = createSourceId();
  const channel = openChannel(options);
  channel.addEventListener("message", ({ data }) => {
    if (isCrossTabMessage(data) && data.type === "request-sync" && (data.topic ?? topic) === topic) {
      try {
        const snapshot = getSnapshot();
        if (snapshot !== undefined) {
          channel.postMessage({ type: "snapshot", sourceId, topic, snapshot });
        }
      } catch (error) {
        onError?.(error);
      }
    }
  });
  return { dispose: () => channel.close() };
}

/** Opens a channel, or says why there is none. */
export function openChannel({ channelName, createChannel }: BroadcastChannelOptions): BroadcastChannelLike {
  if (createChannel !== undefined) {
    return createChannel(channelName);
  }
  if (typeof BroadcastChannel === "undefined") {
    throw new Error(
      "there is no BroadcastChannel here; give createChannel, or use storage events (createStorageEventSubscriber)",
    );
  }
  return new BroadcastChannel(channelName);
}
