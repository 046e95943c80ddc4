import { createRevisionSync, type RevisionSync, type RevisionSyncOptions } from "@statesync/core";
import { createTauriInvalidationSubscriber, type TauriListen } from "./invalidation-subscriber.js";
import { createTauriSnapshotProvider, type TauriSnapshotProviderOptions } from "./snapshot-provider.js";

/** The options of the engine; its subscriber and provider are made of `listen` and `invoke`. */
export interface TauriRevisionSyncOptions<D>
  extends Omit<RevisionSyncOptions<D>, "subscriber" | "provider">,
    TauriSnapshotProviderOptions {
  readonly listen: TauriListen;
  /** The name of the backend's event; several topics may share it (TRA-28). */
  readonly eventName: string;
}

/** An engine for one topic of a Tauri backend. */
export function createTauriRevisionSync<D = unknown>(options: TauriRevisionSyncOptions<D>): RevisionSync<D> {
  const { listen, eventName, invoke, commandName, args, ...engine } = options;
  return createRevisionSync<D>({
    ...engine,
    subscriber: createTauriInvalidationSubscriber({ listen, eventName }),
    provider: createTauriSnapshotProvider<D>({
      invoke,
      commandName,
      ...(args === undefined ? {} : { args }),
    }),
  });
}
