import { type Clock, OptionError, platformClock, type SnapshotApplier } from "@statesync/core";
import type { SnapshotEnvelope } from "@statesync/protocol";
import type { CompressionAdapter } from "./compression/port.js";
import type { CrossTabSync } from "./cross-tab.js";
import { PersistenceError } from "./error.js";
import { isolated } from "./events.js";
import type { Sha256 } from "./hash.js";
import { type Layer, layerOf } from "./layer.js";
import { loadAndOffer } from "./load.js";
import type { MigrationHandler } from "./migration.js";
import { integerOption, timeoutOption } from "./options.js";
import type { AnyStorageBackend } from "./port.js";
import { makeRecord, prepare } from "./record.js";
import { changeRecord } from "./run.js";
import { createSaver } from "./saver.js";

/** How a record is loaded. What is left out is as it was given to the persistence applier, where there is one. */
export interface LoadPersistedOptions<D = unknown> {
  /** The steps from older schema versions. */
  migration?: MigrationHandler<D> | null | undefined;
  /** `false` leaves the validators out; a function is one more validator. */
  validate?: boolean | ((data: D) => unknown) | null | undefined;
  /** The application's check of the data: `false`, or an error, refuses it. */
  validator?: ((data: D) => unknown) | null | undefined;
  /** Whether records past their time are used; by default not. */
  ignoreTTL?: boolean | null | undefined;
  /** Whether a hash is checked; by default it is. */
  verifyHash?: boolean | null | undefined;
  /** The schema version that this program reads; by default the migration's, or 1. */
  schemaVersion?: number | null | undefined;
  compression?: CompressionAdapter | null | undefined;
  sha256?: Sha256 | null | undefined;
  /** How long the backend may take, in milliseconds; by default 5000. */
  loadTimeoutMs?: number | null | undefined;
  clock?: Clock | null | undefined;
  wallClock?: (() => number) | null | undefined;
}

/** Told about an error of loading, once. */
export type OnPersistenceError = (error: PersistenceError) => unknown;

/**
 * Loads the record of the last run and offers it: to the engine that the persistence applier is attached to, or to the
 * applier itself where it is none. It comes before `start`, and a server's newer state is never replaced by it (PRS-15).
 *
 * @param onError - Told about an error; by default the persistence applier's `onPersistenceError` is.
 * @returns Whether a record was applied. What goes wrong is reported, and no reason not to start (PRS-16).
 * @throws {RangeError} For an option outside of its range, and for a migration to another schema version than the
 * persistence applier's.
 */
export async function loadPersistedSnapshot<D = unknown>(
  storage: AnyStorageBackend<D>,
  applier: SnapshotApplier<D>,
  onError?: OnPersistenceError | LoadPersistedOptions<D> | null,
  options?: LoadPersistedOptions<D> | null,
): Promise<boolean> {
  const known = layerOf(applier);
  const given = (typeof onError === "function" ? options : onError) ?? {};
  const report =
    typeof onError === "function"
      ? (error: PersistenceError) => isolated(() => onError(error))
      : known?.report;
  const layer = known ?? withoutLayer(storage, applier, given, report ?? (() => {}));
  const migration = given.migration ?? layer.migration;
  const schemaVersion = integerOption("schemaVersion", given.schemaVersion, layer.schemaVersion);
  if (migration != null && migration.currentVersion !== schemaVersion) {
    const expected = `one that leads to the schema version ${schemaVersion}`;
    throw new OptionError("migration", expected, `one to ${migration.currentVersion}`);
  }
  if (layer.isDisposed()) {
    return false;
  }
  layer.loading ??= loadAndOffer({
    ...layer,
    storage,
    schemaVersion,
    migration,
    validators:
      given.validate === false
        ? []
        : [
            given.validate === true ? undefined : given.validate,
            given.validator,
            migration?.validator,
            ...layer.validators,
          ],
    compression: given.compression ?? layer.compression,
    sha256: given.sha256 ?? layer.sha256,
    loadTimeoutMs: timeoutOption("loadTimeoutMs", given.loadTimeoutMs, layer.loadTimeoutMs),
    ignoreTTL: given.ignoreTTL,
    verifyHash: given.verifyHash,
    report: report ?? layer.report,
  }).finally(() => {
    layer.loading = undefined;
  });
  return layer.loading;
}

/** What loading goes by where the applier is no persistence applier: there is no gate, and nothing was there before. */
function withoutLayer<D>(
  storage: AnyStorageBackend<D>,
  applier: SnapshotApplier<D>,
  given: LoadPersistedOptions<D>,
  report: (error: PersistenceError) => void,
): Layer {
  const parts = {
    storage: storage as AnyStorageBackend,
    schemaVersion: given.schemaVersion ?? given.migration?.currentVersion ?? 1,
    clock: given.clock ?? platformClock,
    wallClock: given.wallClock ?? Date.now,
    report,
    emit: () => {},
  };
  const offer: Layer["offer"] = async (snapshot, stored) => {
    try {
      await applier.apply(snapshot as SnapshotEnvelope<D>);
    } catch (error) {
      report(new PersistenceError("invalid-data", "the stored snapshot could not be applied", error));
      return false;
    }
    const { savedAt, schemaVersion, ttlMs, hash } = stored.metadata;
    if (schemaVersion < parts.schemaVersion) {
      const { compression, sha256 } = given;
      const records = {
        schemaVersion: parts.schemaVersion,
        ttlMs,
        compression,
        sha256,
        enableHash: hash != null,
      };
      const saver = createSaver({ ...parts, saveTimeoutMs: 10_000, onPending: () => {} });
      saver.add({ make: () => makeRecord(prepare(snapshot, records), records, savedAt), only: stored });
      await saver.flush().catch(() => {});
    }
    return true;
  };
  return {
    ...parts,
    offer,
    loadTimeoutMs: 5_000,
    validators: [],
    discard: () => {},
    isDisposed: () => false,
    clear: () => clearStore(parts.storage),
    hasTabs: false,
  };
}

/**
 * Removes the stored record, and tells the other tabs. What a persistence applier has not saved yet goes too, and is not
 * saved afterwards (PRS-38).
 *
 * @param storage - The backend, or the persistence applier.
 * @param crossTab - The connection to the other tabs, where the persistence applier has none.
 */
export async function clearPersistedData<D = unknown>(
  storage: AnyStorageBackend<D> | SnapshotApplier<D>,
  crossTab?: Pick<CrossTabSync, "notifyClear"> | null,
): Promise<void> {
  const layer = layerOf(storage);
  await (layer === undefined ? clearStore(storage as AnyStorageBackend) : layer.clear());
  if (!layer?.hasTabs) {
    crossTab?.notifyClear();
  }
}

function clearStore(storage: AnyStorageBackend): Promise<void> {
  return new Promise((resolve, reject) => {
    changeRecord(platformClock, 10_000, storage, undefined, undefined, (error) =>
      error === undefined ? resolve() : reject(error),
    );
  });
}
