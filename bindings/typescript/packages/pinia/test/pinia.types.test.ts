import type { SnapshotApplier } from "@statesync/core";
import { createPinia, defineStore } from "pinia";
import { expectTypeOf, test } from "vitest";
import { ref } from "vue";
import {
  createPiniaSnapshotApplier,
  type PiniaApplyMode,
  type PiniaSnapshotApplierOptions,
  type PiniaStoreLike,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const pinia = createPinia();
const store = defineStore("option", { state: settings, actions: { mute() {} } })(pinia);
const setup = defineStore("setup", () => ({ theme: ref("dark"), volume: ref(5), mute() {} }))(pinia);

test("the options follow the type of the state", () => {
  expectTypeOf(createPiniaSnapshotApplier(store)).toExtend<SnapshotApplier<{ theme: string }>>();
  createPiniaSnapshotApplier(store, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  createPiniaSnapshotApplier(setup, { omitKeys: ["volume"] });
  // @ts-expect-error no member of that name
  createPiniaSnapshotApplier(store, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createPiniaSnapshotApplier(store, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createPiniaSnapshotApplier({ $state: settings() });
});

test("toState takes what the source sends", () => {
  const applier = createPiniaSnapshotApplier<Data, { v: number }>(store, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<PiniaApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<PiniaSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<PiniaApplyMode | undefined>();
  expectTypeOf<PiniaStoreLike<Data>>().not.toBeNever();
});
