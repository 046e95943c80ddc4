import type { SnapshotEnvelope, SnapshotProvider } from "@statesync/core";
import { ProtocolError, parseSnapshotEnvelope } from "@statesync/protocol";
import type { ElectronInvoke } from "./bridge.js";

export interface ElectronSnapshotProviderOptions {
  /** `invoke` of the bridge. */
  readonly invoke: ElectronInvoke;
  /** The channel of the requests, as a rule `snapshotChannel(topic)`. */
  readonly channel: string;
}

/** Pulls snapshots from the main process. Rejects with a `ProtocolError` where it gives none (TRA-14). */
export function createElectronSnapshotProvider<D = unknown>(
  options: ElectronSnapshotProviderOptions,
): SnapshotProvider<D> {
  const { invoke, channel } = options;
  return {
    async getSnapshot({ signal } = {}) {
      signal?.throwIfAborted();
      const result = parseSnapshotEnvelope(await invoke(channel));
      if (!result.ok) {
        const { code, pointer, message } = result.error;
        throw new ProtocolError(
          code,
          pointer,
          `${JSON.stringify(channel)} was answered with no snapshot: ${message}`,
        );
      }
      return result.value as SnapshotEnvelope<D>;
    },
  };
}
