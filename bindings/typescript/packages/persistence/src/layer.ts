import type { Clock } from "@statesync/core";
import type { PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";
import type { MigrationHandler } from "./migration.js";
import type { RecordOptions } from "./record.js";
import type { SaverParts } from "./saver.js";

/** The options of a persistence layer, with their defaults. */
export interface Settings extends SaverParts, RecordOptions {
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
  readonly migration?: MigrationHandler<never> | null | undefined;
  readonly validator?: ((data: never) => unknown) | null | undefined;
}

/** What loading and clearing need of a persistence layer, without the application seeing it. */
export interface Layer extends Settings {
  /** Offers what a load brought, of what was stored. */
  readonly offer: (snapshot: SnapshotEnvelope, stored: PersistedSnapshot) => Promise<boolean>;
  /** A stored record has turned out to be of no use. */
  readonly discard: (stored: unknown) => void;
  readonly isDisposed: () => boolean;
  readonly clear: () => Promise<void>;
  readonly flush: () => Promise<void>;
  /** Its clearing is told to the other tabs, where it has any. */
  readonly crossTabSync?: unknown;
  /** The load under way: another one joins it. */
  loading?: Promise<boolean> | undefined;
}

/** The layer of an applier, of the applier that it wraps, and of a storage. */
export const layers = /* @__PURE__ */ new WeakMap<object, Layer>();
