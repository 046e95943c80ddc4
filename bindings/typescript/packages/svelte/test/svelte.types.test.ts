import type { SnapshotApplier } from "@statesync/core";
import { readable, writable } from "svelte/store";
import { expectTypeOf, test } from "vitest";
import {
  createSvelteSnapshotApplier,
  type SvelteApplyMode,
  type SvelteSnapshotApplierOptions,
  type SvelteStoreLike,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const store = writable(settings());

test("the options follow the type of the state", () => {
  expectTypeOf(createSvelteSnapshotApplier(store)).toExtend<SnapshotApplier<{ theme: string }>>();
  createSvelteSnapshotApplier(store, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  createSvelteSnapshotApplier(settings(), { target: "state", pickKeys: ["theme"] });
  // @ts-expect-error no member of that name
  createSvelteSnapshotApplier(store, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createSvelteSnapshotApplier(store, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createSvelteSnapshotApplier(readable(settings()));
});

test("toState takes what the source sends", () => {
  const applier = createSvelteSnapshotApplier<Data, { v: number }>(store, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<SvelteApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<SvelteSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<SvelteApplyMode | undefined>();
  expectTypeOf<SvelteStoreLike<Data>>().not.toBeNever();
});
