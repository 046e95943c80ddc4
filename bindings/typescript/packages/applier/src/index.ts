/**
 * What the appliers of all state libraries share: selection, shape, structural sharing.
 *
 * @packageDocumentation
 */
export { type Change, createApplier } from "./applier.js";
export type { ApplyMode, DataKey, Selection, SnapshotApplierOptions } from "./options.js";
