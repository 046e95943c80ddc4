import { atom as atom3, createStore as createStore3 } from "jotai";
import { atom as atom2, createStore as createStore2 } from "jotai-2/vanilla";
import { expect, test } from "vitest";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import { createJotaiSnapshotApplier } from "../src/index.js";

const versions = [
  ["jotai 3", atom3, createStore3],
  ["jotai 2", atom2 as unknown as typeof atom3, createStore2 as unknown as typeof createStore3],
] as const;

for (const [version, atom, createStore] of versions) {
  describeApplier(version, (options) => {
    const store = createStore();
    const settings = atom<Settings>(initial());
    return {
      applier: createJotaiSnapshotApplier(store, settings, options),
      read: () => store.get(settings) as never,
      observe: (changed) => store.sub(settings, changed),
    };
  });

  test(`${version}: an atom without a value takes the first snapshot whole`, () => {
    const store = createStore();
    const settings = atom<Settings | null>(null);
    createJotaiSnapshotApplier(store, settings).apply({ revision: "1" as never, data: initial() });
    expect(store.get(settings)).toEqual(initial());
  });

  test(`${version}: derived atoms hear of what they read alone`, () => {
    const store = createStore();
    const settings = atom<Settings>(initial());
    const tags = atom((get) => get(settings).tags);
    let heard = 0;
    store.sub(tags, () => heard++);
    const applier = createJotaiSnapshotApplier(store, settings);
    applier.apply({ revision: "1" as never, data: { ...initial(), volume: 6 } });
    expect(heard).toBe(0);
    applier.apply({ revision: "2" as never, data: { ...initial(), tags: ["c"] } });
    expect(heard).toBe(1);
  });

  test(`${version}: a writable atom of the application is written through`, () => {
    const store = createStore();
    const held = atom<Settings>(initial());
    const written: Settings[] = [];
    const settings = atom(
      (get) => get(held),
      (_, set, next: Settings) => {
        written.push(next);
        set(held, next);
      },
    );
    createJotaiSnapshotApplier(store, settings).apply({ revision: "1" as never, data: { volume: 6 } });
    expect(written).toEqual([{ ...initial(), volume: 6 }]);
    expect(store.get(held).volume).toBe(6);
  });
}
