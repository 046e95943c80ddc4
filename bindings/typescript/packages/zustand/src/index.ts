/**
 * Applies state-sync snapshots to a zustand store.
 *
 * @packageDocumentation
 */
export {};
