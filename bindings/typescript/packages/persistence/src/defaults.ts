import {
  createPersistenceApplier,
  type PersistenceApplier,
  type PersistenceApplierOptions,
} from "./applier.js";
import { type CrossTabSync, type CrossTabSyncOptions, createCrossTabSync } from "./cross-tab.js";

/** The options of a persistence applier, with the channel by its name. */
export type PersistenceApplierDefaultsOptions<D = unknown> = Omit<
  PersistenceApplierOptions<D>,
  "crossTabSync"
> & {
  /** The connection to the other tabs, or what one is made with. */
  crossTabSync?: CrossTabSync<D> | CrossTabSyncOptions<D> | null | undefined;
};

/**
 * A persistence applier for an ordinary page: the store is written when changes have paused for 300 ms, at the latest after
 * 2 s, and when the page goes away; records have a hash where the platform can compute one.
 */
export function createPersistenceApplierWithDefaults<D = unknown>(
  options: PersistenceApplierDefaultsOptions<D>,
): PersistenceApplier<D> {
  const { crossTabSync, throttling, debounceMs, enableHash, sha256 } = options;
  return createPersistenceApplier({
    ...options,
    throttling: throttling ?? (debounceMs == null ? { debounceMs: 300, maxWaitMs: 2_000 } : null),
    enableHash: enableHash ?? (sha256 != null || globalThis.crypto?.subtle !== undefined),
    crossTabSync:
      crossTabSync == null || "connect" in crossTabSync ? crossTabSync : createCrossTabSync<D>(crossTabSync),
  });
}
