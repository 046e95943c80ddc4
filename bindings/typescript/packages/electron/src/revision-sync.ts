import { createRevisionSync, type RevisionSync, type RevisionSyncOptions } from "@statesync/core";
import type { ElectronBridge } from "./bridge.js";
import { invalidationChannel, snapshotChannel } from "./channels.js";
import { createElectronInvalidationSubscriber } from "./invalidation-subscriber.js";
import { createElectronSnapshotProvider } from "./snapshot-provider.js";

/** The options of the engine; its subscriber and provider are made of the bridge. */
export interface ElectronRevisionSyncOptions<D>
  extends Omit<RevisionSyncOptions<D>, "subscriber" | "provider"> {
  /** What the preload script has exposed. */
  readonly bridge: ElectronBridge;
}

/** An engine for one topic of the main process. */
export function createElectronRevisionSync<D = unknown>(
  options: ElectronRevisionSyncOptions<D>,
): RevisionSync<D> {
  const { bridge, ...engine } = options;
  return createRevisionSync<D>({
    ...engine,
    subscriber: createElectronInvalidationSubscriber({
      listen: bridge.listen,
      channel: invalidationChannel(options.topic),
    }),
    provider: createElectronSnapshotProvider<D>({
      invoke: bridge.invoke,
      channel: snapshotChannel(options.topic),
    }),
  });
}
