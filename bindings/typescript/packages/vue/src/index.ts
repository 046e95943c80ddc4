/**
 * Applies state-sync snapshots to a Vue ref or reactive object.
 *
 * @packageDocumentation
 */
export {};
