/**
 * state-sync over Tauri events and commands.
 *
 * @packageDocumentation
 */
export {};
