import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
// @ts-expect-error a script without types
import { entries, surface } from "../tools/api.mjs";
// @ts-expect-error a script without types
import { packages } from "../tools/readme.mjs";

interface Entry {
  entry: string;
  types: string;
}

const all = (packages as string[]).flatMap((name) => {
  const folder = new URL(`../packages/${name}/`, import.meta.url);
  const manifest = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  return (entries(manifest) as Entry[]).map(({ entry, types }) => ({
    name: `${name}${entry.slice(1)}`,
    file: new URL(types, folder),
  }));
});

// A change of the public surface must be meant: it shows in api/ as a difference. `npm test -- -u` takes it over.
describe("the public surface of a package is the one that was agreed on", () => {
  test.each(all)("$name", async ({ name, file }) => {
    await expect(surface(file)).toMatchFileSnapshot(`api/${name.replaceAll("/", "-")}.d.ts.txt`);
  });
});
