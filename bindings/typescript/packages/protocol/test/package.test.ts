import { createRequire } from "node:module";
import { expect, test } from "vitest";

// By the package's name, so through its `exports`, as a user would.
const name = "@statesync/protocol";

test("ESM and CommonJS give the same names", async () => {
  const esm: Record<string, unknown> = await import(name);
  const cjs: Record<string, unknown> = createRequire(import.meta.url)(name);
  const names = (module: Record<string, unknown>) =>
    Object.keys(module)
      .filter((key) => !["default", "module.exports", "__esModule"].includes(key))
      .sort();
  expect(names(cjs)).toEqual(names(esm));
  expect(names(esm)).toContain("parseInvalidationEvent");
});
