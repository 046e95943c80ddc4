/**
 * Applies state-sync snapshots to a MobX store.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createMobXSnapshotApplier,
  type MobXApplyMode,
  type MobXSnapshotApplierOptions,
  type MobXStoreLike,
} from "./mobx.js";
