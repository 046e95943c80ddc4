import type { SnapshotApplier } from "@statesync/core";
import { atom, createStore, getDefaultStore } from "jotai";
import { expectTypeOf, test } from "vitest";
import {
  createJotaiSnapshotApplier,
  type JotaiApplyMode,
  type JotaiSnapshotApplierOptions,
  type JotaiStoreLike,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const store = createStore();
const held = atom(settings());
const empty = atom<Data | null>(null);
const derived = atom((get) => get(held));

test("the options follow the type of the state", () => {
  expectTypeOf(createJotaiSnapshotApplier(store, held)).toExtend<SnapshotApplier<{ theme: string }>>();
  createJotaiSnapshotApplier(store, held, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  createJotaiSnapshotApplier(getDefaultStore(), empty, { pickKeys: ["theme"] });
  // @ts-expect-error no member of that name
  createJotaiSnapshotApplier(store, held, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createJotaiSnapshotApplier(store, held, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createJotaiSnapshotApplier(store, derived);
});

test("toState takes what the source sends", () => {
  const applier = createJotaiSnapshotApplier<Data, { v: number }>(store, held, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<JotaiApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<JotaiSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<JotaiApplyMode | undefined>();
  expectTypeOf<JotaiStoreLike>().not.toBeNever();
});
