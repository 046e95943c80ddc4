/**
 * Applies state-sync snapshots to a jotai atom.
 *
 * @packageDocumentation
 */
export {};
