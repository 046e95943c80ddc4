import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/valtio",
  'it.createValtioSnapshotApplier((await load("valtio/vanilla")).proxy({}))',
  fileURLToPath(new URL("..", import.meta.url)),
);
