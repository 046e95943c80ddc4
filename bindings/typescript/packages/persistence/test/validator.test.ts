import { afterEach, describe, expect, it } from "vitest";
import { createCrossTabSync, loadPersistedSnapshot, type TabChannel } from "../src/index.js";
import { createLayer, settled } from "./layer.js";
import { metadata, snapshot } from "./suites/storage.js";

const unhandled: unknown[] = [];
const listener = (error: unknown) => unhandled.push(error);
process.on("unhandledRejection", listener);
afterEach(() => {
  expect(unhandled.splice(0)).toEqual([]);
});

const asynchronous: [string, (data: unknown) => unknown][] = [
  ["accepts later", async () => true],
  ["refuses later", async () => false],
  ["fails later", () => Promise.reject(new Error("no theme"))],
  // biome-ignore lint/suspicious/noThenProperty: a promise of another make.
  ["gives a promise of another make", () => ({ then: (done: (value: boolean) => void) => done(true) })],
  ["never answers", () => new Promise(() => {})],
];

describe.each(asynchronous)("a validator that %s has not accepted the data", (_, validator) => {
  it.each(["of the applier", "of the load", "of the migration"])("of the store: %s", async (whose) => {
    const migration = { currentVersion: 1, migrations: {}, validator };
    const { layer, storage, states, errors } = createLayer(
      whose === "of the applier" ? { validator } : whose === "of the migration" ? { migration } : {},
    );
    storage.setRawData({ snapshot: snapshot("5"), metadata: metadata() });
    const load = loadPersistedSnapshot(storage, layer, whose === "of the load" ? { validator } : {});
    expect(await load).toBe(false);
    await settled();
    expect(errors).toMatchObject([
      { kind: "invalid-data", message: expect.stringContaining("promise; it must answer at once") },
    ]);
    expect(states).toEqual([]);
  });

  it("of another tab (PRS-50)", async () => {
    const channel: TabChannel = { postMessage() {}, onmessage: null, close() {} };
    const { states, errors } = createLayer({
      validator,
      crossTabSync: createCrossTabSync({ channelName: "tabs", channel }),
    });
    const data = { type: "snapshot", sourceId: "other", snapshot: snapshot("5") };
    channel.onmessage?.({ data } as MessageEvent);
    await settled();
    expect(errors).toMatchObject([
      { kind: "channel", message: expect.stringContaining("promise; it must answer at once") },
    ]);
    expect(states).toEqual([]);
  });
});
