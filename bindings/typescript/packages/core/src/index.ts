/**
 * Keeps a copy of one state current: invalidation, pull, apply only what is newer.
 *
 * @packageDocumentation
 */
export type { InvalidationEvent, Revision, SnapshotEnvelope, SyncPhase, Topic } from "@statesync/protocol";
export { compareRevisions, isCanonicalRevision, ZERO_REVISION } from "@statesync/protocol";
export { platformClock } from "./clock.js";
export { createRevisionSync } from "./engine.js";
export { createRevisionGate, type Judgement, type Position, type RevisionGate } from "./gate.js";
export {
  createThrottledHandler,
  type ThrottledHandler,
  type ThrottledHandlerOptions,
  type ThrottlingOptions,
} from "./limiter.js";
export { type ConsoleLoggerOptions, createConsoleLogger, noopLogger, tagLogger } from "./logger.js";
export type { SyncMetrics } from "./metrics.js";
export { OptionError } from "./options.js";
export type * from "./ports.js";
export {
  type Backoff,
  createBackoff,
  type RetrierOptions,
  type Retry,
  type RetryPolicy,
  type RetryReportingOptions,
  withRetry,
  withRetryReporting,
} from "./retry.js";
export type { RevisionSync, RevisionSyncOptions } from "./revision-sync.js";
export type { SyncStatus } from "./status.js";
