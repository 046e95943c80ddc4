/**
 * Applies state-sync snapshots to a Pinia store.
 *
 * @packageDocumentation
 */
export {};
