import { type Clock, OptionError, type Position, platformClock } from "@statesync/core";
import {
  type CrossTabMessage,
  isCrossTabMessage,
  isTopic,
  type SnapshotEnvelope,
  type Topic,
} from "@statesync/protocol";
import { PersistenceError } from "./error.js";
import { isolated } from "./events.js";
import { isAsNew } from "./record.js";
import { isAccepted } from "./validator.js";

/** How long an answer to a `request-sync` waits at most, in milliseconds: chance decides who answers (PRS-57). */
const ANSWER_WITHIN_MS = 100;

/** A channel that brings each message to all other tabs: a `BroadcastChannel`, or what a platform has in its place. */
export interface TabChannel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onmessageerror?: ((event: MessageEvent) => unknown) | null;
  close(): void;
}

/** What the tabs share. */
export interface CrossTabSyncOptions<D = unknown> {
  /** The name of the channel. It should hold the schema version, as messages do not (PRS-63). */
  channelName: string;
  /** The topic, where the channel carries several: messages of other topics are ignored. */
  topic?: Topic | null | undefined;
  /** Whether snapshots of other tabs are used; by default they are. */
  receiveUpdates?: boolean | null | undefined;
  /** Whether snapshots are sent to other tabs; by default they are. */
  broadcastSaves?: boolean | null | undefined;
  /** Told each snapshot of another tab. A persistence applier offers it to its engine, with or without this. */
  onSnapshot?: ((snapshot: SnapshotEnvelope<D>) => unknown) | null | undefined;
  /**
   * Asked for the current snapshot when another tab wants it, where there is no persistence applier that knows it; by
   * default the last one that was broadcast.
   */
  onSyncRequest?: (() => SnapshotEnvelope<D> | null | undefined) | null | undefined;
  /** Told that another tab has cleared the store. */
  onClear?: (() => unknown) | null | undefined;
  /** Told about messages that were refused or could not be sent, where there is no persistence applier to tell. */
  onError?: ((error: PersistenceError) => unknown) | null | undefined;
  /** The channel; by default a `BroadcastChannel` of the name. */
  channel?: TabChannel | null | undefined;
  /** Monotonic time and timers; by default the platform's. */
  clock?: Clock | null | undefined;
  /** The wall clock, in milliseconds since the Unix epoch; by default `Date.now`. */
  wallClock?: (() => number) | null | undefined;
  /** Numbers from 0 (included) to 1 (excluded); by default `Math.random`. */
  random?: (() => number) | null | undefined;
}

/** What a persistence applier does with the messages of other tabs. */
export interface CrossTabPeer<D> {
  readonly validators: readonly (((data: D) => unknown) | null | undefined)[];
  /** Told about messages that were refused or could not be sent. */
  report(error: PersistenceError): void;
  /** The snapshot that was applied last. */
  last(): SnapshotEnvelope<D> | null | undefined;
  /** Another tab has applied this. */
  snapshot(snapshot: SnapshotEnvelope<D>): void;
  /** Another tab has cleared the store. */
  clear(): void;
}

/** The connection of this tab to the others. Without a channel it does nothing (PRS-62). */
export interface CrossTabSync<D = unknown> {
  /** Sends a snapshot. */
  broadcast(snapshot: SnapshotEnvelope<D>): void;
  /** Asks the other tabs for their snapshot. */
  requestSync(): void;
  /** Tells the other tabs that the store has been cleared. */
  notifyClear(): void;
  /** Whether there is a channel. */
  isSupported(): boolean;
  /** The `sourceId` of this tab (PRS-48). */
  getTabId(): string;
  /** Leaves the channel: nothing is sent or received any more. */
  dispose(): void;
  /**
   * For the persistence applier, of which there is one: hands it what comes from other tabs, and the newest that came
   * before. The function returned drops an answer that waits.
   *
   * @throws {RangeError} Where another persistence applier has taken it.
   */
  connect(peer: CrossTabPeer<D>): () => void;
}

/** Whether the platform has `BroadcastChannel`. */
export function isBroadcastChannelSupported(): boolean {
  return typeof BroadcastChannel === "function";
}

/** Opens the channel to the other tabs, and asks them for their snapshot (PRS-56). */
export function createCrossTabSync<D = unknown>(options: CrossTabSyncOptions<D>): CrossTabSync<D> {
  const clock = options.clock ?? platformClock;
  const random = options.random ?? Math.random;
  const topic = options.topic ?? undefined;
  if (topic !== undefined && !isTopic(topic)) {
    throw new OptionError("topic", "a name", JSON.stringify(topic));
  }
  const receiveUpdates = options.receiveUpdates !== false;
  const broadcastSaves = options.broadcastSaves !== false;
  const sourceId = createTabId();
  let channel = options.channel ?? (isBroadcastChannelSupported() ? open(options.channelName) : undefined);
  const isSupported = channel !== undefined;
  let broadcasted: SnapshotEnvelope<D> | undefined;
  let cancelAnswer: (() => void) | undefined;
  /** What has been heard while an answer waits: not the data, of which there may be much. */
  let heard: Position[] = [];
  /** What came while nobody had taken the connection: the newest, such as the answer to the first request. */
  let early: SnapshotEnvelope<D> | undefined;
  let isTaken = false;
  let peer: CrossTabPeer<D> = {
    validators: [],
    report: (error) => isolated(() => options.onError?.(error)),
    last: () => (options.onSyncRequest ? options.onSyncRequest() : broadcasted),
    snapshot(snapshot) {
      early = early && isAsNew(early, snapshot) ? early : snapshot;
    },
    clear: () => {},
  };

  function refuse(message: string, cause?: unknown): void {
    peer.report(new PersistenceError("channel", message, cause));
  }

  function post(message: object): void {
    try {
      channel?.postMessage({
        ...message,
        sourceId,
        ...(topic === undefined ? {} : { topic }),
        timestampMs: (options.wallClock ?? Date.now)(),
      });
    } catch (error) {
      refuse("a message to the other tabs could not be sent", error);
    }
  }

  function broadcast({ revision, data, epoch }: SnapshotEnvelope<D>): void {
    if (broadcastSaves) {
      broadcasted = { revision, data, ...(epoch == null ? {} : { epoch }) };
      post({ type: "snapshot", snapshot: broadcasted });
    }
  }

  /** Answers a `request-sync`, unless another tab has done so when the delay is over (PRS-57). */
  function answer(): void {
    if (cancelAnswer !== undefined || !broadcastSaves || !peer.last()) {
      return;
    }
    heard = [];
    const end = () => {
      cancelAnswer = undefined;
      const last = peer.last();
      if (last && !heard.some((other) => isAsNew(other, last))) {
        broadcast(last);
      }
    };
    cancelAnswer = clock.setTimer(end, Math.floor(ANSWER_WITHIN_MS * random()));
  }

  /** What was applied before a clearing is nobody's answer (PRS-58). */
  function dropAnswer(): void {
    cancelAnswer?.();
    cancelAnswer = undefined;
    broadcasted = undefined;
    early = undefined;
  }

  function receive(message: unknown): void {
    if (!isCrossTabMessage(message)) {
      refuse("what came over the channel is no CrossTabMessage");
      return;
    }
    const received = message as CrossTabMessage<D>;
    if (received.sourceId === sourceId || (received.topic ?? topic) !== topic) {
      return;
    }
    if (received.type === "request-sync") {
      answer();
    } else if (received.type === "clear") {
      dropAnswer();
      isolated(() => options.onClear?.());
      peer.clear();
    } else if (receiveUpdates) {
      receiveSnapshot(received.snapshot);
    }
  }

  function receiveSnapshot({ revision, data, epoch }: SnapshotEnvelope<D>): void {
    const snapshot = { revision, data, ...(epoch == null ? {} : { epoch }) };
    if (accepts(data)) {
      if (cancelAnswer !== undefined) {
        heard.push({ revision, epoch });
      }
      isolated(() => options.onSnapshot?.(snapshot));
      peer.snapshot(snapshot);
    }
  }

  /** Whether no validator refuses the data of another tab; that one does is reported (PRS-50). */
  function accepts(data: D): boolean {
    let cause: unknown;
    let why = "";
    try {
      if (peer.validators.every((validator) => isAccepted(validator, data))) {
        return true;
      }
    } catch (error) {
      cause = error;
      why = `: ${(error as Error)?.message ?? error}`;
    }
    refuse(`the validator refuses the snapshot of another tab${why}`, cause);
    return false;
  }

  const requestSync = () => post({ type: "request-sync" });

  if (channel !== undefined) {
    // Node keeps a process for an open channel; nobody wants that of a cache.
    (channel as { unref?: () => void }).unref?.();
    channel.onmessage = ({ data }) => receive(data);
    channel.onmessageerror = () => refuse("a message of another tab could not be read");
    if (receiveUpdates) {
      requestSync();
    }
  }

  return {
    broadcast,
    requestSync,
    notifyClear() {
      // An answer that waits is not dropped here: it may be of a snapshot that was applied since the clearing began.
      broadcasted = undefined;
      early = undefined;
      post({ type: "clear" });
    },
    isSupported: () => isSupported,
    getTabId: () => sourceId,
    dispose() {
      dropAnswer();
      channel?.close();
      channel = undefined;
    },
    connect(newPeer) {
      if (isTaken) {
        throw new OptionError(
          "crossTabSync",
          "one createCrossTabSync for each persistence applier",
          "one that another applier has taken",
        );
      }
      isTaken = true;
      peer = newPeer;
      // What came earlier is handed on when the applier is attached to its engine, whose gate judges it.
      Promise.resolve().then(() => {
        const snapshot = early;
        early = undefined;
        if (snapshot && accepts(snapshot.data)) {
          peer.snapshot(snapshot);
        }
      });
      return dropAnswer;
    },
  };
}

function open(name: string): TabChannel {
  return new BroadcastChannel(name) as TabChannel;
}

/** 64 bits of chance in hexadecimal digits (PRS-48). */
function createTabId(): string {
  const bits = crypto.getRandomValues(new Uint32Array(2));
  return Array.from(bits, (part) => part.toString(16).padStart(8, "0")).join("");
}
