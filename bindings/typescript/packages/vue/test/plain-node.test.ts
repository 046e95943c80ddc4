import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/vue",
  'it.createVueSnapshotApplier((await load("vue")).ref({}))',
  fileURLToPath(new URL("..", import.meta.url)),
);
