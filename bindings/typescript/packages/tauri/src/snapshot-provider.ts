import type { SnapshotEnvelope, SnapshotProvider } from "@statesync/core";
import { ProtocolError, parseSnapshotEnvelope } from "@statesync/protocol";
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
 * Its `getSnapshot` rejects with a `TauriCommandError` where the command fails, and with a `ProtocolError` where it gives no
 * snapshot (TRA-14).
 */
export function createTauriSnapshotProvider<D = unknown>(
  options: TauriSnapshotProviderOptions,
): SnapshotProvider<D> {
  const { invoke, commandName, args } = options;
  return {
    async getSnapshot({ signal } = {}) {
      signal?.throwIfAborted();
      const result = parseSnapshotEnvelope(await callCommand(invoke, commandName, args));
      if (!result.ok) {
        const { code, pointer, message } = result.error;
        throw new ProtocolError(
          code,
          pointer,
          `the command ${JSON.stringify(commandName)} gave no snapshot: ${message}`,
        );
      }
      return result.value as SnapshotEnvelope<D>;
    },
  };
}
