import type { InvalidationEvent, InvalidationSubscriber } from "@statesync/core";
import type { ElectronListen } from "./bridge.js";

export interface ElectronInvalidationSubscriberOptions {
  /** `listen` of the bridge. */
  readonly listen: ElectronListen;
  /** The channel of the events, as a rule `invalidationChannel(topic)`. */
  readonly channel: string;
  /** Told about a handler that throws; the engine's never does. */
  readonly onError?: (error: unknown) => void;
}

/** Brings what the main process sends on a channel, unchanged and unchecked: the engine reports what is no event (TRA-5). */
export function createElectronInvalidationSubscriber(
  options: ElectronInvalidationSubscriberOptions,
): InvalidationSubscriber {
  const { listen, channel, onError } = options;
  return {
    async subscribe(handler, { signal } = {}) {
      signal?.throwIfAborted();
      let active = true;
      const end = listen(channel, (payload) => {
        if (active) {
          try {
            handler(payload as InvalidationEvent);
          } catch (error) {
            onError?.(error);
          }
        }
      });
      return () => {
        if (active) {
          active = false;
          end();
        }
      };
    },
  };
}
