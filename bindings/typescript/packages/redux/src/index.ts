/**
 * Applies state-sync snapshots to a Redux store.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createReduxSnapshotApplier,
  type ReduxApplyMode,
  type ReduxSnapshotApplierOptions,
  type ReduxStoreLike,
  SNAPSHOT_ACTION_TYPE,
  type SnapshotAppliedAction,
  type SnapshotAppliedMeta,
  snapshotApplied,
  withSnapshotHandling,
} from "./redux.js";
