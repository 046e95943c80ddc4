import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/zustand",
  'it.createZustandSnapshotApplier((await load("zustand/vanilla")).createStore(() => ({})))',
  fileURLToPath(new URL("..", import.meta.url)),
);
