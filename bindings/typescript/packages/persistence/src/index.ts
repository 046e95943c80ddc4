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
  createIndexedDBBackend,
  type IndexedDBBackend,
  type IndexedDBBackendOptions,
} from "./backends/indexed-db.js";
export {
  createMemoryStorageBackend,
  createSharedMemoryStorage,
  type MemoryFailMode,
  type MemoryStorageBackend,
  type MemoryStorageOptions,
  type SharedMemoryStorage,
} from "./backends/memory.js";
export {
  createLocalStorageBackend,
  createSessionStorageBackend,
  type WebStorageBackendOptions,
} from "./backends/web-storage.js";
export { canonicalForm } from "./canonical.js";
export { createBase64Adapter, createNoCompressionAdapter } from "./compression/base64.js";
export { createLZCompressionAdapter, lzCompress, lzDecompress } from "./compression/lz.js";
export { createLZStringAdapter, type LZStringLike } from "./compression/lz-string.js";
export {
  benchmarkCompression,
  type CompressionMeasurement,
  estimateCompressionRatio,
} from "./compression/measure.js";
export type { CompressionAdapter } from "./compression/port.js";
export { type CompressionFunctions, createCompressionAdapter } from "./compression/stream.js";
export {
  type CrossTabPeer,
  type CrossTabSync,
  type CrossTabSyncOptions,
  createCrossTabSync,
  isBroadcastChannelSupported,
  type TabChannel,
} from "./cross-tab.js";
export { createPersistenceApplierWithDefaults, type PersistenceApplierDefaultsOptions } from "./defaults.js";
export { PersistenceError, type PersistenceErrorKind } from "./error.js";
export type { PersistenceEventHandler, PersistenceEvents } from "./events.js";
export type { Sha256 } from "./hash.js";
export { createTabLeader, type TabLeader, type TabLeaderOptions, type TabLocks } from "./leader.js";
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
export { type CrossTabStorage, withCrossTabSync } from "./storage-tabs.js";
