import { combineReducers as combineToolkit, configureStore, createSlice } from "@reduxjs/toolkit";
import { applyMiddleware, combineReducers as combine5, legacy_createStore as createStore5 } from "redux";
import { combineReducers as combine4, legacy_createStore as createStore4 } from "redux-4";
import { describe, expect, test } from "vitest";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import {
  createReduxSnapshotApplier,
  SNAPSHOT_ACTION_TYPE,
  type SnapshotAppliedAction,
  snapshotApplied,
  withSnapshotHandling,
} from "../src/index.js";

type Action = { type: string };

const reducer = (state: Settings = initial(), action: Action): Settings =>
  action.type === "louder" ? { ...state, volume: 11 } : state;

const other = (state = { count: 0 }, action: Action) =>
  action.type === "count" ? { count: state.count + 1 } : state;

const versions = [
  ["redux 5", createStore5, combine5],
  ["redux 4", createStore4 as unknown as typeof createStore5, combine4 as unknown as typeof combine5],
] as const;

for (const [version, createStore, combineReducers] of versions) {
  describeApplier(`${version}: the whole state`, (options) => {
    const store = createStore(withSnapshotHandling(reducer));
    return {
      applier: createReduxSnapshotApplier(store, options),
      read: () => store.getState() as never,
      observe: (changed) => store.subscribe(changed),
      louder: () => store.dispatch({ type: "louder" }),
    };
  });

  describeApplier(`${version}: a slice of combineReducers`, (options) => {
    const store = createStore(
      combineReducers({ settings: withSnapshotHandling(reducer, "settings"), other }),
    );
    return {
      applier: createReduxSnapshotApplier(store, { ...options, slice: "settings" }),
      read: () => store.getState().settings as never,
      observe: (changed) => store.subscribe(changed),
      louder: () => store.dispatch({ type: "louder" }),
    };
  });

  describe(`${version}: wrapping`, () => {
    test("combineReducers as a whole: slices are members, and what is equal keeps its identity", () => {
      const store = createStore(withSnapshotHandling(combineReducers({ settings: reducer, other })));
      const applier = createReduxSnapshotApplier<{ settings: Settings; other: { count: number } }>(store);
      const before = store.getState();
      applier.apply({ revision: "1" as never, data: { settings: { ...initial(), volume: 6 } } });
      expect(store.getState().settings.volume).toBe(6);
      expect(store.getState().settings.tags).toBe(before.settings.tags);
      expect(store.getState().other).toBe(before.other);
    });

    test("a snapshot for one slice is none for another", () => {
      const store = createStore(
        combineReducers({
          one: withSnapshotHandling(reducer, "one"),
          two: withSnapshotHandling(reducer, "two"),
        }),
      );
      createReduxSnapshotApplier(store, { slice: "two" }).apply({
        revision: "1" as never,
        data: { volume: 6 },
      });
      expect([store.getState().one.volume, store.getState().two.volume]).toEqual([5, 6]);
    });

    test("a reducer that is not wrapped is told, with what to do", () => {
      const applier = createReduxSnapshotApplier(createStore(reducer));
      const apply = () => applier.apply({ revision: "1" as never, data: { volume: 6 } });
      expect(apply).toThrow("withSnapshotHandling(reducer)");
    });

    test("a slice that is not wrapped, or not for this slice, is told, with what to do", () => {
      const store = createStore(combineReducers({ settings: withSnapshotHandling(reducer), other }));
      const applier = createReduxSnapshotApplier(store, { slice: "settings" });
      const apply = () => applier.apply({ revision: "1" as never, data: { volume: 6 } });
      expect(apply).toThrow('withSnapshotHandling(reducer, "settings")');
    });

    test("the reducer sees the action too, after the members were written", () => {
      const counting = (
        state: { volume: number; snapshots: number } = { volume: 5, snapshots: 0 },
        action: Action,
      ) =>
        action.type === SNAPSHOT_ACTION_TYPE
          ? { ...state, snapshots: state.snapshots + state.volume }
          : state;
      const store = createStore(withSnapshotHandling(counting));
      createReduxSnapshotApplier(store).apply({ revision: "1" as never, data: { volume: 6 } });
      expect(store.getState()).toEqual({ volume: 6, snapshots: 6 });
    });
  });
}

describe("the action", () => {
  test("says what is applied, in plain data", () => {
    const actions: unknown[] = [];
    const store = createStore5(
      withSnapshotHandling(reducer),
      applyMiddleware(() => (next) => (action) => {
        actions.push(JSON.parse(JSON.stringify(action)));
        return next(action);
      }),
    );
    const options = { mode: "replace", pickKeys: ["theme", "volume"] } as const;
    const applier = createReduxSnapshotApplier<Settings>(store, options);
    applier.apply({ revision: "7" as never, data: { theme: "light" } });
    applier.apply({ revision: "8" as never, data: { theme: "light" } });
    const action = {
      type: "@@statesync/SNAPSHOT_APPLIED",
      payload: { theme: "light" },
      meta: { mode: "replace", revision: "7", pickKeys: ["theme", "volume"] },
    };
    expect(actions).toEqual([action]);
    expect(store.getState()).toEqual({ theme: "light", layout: initial().layout, tags: initial().tags });
    const again = createStore5(withSnapshotHandling(reducer));
    again.dispatch(action as SnapshotAppliedAction as never);
    expect(again.getState()).toEqual(store.getState());
  });

  test("can be dispatched by an application", () => {
    const store = createStore5(withSnapshotHandling(reducer));
    store.dispatch(snapshotApplied({ volume: 6 }, { mode: "patch", revision: "1" }) as never);
    expect(store.getState()).toEqual({ ...initial(), volume: 6 });
  });
});

const slice = createSlice({
  name: "settings",
  initialState: initial,
  reducers: {
    louder(state) {
      state.volume = 11;
    },
  },
});

describeApplier("redux toolkit: configureStore with its checks and a slice", (options) => {
  const warnings: unknown[] = [];
  console.error = (...words: unknown[]) => warnings.push(words);
  const store = configureStore({
    reducer: { settings: withSnapshotHandling(slice.reducer, "settings"), other },
    devTools: false,
  });
  return {
    applier: createReduxSnapshotApplier(store, { ...options, slice: "settings" }),
    read: () => store.getState().settings as never,
    observe: (changed) => store.subscribe(changed),
    louder: () => {
      store.dispatch(slice.actions.louder());
      expect(warnings).toEqual([]);
    },
  };
});

test("redux toolkit: combineReducers of the toolkit as a whole", () => {
  const store = configureStore({
    reducer: withSnapshotHandling(combineToolkit({ settings: slice.reducer, other })),
    devTools: false,
  });
  createReduxSnapshotApplier(store).apply({ revision: "1" as never, data: { other: { count: 3 } } as never });
  store.dispatch(slice.actions.louder());
  store.dispatch({ type: "count" });
  expect(store.getState()).toEqual({ settings: { ...initial(), volume: 11 }, other: { count: 4 } });
});
