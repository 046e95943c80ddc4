import type { SnapshotApplier } from "@statesync/core";
import { describe, expect, test, vi } from "vitest";
import type { ApplyMode } from "../src/index.js";

/** The state that every library holds in these tests. */
export interface Settings {
  theme: string;
  volume?: number;
  layout?: { left: { width: number }; right: { width: number } };
  tags?: string[];
}

export const initial = (): Settings => ({
  theme: "dark",
  volume: 5,
  layout: { left: { width: 1 }, right: { width: 2 } },
  tags: ["a", "b"],
});

/** The options that a case gives. */
export interface Options {
  mode?: ApplyMode;
  pickKeys?: (keyof Settings)[];
  omitKeys?: (keyof Settings)[];
  // biome-ignore lint/suspicious/noExplicitAny: what a user's function may be called with is what is tested
  toState?: (data: any, context: any) => any;
  strict?: boolean;
}

/** One store of a library, filled with `initial()`. */
export interface Fixture {
  applier: SnapshotApplier<never>;
  /** The state as an application reads it, its functions too. */
  read(): Settings & Record<string, unknown>;
  /** Calls back after each change, as the library tells its observers; gives the end of that. */
  observe(changed: () => void): () => void;
  /** Brings about what the library puts off: a microtask, a flush. */
  settle?(): void | Promise<void>;
  /** An action or a method that sets `volume` to 11, where the library keeps them with the state. */
  louder?(): void;
  /** A computed member: twice the volume. */
  double?(): unknown;
  /** Names that the library itself answers when they are read, whatever the data. */
  answers?: string[];
}

let revision = 0;

/** A snapshot with the given data, frozen through and through: an applier has no business changing it. */
const snapshot = (data: unknown) => {
  revision += 1;
  return { revision: String(revision), data: freeze(data) } as never;
};

const freeze = <T>(value: T): T => {
  if (value && typeof value === "object" && (Array.isArray(value) || value.constructor === Object)) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
};

/** The data members of a state, as JSON has them. */
const data = (fixture: Fixture): unknown => JSON.parse(JSON.stringify({ ...plainly(fixture) }));

const plainly = (fixture: Fixture): Record<string, unknown> => {
  const state = fixture.read();
  const names = [...Object.keys(state), "theme", "volume", "layout", "tags"];
  return Object.fromEntries(
    [...new Set(names)]
      .filter((name) => typeof state[name] !== "function" && name !== "double")
      .map((name) => [name, state[name]]),
  );
};

const kept = { layout: initial().layout, tags: initial().tags };

/** What a snapshot makes of the state, by the options. */
const OUTCOMES: { name: string; options?: Options; data: unknown; state: unknown }[] = [
  { name: "patch is the default", data: { theme: "light" }, state: { ...initial(), theme: "light" } },
  {
    name: "patch replaces a member whole, it does not merge deeply",
    data: { layout: { left: { width: 9 } } },
    state: { ...initial(), layout: { left: { width: 9 } } },
  },
  {
    name: "patch replaces a list whole",
    data: { tags: ["z"] },
    state: { ...initial(), tags: ["z"] },
  },
  {
    name: "a member inside that the snapshot lacks goes",
    data: { layout: { left: { width: 1 } }, tags: ["a"] },
    state: { ...initial(), layout: { left: { width: 1 } }, tags: ["a"] },
  },
  {
    name: "a member inside that is named otherwise is another one",
    options: { toState: () => ({ layout: { first: undefined, second: undefined } }) },
    data: {},
    state: { ...initial(), layout: {} },
  },
  {
    name: "replace takes away what the snapshot does not have",
    options: { mode: "replace" },
    data: { theme: "light", volume: 1 },
    state: { theme: "light", volume: 1 },
  },
  {
    name: "pickKeys names the only members that are written",
    options: { pickKeys: ["theme"] },
    data: { theme: "light", volume: 1 },
    state: { ...initial(), theme: "light" },
  },
  {
    name: "an empty pickKeys picks nothing",
    options: { pickKeys: [] },
    data: { theme: "light" },
    state: initial(),
  },
  {
    name: "omitKeys names members that are not written",
    options: { omitKeys: ["volume"] },
    data: { theme: "light", volume: 1 },
    state: { ...initial(), theme: "light" },
  },
  {
    name: "omitKeys holds also where pickKeys is given",
    options: { pickKeys: ["theme", "volume"], omitKeys: ["volume"] },
    data: { theme: "light", volume: 1, tags: [] },
    state: { ...initial(), theme: "light" },
  },
  {
    name: "replace takes away only what is selected",
    options: { mode: "replace", pickKeys: ["theme", "volume"] },
    data: { theme: "light" },
    state: { theme: "light", ...kept },
  },
  {
    name: "toState makes members of the data, told the envelope",
    options: { toState: (given, context) => ({ theme: `${given}@${context.data === given}` }) },
    data: "light",
    state: { ...initial(), theme: "light@true" },
  },
  {
    name: "the selection holds for what toState gives",
    options: { toState: () => ({ theme: "light", volume: 1 }), omitKeys: ["theme"] },
    data: null,
    state: { ...initial(), volume: 1 },
  },
  { name: "an empty snapshot changes nothing", data: {}, state: initial() },
  { name: "null in a member is data", data: { layout: null }, state: { ...initial(), layout: null } },
];

class Instance {
  theme = "light";
}

const NO_OBJECTS: { name: string; value: unknown }[] = [
  { name: "null", value: null },
  { name: "nothing", value: undefined },
  { name: "a list", value: [1] },
  { name: "text", value: "theme" },
  { name: "a number", value: 5 },
  { name: "a function", value: () => ({ theme: "light" }) },
  { name: "a promise", value: Promise.resolve({ theme: "light" }) },
  { name: "a map", value: new Map([["theme", "light"]]) },
  { name: "an instance", value: new Instance() },
];

const POLLUTED = "polluted";
const MORE = "more";

/** Names that every object inherits. */
const INHERITED = [
  "constructor",
  "hasOwnProperty",
  "toString",
  "valueOf",
  "isPrototypeOf",
  "__defineGetter__",
];

/**
 * What every applier promises, whatever the library.
 *
 * @param create - Makes a store of the library with the state of `initial()` and its applier.
 */
export function describeApplier(name: string, create: (options?: Options) => Fixture): void {
  describe(name, () => {
    const apply = async (fixture: Fixture, given: unknown) => {
      fixture.applier.apply(snapshot(given));
      await fixture.settle?.();
    };

    test.each(OUTCOMES)("$name", async ({ options, data: given, state }) => {
      const fixture = create(options);
      await apply(fixture, given);
      expect(data(fixture)).toEqual(state);
    });

    test.each(NO_OBJECTS)("strict, the default, refuses $name, naming it", async ({ value }) => {
      const plain = create();
      const message = `not ${Object.prototype.toString.call(value)}`;
      await expect(apply(plain, value)).rejects.toThrow(TypeError);
      await expect(apply(plain, value)).rejects.toThrow(message);
      await expect(apply(create({ toState: () => value }), {})).rejects.toThrow(message);
      expect(data(plain)).toEqual(initial());
    });

    test.each(NO_OBJECTS)("strict: false ignores $name", async ({ value }) => {
      const fixture = create({ strict: false, mode: "replace" });
      let heard = 0;
      fixture.observe(() => heard++);
      await apply(fixture, value);
      expect(data(fixture)).toEqual(initial());
      expect(heard).toBe(0);
    });

    test.each<ApplyMode>(["patch", "replace"])("an equal snapshot notifies nobody (%s)", async (mode) => {
      const fixture = create({ mode });
      let heard = 0;
      const end = fixture.observe(() => heard++);
      await apply(fixture, initial());
      expect(heard).toBe(0);
      await apply(fixture, { ...initial(), volume: 6 });
      expect(heard).toBe(1);
      await apply(fixture, { ...initial(), volume: 6 });
      expect(heard).toBe(1);
      end();
    });

    test("an equal snapshot notifies nobody after members went", async () => {
      const fixture = create({ mode: "replace" });
      await apply(fixture, { theme: "dark" });
      let heard = 0;
      const end = fixture.observe(() => heard++);
      await apply(fixture, { theme: "dark" });
      expect(heard).toBe(0);
      end();
    });

    test("observers see the whole change at once", async () => {
      const fixture = create({ mode: "replace" });
      const seen: unknown[] = [];
      const end = fixture.observe(() => seen.push(data(fixture)));
      await apply(fixture, { theme: "light", volume: 6, tags: ["c"] });
      expect(seen).toEqual([{ theme: "light", volume: 6, tags: ["c"] }]);
      end();
    });

    test("what is deeply equal keeps its identity, also inside of what changed", async () => {
      const fixture = create();
      const before = fixture.read();
      const [layout, right, tags] = [before.layout, before.layout?.right, before.tags];
      await apply(fixture, {
        theme: "light",
        layout: { left: { width: 7 }, right: { width: 2 } },
        tags: ["a", "b"],
      });
      const after = fixture.read();
      expect(after.tags).toBe(tags);
      expect(after.layout?.right).toBe(right);
      expect(after.layout).not.toBe(layout);
      expect(after.layout?.left.width).toBe(7);
    });

    test("the snapshot is not changed, and the state holds no part of it", async () => {
      const fixture = create();
      const given = freeze({ layout: { left: { width: 3 }, right: { width: 4 } }, tags: ["x"] });
      await apply(fixture, given);
      await apply(fixture, { layout: { left: { width: 5 }, right: { width: 4 } } });
      expect(given).toEqual({ layout: { left: { width: 3 }, right: { width: 4 } }, tags: ["x"] });
      expect(fixture.read().tags).toEqual(["x"]);
      expect(fixture.read().tags).not.toBe(given.tags);
      const fresh = freeze({ layout: null, more: [{ deep: 1 }] });
      await apply(fixture, fresh);
      expect(fixture.read()[MORE]).toEqual([{ deep: 1 }]);
      expect(fixture.read()[MORE]).not.toBe(fresh.more);
    });

    test("a member that goes and comes back is heard each time", async () => {
      const fixture = create({ mode: "replace" });
      const seen: unknown[] = [];
      const end = fixture.observe(() => seen.push(fixture.read().volume));
      for (const given of [{ theme: "dark", volume: 1 }, { theme: "dark" }, { theme: "dark", volume: 2 }]) {
        await apply(fixture, given);
      }
      expect(seen).toEqual([1, undefined, 2]);
      expect(data(fixture)).toEqual({ theme: "dark", volume: 2 });
      end();
    });

    test("a reactive object or list that goes and comes back is heard each time", async () => {
      const fixture = create({ mode: "replace" });
      const seen: unknown[] = [];
      const end = fixture.observe(() => seen.push(JSON.stringify(fixture.read().tags ?? [])));
      for (const given of [
        { theme: "dark", tags: ["x"] },
        { theme: "dark" },
        { theme: "dark", tags: ["x", "y"] },
      ]) {
        await apply(fixture, given);
      }
      expect(seen).toEqual(['["x"]', "[]", '["x","y"]']);
      end();
    });

    test.each<ApplyMode>(["patch", "replace"])(
      "`__proto__` sets no prototype, at no depth (%s)",
      async (mode) => {
        const fixture = create({ mode });
        const prototype = Object.getPrototypeOf(fixture.read());
        const evil =
          '{"__proto__":{"polluted":1},"theme":"light","layout":{"__proto__":{"polluted":1},"left":{}}}';
        await apply(fixture, JSON.parse(evil));
        const after = fixture.read();
        expect(after.theme).toBe("light");
        expect(Object.getPrototypeOf(after)).toBe(prototype);
        for (const value of [after, after.layout, {}] as Record<string, unknown>[]) {
          expect(value[POLLUTED]).toBeUndefined();
          expect(Object.hasOwn(value, "__proto__")).toBe(false);
        }
        expect(Object.getPrototypeOf(after.layout)).toBe(Object.prototype);
      },
    );

    test.each(INHERITED)("a member named %s, as every object has one, is data in it", async (inherited) => {
      const fixture = create();
      const given = { theme: "light", layout: { [inherited]: { width: 1 } }, tags: [inherited] };
      await apply(fixture, given);
      expect(Object.hasOwn(fixture.read().layout as object, inherited)).toBe(true);
      if (fixture.answers?.includes(inherited)) return;
      expect((fixture.read().layout as never)[inherited]).toEqual({ width: 1 });
      let heard = 0;
      const end = fixture.observe(() => heard++);
      await apply(fixture, given);
      expect(heard).toBe(0);
      end();
    });

    test.each(INHERITED)("a member of the state named %s breaks nothing", async (inherited) => {
      const fixture = create({ mode: "replace" });
      await apply(fixture, { theme: "light", volume: 3, [inherited]: "data" });
      expect(fixture.read().theme).toBe("light");
      expect(fixture.read().volume).toBe(3);
      expect(Object.prototype).not.toHaveProperty([inherited], "data");
      await apply(fixture, { theme: "dark", volume: 3 });
      expect(fixture.read().theme).toBe("dark");
      const left = Object.getOwnPropertyDescriptor(fixture.read(), inherited);
      expect(left?.get ? undefined : left?.value).toBeUndefined();
    });

    test("members that only a prototype has are no data", async () => {
      const fixture = create({ toState: () => Object.assign(Object.create(null), { theme: "light" }) });
      await apply(fixture, {});
      expect(fixture.read().theme).toBe("light");
      const inheriting = create({ toState: () => Object.create({ theme: "light" }), strict: false });
      await apply(inheriting, {});
      expect(inheriting.read().theme).toBe("dark");
    });

    test.each<ApplyMode>(["patch", "replace"])("functions and computed members stay (%s)", async (mode) => {
      const fixture = create({ mode });
      if (!fixture.louder) return;
      const warn = vi.spyOn(console, "warn");
      const action = "louder";
      const before = fixture.read()[action];
      await apply(fixture, { theme: "light", volume: 3, louder: "data", double: "data" });
      if (before) expect(fixture.read()[action]).toBe(before);
      if (fixture.double) expect(fixture.double()).toBe(6);
      fixture.louder();
      await fixture.settle?.();
      expect(fixture.read().volume).toBe(11);
      if (fixture.double) expect(fixture.double()).toBe(22);
      await apply(fixture, { theme: "light", volume: 4 });
      expect(fixture.read().volume).toBe(4);
      if (fixture.double) expect(fixture.double()).toBe(8);
      expect(warn).not.toHaveBeenCalled();
      warn.mockRestore();
    });

    test("an error of toState comes out, and nothing is changed", async () => {
      const fixture = create({
        toState: () => {
          throw new RangeError("no such version");
        },
      });
      await expect(apply(fixture, {})).rejects.toThrow(new RangeError("no such version"));
      expect(data(fixture)).toEqual(initial());
    });
  });
}
