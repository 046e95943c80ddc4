import type { InvalidationEvent, SnapshotEnvelope } from "@statesync/core";
import type { Listener } from "./listener.js";

/** What a page and a SharedWorker send each other over a port: plain objects whose members are JSON values (TRA-33). */
export type PageMessage =
  | { readonly type: "subscribe" }
  | { readonly type: "unsubscribe" }
  | { readonly type: "pong" }
  | { readonly type: "invalidation"; readonly event: InvalidationEvent }
  | { readonly type: "get-snapshot"; readonly id: string; readonly topic: string };

/** See {@link PageMessage}. */
export type WorkerMessage =
  | { readonly type: "subscribed" }
  | { readonly type: "ping" }
  | { readonly type: "invalidation"; readonly event: unknown }
  | { readonly type: "snapshot"; readonly id: string; readonly snapshot: SnapshotEnvelope }
  | { readonly type: "no-snapshot"; readonly id: string; readonly reason: string };

/** What is used of a `MessagePort`. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: "message" | "close", listener: Listener): void;
  start?(): void;
  close(): void;
}

/**
 * Hears a port. What is not an object with a `type` is left out: the two ends are programs of one origin, but other
 * code may use the port too.
 */
export function hear<M extends { type: string }>(
  port: MessagePortLike,
  listener: (message: M) => void,
): void {
  port.addEventListener("message", ({ data }: { data: unknown }) => {
    if (typeof data === "object" && data !== null && typeof (data as { type?: unknown }).type === "string") {
      listener(data as M);
    }
  });
  port.start?.();
}
