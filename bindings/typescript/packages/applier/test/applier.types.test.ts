import { expectTypeOf, test } from "vitest";
import type { DataKey, SnapshotApplierOptions } from "../src/index.js";

interface Settings {
  theme: string;
  volume?: number;
  onChange?: (volume: number) => void;
  mute(): void;
}

// Types alone are tested here: `npm run typecheck` is what fails.
test("the names of data are all but those of functions", () => {
  expectTypeOf<DataKey<Settings>>().toEqualTypeOf<"theme" | "volume">();
  expectTypeOf<DataKey<Record<string, number>>>().toEqualTypeOf<string>();
});

test("options name members that there are", () => {
  expectTypeOf({ pickKeys: ["theme"] } as const).toExtend<SnapshotApplierOptions<Settings>>();
  // @ts-expect-error no member of that name
  ({ pickKeys: ["colour"] }) satisfies SnapshotApplierOptions<Settings>;
  // @ts-expect-error an action is no data
  ({ omitKeys: ["mute"] }) satisfies SnapshotApplierOptions<Settings>;
  // @ts-expect-error no such mode
  ({ mode: "merge" }) satisfies SnapshotApplierOptions<Settings>;
  // @ts-expect-error not what the member holds
  ({ toState: () => ({ volume: "loud" }) }) satisfies SnapshotApplierOptions<Settings, unknown>;
});

test("toState is given the data and its envelope", () => {
  type ToState = NonNullable<SnapshotApplierOptions<Settings, { v: 1 }>["toState"]>;
  expectTypeOf<Parameters<ToState>[0]>().toEqualTypeOf<{ v: 1 }>();
  expectTypeOf<Parameters<ToState>[1]["data"]>().toEqualTypeOf<{ v: 1 }>();
  expectTypeOf<Parameters<ToState>[1]["revision"]>().toExtend<string>();
});
