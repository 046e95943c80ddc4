/**
 * Applies state-sync snapshots to a Pinia store.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createPiniaSnapshotApplier,
  type PiniaApplyMode,
  type PiniaSnapshotApplierOptions,
  type PiniaStoreLike,
} from "./pinia.js";
