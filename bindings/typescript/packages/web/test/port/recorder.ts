import type { InvalidationSubscriber, Unsubscribe } from "@statesync/core";
import { isInvalidationEvent } from "@statesync/protocol";

/** How a subscription of a test behaves. */
export interface RecordOptions {
  /** Its handler and its `onGap` throw. */
  fails?: boolean;
  /** Its handler ends this other subscription. */
  ends?: number;
  /** When its call of `subscribe` is cancelled. */
  cancelled?: "before" | "during";
}

/**
 * Keeps what subscriptions hear. It runs where the subscriber is, in Node or in a page of a browser, so everything that
 * goes in and out is JSON.
 */
export function createRecorder(subscriber: InvalidationSubscriber) {
  const recordings: { received: unknown[]; gaps: number; unsubscribe: Unsubscribe }[] = [];
  return {
    /** The number of the subscription, or why there is none. */
    async subscribe({ fails, ends, cancelled }: RecordOptions = {}): Promise<number | string> {
      const cancellation = new AbortController();
      const recording = { received: [] as unknown[], gaps: 0, unsubscribe: () => {} };
      if (cancelled === "before") {
        cancellation.abort("cancelled");
      }
      try {
        const subscribed = subscriber.subscribe(
          (event) => {
            recording.received.push(isInvalidationEvent(event) ? event : "malformed");
            if (ends !== undefined) {
              recordings[ends]?.unsubscribe();
            }
            if (fails) {
              throw new Error("the handler fails");
            }
          },
          {
            signal: cancellation.signal,
            onGap: () => {
              recording.gaps += 1;
              if (fails) {
                throw new Error("onGap fails");
              }
            },
          },
        );
        if (cancelled === "during") {
          cancellation.abort("cancelled");
        }
        recording.unsubscribe = (await subscribed) as () => void;
        return recordings.push(recording) - 1;
      } catch (error) {
        return String(error);
      }
    },
    /** What it has heard: events as they came, `"malformed"` for anything else. */
    received: (index: number): unknown[] => recordings[index]?.received ?? [],
    gaps: (index: number): number => recordings[index]?.gaps ?? 0,
    async end(index: number): Promise<void> {
      await recordings[index]?.unsubscribe();
    },
  };
}

type Functions = ReturnType<typeof createRecorder>;

/** A recorder here or in a page. */
export type Recorder = {
  [K in keyof Functions]: (
    ...args: Parameters<Functions[K]>
  ) => ReturnType<Functions[K]> | Promise<Awaited<ReturnType<Functions[K]>>>;
};
