/**
 * Keeps a reader's snapshot between two runs and shares it with the other tabs of the application (chapter 7 of the
 * specification). The source stays the truth: a failing store costs the cache and nothing else.
 *
 * @packageDocumentation
 */
export {
  createPersistenceApplier,
  type PersistenceApplier,
  type PersistenceApplierOptions,
  type PersistenceThrottling,
} from "./applier.js";
export {
  createLocalStorageBackend,
  createSessionStorageBackend,
  type WebStorageBackendOptions,
} from "./backends/web-storage.js";
export type { CompressionAdapter } from "./compression/port.js";
export {
  type CrossTabPeer,
  type CrossTabSync,
  type CrossTabSyncOptions,
  createCrossTabSync,
  isBroadcastChannelSupported,
  type TabChannel,
} from "./cross-tab.js";
export { PersistenceError, type PersistenceErrorKind } from "./error.js";
export type { PersistenceEventHandler, PersistenceEvents } from "./events.js";
export type { Sha256 } from "./hash.js";
export type { MigrationHandler, MigrationStep } from "./migration.js";
export {
  createMigrationBuilder,
  createSimpleMigration,
  getMigrationPath,
  type MigrationBuilder,
  type MigrationResult,
  migrateData,
  needsMigration,
} from "./migration-builder.js";
export type { OfferTarget } from "./own-gate.js";
export type { PageHidden } from "./page.js";
export {
  clearPersistedData,
  type LoadPersistedOptions,
  loadPersistedSnapshot,
  type OnPersistenceError,
} from "./persisted.js";
export type {
  AnyStorageBackend,
  Judge,
  MaybePromise,
  Nothing,
  StorageBackend,
  StorageBackendWithMetadata,
  StorageUsage,
  Verdict,
} from "./port.js";
export type { PersistenceStats } from "./saver.js";
