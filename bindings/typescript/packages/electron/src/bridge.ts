import { topicOfChannel } from "./channels.js";

/** A listener as Electron types it: an event of its own, and what was sent. */
// biome-ignore lint/suspicious/noExplicitAny: this package does not depend on Electron's types
export type IpcListener = (event: any, ...args: any[]) => void;

/** What is used of `ipcRenderer`. */
export interface IpcRendererLike {
  on(channel: string, listener: IpcListener): unknown;
  removeListener(channel: string, listener: IpcListener): unknown;
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
}

/** Hears a channel; the function returned ends it. */
export type ElectronListen = (channel: string, handler: (payload: unknown) => void) => () => void;

/** Asks the main process on a channel. */
export type ElectronInvoke = (channel: string) => Promise<unknown>;

/** What a page is given of the main process: two functions, for the channels of topics and no others. */
export interface ElectronBridge {
  readonly listen: ElectronListen;
  readonly invoke: ElectronInvoke;
}

export interface ElectronBridgeOptions {
  /** The only topics that the page may follow; without it every topic may be. */
  readonly topics?: readonly string[];
}

/**
 * For a preload script: `contextBridge.exposeInMainWorld("stateSync", createElectronBridge(ipcRenderer))`. It passes the two
 * channels of topics only (TRA-30), hands the page the payload and never Electron's event, which would lead to
 * `ipcRenderer`, and sends nothing of the page's to the main process.
 *
 * @throws {TypeError} From both functions, for every other channel.
 */
export function createElectronBridge(
  ipcRenderer: IpcRendererLike,
  options: ElectronBridgeOptions = {},
): ElectronBridge {
  // A copy, as the page must not be able to change it.
  const topics = options.topics === undefined ? undefined : new Set(options.topics);
  const check = (channel: string, kind: "invalidated" | "snapshot") => {
    const topic = topicOfChannel(channel, kind);
    if (topic === undefined || topics?.has(topic) === false) {
      const allowed = topics === undefined ? "<topic>" : [...topics].join("|");
      throw new TypeError(
        `the channel ${JSON.stringify(channel)} is not passed; expected statesync:${allowed}:${kind} (TRA-30)`,
      );
    }
    return channel;
  };
  return {
    listen(channel, handler) {
      const checked = check(channel, "invalidated");
      const listener: IpcListener = (_event, payload: unknown) => handler(payload);
      ipcRenderer.on(checked, listener);
      return () => {
        ipcRenderer.removeListener(checked, listener);
      };
    },
    // Asynchronous, so that a refused channel rejects like every other failure.
    invoke: async (channel) => await ipcRenderer.invoke(check(channel, "snapshot")),
  };
}
