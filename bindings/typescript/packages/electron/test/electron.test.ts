import type { Revision, SnapshotEnvelope, SyncErrorContext } from "@statesync/core";
import { describe, expect, it } from "vitest";
import { createRecorder } from "../../web/test/port/recorder.js";
import { describeSubscriber, event } from "../../web/test/port/suite.js";
import { until } from "../../web/test/port/until.js";
import {
  createElectronBridge,
  createElectronBroadcaster,
  createElectronInvalidationSubscriber,
  createElectronRevisionSync,
  createElectronSnapshotHandler,
  createElectronSnapshotProvider,
  invalidationChannel,
  snapshotChannel,
} from "../src/index.js";
import { createElectron, exposeInMainWorld } from "./ipc.js";

const channel = invalidationChannel("settings");

// Messages between processes are not lost, and a page that is gone takes its subscriber with it: no gap to signal.
describeSubscriber(
  "Electron",
  () => {
    const { Window } = createElectron();
    const window = new Window();
    const bridge = exposeInMainWorld(createElectronBridge(window.ipcRenderer));
    const recorder = createRecorder(createElectronInvalidationSubscriber({ listen: bridge.listen, channel }));
    return {
      recorder,
      send: (event) => window.webContents.send(channel, event),
      sendMalformed() {
        const malformed = ["text", null, undefined, event("01"), [event("1")]];
        for (const message of malformed) {
          window.webContents.send(channel, message);
        }
        return malformed.length;
      },
      attached: () => window.ipcRenderer.listenerCount(channel),
      close() {},
    };
  },
  { loses: false },
);

describe("the channels", () => {
  it("TRA-29: are made of the topic", () => {
    expect([invalidationChannel("settings"), snapshotChannel("a:b/ç")]).toEqual([
      "statesync:settings:invalidated",
      "statesync:a:b/ç:snapshot",
    ]);
    expect(() => invalidationChannel(" \t")).toThrow("expected a text that is not blank");
    expect(() => snapshotChannel("")).toThrow(TypeError);
  });
});

describe("the bridge", () => {
  const setUp = (topics?: string[]) => {
    const { ipcMain, Window } = createElectron();
    const window = new Window();
    const bridge = exposeInMainWorld(createElectronBridge(window.ipcRenderer, topics ? { topics } : {}));
    return { ipcMain, window, bridge };
  };

  it.each([
    "secrets:read",
    "statesync:settings",
    "statesync::invalidated",
    "statesync: :invalidated",
    "statesync:invalidated",
    "statesync:settings:snapshot:x",
    "xstatesync:settings:invalidated",
    "statesync:settings:Invalidated",
    snapshotChannel("settings"),
  ])("TRA-30: does not listen on %s", (name) => {
    const { bridge, window } = setUp();
    expect(() => bridge.listen(name, () => {})).toThrow("expected statesync:<topic>:invalidated (TRA-30)");
    expect(window.ipcRenderer.eventNames()).toEqual([]);
  });

  it.each([
    "secrets:read",
    "statesync:snapshot",
    "statesync::snapshot",
    "statesync:settings:snapshot ",
    channel,
  ])("TRA-30: does not invoke %s", async (name) => {
    const { bridge, ipcMain } = setUp();
    let called = false;
    ipcMain.handle(name, () => {
      called = true;
    });
    await expect(bridge.invoke(name)).rejects.toThrow("expected statesync:<topic>:snapshot (TRA-30)");
    expect(called).toBe(false);
  });

  it("TRA-30: passes the topics that it was given, and no others", async () => {
    const topics = ["settings"];
    const { bridge, ipcMain } = setUp(topics);
    topics.push("secrets");
    ipcMain.handle(snapshotChannel("settings"), () => "passed");
    expect(await bridge.invoke(snapshotChannel("settings"))).toBe("passed");
    bridge.listen(channel, () => {});
    await expect(bridge.invoke(snapshotChannel("secrets"))).rejects.toThrow("statesync:settings:snapshot");
    expect(() => bridge.listen(invalidationChannel("secrets"), () => {})).toThrow(TypeError);
  });

  it("TRA-30: gives the page the payload alone, and sends nothing of the page's", async () => {
    const { bridge, ipcMain, window } = setUp();
    const heard: unknown[][] = [];
    bridge.listen(channel, (...args: unknown[]) => void heard.push(args));
    window.webContents.send(channel, event("1"), "more");
    await until(
      () => heard,
      ({ length }) => length === 1,
    );
    expect(heard).toEqual([[event("1")]]);
    const asked: unknown[][] = [];
    ipcMain.handle(snapshotChannel("settings"), (_event, ...args) => void asked.push(args));
    await (bridge.invoke as (...args: unknown[]) => Promise<unknown>)(snapshotChannel("settings"), "rm -rf");
    expect(asked).toEqual([[]]);
  });
});

describe("the broadcaster", () => {
  it("TRA-31: leaves out destroyed windows, and reaches the others past one that fails", async () => {
    const { Window } = createElectron();
    const windows = Array.from({ length: 4 }, () => new Window());
    const [first, destroyed, crashed, last] = windows as [
      InstanceType<typeof Window>,
      ...InstanceType<typeof Window>[],
    ];
    const recorders = windows.map(({ ipcRenderer }) =>
      createRecorder(
        createElectronInvalidationSubscriber({ listen: createElectronBridge(ipcRenderer).listen, channel }),
      ),
    );
    await Promise.all(recorders.map((recorder) => recorder.subscribe()));
    destroyed?.destroy();
    crashed?.crash();
    const errors: unknown[] = [];
    const broadcaster = createElectronBroadcaster({
      topic: "settings",
      getTargets: () => [first.webContents, ...windows.slice(1)],
      onError: (error) => errors.push(error),
    });
    broadcaster.invalidate("4");
    broadcaster.invalidate("5" as Revision, { sourceId: "main", epoch: "e", timestampMs: 7 });
    await until(
      () => recorders[3]?.received(0),
      (received) => received?.length === 2,
    );
    expect(last?.isDestroyed()).toBe(false);
    const all = [event("4"), event("5", { sourceId: "main", epoch: "e", timestampMs: 7 })];
    expect(recorders.map((recorder) => recorder.received(0))).toEqual([all, [], [], all]);
    expect(errors.map(String)).toEqual(Array(2).fill(expect.stringContaining("Render frame was disposed")));
  });

  it("refuses what no event may hold", () => {
    const broadcaster = createElectronBroadcaster({ topic: "settings", getTargets: () => [] });
    expect(() => broadcaster.invalidate("05")).toThrow(
      expect.objectContaining({ code: "invalid-revision", pointer: "/revision" }),
    );
    expect(() => broadcaster.invalidate("5", { timestampMs: 0.5 })).toThrow(
      expect.objectContaining({ pointer: "/timestampMs" }),
    );
  });
});

describe("snapshots", () => {
  const setUp = (getSnapshot: () => unknown) => {
    const { ipcMain, Window } = createElectron();
    const handler = createElectronSnapshotHandler({
      topic: "settings",
      getSnapshot: getSnapshot as () => SnapshotEnvelope,
      handle: ipcMain.handle,
      removeHandler: ipcMain.removeHandler,
    });
    const bridge = exposeInMainWorld(createElectronBridge(new Window().ipcRenderer));
    return {
      ipcMain,
      handler,
      bridge,
      provider: createElectronSnapshotProvider({
        invoke: bridge.invoke,
        channel: snapshotChannel("settings"),
      }),
    };
  };

  it("TRA-13: each call asks the main process", async () => {
    let revision = 0;
    const { provider } = setUp(async () => {
      revision += 1;
      return { revision: String(revision), epoch: "e", data: { theme: "dark" } };
    });
    expect(await provider.getSnapshot()).toEqual({ revision: "1", epoch: "e", data: { theme: "dark" } });
    expect((await provider.getSnapshot()).revision).toBe("2");
  });

  it.each([
    ["nothing", undefined, "gave no snapshot"],
    ["an error", { error: "not found" }, "gave no snapshot"],
    ["a number for a revision", { revision: 1, data: 1 }, "gave no snapshot"],
    ["what cannot be cloned", { revision: "1", data: () => {} }, "could not be cloned"],
  ])("TRA-14: fails where the main process has %s", async (_name, value, message) => {
    await expect(setUp(() => value).provider.getSnapshot()).rejects.toThrow(message);
  });

  it("TRA-14: fails where another handler answers with no snapshot", async () => {
    const { ipcMain, handler, provider } = setUp(() => undefined);
    handler.dispose();
    ipcMain.handle(snapshotChannel("settings"), () => ({}));
    await expect(provider.getSnapshot()).rejects.toThrow(
      new TypeError(
        '"statesync:settings:snapshot" was answered with no snapshot: expected { revision, data, epoch? }, found {}',
      ),
    );
  });

  it("after `dispose` there is no handler, and a second `dispose` takes none from anyone", async () => {
    const { handler, ipcMain, provider } = setUp(() => ({ revision: "1", data: 1 }));
    handler.dispose();
    await expect(provider.getSnapshot()).rejects.toThrow("No handler registered");
    ipcMain.handle(snapshotChannel("settings"), () => ({ revision: "2", data: 2 }));
    handler.dispose();
    expect((await provider.getSnapshot()).revision).toBe("2");
  });

  it("TRA-15: a cancelled call does not ask", async () => {
    const { provider } = setUp(() => {
      throw new Error("must not be asked");
    });
    await expect(provider.getSnapshot({ signal: AbortSignal.abort("no longer") })).rejects.toBe("no longer");
  });
});

describe("an engine over Electron's IPC", () => {
  it("follows the main process, whatever is doubled or comes late", async () => {
    const { ipcMain, Window } = createElectron();
    let state: SnapshotEnvelope<string> = { revision: "1" as Revision, epoch: "run-1", data: "one" };
    createElectronSnapshotHandler({ topic: "settings", getSnapshot: () => state, ...ipcMain });
    const windows = [new Window(), new Window()];
    const shown = ["", ""];
    const errors: SyncErrorContext[] = [];
    const engines = windows.map(({ ipcRenderer }, index) =>
      createElectronRevisionSync<string>({
        topic: "settings",
        bridge: exposeInMainWorld(createElectronBridge(ipcRenderer)),
        applier: {
          apply({ data }) {
            shown[index] = data;
          },
        },
        throttling: { throttleMs: 0 },
        onError: (context) => errors.push(context),
      }),
    );
    const broadcaster = createElectronBroadcaster({ topic: "settings", getTargets: () => windows });
    const change = (revision: string, data: string, epoch = "run-1") => {
      state = { revision: revision as Revision, epoch, data };
      broadcaster.invalidate(revision, { epoch });
    };
    await Promise.all(engines.map((engine) => engine.start()));
    expect(shown).toEqual(["one", "one"]);
    change("2", "two");
    change("3", "three");
    broadcaster.invalidate("2", { epoch: "run-1" });
    broadcaster.invalidate("3", { epoch: "run-1" });
    await until(
      () => shown,
      (shown) => shown.every((data) => data === "three"),
    );
    // The application was started anew, and counts from 1.
    change("1", "again", "run-2");
    await until(
      () => shown,
      (shown) => shown.every((data) => data === "again"),
    );
    windows[0]?.webContents.send(channel, "nonsense");
    await until(
      () => errors,
      ({ length }) => length === 1,
    );
    expect(errors[0]?.phase).toBe("protocol");
    for (const engine of engines) {
      engine.stop();
    }
    expect(windows.map(({ ipcRenderer }) => ipcRenderer.listenerCount(channel))).toEqual([0, 0]);
  });
});
