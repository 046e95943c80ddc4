import type * as mobx7 from "mobx";
import { describe, expect, test } from "vitest";
import { describeApplier, initial, type Settings } from "../../applier/test/suite.js";
import { createMobXSnapshotApplier } from "../src/index.js";

interface Store extends Settings {
  louder(): void;
  readonly double: number;
}

/** What the applier promises of the stores of one version of MobX, which `src` imports as `mobx`. */
export function describeMobX(version: string, mobx: typeof mobx7): void {
  const { autorun, configure, makeAutoObservable, makeObservable, observable, reaction } = mobx;
  configure({ enforceActions: "always" });

  class AutoStore {
    theme = "dark";
    volume = initial().volume;
    layout = initial().layout;
    tags = initial().tags;
    constructor() {
      makeAutoObservable(this);
    }
    louder() {
      this.volume = 11;
    }
    get double() {
      return (this.volume ?? 0) * 2;
    }
  }

  class AnnotatedStore {
    theme = "dark";
    volume = initial().volume;
    layout = initial().layout;
    tags = initial().tags;
    constructor() {
      makeObservable(this, {
        theme: mobx.observable,
        volume: mobx.observable,
        layout: mobx.observable,
        tags: mobx.observable,
        louder: mobx.action,
        double: mobx.computed,
      });
    }
    louder() {
      this.volume = 11;
    }
    get double() {
      return (this.volume ?? 0) * 2;
    }
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

  const kinds: [string, () => Store][] = [
    ["makeAutoObservable", () => new AutoStore() as Store],
    ["makeObservable", () => new AnnotatedStore() as Store],
    ["an observable object", () => observable(members(), {}, { autoBind: true })],
  ];
  for (const [kind, make] of kinds) {
    describeApplier(`${version}: ${kind}`, (options) => {
      const store = make();
      return {
        applier: createMobXSnapshotApplier(store, options),
        read: () => store as never,
        observe: (changed) =>
          reaction(
            () => JSON.stringify([store, store.theme, store.volume, store.layout, store.tags]),
            changed,
          ),
        louder: () => store.louder(),
        double: () => store.double,
      };
    });
  }

  describeApplier(`${version}: an observable map`, (options) => {
    const store = observable.map<string, unknown>(Object.entries(initial()));
    return {
      applier: createMobXSnapshotApplier<Settings>(store as never, options),
      read: () => Object.fromEntries(store) as never,
      observe: (changed) => reaction(() => JSON.stringify(Object.fromEntries(store)), changed),
    };
  });

  describe(`${version}: as a user of MobX expects`, () => {
    test("a member that goes and comes back stays observable in a class", () => {
      const store = new AutoStore();
      const applier = createMobXSnapshotApplier(store, { mode: "replace" });
      const seen: unknown[] = [];
      const end = autorun(() => seen.push(store.volume));
      applier.apply({ revision: "1" as never, data: { theme: "dark" } });
      applier.apply({ revision: "2" as never, data: { theme: "dark", volume: 7 } });
      expect(seen).toEqual([5, undefined, 7]);
      end();
    });

    test("the changes are written in the runInAction that was given, and only where there are some", () => {
      const store = new AutoStore();
      let actions = 0;
      const runInAction = (change: () => void) => {
        actions++;
        mobx.runInAction(change);
      };
      const applier = createMobXSnapshotApplier(store, { runInAction });
      applier.apply({ revision: "1" as never, data: { volume: 7 } });
      applier.apply({ revision: "2" as never, data: { volume: 7 } });
      expect([store.volume, actions]).toEqual([7, 1]);
    });

    test("what is not observable is told at once", () => {
      const wrong = () => createMobXSnapshotApplier({ theme: "dark" });
      expect(wrong).toThrow(TypeError);
      expect(wrong).toThrow("makeAutoObservable(this)");
    });
  });
}
