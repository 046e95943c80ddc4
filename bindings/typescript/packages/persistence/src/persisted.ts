import { type Clock, OptionError, platformClock, type SnapshotApplier } from "@statesync/core";
import { createLayer } from "./applier.js";
import type { CompressionAdapter } from "./compression/port.js";
import type { CrossTabSync } from "./cross-tab.js";
import type { PersistenceError } from "./error.js";
import { isolated } from "./events.js";
import type { Sha256 } from "./hash.js";
import { layerOf } from "./layer.js";
import { loadAndOffer } from "./load.js";
import type { MigrationHandler } from "./migration.js";
import { integerOption, timeoutOption } from "./options.js";
import type { AnyStorageBackend } from "./port.js";
import { changeRecord } from "./run.js";

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
  /** Whether a migrated record has a hash, where the applier is no persistence applier. */
  enableHash?: boolean | null | undefined;
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
  const given = (typeof onError === "function" ? options : onError) ?? {};
  const onPersistenceError = typeof onError === "function" ? onError : undefined;
  const known = layerOf(applier);
  // An applier that is no persistence applier is loaded through one that lives as long as the load.
  const layer =
    known ??
    createLayer<D>({
      ...given,
      validator: null,
      storage,
      applier,
      onPersistenceError,
      pageHidden: () => () => {},
    }).layer;
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
    report:
      onPersistenceError === undefined ? layer.report : (error) => isolated(() => onPersistenceError(error)),
  }).finally(() => {
    layer.loading = undefined;
  });
  const isApplied = await layer.loading;
  if (known === undefined) {
    await layer.flush().catch(() => {});
  }
  return isApplied;
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
