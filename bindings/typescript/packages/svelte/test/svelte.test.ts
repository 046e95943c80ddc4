import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { compileModule } from "svelte/compiler";
import { writable as writable5 } from "svelte/store";
import { describe, expect, test } from "vitest";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import { createSvelteSnapshotApplier } from "../src/index.js";

// By a name that TypeScript does not follow: two versions of Svelte declare the same modules.
const { writable: writable4 } = await import("svelte-4/store" as string);

interface Store extends Settings {
  louder(): void;
  readonly double: number;
}

interface Compiled {
  flush(): void;
  make(members: Settings): Store;
  SettingsStore: new () => Required<Settings> & { double: number; readonly loud: boolean; louder(): void };
  observe(read: () => unknown, changed: () => void): () => void;
}

const source = readFileSync(new URL("state.source.js", import.meta.url), "utf8");

/** The module with its runes compiled for a browser; it runs in plain Node. */
const compiled = async (dev: boolean): Promise<Compiled> => {
  const place = new URL(`generated/state.${dev ? "dev" : "prod"}.js`, import.meta.url);
  mkdirSync(new URL(".", place), { recursive: true });
  const { js } = compileModule(source, { generate: "client", dev, filename: "state.svelte.js" });
  writeFileSync(place, `${js.code}\nexport { flush } from "svelte/internal/client";\n`);
  return import(/* @vite-ignore */ place.href);
};

const modules = { prod: await compiled(false), dev: await compiled(true) };

for (const [version, writable] of [
  ["svelte 5: writable", writable5],
  ["svelte 4: writable", writable4 as typeof writable5],
] as const) {
  describeApplier(version, (options) => {
    const store = writable<Settings & { louder(): void }>({
      ...initial(),
      louder: () => store.update((state) => ({ ...state, volume: 11 })),
    });
    const read = () => {
      let state: unknown;
      store.subscribe((now) => {
        state = now;
      })();
      return state as never;
    };
    return {
      applier: createSvelteSnapshotApplier(store, options),
      read,
      observe: (changed) => {
        let first = true;
        return store.subscribe(() => {
          if (!first) changed();
          first = false;
        });
      },
      louder: () => (read() as Store).louder(),
    };
  });
}

for (const [kind, { flush, make, observe }] of Object.entries(modules)) {
  describeApplier(`svelte 5: $state object, compiled for ${kind}`, (options) => {
    const state = make(initial());
    return {
      applier: createSvelteSnapshotApplier(state, { ...options, target: "state" }),
      read: () => state as never,
      observe: (changed) => {
        const end = observe(() => JSON.stringify(state), changed);
        flush();
        return end;
      },
      settle: flush,
      louder: () => state.louder(),
      double: () => state.double,
    };
  });
}

describe("svelte 5: an instance of a class with $state fields", () => {
  const { flush, observe, SettingsStore } = modules.prod;
  const make = (mode: "patch" | "replace") => {
    const state = new SettingsStore();
    return { state, applier: createSvelteSnapshotApplier(state, { mode, target: "state" }) };
  };

  test.each(["patch", "replace"] as const)("is written, and its effects see it at once (%s)", (mode) => {
    const { state, applier } = make(mode);
    const seen: unknown[] = [];
    const end = observe(
      () => [state.theme, state.double],
      () => seen.push([state.theme, state.volume, state.double]),
    );
    flush();
    const { tags } = state;
    applier.apply({ revision: "1" as never, data: { ...initial(), theme: "light", volume: 6, loud: true } });
    flush();
    expect(seen).toEqual([["light", 6, 12]]);
    expect(state.tags).toBe(tags);
    applier.apply({ revision: "2" as never, data: { theme: "light", volume: 6 } });
    flush();
    expect(seen.length).toBe(1);
    expect(state.tags).toBe(tags);
    state.louder();
    flush();
    expect(seen[1]).toEqual(["light", 11, 22]);
    expect(state.loud).toBe(true);
    end();
  });
});

describe("what was given must be what target says", () => {
  const state = modules.prod.make(initial());
  test.each([
    {
      what: "a $state object without target",
      given: () => createSvelteSnapshotApplier(state as never),
      says: "say target: 'state'",
    },
    {
      what: "a $state object as a store",
      given: () => createSvelteSnapshotApplier(state as never, { target: "store" }),
      says: "say target: 'state'",
    },
    {
      what: "a store as a $state object",
      given: () => createSvelteSnapshotApplier(writable5({}), { target: "state" }),
      says: "leave out target",
    },
  ])("$what", ({ given, says }) => {
    expect(given).toThrow(TypeError);
    expect(given).toThrow(says);
  });
});
