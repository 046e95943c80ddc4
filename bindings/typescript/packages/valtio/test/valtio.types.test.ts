import type { SnapshotApplier } from "@statesync/core";
import { proxy } from "valtio/vanilla";
import { expectTypeOf, test } from "vitest";
import {
  createValtioSnapshotApplier,
  type ValtioApplyMode,
  type ValtioSnapshotApplierOptions,
  type ValtioStoreLike,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const state = proxy({ ...settings(), mute() {} });

test("the options follow the type of the state", () => {
  expectTypeOf(createValtioSnapshotApplier(state)).toExtend<SnapshotApplier<{ theme: string }>>();
  createValtioSnapshotApplier(state, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  // @ts-expect-error no member of that name
  createValtioSnapshotApplier(state, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createValtioSnapshotApplier(state, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createValtioSnapshotApplier("state");
});

test("toState takes what the source sends", () => {
  const applier = createValtioSnapshotApplier<Data, { v: number }>(state, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<ValtioApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<ValtioSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<ValtioApplyMode | undefined>();
  expectTypeOf<ValtioStoreLike<Data>>().not.toBeNever();
});
