/**
 * Applies state-sync snapshots to a valtio proxy.
 *
 * @packageDocumentation
 */
export {};
