/**
 * Applies state-sync snapshots to a Svelte store or $state object.
 *
 * @packageDocumentation
 */
export {};
