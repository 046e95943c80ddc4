import type { SnapshotEnvelope, SnapshotProvider } from "@statesync/core";
import { isSnapshotEnvelope } from "@statesync/protocol";
import type { ElectronInvoke } from "./bridge.js";

export interface ElectronSnapshotProviderOptions {
  /** `invoke` of the bridge. */
  readonly invoke: ElectronInvoke;
  /** The channel of the requests, as a rule `snapshotChannel(topic)`. */
  readonly channel: string;
}

/** Pulls snapshots from the main process. Rejects with a `TypeError` where it gives none (TRA-14). */
export function createElectronSnapshotProvider<D = unknown>(
  options: ElectronSnapshotProviderOptions,
): SnapshotProvider<D> {
  const { invoke, channel } = options;
  return {
    async getSnapshot({ signal } = {}) {
      signal?.throwIfAborted();
      const answer = await invoke(channel);
      // The guard alone: the parser, which tells the place of a fault, is larger than all the rest of a page's engine.
      if (!isSnapshotEnvelope(answer)) {
        const found = JSON.stringify(answer)?.slice(0, 80);
        throw new TypeError(
          `${JSON.stringify(channel)} was answered with no snapshot: expected { revision, data, epoch? }, found ${found}`,
        );
      }
      return answer as SnapshotEnvelope<D>;
    },
  };
}
