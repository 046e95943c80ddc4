import { type ConnectedSubscriber, type ConnectionOptions, createConnectedSubscriber } from "./connection.js";
import type { Listener } from "./listener.js";
import { readText } from "./text.js";

/** What is used of a `WebSocket`. */
export interface WebSocketLike {
  addEventListener(type: "open" | "message" | "close" | "error", listener: Listener): void;
  send(text: string): void;
  close(): void;
}

export interface WebSocketSubscriberOptions extends ConnectionOptions {
  /** The address, or a function that gives it for each attempt, with credentials that are valid then (TRA-12). */
  readonly url: string | URL | (() => string | URL | Promise<string | URL>);
  /** Sub-protocols that the server may choose from. */
  readonly protocols?: string | string[];
  /** Makes the socket; the platform's `WebSocket` by default. */
  readonly createWebSocket?: (url: string | URL, protocols?: string | string[]) => WebSocketLike;
  /** Called when a connection is open, before anything is received: a server may want to be told the topics. */
  readonly onOpen?: (socket: { send(text: string): void }) => void;
  /**
   * When the server is known to deliver: `open` where it subscribes the connection before it accepts it (the default),
   * `message` where it does so later and then sends a first event (TRA-3).
   */
  readonly ready?: "open" | "message";
}

/** Brings the events of a server over one WebSocket: each is the whole text of a message (TRA-17). */
export function createWebSocketSubscriber(options: WebSocketSubscriberOptions): ConnectedSubscriber {
  const { url, protocols, onOpen, ready = "open", createWebSocket = platformWebSocket } = options;
  return createConnectedSubscriber(
    typeof url === "function" ? url : () => url,
    (address, events) => {
      const socket = createWebSocket(address, protocols);
      socket.addEventListener("open", () => {
        try {
          onOpen?.(socket);
        } catch (error) {
          events.lost(error);
          return;
        }
        if (ready === "open") {
          events.opened();
        }
      });
      socket.addEventListener("message", ({ data }: { data: unknown }) => {
        events.opened();
        events.received(readText(data));
      });
      socket.addEventListener("close", ({ code, reason }: { code: number; reason: string }) => {
        events.lost(new Error(`the WebSocket was closed (${code}${reason === "" ? "" : `, ${reason}`})`));
      });
      // A `close` follows, with the code; without a listener some implementations throw.
      socket.addEventListener("error", () => {});
      return () => socket.close();
    },
    options,
  );
}

function platformWebSocket(url: string | URL, protocols?: string | string[]): WebSocketLike {
  if (typeof WebSocket === "undefined") {
    throw new Error(
      "there is no WebSocket here; give createWebSocket, such as (url) => new WebSocket(url) of the package ws",
    );
  }
  return new WebSocket(url, protocols);
}
