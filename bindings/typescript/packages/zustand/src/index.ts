/**
 * Applies state-sync snapshots to a zustand store.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createZustandSnapshotApplier,
  type ZustandApplyMode,
  type ZustandSnapshotApplierOptions,
  type ZustandStoreLike,
} from "./zustand.js";
