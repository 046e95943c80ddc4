/**
 * Applies state-sync snapshots to a Vue ref or reactive object.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createVueSnapshotApplier,
  type VueApplyMode,
  type VueSnapshotApplierOptions,
  type VueStoreLike,
} from "./vue.js";
