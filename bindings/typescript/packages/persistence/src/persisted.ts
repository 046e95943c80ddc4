import { type Clock, OptionError, platformClock, type SnapshotApplier } from "@statesync/core";
import { createLayer } from "./applier.js";
import type { CompressionAdapter } from "./compression/port.js";
import type { CrossTabSync } from "./cross-tab.js";
import type { PersistenceError } from "./error.js";
import { isolated } from "./events.js";
import type { Sha256 } from "./hash.js";
import { type Layer, layers } from "./layer.js";
import { loadAndOffer } from "./load.js";
import type { MigrationHandler } from "./migration.js";
import { numberOption } from "./options.js";
import type { AnyStorageBackend } from "./port.js";
import { changeRecord, promised } from "./run.js";

/** How a record is loaded. What is left out is as it was given to the persistence applier, where there is one. */
export interface LoadPersistedOptions<D = unknown> {
  /** The steps from older schema versions. */
  migration?: MigrationHandler<D> | null | undefined;
  /** `false` leaves the validators out; a function is one more validator. */
  validate?: boolean | ((data: D) => unknown) | null | undefined;
  /** The application's check of the data: `false`, or an error, refuses it. It answers at once: a promise refuses. */
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
  /** How long the load may take, in milliseconds; by default 5000. */
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
  const [tell, given] = typeof onError === "function" ? [onError, options] : [undefined, onError];
  const known = layers.get(applier);
  // An applier that is no persistence applier is loaded through one that lives as long as the load.
  const layer =
    known ??
    createLayer<D>({
      ...given,
      validator: null,
      crossTabSync: null,
      storage,
      applier,
      onPersistenceError: tell,
      pageHidden: () => () => {},
    }).layer;
  const present = Object.entries(given ?? {}).filter(([, value]) => value != null);
  const parts = { ...layer, ...(Object.fromEntries(present) as Partial<Layer>), storage };
  const { migration, schemaVersion } = parts;
  numberOption(parts, "schemaVersion", 0);
  numberOption(parts, "loadTimeoutMs", 0, true);
  if (migration && migration.currentVersion !== schemaVersion) {
    throw new OptionError("migration", `one to schema version ${schemaVersion}`, migration.currentVersion);
  }
  if (layer.isDisposed()) {
    return false;
  }
  const { validate, validator } = given ?? {};
  layer.loading ??= loadAndOffer({
    ...parts,
    validators:
      validate === false
        ? []
        : [validate === true ? null : validate, validator, migration?.validator, layer.validator],
    report: tell ? (error) => isolated(() => tell(error)) : layer.report,
  }).finally(() => {
    layer.loading = undefined;
  });
  const isApplied = await layer.loading;
  if (!known) {
    await layer.flush().catch(() => {});
  }
  return isApplied;
}

/**
 * Removes the stored record, and tells the other tabs. What a persistence applier has not saved yet goes too, and is not
 * saved afterwards (PRS-38).
 *
 * @param storage - The backend, or the persistence applier.
 * @param crossTab - The connection to the other tabs, where the persistence applier has none, or another one.
 */
export async function clearPersistedData<D = unknown>(
  storage: AnyStorageBackend<D> | SnapshotApplier<D>,
  crossTab?: Pick<CrossTabSync, "notifyClear"> | null,
): Promise<void> {
  const layer = layers.get(storage);
  await (layer
    ? layer.clear()
    : promised<void>((done) => {
        const store = { storage: storage as AnyStorageBackend, saveTimeoutMs: 10_000, clock: platformClock };
        changeRecord(store, undefined, undefined, done);
      }));
  // The layer has told its own, unless that is closed.
  if (crossTab !== layer?.crossTabSync) {
    crossTab?.notifyClear();
  }
}
