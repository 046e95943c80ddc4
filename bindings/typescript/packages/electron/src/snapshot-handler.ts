import type { SnapshotEnvelope } from "@statesync/core";
import { ProtocolError, parseSnapshotEnvelope } from "@statesync/protocol";
import { snapshotChannel } from "./channels.js";

export interface ElectronSnapshotHandlerOptions<D> {
  readonly topic: string;
  /** The current snapshot: revision, epoch and data read in one step (ENG-5). */
  readonly getSnapshot: () => SnapshotEnvelope<D> | Promise<SnapshotEnvelope<D>>;
  /** `ipcMain.handle`, bound: `(channel, answer) => ipcMain.handle(channel, answer)`. */
  readonly handle: (channel: string, listener: () => Promise<unknown>) => void;
  /** `ipcMain.removeHandler`, bound. */
  readonly removeHandler: (channel: string) => void;
  /** The channel of the requests; that of the topic by default (TRA-29). */
  readonly channel?: string;
}

/**
 * For the main process: answers the requests of pages with the snapshot. Its answer fails with a `ProtocolError` where
 * `getSnapshot` gives none.
 *
 * @returns `dispose`, which ends it; a second call does nothing.
 */
export function createElectronSnapshotHandler<D = unknown>(
  options: ElectronSnapshotHandlerOptions<D>,
): { dispose(): void } {
  const { topic, getSnapshot, handle, removeHandler, channel = snapshotChannel(topic) } = options;
  handle(channel, async () => {
    const result = parseSnapshotEnvelope(await getSnapshot());
    if (!result.ok) {
      const { code, pointer, message } = result.error;
      throw new ProtocolError(
        code,
        pointer,
        `getSnapshot of ${JSON.stringify(topic)} gave no snapshot: ${message}`,
      );
    }
    return result.value;
  });
  let active = true;
  return {
    dispose() {
      if (active) {
        active = false;
        removeHandler(channel);
      }
    },
  };
}
