import type { InvalidationEvent, Revision } from "@statesync/core";
import { ProtocolError, parseInvalidationEvent } from "@statesync/protocol";
import { invalidationChannel } from "./channels.js";

/** What is used of a `WebContents`. */
export interface WebContentsLike {
  isDestroyed(): boolean;
  send(channel: string, ...args: unknown[]): void;
}

/** A `WebContents`, or a window that has one. */
export type ElectronTarget =
  | WebContentsLike
  | { isDestroyed(): boolean; readonly webContents: WebContentsLike };

export interface ElectronBroadcasterOptions {
  readonly topic: string;
  /** The windows there are, such as `() => BrowserWindow.getAllWindows()`; asked at each event. */
  readonly getTargets: () => Iterable<ElectronTarget>;
  /** The channel of the events; that of the topic by default (TRA-29). */
  readonly channel?: string;
  /** Told about each window that could not be reached. */
  readonly onError?: (error: unknown) => void;
}

/** What may be said of an event beside its revision. */
export interface ElectronInvalidateOptions {
  /** The epoch in which the revision counts; ENG-4 asks for it unless it is the empty one. */
  readonly epoch?: string;
  /** Who made the change. */
  readonly sourceId?: string;
  /** When, in milliseconds since the Unix epoch. */
  readonly timestampMs?: number;
}

/** Sends the events of a topic to the windows. */
export interface ElectronBroadcaster {
  /**
   * Tells all windows that the topic is at a revision, once its snapshot handler gives that state (ENG-6).
   *
   * @throws {ProtocolError} Where the revision or an option is not what an event may hold.
   */
  invalidate(revision: Revision | string, options?: ElectronInvalidateOptions): void;
}

/** For the main process: one that is destroyed is left out, and one that fails keeps no other from its event (TRA-31). */
export function createElectronBroadcaster(options: ElectronBroadcasterOptions): ElectronBroadcaster {
  const { topic, getTargets, channel = invalidationChannel(topic), onError } = options;
  return {
    invalidate(revision, about = {}) {
      const result = parseInvalidationEvent({ topic, revision, ...about });
      if (!result.ok) {
        const { code, pointer, message } = result.error;
        throw new ProtocolError(code, pointer, message);
      }
      for (const target of getTargets()) {
        try {
          send(target, channel, result.value);
        } catch (error) {
          onError?.(error);
        }
      }
    },
  };
}

function send(target: ElectronTarget, channel: string, event: InvalidationEvent): void {
  // In this order: a destroyed window throws when it is asked for its contents.
  if (target.isDestroyed()) {
    return;
  }
  const contents = "webContents" in target ? target.webContents : target;
  if (!contents.isDestroyed()) {
    contents.send(channel, event);
  }
}
