import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/pinia",
  'it.createPiniaSnapshotApplier((await import("pinia")).defineStore("s", { state: () => ({}) })((await import("pinia")).createPinia()))',
  fileURLToPath(new URL("..", import.meta.url)),
);
