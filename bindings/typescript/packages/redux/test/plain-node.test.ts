import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/redux",
  'it.createReduxSnapshotApplier((await load("redux")).legacy_createStore(it.withSnapshotHandling((state = {}) => state)))',
  fileURLToPath(new URL("..", import.meta.url)),
);
