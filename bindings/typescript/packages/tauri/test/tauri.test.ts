import type { SnapshotEnvelope, SyncErrorContext } from "@statesync/core";
import { invoke } from "@tauri-apps/api/core";
import { emit, listen } from "@tauri-apps/api/event";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecorder } from "../../web/test/port/recorder.js";
import { describeSubscriber, event } from "../../web/test/port/suite.js";
import { until } from "../../web/test/port/until.js";
import {
  createTauriFileBackend,
  createTauriInvalidationSubscriber,
  createTauriRevisionSync,
  createTauriSnapshotProvider,
} from "../src/index.js";

// `listen` and `invoke` are the real functions of @tauri-apps/api; its own mocks stand in for the backend. A real one is driven
// by examples/tauri-settings.
const EVENT = "state-sync:invalidated";
let commands: Record<string, (args: Record<string, unknown>) => unknown>;
let listening: number;

beforeEach(() => {
  commands = {};
  listening = 0;
  Object.assign(globalThis, { window: globalThis });
  mockIPC(
    (command, args) => {
      const answer = commands[command];
      if (answer === undefined) {
        throw `Command ${command} not found`;
      }
      return answer(args as Record<string, unknown>);
    },
    { shouldMockEvents: true },
  );
  const internals = (globalThis as unknown as { __TAURI_INTERNALS__: { invoke: typeof invoke } })
    .__TAURI_INTERNALS__;
  const { invoke: mocked } = internals;
  internals.invoke = (command, ...rest) => {
    listening += command === "plugin:event|listen" ? 1 : command === "plugin:event|unlisten" ? -1 : 0;
    return mocked(command, ...rest);
  };
});
afterEach(() => {
  clearMocks();
  Reflect.deleteProperty(globalThis, "window");
});

// What the backend emits arrives, and a page that is gone takes its subscriber with it: no gap to signal.
describeSubscriber(
  "Tauri",
  () => ({
    recorder: createRecorder(createTauriInvalidationSubscriber({ listen, eventName: EVENT })),
    send: (event) => emit(EVENT, event),
    async sendMalformed() {
      const malformed = ["text", null, undefined, event("01"), [event("1")]];
      for (const payload of malformed) {
        await emit(EVENT, payload);
      }
      return malformed.length;
    },
    attached: () => listening,
    close() {},
  }),
  { loses: false },
);

describe("the subscriber", () => {
  it("TRA-6: tells of a handler that throws", async () => {
    const errors: unknown[] = [];
    const subscriber = createTauriInvalidationSubscriber({
      listen,
      eventName: EVENT,
      onError: (error) => errors.push(error),
    });
    const unsubscribe = await subscriber.subscribe(() => {
      throw new Error("the handler fails");
    });
    await emit(EVENT, event("1"));
    expect(errors).toEqual([new Error("the handler fails")]);
    await unsubscribe();
  });

  it("TRA-8: cancelled while the backend has not answered, it fails at once and ends what comes late", async () => {
    let answer: (unlisten: () => void) => void = () => {};
    let ended = 0;
    const subscriber = createTauriInvalidationSubscriber({
      listen: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      eventName: EVENT,
    });
    const cancellation = new AbortController();
    const outcome = subscriber
      .subscribe(() => {}, { signal: cancellation.signal })
      .catch((error: unknown) => error);
    cancellation.abort("no longer");
    expect(await outcome).toBe("no longer");
    answer(() => {
      ended += 1;
    });
    await until(
      () => ended,
      (ended) => ended === 1,
    );
  });

  it("fails where the backend does", async () => {
    const subscriber = createTauriInvalidationSubscriber({
      listen: () => Promise.reject("event.listen not allowed"),
      eventName: EVENT,
    });
    await expect(subscriber.subscribe(() => {})).rejects.toBe("event.listen not allowed");
  });
});

describe("the provider", () => {
  const provide = () =>
    createTauriSnapshotProvider({ invoke, commandName: "get_snapshot", args: { topic: "settings" } });

  it("TRA-13: each call asks the backend, with the arguments", async () => {
    const asked: unknown[] = [];
    commands["get_snapshot"] = (args) => {
      asked.push(args);
      return { revision: String(asked.length), epoch: "e", data: { theme: "dark" } };
    };
    expect(await provide().getSnapshot()).toEqual({ revision: "1", epoch: "e", data: { theme: "dark" } });
    expect((await provide().getSnapshot()).revision).toBe("2");
    expect(asked).toEqual([{ topic: "settings" }, { topic: "settings" }]);
  });

  it.each([
    ["null", null, "found null"],
    ["an error", { error: "not found" }, 'found {"error":"not found"}'],
    ["a number for a revision", { revision: 1, data: 1 }, 'found {"revision":1,"data":1}'],
    ["nothing", undefined, "found undefined"],
  ])("TRA-14: fails where the command gives %s", async (_name, given, found) => {
    commands["get_snapshot"] = () => given;
    await expect(provide().getSnapshot()).rejects.toThrow(
      expect.objectContaining({
        name: "TypeError",
        message: `the command "get_snapshot" gave no snapshot: expected { revision, data, epoch? }, ${found}`,
      }),
    );
  });

  it.each<[string, unknown, object]>([
    [
      "a text",
      "the state is locked",
      { message: 'the command "get_snapshot" failed: the state is locked', retryable: true },
    ],
    [
      "an error",
      new Error("no such command"),
      { message: 'the command "get_snapshot" failed: no such command' },
    ],
    [
      "an object",
      { code: 7 },
      { message: 'the command "get_snapshot" failed: {"code":7}', cause: { code: 7 } },
    ],
    [
      "a refusal for good",
      { code: "unknown-topic", message: "no topic settings", retryable: false },
      { message: 'the command "get_snapshot" failed: no topic settings', retryable: false },
    ],
    ["a wait", { message: "busy", retryAfterMs: 250 }, { retryable: true, retryAfterMs: 250 }],
  ])("says which command failed, with %s", async (_name, thrown, expected) => {
    commands["get_snapshot"] = () => {
      throw thrown;
    };
    await expect(provide().getSnapshot()).rejects.toMatchObject({
      name: "TauriCommandError",
      command: "get_snapshot",
      ...expected,
    });
  });

  it("TRA-15: a cancelled call does not ask", async () => {
    commands["get_snapshot"] = () => {
      throw new Error("must not be asked");
    };
    await expect(provide().getSnapshot({ signal: AbortSignal.abort("no longer") })).rejects.toBe("no longer");
  });
});

describe("the file backend", () => {
  const metadata = { savedAt: 1795255200000, schemaVersion: 2, sizeBytes: 16, compressed: false };
  const snapshot = { revision: "42", data: { theme: "dark" } } as SnapshotEnvelope;
  const backend = (clearCommand?: string) =>
    createTauriFileBackend({
      invoke,
      saveCommand: "save_record",
      loadCommand: "load_record",
      args: { key: "settings" },
      ...(clearCommand === undefined ? {} : { clearCommand }),
    });

  it("PRS-2: keeps the record whole", async () => {
    let stored: unknown = null;
    const keys: unknown[] = [];
    commands["save_record"] = ({ key, record }) => {
      keys.push(key);
      stored = record;
      return true;
    };
    commands["load_record"] = ({ key }) => {
      keys.push(key);
      return stored;
    };
    commands["clear_record"] = ({ key }) => {
      keys.push(key);
      stored = null;
    };
    expect(await backend().loadWithMetadata()).toBe(null);
    expect(await backend().load()).toBe(undefined);
    await backend().saveWithMetadata(snapshot, metadata);
    expect(await backend().loadWithMetadata()).toEqual({ snapshot, metadata });
    expect(await backend().load()).toEqual(snapshot);
    await backend("clear_record").clear?.();
    expect(stored).toBe(null);
    await backend().save({ ...snapshot, data: "é" });
    expect(stored).toMatchObject({
      snapshot: { data: "é" },
      metadata: { schemaVersion: 1, sizeBytes: 4, compressed: false },
    });
    expect(new Set(keys)).toEqual(new Set(["settings"]));
    expect(backend().clear).toBe(undefined);
  });

  it.each([
    ["lets it go", true, [{ key: "settings", record: { snapshot, metadata } }]],
    ["keeps it", false, []],
    [
      "finds it of no use",
      "damaged",
      [{ key: "settings", record: { snapshot, metadata }, useless: { of: "no use" } }],
    ],
  ] as const)("PRS-32: asks the judge about the stored record, who %s", async (_, verdict, saved) => {
    const given: unknown[] = [];
    const cleared: unknown[] = [];
    const asked: unknown[] = [];
    commands["load_record"] = () => ({ of: "no use" });
    commands["save_record"] = (record) => {
      given.push(record);
      return true;
    };
    commands["clear_record"] = (record) => void cleared.push(record);
    const judge = (stored: unknown) => {
      asked.push(stored);
      return verdict;
    };
    await backend().saveWithMetadata(snapshot, metadata, judge);
    await backend("clear_record").clear?.(judge);
    expect(asked).toEqual([{ of: "no use" }, { of: "no use" }]);
    expect(given).toEqual(saved);
    expect(cleared).toHaveLength(verdict === false ? 0 : 1);
  });

  it("PRS-69: a stored record that cannot be read counts as nothing, a store that cannot be reached does not", async () => {
    let kind = "unreadable";
    let saves = 0;
    commands["load_record"] = () => {
      throw { kind, message: "the file is cut off" };
    };
    commands["save_record"] = () => {
      saves += 1;
      return true;
    };
    await backend().saveWithMetadata(snapshot, metadata, (stored) => stored === null);
    expect(saves).toBe(1);
    kind = "unavailable";
    const saving = backend().saveWithMetadata(snapshot, metadata, () => true);
    await expect(saving).rejects.toMatchObject({ kind });
    expect(saves).toBe(1);
  });

  it("PRS-64: hands on what the commands reject with, and so its kind", async () => {
    const full = { kind: "quota-exceeded", message: "no space left on device" };
    commands["save_record"] = () => {
      throw full;
    };
    await expect(backend().saveWithMetadata(snapshot, metadata)).rejects.toBe(full);
  });
});

describe("an engine over Tauri's events and commands", () => {
  it("follows the backend, and tells two topics of one event apart (TRA-28)", async () => {
    const state: Record<string, { revision: string; data: string }> = {
      settings: { revision: "1", data: "one" },
      board: { revision: "9", data: "nine" },
    };
    const pulled: unknown[] = [];
    commands["get_snapshot"] = ({ topic }) => {
      pulled.push(topic);
      return state[topic as string];
    };
    const shown: string[] = [];
    const errors: SyncErrorContext[] = [];
    const engine = createTauriRevisionSync<string>({
      topic: "settings",
      listen,
      invoke,
      eventName: EVENT,
      commandName: "get_snapshot",
      args: { topic: "settings" },
      applier: { apply: ({ data }) => void shown.push(data) },
      throttling: { throttleMs: 0 },
      onError: (context) => errors.push(context),
    });
    await engine.start();
    await emit(EVENT, { topic: "board", revision: "10" });
    state["settings"] = { revision: "2", data: "two" };
    await emit(EVENT, { topic: "settings", revision: "2" });
    await emit(EVENT, { topic: "settings", revision: "2" });
    await until(
      () => shown,
      ({ length }) => length === 2,
    );
    await emit(EVENT, { topic: "settings" });
    expect(errors.map(({ phase }) => phase)).toEqual(["protocol"]);
    expect(shown).toEqual(["one", "two"]);
    expect(new Set(pulled)).toEqual(new Set(["settings"]));
    expect(engine.getLocalRevision()).toBe("2");
    engine.stop();
    await until(
      () => listening,
      (listening) => listening === 0,
    );
  });
});
