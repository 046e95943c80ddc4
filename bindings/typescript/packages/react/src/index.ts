/**
 * Shows the status of a state-sync engine in React.
 *
 * @packageDocumentation
 */
export { type SyncStatus, type SyncStatusSource, useSyncStatus } from "./use-sync-status.js";
