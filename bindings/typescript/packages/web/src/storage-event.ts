import type { InvalidationSubscriber } from "@statesync/core";
import type { Broadcaster } from "./broadcaster.js";
import { createAttachedSubscriber, type ErrorListener } from "./fan-out.js";
import { type PageLike, whenResumed } from "./resumed.js";
import { readText } from "./text.js";

/** What is used of a `Storage`. */
export interface StorageLike {
  setItem(key: string, value: string): void;
}

export interface StorageEventSubscriberOptions {
  /** The key of localStorage that the events are written to. */
  readonly key: string;
  /** Told about handlers that throw. */
  readonly onError?: ErrorListener;
  /** The page whose `storage` events are heard, and which tells that it was frozen; `window` by default. */
  readonly page?: PageLike;
}

/**
 * Brings the events that other tabs of the origin write to localStorage, where there is no BroadcastChannel. A gap is
 * signalled each time when the page is resumed. The browser tells a tab of a change after the write, so two events may
 * come as one, the later one; this loses nothing that counts (ENG-7).
 */
export function createStorageEventSubscriber(options: StorageEventSubscriberOptions): InvalidationSubscriber {
  const { key, onError, page } = options;
  return createAttachedSubscriber(onError, (subscriptions) => {
    const target = page ?? (globalThis as unknown as PageLike);
    const listener = (event: Event) => {
      const { key: changed, newValue } = event as StorageEvent;
      // Nothing is announced by a key that was removed, or by a storage that was cleared.
      if (changed === key && newValue !== null) {
        subscriptions.deliver(readText(newValue));
      }
    };
    target.addEventListener("storage", listener);
    const endResumed = whenResumed(() => subscriptions.gap(), page);
    return () => {
      endResumed();
      target.removeEventListener("storage", listener);
    };
  });
}

export interface StorageEventBroadcasterOptions {
  /** The key of localStorage that the events are written to. */
  readonly key: string;
  /** Where to write; `localStorage` by default. */
  readonly storage?: StorageLike;
}

/**
 * Writes the events of a topic to localStorage, which tells the other tabs. A second event of equal text is not told to
 * them; it would be stale to them anyway. A full storage makes `broadcast` throw the platform's error.
 */
export function createStorageEventBroadcaster(options: StorageEventBroadcasterOptions): Broadcaster {
  const { key, storage = localStorage } = options;
  return {
    broadcast: (event) => storage.setItem(key, JSON.stringify(event)),
    dispose() {},
  };
}
