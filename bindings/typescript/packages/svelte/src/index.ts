/**
 * Applies state-sync snapshots to a Svelte store or a $state object.
 *
 * @packageDocumentation
 */
export type { DataKey } from "@statesync/applier";
export {
  createSvelteSnapshotApplier,
  type SvelteApplyMode,
  type SvelteSnapshotApplierOptions,
  type SvelteStoreLike,
} from "./svelte.js";
