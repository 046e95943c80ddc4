import type {
  InvalidationEvent,
  Revision,
  RevisionSync,
  RevisionSyncOptions,
  SnapshotEnvelope,
  SyncErrorContext,
} from "../src/index.js";
import { createRevisionSync } from "../src/index.js";
import { createVirtualClock } from "./virtual.js";

export const event = (revision: number | string, members: object = {}): InvalidationEvent => ({
  topic: "settings",
  revision: String(revision) as Revision,
  ...members,
});

export const snapshot = (revision: number | string, epoch?: string): SnapshotEnvelope<string> => ({
  revision: String(revision) as Revision,
  data: `r${revision}`,
  ...(epoch !== undefined && { epoch }),
});

/** An engine in virtual time with a source and a state in memory; every part can be replaced. */
export function createWorld(options: Partial<RevisionSyncOptions<string>> = {}) {
  const time = createVirtualClock();
  const errors: SyncErrorContext[] = [];
  const applied: SnapshotEnvelope<string>[] = [];
  const world = {
    time,
    errors,
    applied,
    /** What the source gives. */
    source: snapshot(1),
    pulls: [] as number[],
    ended: 0,
    emit: (_: unknown) => {},
    gap: () => {},
    sync: undefined as unknown as RevisionSync<string>,
  };
  world.sync = createRevisionSync<string>({
    topic: "settings",
    subscriber: {
      async subscribe(handler, given) {
        world.emit = handler as (value: unknown) => void;
        world.gap = given?.onGap ?? world.gap;
        return () => {
          world.ended += 1;
        };
      },
    },
    provider: {
      async getSnapshot() {
        world.pulls.push(time.now());
        return world.source;
      },
    },
    applier: { apply: (it) => void applied.push(it) },
    onError: (context) => errors.push(context),
    clock: time.clock,
    random: () => 0,
    ...options,
  });
  return world;
}

/** A promise whose outcome can be looked at: `"pending"`, its value, or the message of its error. */
export function watched(promise: Promise<unknown>) {
  const outcome = { is: "pending" as unknown };
  promise.then(
    (value) => {
      outcome.is = value;
    },
    (error) => {
      outcome.is = error instanceof Error ? error.message : error;
    },
  );
  return outcome;
}

/** Never settles. */
export const never = (): Promise<never> => new Promise(() => {});
