/**
 * state-sync over Electron's IPC: the main process is the source, the pages are its readers. Electron's own objects are taken
 * as arguments, so this package does not depend on `electron`.
 *
 * - main process: {@link createElectronSnapshotHandler}, {@link createElectronBroadcaster}
 * - preload script: {@link createElectronBridge}
 * - page: {@link createElectronRevisionSync}
 *
 * @packageDocumentation
 */
export {
  createElectronBridge,
  type ElectronBridge,
  type ElectronBridgeOptions,
  type ElectronInvoke,
  type ElectronListen,
  type IpcListener,
  type IpcRendererLike,
} from "./bridge.js";
export {
  createElectronBroadcaster,
  type ElectronBroadcaster,
  type ElectronBroadcasterOptions,
  type ElectronInvalidateOptions,
  type ElectronTarget,
  type WebContentsLike,
} from "./broadcaster.js";
export { invalidationChannel, snapshotChannel } from "./channels.js";
export {
  createElectronInvalidationSubscriber,
  type ElectronInvalidationSubscriberOptions,
} from "./invalidation-subscriber.js";
export { createElectronRevisionSync, type ElectronRevisionSyncOptions } from "./revision-sync.js";
export { createElectronSnapshotHandler, type ElectronSnapshotHandlerOptions } from "./snapshot-handler.js";
export { createElectronSnapshotProvider, type ElectronSnapshotProviderOptions } from "./snapshot-provider.js";
