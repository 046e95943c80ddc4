/**
 * state-sync over BroadcastChannel, SharedWorker, WebSocket, server-sent events and HTTP.
 *
 * @packageDocumentation
 */
export {};
