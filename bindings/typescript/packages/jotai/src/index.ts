/**
 * Applies state-sync snapshots to a jotai atom.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createJotaiSnapshotApplier,
  type JotaiApplyMode,
  type JotaiAtomLike,
  type JotaiSnapshotApplierOptions,
  type JotaiStoreLike,
} from "./jotai.js";
