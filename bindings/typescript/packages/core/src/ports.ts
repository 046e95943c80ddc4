import type { InvalidationEvent, Revision, SnapshotEnvelope, SyncPhase, Topic } from "@statesync/protocol";

/** Ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void | Promise<void>;

/** What a subscriber is given beside the handler. */
export interface SubscribeOptions {
  /** Aborts when the subscription is no longer wanted before it is there (TRA-8). */
  readonly signal?: AbortSignal;
  /** To be called when events may have been lost, such as after a reconnection (TRA-2). */
  readonly onGap?: () => void;
}

/** What the calls of the other ports are given. */
export interface CallOptions {
  /** Aborts when the outcome is no longer wanted: after a time-out or `stop()`. A port may ignore it. */
  readonly signal?: AbortSignal;
}

/** Brings the invalidation events of a topic (chapter "Transports"). */
export interface InvalidationSubscriber {
  /**
   * Resolves once every later event is delivered, or its loss signalled by `onGap` (TRA-1).
   *
   * @param handler - Takes events one after the other, unchanged and unchecked: what is no event is reported by
   * the engine with the phase `protocol` (ENG-28, TRA-5). It never throws.
   */
  subscribe(handler: (event: InvalidationEvent) => void, options?: SubscribeOptions): Promise<Unsubscribe>;
}

/** Pulls snapshots from the source of truth. */
export interface SnapshotProvider<D = unknown> {
  /** The current snapshot; rejects where there is none (TRA-14). */
  getSnapshot(options?: CallOptions): Promise<SnapshotEnvelope<D>>;
}

/** Makes the application's state what a snapshot says. */
export interface SnapshotApplier<D = unknown> {
  /** Once it returns, or its promise resolves, the state is the snapshot's. */
  apply(snapshot: SnapshotEnvelope<D>, options?: CallOptions): void | Promise<void>;
  /**
   * Told of the engine that is made with this applier. What brings snapshots of its own, such as a persistence layer with
   * its records and tabs, offers them to it, so that they pass its gate (ENG-60).
   */
  attach?(engine: { offer(snapshot: SnapshotEnvelope<D>): Promise<boolean> }): unknown;
}

/** Takes notes for people. */
export interface Logger {
  debug(message: string, context?: unknown): void;
  warn(message: string, context?: unknown): void;
  error(message: string, context?: unknown): void;
}

/** An error with what is needed to find its cause (ENG-71). */
export interface SyncErrorContext {
  phase: SyncPhase;
  topic?: Topic;
  error: unknown;
  sourceEvent?: InvalidationEvent;
  localRevision?: Revision;
  eventRevision?: Revision;
  snapshotRevision?: Revision;
  sourceId?: string;
  attempt?: number;
  willRetry?: boolean;
  nextDelayMs?: number;
}

/** Time and timers; injected in tests, the platform's otherwise (ENG-77). */
export interface Clock {
  /** Monotonic time in milliseconds from any beginning. */
  now(): number;
  /** Calls back once, after `delayMs`; the function returned drops the timer. */
  setTimer(callback: () => void, delayMs: number): () => void;
}
