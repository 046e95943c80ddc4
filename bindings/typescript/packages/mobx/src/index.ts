/**
 * Applies state-sync snapshots to a MobX store.
 *
 * @packageDocumentation
 */
export {};
