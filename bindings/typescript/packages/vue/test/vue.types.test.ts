import type { SnapshotApplier } from "@statesync/core";
import { expectTypeOf, test } from "vitest";
import { reactive, ref, shallowRef } from "vue";
import {
  createVueSnapshotApplier,
  type VueApplyMode,
  type VueSnapshotApplierOptions,
  type VueStoreLike,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const state = reactive({ ...settings(), mute() {} });
const held = ref<Data | null>(null);
const shallow = shallowRef(settings());

test("the options follow the type of the state", () => {
  expectTypeOf(createVueSnapshotApplier(state)).toExtend<SnapshotApplier<{ theme: string }>>();
  createVueSnapshotApplier(state, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  createVueSnapshotApplier(held, { pickKeys: ["theme"], target: "ref" });
  createVueSnapshotApplier(shallow, { pickKeys: ["theme"] });
  // @ts-expect-error no member of that name
  createVueSnapshotApplier(state, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createVueSnapshotApplier(state, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createVueSnapshotApplier("state");
});

test("toState takes what the source sends", () => {
  const applier = createVueSnapshotApplier<Data, { v: number }>(state, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<VueApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<VueSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<VueApplyMode | undefined>();
  expectTypeOf<VueStoreLike<Data>>().not.toBeNever();
});
