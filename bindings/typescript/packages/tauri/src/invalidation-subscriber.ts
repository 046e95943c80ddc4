import type { InvalidationEvent, InvalidationSubscriber } from "@statesync/core";

/** `listen` of `@tauri-apps/api/event`, or that of a window. */
export type TauriListen = (
  event: string,
  handler: (event: { payload: unknown }) => void,
) => Promise<() => void>;

export interface TauriInvalidationSubscriberOptions {
  readonly listen: TauriListen;
  /** The name of the backend's event; several topics may share it (TRA-28). */
  readonly eventName: string;
  /** Told about a handler that throws; the engine's never does. */
  readonly onError?: (error: unknown) => void;
}

/** Brings the payloads of a Tauri event, unchanged and unchecked: the engine reports what is no event (TRA-5). */
export function createTauriInvalidationSubscriber(
  options: TauriInvalidationSubscriberOptions,
): InvalidationSubscriber {
  const { listen, eventName, onError } = options;
  return {
    async subscribe(handler, { signal } = {}) {
      signal?.throwIfAborted();
      let active = true;
      let cancel: (() => void) | undefined;
      const listening = listen(eventName, ({ payload }) => {
        // Ending it takes a message to the backend; what is on its way until then is left out (TRA-7).
        if (active) {
          try {
            handler(payload as InvalidationEvent);
          } catch (error) {
            onError?.(error);
          }
        }
      });
      const cancelled = new Promise<never>((_resolve, reject) => {
        cancel = () => reject(signal?.reason);
        signal?.addEventListener("abort", cancel);
      });
      try {
        const unlisten = await Promise.race([listening, cancelled]);
        return () => {
          if (active) {
            active = false;
            unlisten();
          }
        };
      } catch (error) {
        active = false;
        // A subscription that is there after all is ended at once (TRA-8); a failure has been told already.
        listening.then(
          (unlisten) => unlisten(),
          () => {},
        );
        throw error;
      } finally {
        if (cancel !== undefined) {
          signal?.removeEventListener("abort", cancel);
        }
      }
    },
  };
}
