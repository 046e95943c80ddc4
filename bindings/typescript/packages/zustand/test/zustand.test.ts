import { expect, test } from "vitest";
import { createStore as createStore5 } from "zustand/vanilla";
import { createStore as createStore4 } from "zustand-4/vanilla";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import { createZustandSnapshotApplier } from "../src/index.js";

interface Store extends Settings {
  louder(): void;
}

const versions = [
  ["zustand 5", createStore5],
  ["zustand 4", createStore4 as unknown as typeof createStore5],
] as const;

for (const [version, createStore] of versions) {
  describeApplier(version, (options) => {
    const store = createStore<Store>()((set) => ({ ...initial(), louder: () => set({ volume: 11 }) }));
    return {
      applier: createZustandSnapshotApplier(store, options),
      read: () => store.getState() as never,
      observe: (changed) => store.subscribe(changed),
      louder: () => store.getState().louder(),
    };
  });

  test(`${version}: a getter of the state computes on, although setState of the library flattens it`, () => {
    const store = createStore<{ volume: number; readonly double: number }>()(() => ({
      volume: 5,
      get double() {
        return this.volume * 2;
      },
    }));
    const applier = createZustandSnapshotApplier(store, { mode: "replace" });
    let heard = 0;
    store.subscribe(() => heard++);
    applier.apply({ revision: "1" as never, data: { volume: 6, double: 0 } });
    applier.apply({ revision: "2" as never, data: { volume: 6 } });
    expect(store.getState().double).toBe(12);
    expect(heard).toBe(1);
  });

  test(`${version}: a dictionary may have names that every object has`, () => {
    const store = createStore<Record<string, number>>()(() => ({}));
    const applier = createZustandSnapshotApplier(store, { mode: "replace" });
    const words = { constructor: 1, toString: 2, valueOf: 3 };
    applier.apply({ revision: "1" as never, data: words as never });
    expect(Object.entries(store.getState())).toEqual(Object.entries(words));
    applier.apply({ revision: "2" as never, data: { word: 1 } });
    expect(Object.entries(store.getState())).toEqual([["word", 1]]);
  });
}
