import { type ConnectedSubscriber, type ConnectionOptions, createConnectedSubscriber } from "./connection.js";
import type { Listener } from "./listener.js";
import { readText } from "./text.js";

/** What is used of an `EventSource`. */
export interface EventSourceLike {
  addEventListener(type: string, listener: Listener): void;
  close(): void;
}

export interface ServerSentEventsSubscriberOptions extends ConnectionOptions {
  /** The address, or a function that gives it for each attempt, with credentials that are valid then (TRA-12). */
  readonly url: string | URL | (() => string | URL | Promise<string | URL>);
  /** Whether cookies are sent to another origin. */
  readonly withCredentials?: boolean;
  /** Makes the source; the platform's `EventSource` by default. One that can send headers may be given here. */
  readonly createEventSource?: (url: string | URL, init: { withCredentials: boolean }) => EventSourceLike;
}

/**
 * Brings the events of a server-sent stream, those of the type `invalidation` (TRA-19). The delays between attempts are those
 * of every other connection, not the EventSource's own. An EventSource does not tell of comments: for TRA-11 a server
 * sends events of the type `ping`.
 */
export function createServerSentEventsSubscriber(
  options: ServerSentEventsSubscriberOptions,
): ConnectedSubscriber {
  const { url, withCredentials = false, createEventSource = platformEventSource } = options;
  return createConnectedSubscriber(
    typeof url === "function" ? url : () => url,
    (address, events) => {
      const source = createEventSource(address, { withCredentials });
      source.addEventListener("open", () => events.opened());
      source.addEventListener("ping", () => events.alive());
      source.addEventListener("invalidation", ({ data }: { data: unknown }) =>
        events.received(readText(data)),
      );
      source.addEventListener("error", (error: { code?: number; message?: string }) => {
        const why = error.message ?? (error.code === undefined ? "" : `status ${error.code}`);
        events.lost(new Error(`the event stream was lost or refused${why === "" ? "" : `: ${why}`}`));
      });
      return () => source.close();
    },
    options,
  );
}

function platformEventSource(url: string | URL, init: { withCredentials: boolean }): EventSourceLike {
  if (typeof EventSource === "undefined") {
    throw new Error(
      "there is no EventSource here; give createEventSource, such as (url, init) => new EventSource(url, init) of the package eventsource",
    );
  }
  return new EventSource(url, init);
}
