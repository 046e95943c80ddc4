import type { SnapshotEnvelope, SnapshotProvider } from "@statesync/core";
import { isSnapshotEnvelope } from "@statesync/protocol";
import { callCommand, type TauriInvoke } from "./command.js";

export interface TauriSnapshotProviderOptions {
  readonly invoke: TauriInvoke;
  /** The command that answers with the snapshot, such as `plugin:state-sync|get_snapshot`. */
  readonly commandName: string;
  /** Its arguments, such as `{ topic: "settings" }`. */
  readonly args?: Record<string, unknown>;
}

/**
 * Pulls snapshots by a command of the backend.
 *
 * Its `getSnapshot` rejects with a `TauriCommandError` where the command fails, and with a `TypeError` where it gives no
 * snapshot (TRA-14).
 */
export function createTauriSnapshotProvider<D = unknown>(
  options: TauriSnapshotProviderOptions,
): SnapshotProvider<D> {
  const { invoke, commandName, args } = options;
  return {
    async getSnapshot({ signal } = {}) {
      signal?.throwIfAborted();
      const answer = await callCommand(invoke, commandName, args);
      // The guard alone: the parser, which tells the place of a fault, is larger than all the rest of a page's engine.
      if (!isSnapshotEnvelope(answer)) {
        const found = JSON.stringify(answer)?.slice(0, 80);
        throw new TypeError(
          `the command ${JSON.stringify(commandName)} gave no snapshot: expected { revision, data, epoch? }, found ${found}`,
        );
      }
      return answer as SnapshotEnvelope<D>;
    },
  };
}
