import { EventEmitter } from "node:events";

/**
 * Electron's IPC as its documentation and its source describe it, in one process: every message is a structured clone and
 * arrives in a later turn, in order; `handle` takes one handler a channel; an error of a handler arrives as text; what is
 * destroyed throws. Electron itself cannot run here, as its binary is not part of its package.
 */
export function createElectron() {
  const handlers = new Map<string, (event: object, ...args: unknown[]) => unknown>();
  const later = (call: () => void) => setImmediate(call);

  const ipcMain = {
    handle(channel: string, listener: (event: object, ...args: unknown[]) => unknown) {
      if (handlers.has(channel)) {
        throw new Error(`Attempted to register a second handler for '${channel}'`);
      }
      handlers.set(channel, listener);
    },
    removeHandler: (channel: string) => void handlers.delete(channel),
  };

  class IpcRenderer extends EventEmitter {
    invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const sent = structuredClone(args);
      return new Promise((resolve, reject) => {
        later(async () => {
          try {
            const handler = handlers.get(channel);
            if (handler === undefined) {
              throw new Error(`No handler registered for '${channel}'`);
            }
            const answer = structuredClone(await handler({ sender: "webContents" }, ...sent));
            later(() => resolve(answer));
          } catch (error) {
            later(() => reject(new Error(`Error invoking remote method '${channel}': ${error}`)));
          }
        });
      });
    }
  }

  class Window {
    readonly ipcRenderer = new IpcRenderer();
    #destroyed = false;
    #crashed = false;
    readonly #contents = {
      isDestroyed: () => this.#destroyed,
      send: (channel: string, ...args: unknown[]) => {
        if (this.#crashed) {
          throw new Error("Render frame was disposed before WebFrameMain could be accessed");
        }
        const sent = structuredClone(args);
        later(() => this.ipcRenderer.emit(channel, { sender: this.ipcRenderer, ports: [] }, ...sent));
      },
    };
    get webContents() {
      if (this.#destroyed) {
        throw new TypeError("Object has been destroyed");
      }
      return this.#contents;
    }
    isDestroyed = () => this.#destroyed;
    destroy = () => {
      this.#destroyed = true;
    };
    crash = () => {
      this.#crashed = true;
    };
  }
  return { ipcMain, Window };
}

/** `contextBridge.exposeInMainWorld`: functions are proxied, everything else that passes is a frozen copy. */
export function exposeInMainWorld<T extends object>(api: T): T {
  const pass = (value: unknown): unknown => {
    if (typeof value === "function") {
      return (...args: unknown[]) => {
        const result = value(...args.map(pass));
        return result instanceof Promise ? result.then(pass) : pass(result);
      };
    }
    return typeof value === "object" &&
      value !== null &&
      Object.values(value).some((member) => typeof member === "function")
      ? Object.freeze(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, pass(member)])))
      : structuredClone(value);
  };
  return pass(api) as T;
}
