/**
 * state-sync over Electron's IPC.
 *
 * @packageDocumentation
 */
export {};
