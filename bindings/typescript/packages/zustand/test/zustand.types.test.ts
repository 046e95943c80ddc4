import type { SnapshotApplier } from "@statesync/core";
import { expectTypeOf, test } from "vitest";
import { create } from "zustand";
import { createStore } from "zustand/vanilla";
import {
  createZustandSnapshotApplier,
  type ZustandApplyMode,
  type ZustandSnapshotApplierOptions,
  type ZustandStoreLike,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

interface Settings extends Data {
  mute(): void;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const store = createStore<Settings>()(() => ({ ...settings(), mute() {} }));
const hook = create<Settings>()(() => ({ ...settings(), mute() {} }));

test("the options follow the type of the state", () => {
  expectTypeOf(createZustandSnapshotApplier(store)).toExtend<SnapshotApplier<{ theme: string }>>();
  createZustandSnapshotApplier(store, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  createZustandSnapshotApplier(hook, { omitKeys: ["volume"] });
  // @ts-expect-error no member of that name
  createZustandSnapshotApplier(store, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createZustandSnapshotApplier(store, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createZustandSnapshotApplier({ getState: () => settings() });
});

test("toState takes what the source sends", () => {
  const applier = createZustandSnapshotApplier<Data, { v: number }>(store, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<ZustandApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<ZustandSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<ZustandApplyMode | undefined>();
  expectTypeOf<ZustandStoreLike<Data>>().not.toBeNever();
});
