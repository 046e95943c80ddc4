import type { PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";
import { asPersistenceError } from "../error.js";
import type { MaybePromise, StorageBackendWithMetadata } from "../port.js";
import { makeRecord, prepare } from "../record.js";
import { after, follow } from "../run.js";

/** What makes a backend: the functions that know records. */
export type RecordStore<D> = Required<
  Pick<StorageBackendWithMetadata<D>, "saveWithMetadata" | "loadWithMetadata" | "clear" | "getUsage">
>;

/**
 * A backend of the functions that know records: a snapshot that is saved without metadata becomes a record of schema
 * version 1 too, and every failure has its kind (PRS-46, PRS-47).
 */
export function createBackend<D>(store: RecordStore<D>): Required<StorageBackendWithMetadata<D>> {
  const backend: Required<StorageBackendWithMetadata<D>> = {
    conditional: true,
    save(snapshot: SnapshotEnvelope<D>) {
      const options = { schemaVersion: 1 };
      const record = makeRecord(prepare(snapshot, options), options, Date.now()) as PersistedSnapshot<D>;
      return backend.saveWithMetadata(record.snapshot, record.metadata);
    },
    load: () => after(backend.loadWithMetadata(), (record) => record?.snapshot ?? null),
    saveWithMetadata: guarded(store.saveWithMetadata),
    loadWithMetadata: guarded(store.loadWithMetadata),
    clear: guarded(store.clear),
    getUsage: guarded(store.getUsage),
  };
  return backend;
}

/** The function, with its errors as a `PersistenceError`. */
const guarded =
  <A extends unknown[], T>(work: (...values: A) => MaybePromise<T>) =>
  (...values: A): MaybePromise<T> =>
    follow(
      () => work(...values),
      (error): never => {
        throw asPersistenceError(error);
      },
    );
