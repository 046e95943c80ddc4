import type { InvalidationEvent, Revision, SnapshotEnvelope, Topic } from "@statesync/protocol";
import type { ThrottlingOptions } from "./limiter.js";
import type { SyncMetrics } from "./metrics.js";
import type {
  Clock,
  InvalidationSubscriber,
  Logger,
  SnapshotApplier,
  SnapshotProvider,
  SyncErrorContext,
  Unsubscribe,
} from "./ports.js";
import type { RetryPolicy } from "./retry.js";
import type { SyncStatus } from "./status.js";

/** What {@link createRevisionSync} takes. An option that is absent, `undefined` or `null` has its default (ENG-8). */
export interface RevisionSyncOptions<D> {
  /** Whose copy it is; compared with events as it stands (TOP-3). */
  topic: Topic;
  subscriber: InvalidationSubscriber;
  provider: SnapshotProvider<D>;
  applier: SnapshotApplier<D>;
  /** Asked about each event that is not stale: `false` means that it is of no interest (ENG-31). */
  shouldRefresh?: ((event: InvalidationEvent) => boolean) | null | undefined;
  /** Checks each snapshot; it refuses one by throwing or by answering `false` (ENG-51). */
  validate?: ((snapshot: SnapshotEnvelope<D>) => unknown) | null | undefined;
  /** Told about every error (ENG-71). */
  onError?: ((context: SyncErrorContext) => void) | null | undefined;
  /** Takes notes for people. */
  logger?: Logger | null | undefined;
  /** How events are turned into few pulls. */
  throttling?: ThrottlingOptions | null | undefined;
  /** What follows a failed attempt, and one that leaves the copy behind what was promised. */
  retry?: RetryPolicy | null | undefined;
  /** How long each call of a port may take, in milliseconds, where the next three do not say; 10000 by default. */
  timeoutMs?: number | null | undefined;
  subscribeTimeoutMs?: number | null | undefined;
  getSnapshotTimeoutMs?: number | null | undefined;
  applyTimeoutMs?: number | null | undefined;
  /** The snapshot that the application's state is already; it is not applied (ENG-83). */
  initialSnapshot?: SnapshotEnvelope<D> | null | undefined;
  /** Time and timers; the platform's by default. */
  clock?: Clock | null | undefined;
  /** Numbers from 0 (included) to 1 (excluded), for the delays of `retry`; the platform's by default. */
  random?: (() => number) | null | undefined;
}

/** The engine of one topic. Its functions need no `this`. */
export interface RevisionSync<D = unknown> {
  /** Subscribes and pulls; resolves once the first pull has succeeded (ENG-16 to ENG-21). */
  start(): Promise<void>;
  /** Ends it for good, before it returns (ENG-23). */
  stop(): void;
  /** Pulls; resolves once an answer asked for from now on is applied, or was nothing to apply (ENG-45). */
  refresh(): Promise<void>;
  /**
   * Takes a snapshot from elsewhere than the provider, such as a cache or another tab; resolves with whether it was
   * applied (ENG-59 to ENG-64).
   */
  offer(snapshot: SnapshotEnvelope<D>): Promise<boolean>;
  /** The revision of the snapshot that was applied last, `"0"` before (ENG-13). */
  getLocalRevision(): Revision;
  /** Its epoch, empty before. */
  getLocalEpoch(): string;
  readonly status: SyncStatus;
  /** Tells each change of the status; the function returned ends that (ENG-84). */
  subscribe(listener: (status: SyncStatus) => void): Unsubscribe & (() => void);
  /** What it has done so far (ENG-85). */
  metrics(): SyncMetrics;
}
