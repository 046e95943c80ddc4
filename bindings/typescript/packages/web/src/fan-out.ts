import type { InvalidationEvent, InvalidationSubscriber, SubscribeOptions } from "@statesync/core";

/** Takes an event, as the engine does. */
export type Handler = (event: InvalidationEvent) => void;

/** Takes an error that no caller waits for. */
export type ErrorListener = (error: unknown) => void;

/** The subscriptions of one subscriber. */
export interface FanOut {
  /** How many there are. */
  readonly size: number;
  /** Adds a subscription; the function returned removes it, once. */
  add(handler: Handler, onGap?: () => void): () => void;
  /** Hands a message to every subscription, unchanged and unchecked (TRA-4, TRA-5). */
  deliver(message: unknown): void;
  /** Tells every subscription that events may have been lost (TRA-2). */
  gap(): void;
}

/** Calls listeners one after the other; one that fails keeps none of the others from its call (TRA-6). */
export function createFanOut(onError: ErrorListener | undefined, onRemove: () => void = () => {}): FanOut {
  const subscriptions = new Set<{ handler: Handler; onGap: (() => void) | undefined }>();
  const each = (call: (subscription: { handler: Handler; onGap: (() => void) | undefined }) => void) => {
    // One that is removed meanwhile is not visited any more (TRA-7).
    for (const subscription of subscriptions) {
      isolate(onError, () => call(subscription));
    }
  };
  return {
    get size() {
      return subscriptions.size;
    },
    add(handler, onGap) {
      const subscription = { handler, onGap };
      subscriptions.add(subscription);
      return () => {
        if (subscriptions.delete(subscription)) {
          onRemove();
        }
      };
    },
    deliver: (message) => each(({ handler }) => handler(message as InvalidationEvent)),
    gap: () => each(({ onGap }) => onGap?.()),
  };
}

/** Calls a function of the application; what it throws goes to `onError`, and what that throws is dropped. */
export function isolate(onError: ErrorListener | undefined, call: () => void): void {
  try {
    call();
  } catch (error) {
    try {
      onError?.(error);
    } catch {
      // There is nobody left to tell.
    }
  }
}

/** Fails where a call was cancelled before it began. */
export function checkNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw signal.reason;
  }
}

/**
 * A subscriber whose transport is there at once and cannot be lost. It is attached with the first subscription and
 * detached with the last one (TRA-7).
 */
export function createAttachedSubscriber(
  onError: ErrorListener | undefined,
  attach: (subscriptions: FanOut) => () => void,
): InvalidationSubscriber {
  let detach: (() => void) | undefined;
  const subscriptions = createFanOut(onError, () => {
    if (subscriptions.size === 0) {
      detach?.();
      detach = undefined;
    }
  });
  return {
    async subscribe(handler: Handler, { signal, onGap }: SubscribeOptions = {}) {
      checkNotAborted(signal);
      detach ??= attach(subscriptions);
      return subscriptions.add(handler, onGap);
    },
  };
}
