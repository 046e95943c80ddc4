/**
 * state-sync over Tauri: the events and commands of a Tauri 2 backend as ports of the engine. `listen` and `invoke` are taken as
 * arguments, so this package does not depend on `@tauri-apps/api`.
 *
 * @packageDocumentation
 */
export { TauriCommandError, type TauriInvoke } from "./command.js";
export { createTauriFileBackend, type TauriFileBackendOptions } from "./file-backend.js";
export {
  createTauriInvalidationSubscriber,
  type TauriInvalidationSubscriberOptions,
  type TauriListen,
} from "./invalidation-subscriber.js";
export { createTauriRevisionSync, type TauriRevisionSyncOptions } from "./revision-sync.js";
export { createTauriSnapshotProvider, type TauriSnapshotProviderOptions } from "./snapshot-provider.js";
