import type { SnapshotApplier } from "@statesync/core";
import { observable } from "mobx";
import { expectTypeOf, test } from "vitest";
import {
  createMobXSnapshotApplier,
  type MobXApplyMode,
  type MobXSnapshotApplierOptions,
  type MobXStoreLike,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const store = observable({ ...settings(), mute() {} });

test("the options follow the type of the state", () => {
  expectTypeOf(createMobXSnapshotApplier(store)).toExtend<SnapshotApplier<{ theme: string }>>();
  createMobXSnapshotApplier(store, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  createMobXSnapshotApplier(store, { runInAction: (change) => change() });
  // @ts-expect-error no member of that name
  createMobXSnapshotApplier(store, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createMobXSnapshotApplier(store, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createMobXSnapshotApplier("store");
});

test("toState takes what the source sends", () => {
  const applier = createMobXSnapshotApplier<Data, { v: number }>(store, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<MobXApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<MobXSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<MobXApplyMode | undefined>();
  expectTypeOf<MobXStoreLike<Data>>().not.toBeNever();
});
