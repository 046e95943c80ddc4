// A save of @statesync/persistence into memory, plain: from the apply of a snapshot to the record in the store. Prints one
// JSON document. Beside it, in the same run, stands what caches of this kind usually do: a copy by JSON text in a map.
import { createMemoryStorageBackend, createPersistenceApplier } from "@statesync/persistence";
import { medians } from "./measure.mjs";

/** About 1 kB of settings. */
const data = {
  theme: "dark",
  language: "en-GB",
  layout: { sidebar: true, width: 280, panels: ["files", "search", "history", "problems"] },
  recent: Array.from({ length: 9 }, (_, index) => ({
    id: index,
    path: `/home/user/projects/example-${index}/src/index.ts`,
    pinned: index % 3 === 0,
    opened: 1_795_255_200_000 + index,
  })),
};
const bytes = new TextEncoder().encode(JSON.stringify(data)).length;

const storage = createMemoryStorageBackend();
const applier = createPersistenceApplier({
  storage,
  applier: { apply() {} },
  throttling: { throttleMs: 0 },
  onPersistenceError(error) {
    throw error;
  },
});
let revision = 0;
const stored = new Map();

const times = medians(
  {
    "statesync: checked, canonical, judged, one record": () => {
      revision += 1;
      applier.apply({ revision: String(revision), data });
      return true;
    },
    "by hand: JSON text in a map": () => {
      revision += 1;
      stored.set("key", JSON.stringify({ revision: String(revision), data, savedAt: Date.now() }));
      return true;
    },
    "by hand: a structured clone in a map": () => {
      revision += 1;
      stored.set("key", structuredClone({ revision: String(revision), data, savedAt: Date.now() }));
      return true;
    },
  },
  [undefined],
);

const { saveCount, throttledCount, saveErrorCount } = applier.getStats();
if (saveErrorCount > 0 || throttledCount > 0 || storage.getRawData().snapshot.data.theme !== "dark") {
  throw new Error(
    `${saveErrorCount} saves failed and ${throttledCount} were left out; expected every one to be stored`,
  );
}
const savesASecond = Object.fromEntries(
  Object.entries(times).map(([name, nanoseconds]) => [name, Math.round(1e9 / nanoseconds)]),
);
const target = 150_000;
const [ours] = Object.values(savesASecond);
console.log(
  JSON.stringify({ bytes, saveCount, savesASecond, target, reached: ours >= target }, undefined, 2),
);
