/**
 * state-sync on the web: subscribers, providers and broadcasters over what browsers have. Each file is a transport.
 *
 * @packageDocumentation
 */
export {
  type BroadcastChannelLike,
  type BroadcastChannelOptions,
  type BroadcastChannelProviderOptions,
  type BroadcastChannelResponderOptions,
  type BroadcastChannelSubscriberOptions,
  createBroadcastChannelBroadcaster,
  createBroadcastChannelProvider,
  createBroadcastChannelResponder,
  createBroadcastChannelSubscriber,
} from "./broadcast-channel.js";
export type { Broadcaster } from "./broadcaster.js";
export type { ConnectedSubscriber, ConnectionOptions } from "./connection.js";
export { createHttpProvider, HttpError, type HttpProviderOptions } from "./http.js";
export type { Listener } from "./listener.js";
export { createPollingSubscriber, type PollingSubscriberOptions } from "./polling.js";
export type { PageDocumentLike, PageLike } from "./resumed.js";
export {
  createServerSentEventsSubscriber,
  type EventSourceLike,
  type ServerSentEventsSubscriberOptions,
} from "./server-sent-events.js";
export {
  createSharedWorkerBroadcaster,
  createSharedWorkerProvider,
  createSharedWorkerSubscriber,
  type SharedWorkerOptions,
  type SharedWorkerProviderOptions,
  type SharedWorkerSubscriberOptions,
} from "./shared-worker.js";
export {
  createSharedWorkerHub,
  type SharedWorkerHub,
  type SharedWorkerHubOptions,
} from "./shared-worker-hub.js";
export type { MessagePortLike, PageMessage, WorkerMessage } from "./shared-worker-messages.js";
export {
  createStorageEventBroadcaster,
  createStorageEventSubscriber,
  type StorageEventBroadcasterOptions,
  type StorageEventSubscriberOptions,
  type StorageLike,
} from "./storage-event.js";
export {
  createTabSource,
  type LockManagerLike,
  type TabSource,
  type TabSourceOptions,
} from "./tab-source.js";
export {
  createWebSocketSubscriber,
  type WebSocketLike,
  type WebSocketSubscriberOptions,
} from "./web-socket.js";
