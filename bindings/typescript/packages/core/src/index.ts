/**
 * Keeps a copy of one state current: invalidation, pull, apply only what is newer.
 *
 * @packageDocumentation
 */
export type { InvalidationEvent, Revision, SnapshotEnvelope, SyncPhase, Topic } from "@statesync/protocol";
export { compareRevisions, isCanonicalRevision, ZERO_REVISION } from "@statesync/protocol";
export type * from "./ports.js";
