/**
 * Applies state-sync snapshots to a Redux store.
 *
 * @packageDocumentation
 */
export {};
