import {
  createRevisionGate,
  type InvalidationEvent,
  type InvalidationSubscriber,
  type Revision,
  type SnapshotEnvelope,
  type SnapshotProvider,
} from "@statesync/core";
import { isCrossTabMessage } from "@statesync/protocol";
import {
  type BroadcastChannelLike,
  createBroadcastChannelProvider,
  createBroadcastChannelSubscriber,
  openChannel,
} from "./broadcast-channel.js";
import { checkNotAborted, type ErrorListener, isolate } from "./fan-out.js";
import { awaitAnswer, createSourceId } from "./question.js";
import type { PageLike } from "./resumed.js";

/** What is used of `navigator.locks`. */
export interface LockManagerLike {
  request(name: string, options: { signal: AbortSignal }, callback: () => Promise<void>): Promise<unknown>;
}

export interface TabSourceOptions<D, A> {
  /** The topic whose state the tabs share. */
  readonly topic: string;
  /** The name that the tabs meet under: of the channel of events, and with a suffix of the others and of the lock. */
  readonly channelName: string;
  /** The data to begin with, where no tab has a state: a default, or what was kept from the last run. */
  readonly initial: () => D | Promise<D>;
  /** The data after an action. It runs in the tab that is the source, and must not change what it is given. */
  readonly reduce: (data: D, action: A) => D;
  /** How long the source has for an answer, in milliseconds; 1000 by default. */
  readonly timeoutMs?: number;
  /** Told about an `initial` that fails, and about messages that cannot be posted. */
  readonly onError?: ErrorListener;
  readonly locks?: LockManagerLike;
  readonly createChannel?: (name: string) => BroadcastChannelLike;
  readonly page?: PageLike;
}

/** One state shared by the tabs of an origin, without a server. */
export interface TabSource<D, A> {
  /** For the engine of this tab. */
  readonly subscriber: InvalidationSubscriber;
  readonly provider: SnapshotProvider<D>;
  /** Whether this tab is the source now. */
  readonly isSource: boolean;
  /**
   * Has the source carry out an action.
   *
   * @returns The revision of the state after it.
   * @throws What `reduce` throws; or that the source did not answer, and then it is not known whether it took effect.
   */
  dispatch(action: A): Promise<Revision>;
  /** Leaves; another tab becomes the source if this one was. */
  dispose(): void;
}

type ActionMessage<A> =
  | { readonly type: "action"; readonly id: string; readonly action: A }
  | { readonly type: "outcome"; readonly id: string; readonly revision?: Revision; readonly reason?: string };

/** Each epoch begins with this one. */
const FIRST = "1" as Revision;

/** The successor. An epoch ends with its tab, long before the revisions do, so it need not saturate (REV-7). */
const following = (revision: Revision) => String(BigInt(revision) + 1n) as Revision;

/**
 * Shares a state between tabs. The source of truth is the tab that holds a Web Lock, so there is always at most one; when it
 * goes away, the lock goes to another tab, which goes on with the newest snapshot that it has heard. It cannot know whether
 * it has heard the last one, so it takes a new epoch (ENG-3, TRA-38).
 */
export function createTabSource<D, A>(options: TabSourceOptions<D, A>): TabSource<D, A> {
  const {
    topic,
    channelName,
    initial,
    reduce,
    timeoutMs,
    onError,
    locks = platformLocks(),
    createChannel,
  } = options;
  const channelOf = (suffix: string) => ({
    channelName: channelName + suffix,
    ...(createChannel === undefined ? {} : { createChannel }),
  });
  const events = openChannel(channelOf(""));
  const snapshots = openChannel(channelOf(":snapshots"));
  const actions = openChannel(channelOf(":actions"));
  const sourceId = createSourceId();
  const gate = createRevisionGate();
  /** The newest snapshot heard, or the state itself in the tab that is the source. */
  let newest: SnapshotEnvelope<D> | undefined;
  let isSource = false;
  const leaving = new AbortController();

  const announce = () => {
    snapshots.postMessage({ type: "snapshot", sourceId, topic, snapshot: newest });
    const { revision, epoch } = newest as SnapshotEnvelope<D>;
    events.postMessage({
      topic,
      revision,
      ...(epoch === undefined ? {} : { epoch }),
      sourceId,
    } satisfies InvalidationEvent);
  };
  const become = (snapshot: SnapshotEnvelope<D>) => {
    newest = snapshot;
    gate.accept(snapshot);
  };
  const carryOut = (action: A): Revision => {
    const { data, revision, epoch } = newest as SnapshotEnvelope<D>;
    become({
      data: reduce(data, action),
      revision: following(revision),
      ...(epoch === undefined ? {} : { epoch }),
    });
    announce();
    return (newest as SnapshotEnvelope<D>).revision;
  };

  snapshots.addEventListener("message", ({ data: message }) => {
    if (!isCrossTabMessage(message) || (message.topic ?? topic) !== topic) {
      return;
    }
    if (message.type === "request-sync" && isSource) {
      snapshots.postMessage({ type: "snapshot", sourceId, topic, snapshot: newest });
    } else if (message.type === "snapshot" && !isSource) {
      const heard = message.snapshot as SnapshotEnvelope<D>;
      const judged = gate.judge(heard);
      if (judged === "first" || judged === "newer" || judged === "new-epoch") {
        become(heard);
      }
      known();
    }
  });
  actions.addEventListener("message", ({ data }) => {
    const message = data as ActionMessage<A>;
    if (message?.type === "action" && isSource) {
      const { id } = message;
      try {
        actions.postMessage({
          type: "outcome",
          id,
          revision: carryOut(message.action),
        } satisfies ActionMessage<A>);
      } catch (error) {
        actions.postMessage({ type: "outcome", id, reason: String(error) } satisfies ActionMessage<A>);
      }
    }
  });

  let known: () => void = () => {};
  let candidacy: Promise<void> | undefined;
  /** Stands for source, once at a time; resolves when there is one, this tab or another that has been heard. */
  const stand = (): Promise<void> => {
    candidacy ??= new Promise<void>((resolve, reject) => {
      known = resolve;
      locks
        .request(`statesync:${channelName}`, { signal: leaving.signal }, async () => {
          const data = newest === undefined ? await initial() : newest.data;
          become({ data, revision: FIRST, epoch: createSourceId() });
          isSource = true;
          announce();
          known();
          await new Promise<void>((resolve) => leaving.signal.addEventListener("abort", () => resolve()));
          isSource = false;
        })
        .catch((error: unknown) => {
          // A lock that is held fails only where it was stolen: another tab is the source. The next call stands again.
          isSource = false;
          candidacy = undefined;
          reject(error);
          if (!leaving.signal.aborted) {
            isolate(onError, () => onError?.(error));
          }
        });
    });
    return candidacy;
  };
  stand().catch(() => {});
  // What a tab that is the source already has: the answer is heard above.
  snapshots.postMessage({ type: "request-sync", sourceId, topic });

  const asked = createBroadcastChannelProvider<D>({
    ...channelOf(":snapshots"),
    topic,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return {
    subscriber: createBroadcastChannelSubscriber({
      ...channelOf(""),
      ...(options.page === undefined ? {} : { page: options.page }),
      ...(onError === undefined ? {} : { onError }),
    }),
    provider: {
      async getSnapshot(call) {
        await orAborted(stand(), call?.signal);
        return isSource && newest !== undefined ? newest : await asked.getSnapshot(call);
      },
    },
    get isSource() {
      return isSource;
    },
    async dispatch(action) {
      await stand();
      return isSource ? carryOut(action) : await send(action);
    },
    dispose() {
      leaving.abort();
      for (const channel of [events, snapshots, actions]) {
        channel.close();
      }
    },
  };

  function send(action: A): Promise<Revision> {
    const id = createSourceId();
    return awaitAnswer<Revision>({ signal: leaving.signal, timeoutMs, clock: undefined }, (answer, fail) => {
      const listener = ({ data }: { data: unknown }) => {
        const message = data as ActionMessage<A>;
        if (message?.type === "outcome" && message.id === id) {
          if (message.revision !== undefined) {
            answer(message.revision);
          } else {
            fail(new Error(`the source refused the action: ${message.reason}`));
          }
        }
      };
      const own = openChannel(channelOf(":actions"));
      own.addEventListener("message", listener);
      own.postMessage({ type: "action", id, action } satisfies ActionMessage<A>);
      return {
        end: () => own.close(),
        nobody:
          "the tab that is the source did not answer; it is not known whether the action took effect: no outcome came",
      };
    });
  }
}

/** Waits for an outcome, as long as it is wanted (TRA-15). */
function orAborted<T>(outcome: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  checkNotAborted(signal);
  return signal === undefined
    ? outcome
    : Promise.race([
        outcome,
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
      ]);
}

function platformLocks(): LockManagerLike {
  const { locks } = (globalThis as { navigator?: { locks?: LockManagerLike } }).navigator ?? {};
  if (locks === undefined) {
    throw new Error("there are no Web Locks here (they need https or localhost); give locks");
  }
  return locks;
}
