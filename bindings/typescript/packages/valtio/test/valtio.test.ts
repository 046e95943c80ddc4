import * as valtio2 from "valtio/vanilla";
import * as valtio1 from "valtio-1/vanilla";
import { expect, test } from "vitest";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import { createValtioSnapshotApplier } from "../src/index.js";

interface Store extends Settings {
  louder(): void;
  readonly double: number;
}

/** The same as an instance of a class, whose method and getter are in its prototype. */
class SettingsStore {
  theme = "dark";
  volume = initial().volume;
  layout = initial().layout;
  tags = initial().tags;
  louder() {
    this.volume = 11;
  }
  get double() {
    return (this.volume ?? 0) * 2;
  }
}

const members = (): Store => ({
  ...initial(),
  louder() {
    this.volume = 11;
  },
  get double() {
    return (this.volume ?? 0) * 2;
  },
});

const versions = [
  ["valtio 2", valtio2],
  ["valtio 1", valtio1 as unknown as typeof valtio2],
] as const;

for (const [version, { proxy, subscribe, snapshot }] of versions) {
  for (const [kind, make] of [
    ["an object with methods", members],
    ["an instance of a class", () => new SettingsStore() as Store],
  ] as const) {
    describeApplier(`${version}: ${kind}`, (options) => {
      const state = proxy(make());
      return {
        applier: createValtioSnapshotApplier(state, options),
        read: () => state as never,
        observe: (changed) => subscribe(state, changed),
        settle: () => Promise.resolve(),
        louder: () => state.louder(),
        double: () => state.double,
      };
    });
  }

  test(`${version}: parts of the library's snapshots that are deeply equal keep their identity`, () => {
    const state = proxy(members());
    const before = snapshot(state);
    createValtioSnapshotApplier(state).apply({
      revision: "1" as never,
      data: { layout: { left: { width: 7 }, right: { width: 2 } }, tags: ["a", "b"] },
    });
    const after = snapshot(state);
    expect(after.layout?.right).toBe(before.layout?.right);
    expect(after.tags).toBe(before.tags);
    expect(after.layout?.left).toEqual({ width: 7 });
  });

  test(`${version}: a member that goes is deleted from an object`, () => {
    const state = proxy<Partial<Settings>>({ ...initial() });
    createValtioSnapshotApplier(state, { mode: "replace" }).apply({
      revision: "1" as never,
      data: { volume: 1 },
    });
    expect(Object.keys(state)).toEqual(["volume"]);
  });
}
