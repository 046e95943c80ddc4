import type {
  Clock,
  InvalidationSubscriber,
  RetryPolicy,
  SubscribeOptions,
  Unsubscribe,
} from "@statesync/core";
import { createBackoff, platformClock } from "@statesync/core";
import { checkNotAborted, createFanOut, type ErrorListener, type Handler, isolate } from "./fan-out.js";
import { topicOf } from "./text.js";

/** The options of every subscriber that has a connection. Times are in milliseconds. */
export interface ConnectionOptions {
  /** The delays between attempts to connect (ENG-65); their number is not limited (TRA-9). */
  readonly retry?: Omit<RetryPolicy, "maxAttempts">;
  /** How long an attempt to connect may take; 10000 by default. */
  readonly connectTimeoutMs?: number;
  /** A connection on which nothing was received for so long counts as lost (TRA-11); 45000 by default, `Infinity` for never. */
  readonly idleTimeoutMs?: number;
  /** Told about lost connections and failed attempts, and about handlers that throw. */
  readonly onError?: ErrorListener;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A subscriber whose one connection carries any number of subscriptions, of any topics. */
export interface ConnectedSubscriber extends InvalidationSubscriber {
  /** A subscriber over the same connection that delivers the events of one topic and no other (TRA-18). */
  forTopic(topic: string): InvalidationSubscriber;
}

/** What a transport tells of a connection. After `lost`, and after the connection was closed, nothing counts any more. */
export interface ConnectionEvents {
  /** Every later message will be received. */
  opened(): void;
  /** Something came that is no message, such as a ping. */
  alive(): void;
  /** Events may have been lost although the connection is there, such as while the page was frozen. */
  missed(): void;
  /** A message came, decoded or not. */
  received(message: unknown): void;
  /** The connection is gone, or could not be made. */
  lost(error: unknown): void;
}

/** Begins an attempt to connect and gives what ends it, in whatever state it is then. */
export type Connect<A> = (address: A, events: ConnectionEvents) => () => void;

interface Waiting {
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The life of a connection (TRA-1, TRA-2, TRA-7 to TRA-12). It is made with the first subscription and released with the
 * last one; while there is a subscription, it is made again after each loss, and then a gap is signalled.
 *
 * @param address - Asked before every attempt, so that renewed credentials are in the next one (TRA-12).
 */
export function createConnectedSubscriber<A>(
  address: () => A | Promise<A>,
  connect: Connect<A>,
  options: ConnectionOptions,
): ConnectedSubscriber {
  const { connectTimeoutMs = 10_000, idleTimeoutMs = 45_000, onError, clock = platformClock } = options;
  const delayAfter = createBackoff(
    { ...options.retry, maxAttempts: Number.POSITIVE_INFINITY },
    options.random,
  );
  const lastingMs = options.retry?.maxDelayMs ?? 10_000;

  /** Subscriptions that wait for the connection to be there. */
  const waiting = new Set<Waiting>();
  const subscriptions = createFanOut(onError, () => releaseIfUnused());
  /** Ends what there is: an attempt, a connection or a delay. Nothing while nobody is subscribed. */
  let end: (() => void) | undefined;
  let isOpen = false;
  /** The number of the last attempt of the row (TRA-10). */
  let attempt = 0;

  const releaseIfUnused = () => {
    if (subscriptions.size === 0 && waiting.size === 0) {
      end?.();
      end = undefined;
      isOpen = false;
      attempt = 0;
    }
  };

  const begin = () => {
    let current = true;
    let close: (() => void) | undefined;
    let dropTimer: () => void = () => {};
    let openedAt = 0;
    let receivedAt = 0;
    end = () => {
      current = false;
      dropTimer();
      isolate(onError, () => close?.());
    };
    const events: ConnectionEvents = {
      opened() {
        if (!current || isOpen) {
          return;
        }
        isOpen = true;
        openedAt = receivedAt = clock.now();
        dropTimer();
        watch();
        // The subscriptions that were there before this connection may have missed events; those that join it did not.
        subscriptions.gap();
        for (const { settle } of [...waiting]) {
          settle();
        }
      },
      alive() {
        receivedAt = clock.now();
      },
      missed() {
        if (current) {
          subscriptions.gap();
        }
      },
      received(message) {
        if (current) {
          receivedAt = clock.now();
          attempt = 0;
          subscriptions.deliver(message);
        }
      },
      lost(error) {
        if (!current) {
          return;
        }
        end?.();
        if (isOpen && clock.now() - openedAt >= lastingMs) {
          attempt = 0;
        }
        isOpen = false;
        isolate(onError, () => onError?.(error));
        for (const { fail } of [...waiting]) {
          fail(error);
        }
        // Each of them may have been the last one, and `onError` may have ended the rest.
        if (subscriptions.size > 0) {
          attempt += 1;
          // Whatever the error says, there is no end to the attempts; only a longer wait is heard (ENG-66).
          const { retryAfterMs } = Object(error);
          end = clock.setTimer(begin, delayAfter(attempt, { retryAfterMs }) ?? lastingMs);
        }
      },
    };
    /** A timer for each message would cost more than the message: one timer looks now and then. */
    const watch = () => {
      const leftMs = receivedAt + idleTimeoutMs - clock.now();
      if (leftMs <= 0) {
        events.lost(
          new Error(`nothing was received for ${idleTimeoutMs} ms; the connection counts as lost (TRA-11)`),
        );
      } else if (leftMs < Number.POSITIVE_INFINITY) {
        dropTimer = clock.setTimer(watch, leftMs);
      }
    };
    dropTimer = clock.setTimer(
      () => events.lost(new Error(`no connection was there after ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    const open = (to: A) => {
      if (current) {
        close = connect(to, events);
        // `lost` may have been told before `connect` returned.
        if (!current) {
          isolate(onError, close);
        }
      }
    };
    new Promise<A>((resolve) => resolve(address())).then(open).catch(events.lost);
  };

  const subscriberOf = (topic: string | undefined): InvalidationSubscriber => ({
    async subscribe(handler: Handler, { signal, onGap }: SubscribeOptions = {}): Promise<Unsubscribe> {
      checkNotAborted(signal);
      const filtered: Handler =
        topic === undefined
          ? handler
          : (event) => {
              const named = topicOf(event);
              if (named === topic || typeof named !== "string") {
                handler(event);
              }
            };
      if (isOpen) {
        return subscriptions.add(filtered, onGap);
      }
      return await new Promise<Unsubscribe>((resolve, reject) => {
        const entry: Waiting = {
          settle() {
            leave();
            resolve(subscriptions.add(filtered, onGap));
          },
          fail(error) {
            leave();
            reject(error);
            releaseIfUnused();
          },
        };
        const onAbort = () => entry.fail(signal?.reason);
        const leave = () => {
          waiting.delete(entry);
          signal?.removeEventListener("abort", onAbort);
        };
        signal?.addEventListener("abort", onAbort);
        waiting.add(entry);
        if (end === undefined) {
          begin();
        }
      });
    },
  });
  return { ...subscriberOf(undefined), forTopic: subscriberOf };
}
