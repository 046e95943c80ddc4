import * as pinia4 from "pinia";
import * as pinia2 from "pinia-2";
import * as pinia3 from "pinia-3";
import { describe, expect, test } from "vitest";
import { computed, nextTick, reactive, ref, watch } from "vue";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import { createPiniaSnapshotApplier } from "../src/index.js";

interface Store extends Settings {
  louder(): void;
  readonly double: number;
}

const versions = [
  ["pinia 4", pinia4],
  ["pinia 3", pinia3 as unknown as typeof pinia4],
  ["pinia 2", pinia2 as unknown as typeof pinia4],
] as const;

for (const [version, { createPinia, defineStore, setActivePinia }] of versions) {
  const fresh = <T>(use: () => T): T => {
    setActivePinia(createPinia());
    return use();
  };

  const useOptionStore = defineStore("settings", {
    state: () => ({ ...initial() }),
    getters: { double: (state) => (state.volume ?? 0) * 2 },
    actions: {
      louder() {
        this.volume = 11;
      },
    },
  });

  const useSetupStore = defineStore("settings", () => {
    const theme = ref("dark");
    const volume = ref(initial().volume);
    const layout = ref(initial().layout);
    const tags = ref(initial().tags);
    const double = computed(() => (volume.value ?? 0) * 2);
    const louder = () => {
      volume.value = 11;
    };
    return { theme, volume, layout, tags, double, louder };
  });

  for (const [kind, use] of [
    ["option store", useOptionStore],
    ["setup store", useSetupStore],
  ] as const) {
    describeApplier(`${version}: ${kind}`, (options) => {
      const store = fresh(use as typeof useOptionStore);
      return {
        applier: createPiniaSnapshotApplier(store, options),
        read: () => ({ ...store.$state, louder: store.louder }) as never,
        observe: (changed) =>
          watch(() => JSON.stringify([store.$state, store.theme, store.volume, store.tags]), changed),
        settle: nextTick,
        louder: () => store.louder(),
        double: () => (store as unknown as Store).double,
        answers: ["hasOwnProperty"],
      };
    });

    describe(`${version}: ${kind}, as a user of Pinia expects`, () => {
      test("$subscribe hears each changing snapshot once, at once and with all of it", () => {
        const store = fresh(use as typeof useOptionStore);
        const applier = createPiniaSnapshotApplier(store, { mode: "replace" });
        const seen: unknown[] = [];
        store.$subscribe((mutation, state) => seen.push([mutation.type, JSON.stringify(state)]), {
          flush: "sync",
        });
        applier.apply({ revision: "1" as never, data: { theme: "light", volume: 1 } });
        applier.apply({ revision: "2" as never, data: { theme: "light", volume: 1 } });
        expect(seen).toEqual([["patch function", '{"theme":"light","volume":1}']]);
      });

      test("a member that goes and comes back is the store's own again", () => {
        const store = fresh(use as typeof useOptionStore);
        const applier = createPiniaSnapshotApplier(store, { mode: "replace" });
        applier.apply({ revision: "1" as never, data: { theme: "light" } });
        expect([store.volume, store.$state.volume]).toEqual([undefined, undefined]);
        applier.apply({ revision: "2" as never, data: { theme: "light", volume: 3, tags: ["x"] } });
        expect([store.volume, store.$state.volume, store.tags]).toEqual([3, 3, ["x"]]);
        store.louder();
        expect([store.volume, store.$state.volume]).toEqual([11, 11]);
      });

      test("names of actions and getters in a snapshot do no harm to the store", () => {
        const store = fresh(use as typeof useOptionStore);
        createPiniaSnapshotApplier(store).apply({
          revision: "1" as never,
          data: { volume: 2, louder: "data", $patch: "data" } as never,
        });
        store.louder();
        store.$patch({ theme: "light" });
        expect([store.volume, store.theme]).toEqual([11, "light"]);
      });
    });
  }

  test(`${version}: a reactive object of a setup store stays the one that its actions hold`, async () => {
    const useStore = defineStore("prefs", () => {
      const prefs = reactive<{ size?: number; font?: string; inner?: { a: number } }>({
        size: 1,
        inner: { a: 1 },
      });
      const list = reactive(["a"]);
      const grow = () => {
        prefs.size = (prefs.size ?? 0) + 1;
        list.push("grown");
      };
      return { prefs, list, grow };
    });
    const store = fresh(useStore);
    const { inner } = store.prefs;
    const applier = createPiniaSnapshotApplier(store, { mode: "replace" });
    applier.apply({
      revision: "1" as never,
      data: { prefs: { size: 5, inner: { a: 1 } }, list: ["b", "c"] },
    });
    store.grow();
    expect(store.$state).toEqual({ prefs: { size: 6, inner: { a: 1 } }, list: ["b", "c", "grown"] });
    expect(store.prefs.inner).toBe(inner);
    applier.apply({ revision: "2" as never, data: {} });
    applier.apply({ revision: "3" as never, data: { prefs: { font: "serif" }, list: ["d"] } });
    store.grow();
    expect([store.prefs, store.list]).toEqual([{ font: "serif", size: 1 }, ["d", "grown"]]);
    expect(store.$state).toEqual({ prefs: { font: "serif", size: 1 }, list: ["d", "grown"] });
  });
}
