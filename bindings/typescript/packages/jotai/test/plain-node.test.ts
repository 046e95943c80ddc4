import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/jotai",
  'it.createJotaiSnapshotApplier((await import("jotai")).createStore(), (await import("jotai")).atom({}))',
  fileURLToPath(new URL("..", import.meta.url)),
);
