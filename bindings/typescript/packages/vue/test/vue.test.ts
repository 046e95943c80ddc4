import { describe, expect, test } from "vitest";
import {
  computed,
  nextTick,
  type Ref,
  reactive,
  readonly,
  ref,
  shallowReactive,
  shallowRef,
  toRaw,
  watch,
} from "vue";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import { createVueSnapshotApplier } from "../src/index.js";

interface Store extends Settings {
  louder(): void;
  readonly double: number;
}

const members = (): Store => ({
  ...initial(),
  louder() {
    this.volume = 11;
  },
  get double() {
    return (this.volume ?? 0) * 2;
  },
});

/** A composable's state: each member is a ref that the composable holds on to. */
const refs = () => {
  const volume = ref(initial().volume);
  return {
    theme: ref("dark"),
    volume,
    layout: ref(initial().layout),
    tags: ref(["a", "b"]),
    louder: () => {
      volume.value = 11;
    },
    double: computed(() => (volume.value ?? 0) * 2),
  };
};

const watching = (read: () => unknown) => (changed: () => void) =>
  watch(() => JSON.stringify(read()), changed);

for (const [kind, wrap] of [
  ["reactive", reactive],
  ["shallowReactive", shallowReactive],
] as const) {
  describeApplier(`vue: ${kind}`, (options) => {
    const state = wrap(members()) as Store;
    return {
      applier: createVueSnapshotApplier(state, options),
      read: () => state as never,
      observe: watching(() => state),
      settle: nextTick,
      answers: ["hasOwnProperty"],
      louder: () => state.louder(),
      double: () => state.double,
    };
  });
}

describeApplier("vue: reactive of refs and computed refs", (options) => {
  const state = reactive(refs()) as unknown as Store;
  return {
    applier: createVueSnapshotApplier(state, options),
    read: () => state as never,
    observe: watching(() => state),
    settle: nextTick,
    answers: ["hasOwnProperty"],
    louder: () => state.louder(),
    double: () => state.double,
  };
});

for (const [kind, wrap] of [
  ["ref", (value: Store) => ref(value)],
  ["shallowRef", (value: Store) => shallowRef(value)],
] as const) {
  describeApplier(`vue: ${kind}`, (options) => {
    const state = wrap(members()) as Ref<Store>;
    return {
      applier: createVueSnapshotApplier(state, options),
      read: () => state.value as never,
      observe: (changed) => watch(state, changed),
      settle: nextTick,
      answers: ["hasOwnProperty"],
      louder: () => state.value.louder(),
      double: () => state.value.double,
    };
  });
}

describeApplier("vue: ref of refs and computed refs", (options) => {
  const state = ref(refs()) as unknown as Ref<Store>;
  return {
    applier: createVueSnapshotApplier(state, options),
    read: () => state.value as never,
    observe: watching(() => state.value),
    settle: nextTick,
    answers: ["hasOwnProperty"],
    louder: () => state.value.louder(),
    double: () => state.value.double,
  };
});

describe("vue: whoever holds a member stays connected", () => {
  test.each(["reactive", "ref"] as const)("%s", async (kind) => {
    const inner = ref<unknown>(1);
    const held = {
      volume: ref<number | undefined>(5),
      prefs: reactive<Record<string, unknown>>({ a: 1, inner }),
      tags: reactive(["a"]),
    };
    const target = kind === "ref" ? ref({ ...held }) : reactive({ ...held });
    const applier = createVueSnapshotApplier(target as Ref<object>, { mode: "replace" });
    const seen: unknown[] = [];
    watch([held.volume, held.prefs, held.tags], () =>
      seen.push([held.volume.value, { ...held.prefs }, [...held.tags]]),
    );
    for (const data of [
      { volume: 6, prefs: { b: { c: 1 }, inner: 2 }, tags: ["a", "b"] },
      {},
      { volume: 7, prefs: { d: 1, inner: 3 }, tags: ["c"] },
    ]) {
      applier.apply({ revision: "1" as never, data });
      await nextTick();
    }
    expect(seen).toEqual([
      [6, { b: { c: 1 }, inner: 2 }, ["a", "b"]],
      [undefined, { inner: undefined }, []],
      [7, { d: 1, inner: 3 }, ["c"]],
    ]);
    expect(inner.value).toBe(3);
  });

  test("a ref taken for a reactive object is told, and not written onto", () => {
    const state = ref(initial());
    const applier = createVueSnapshotApplier(state);
    applier.apply({ revision: "1" as never, data: { theme: "light" } });
    expect(Object.keys(state)).not.toContain("theme");
    expect(state.value.theme).toBe("light");
  });

  test("the raw state holds no proxies, so that it can be cloned", () => {
    const state = reactive(initial());
    const applier = createVueSnapshotApplier(state);
    applier.apply({ revision: "1" as never, data: { layout: { left: { width: 1 }, right: { width: 9 } } } });
    expect(structuredClone(toRaw(state))).toEqual({
      ...initial(),
      layout: { left: { width: 1 }, right: { width: 9 } },
    });
  });

  test.each(["reactive", "ref"] as const)("a member that goes is deleted: %s", (kind) => {
    const held = ref<Partial<Settings>>({ ...initial() });
    const target = (kind === "ref" ? held : held.value) as Ref<Partial<Settings>>;
    const applier = createVueSnapshotApplier(target, { mode: "replace" });
    applier.apply({ revision: "1" as never, data: { volume: 1 } });
    expect(Object.keys(held.value)).toEqual(["volume"]);
  });

  test("a ref without a value takes the first snapshot whole", () => {
    const state = ref<Settings | null>(null);
    createVueSnapshotApplier(state).apply({ revision: "1" as never, data: initial() });
    expect(state.value).toEqual(initial());
  });

  test("a frozen value of a shallowRef is replaced", () => {
    const state = shallowRef(Object.freeze(initial()));
    createVueSnapshotApplier(state).apply({ revision: "1" as never, data: { theme: "light" } });
    expect(state.value).toEqual({ ...initial(), theme: "light" });
  });
});

describe("what was given must be what target says", () => {
  const wrong = (given: unknown, target?: string) => () =>
    createVueSnapshotApplier(given as object, { target: target as never });
  test.each([
    {
      what: "a ref as reactive",
      given: wrong(ref({}), "reactive"),
      says: "needs what reactive() gives",
    },
    {
      what: "a reactive object as a ref",
      given: wrong(reactive({}), "ref"),
      says: "needs what ref() gives",
    },
    { what: "a plain object", given: wrong({}), says: "needs what ref() or reactive() gives" },
    { what: "a plain object as reactive", given: wrong({}, "reactive"), says: "needs what reactive() gives" },
    {
      what: "a computed ref",
      given: wrong(computed(() => ({}))),
      says: "needs what ref() or reactive() gives",
    },
    {
      what: "a read-only view",
      given: wrong(readonly(reactive({}))),
      says: "needs what ref() or reactive() gives",
    },
  ])("$what", ({ given, says }) => {
    expect(given).toThrow(TypeError);
    expect(given).toThrow(says);
  });
});
