import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/mobx",
  'it.createMobXSnapshotApplier((await load("mobx")).observable({}))',
  fileURLToPath(new URL("..", import.meta.url)),
);
