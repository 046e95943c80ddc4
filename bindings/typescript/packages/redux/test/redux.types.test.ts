import type { SnapshotApplier } from "@statesync/core";
import { combineReducers, legacy_createStore as createStore, type Reducer } from "redux";
import { expectTypeOf, test } from "vitest";
import {
  createReduxSnapshotApplier,
  type ReduxApplyMode,
  type ReduxSnapshotApplierOptions,
  type ReduxStoreLike,
  withSnapshotHandling,
} from "../src/index.js";

interface Data {
  theme: string;
  volume: number;
}

const settings = (): Data => ({ theme: "dark", volume: 5 });
const reducer = (state: Data = settings()): Data => state;
const store = createStore(reducer);

test("the options follow the type of the state", () => {
  expectTypeOf(createReduxSnapshotApplier<Data>(store)).toExtend<SnapshotApplier<{ theme: string }>>();
  createReduxSnapshotApplier<Data>(store, {
    pickKeys: ["theme"],
    omitKeys: ["volume"],
    mode: "replace",
    strict: false,
  });
  // @ts-expect-error no member of that name
  createReduxSnapshotApplier<Data>(store, { pickKeys: ["colour"] });
  // @ts-expect-error an action is no data
  createReduxSnapshotApplier<Data>(store, { omitKeys: ["mute"] });
  // @ts-expect-error not what can be written
  () => createReduxSnapshotApplier({ getState: () => settings() });
});

test("toState takes what the source sends", () => {
  const applier = createReduxSnapshotApplier<Data, { v: number }>(store, {
    toState: ({ v }, { revision }) => ({ volume: v, theme: revision }),
  });
  expectTypeOf(applier).toEqualTypeOf<SnapshotApplier<{ v: number }>>();
});

test("the types have their names", () => {
  expectTypeOf<ReduxApplyMode>().toEqualTypeOf<"patch" | "replace">();
  expectTypeOf<ReduxSnapshotApplierOptions<Data>["mode"]>().toEqualTypeOf<ReduxApplyMode | undefined>();
  expectTypeOf<ReduxStoreLike<Data>>().not.toBeNever();
});

test("a wrapped reducer is the reducer that it was", () => {
  expectTypeOf(withSnapshotHandling(reducer)).toEqualTypeOf(reducer);
  const root = withSnapshotHandling(combineReducers({ settings: withSnapshotHandling(reducer, "settings") }));
  expectTypeOf(root).toExtend<Reducer<{ settings: Data }, never, never>>();
  expectTypeOf(createStore(root).getState().settings).toEqualTypeOf<Data>();
});
