/**
 * Keeps state-sync snapshots between runs and shares them between tabs.
 *
 * @packageDocumentation
 */
export {};
