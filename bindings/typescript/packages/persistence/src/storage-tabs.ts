import type { Position } from "@statesync/core";
import { isPersistedSnapshot, type PersistedMetadata, type SnapshotEnvelope } from "@statesync/protocol";
import { type CrossTabSync, type CrossTabSyncOptions, createCrossTabSync } from "./cross-tab.js";
import type { AnyStorageBackend, Judge, StorageBackend, StorageBackendWithMetadata } from "./port.js";
import { isAsNew } from "./record.js";

/** A backend that tells the other tabs what it saves and clears. */
export type CrossTabStorage<B> = B & {
  /** The connection to the other tabs. */
  readonly crossTab: CrossTabSync;
};

/**
 * A backend that tells the other tabs what is saved through it, for applications without a persistence applier; that one
 * has the option `crossTabSync` instead, which sends snapshots whatever becomes of their save.
 *
 * What another tab has sent is not sent again when it is saved here (PRS-54). Compressed records are not sent (PRS-52).
 */
export function withCrossTabSync<D, B extends AnyStorageBackend<D>>(
  storage: B,
  options: CrossTabSyncOptions<D>,
): CrossTabStorage<B> {
  let heard: Position | undefined;
  const crossTab = createCrossTabSync<D>({
    ...options,
    onSnapshot(snapshot) {
      heard = { revision: snapshot.revision, epoch: snapshot.epoch };
      return options.onSnapshot?.(snapshot);
    },
    onClear() {
      heard = undefined;
      return options.onClear?.();
    },
  });

  function tell(snapshot: SnapshotEnvelope<D>, compressed: boolean): void {
    if (!compressed && !(heard !== undefined && isAsNew(heard, snapshot))) {
      crossTab.broadcast(snapshot);
    }
  }

  const { save, load, clear, ...rest } = storage as StorageBackendWithMetadata<D>;
  const told: StorageBackend<D> = {
    save(snapshot) {
      const { data } = snapshot;
      // A persistence applier hands a record to backends that know none.
      if (isPersistedSnapshot(data)) {
        tell(data.snapshot as SnapshotEnvelope<D>, data.metadata.compressed);
      } else {
        tell(snapshot, false);
      }
      return save.call(storage, snapshot);
    },
    load: () => load.call(storage),
    async clear(judge?: Judge) {
      if (clear === undefined) {
        throw new TypeError("the backend has no function clear; expected one");
      }
      let isCleared = true;
      const heardJudge: Judge | undefined =
        judge &&
        ((stored) => {
          const verdict = judge(stored);
          isCleared = verdict !== false;
          return verdict;
        });
      await clear.call(storage, heardJudge);
      // What the judge has kept is no clearing (PRS-37).
      if (isCleared) {
        crossTab.notifyClear();
      }
    },
  };
  const withMetadata = "saveWithMetadata" in storage && {
    ...rest,
    saveWithMetadata(snapshot: SnapshotEnvelope<D>, metadata: PersistedMetadata, judge?: Judge) {
      tell(snapshot, metadata.compressed);
      return storage.saveWithMetadata(snapshot, metadata, judge);
    },
    loadWithMetadata: () => storage.loadWithMetadata(),
  };
  return { ...told, ...withMetadata, crossTab } as unknown as CrossTabStorage<B>;
}
