import { describe, expectTypeOf, it } from "vitest";
import type {
  InvalidationEvent,
  Revision,
  RevisionSync,
  RevisionSyncOptions,
  SnapshotApplier,
  SnapshotEnvelope,
  SnapshotProvider,
  SyncErrorContext,
  SyncPhase,
  SyncStatus,
  Topic,
  Unsubscribe,
} from "../src/index.js";
import {
  compareRevisions,
  createRevisionSync,
  createThrottledHandler,
  isCanonicalRevision,
  withRetry,
  ZERO_REVISION,
} from "../src/index.js";

interface Settings {
  theme: string;
}

describe("types", () => {
  it("carry the data from the provider to the applier", () => {
    type Options = RevisionSyncOptions<Settings>;
    expectTypeOf<Parameters<Options["applier"]["apply"]>[0]>().toEqualTypeOf<SnapshotEnvelope<Settings>>();
    expectTypeOf<Options["provider"]>().toEqualTypeOf<SnapshotProvider<Settings>>();
    expectTypeOf(createRevisionSync<Settings>).returns.toEqualTypeOf<RevisionSync<Settings>>();
    expectTypeOf<Parameters<RevisionSync<Settings>["offer"]>[0]>().toEqualTypeOf<
      SnapshotEnvelope<Settings>
    >();
    expectTypeOf(withRetry<Settings>).returns.toEqualTypeOf<SnapshotProvider<Settings>>();
  });

  it("know what is optional", () => {
    expectTypeOf<{
      topic: string;
      subscriber: { subscribe(): Promise<() => void> };
      provider: { getSnapshot(): Promise<SnapshotEnvelope<Settings>> };
      applier: { apply(snapshot: SnapshotEnvelope<Settings>): void };
    }>().toExtend<RevisionSyncOptions<Settings>>();
    expectTypeOf<{ topic: string }>().not.toExtend<RevisionSyncOptions<Settings>>();
  });

  it("are those of the protocol", () => {
    expectTypeOf<Topic>().toEqualTypeOf<string>();
    expectTypeOf<string>().not.toExtend<Revision>();
    expectTypeOf(ZERO_REVISION).toEqualTypeOf<Revision>();
    expectTypeOf<SyncErrorContext["phase"]>().toEqualTypeOf<SyncPhase>();
    expectTypeOf<NonNullable<SyncErrorContext["sourceEvent"]>>().toEqualTypeOf<InvalidationEvent>();
    expectTypeOf(isCanonicalRevision).guards.toEqualTypeOf<Revision>();
    expectTypeOf(compareRevisions).returns.toEqualTypeOf<-1 | 0 | 1>();
  });

  it("of the handle", () => {
    expectTypeOf<RevisionSync["status"]>().toEqualTypeOf<SyncStatus>();
    expectTypeOf<SyncStatus>().toEqualTypeOf<"idle" | "starting" | "live" | "stale" | "stopped">();
    expectTypeOf<RevisionSync["stop"]>().toEqualTypeOf<() => void>();
    expectTypeOf<Unsubscribe>().returns.toEqualTypeOf<void | Promise<void>>();
    expectTypeOf<SnapshotApplier<Settings>["apply"]>().returns.toEqualTypeOf<void | Promise<void>>();
    expectTypeOf(createThrottledHandler).parameter(0).toEqualTypeOf<() => unknown>();
  });
});
