/**
 * Applies state-sync snapshots to a valtio proxy.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createValtioSnapshotApplier,
  type ValtioApplyMode,
  type ValtioSnapshotApplierOptions,
  type ValtioStoreLike,
} from "./valtio.js";
