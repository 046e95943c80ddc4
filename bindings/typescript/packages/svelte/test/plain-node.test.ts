import { fileURLToPath } from "node:url";
import { runsInPlainNode } from "../../applier/test/plain-node.js";

runsInPlainNode(
  "@statesync/svelte",
  'it.createSvelteSnapshotApplier((await import("svelte/store")).writable({}))',
  fileURLToPath(new URL("..", import.meta.url)),
);
