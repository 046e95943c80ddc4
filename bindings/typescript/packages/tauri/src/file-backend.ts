import type { Judge, StorageBackendWithMetadata } from "@statesync/persistence";
import type { PersistedMetadata, PersistedSnapshot, SnapshotEnvelope } from "@statesync/protocol";
import type { TauriInvoke } from "./command.js";

export interface TauriFileBackendOptions {
  readonly invoke: TauriInvoke;
  /**
   * Keeps the argument `record`, a `PersistedSnapshot`, such as `plugin:state-sync|save_record`. The argument `useless` is there
   * where the stored record has been found to be of no use, and is that record: it is to be set aside, not to be kept.
   */
  readonly saveCommand: string;
  /** Gives what is kept, or `null`. */
  readonly loadCommand: string;
  /** Removes what is kept. */
  readonly clearCommand?: string;
  /** Further arguments of all three, such as `{ key: "settings" }`. */
  readonly args?: Record<string, unknown>;
}

/**
 * Keeps the record of a persistence layer in a file that the backend writes. What the commands reject with is handed on as it
 * is: an object with a `kind` of chapter 7 keeps it, anything else is `unavailable`.
 */
export function createTauriFileBackend<D = unknown>(
  options: TauriFileBackendOptions,
): StorageBackendWithMetadata<D> {
  const { invoke, saveCommand, loadCommand, clearCommand, args } = options;
  const load = async () => (await invoke(loadCommand, { ...args })) as PersistedSnapshot<D> | null;
  /** What is stored, for the judge: what cannot be read counts as nothing. */
  const look = () =>
    load().catch((error: unknown) => {
      if ((error as { kind?: unknown } | null)?.kind !== "unreadable") {
        throw error;
      }
      return null;
    });
  const saveWithMetadata = async (
    snapshot: SnapshotEnvelope<D>,
    metadata: PersistedMetadata,
    judge?: Judge,
  ) => {
    const stored = judge && (await look());
    const verdict = judge?.(stored);
    if (verdict !== false) {
      // The command judges once more, in one step with the replacement (PRS-32).
      const useless = verdict === "damaged" ? { useless: stored } : undefined;
      await invoke(saveCommand, { ...args, record: { snapshot, metadata }, ...useless });
    }
  };
  return {
    conditional: true,
    saveWithMetadata,
    loadWithMetadata: load,
    // For callers that know no records: one that was saved just now, with nothing more to say of it.
    save: (snapshot) =>
      saveWithMetadata(snapshot, {
        savedAt: Date.now(),
        schemaVersion: 1,
        sizeBytes: new TextEncoder().encode(JSON.stringify(snapshot.data)).length,
        compressed: false,
      }),
    load: async () => (await load())?.snapshot,
    ...(clearCommand === undefined
      ? {}
      : {
          clear: async (judge?: Judge) => {
            if (judge === undefined || judge(await look()) !== false) {
              await invoke(clearCommand, { ...args });
            }
          },
        }),
  };
}
