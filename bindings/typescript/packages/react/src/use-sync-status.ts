import type { SyncStatus } from "@statesync/core";
import { useCallback, useSyncExternalStore } from "react";

export type { SyncStatus } from "@statesync/core";

/** What is needed of an engine, such as `createRevisionSync` gives. */
export interface SyncStatusSource {
  readonly status: SyncStatus;
  /** Calls back at each change; the function returned ends that. */
  subscribe(listener: (status: SyncStatus) => void): () => void;
}

/** The status of an engine, as a value that renders again when it changes; `idle` on a server and while hydrating. */
export const useSyncStatus = (sync: SyncStatusSource): SyncStatus =>
  useSyncExternalStore(
    useCallback((changed: () => void) => sync.subscribe(changed), [sync]),
    () => sync.status,
    () => "idle",
  );
