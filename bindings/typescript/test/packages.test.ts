import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
// @ts-expect-error a script without types
import { entries } from "../tools/api.mjs";
// @ts-expect-error a script without types
import { packages } from "../tools/readme.mjs";

interface Manifest {
  name: string;
  version: string;
  license: string;
  sideEffects: boolean;
  files: string[];
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifests = (packages as string[]).map((folder): [string, Manifest] => [
  folder,
  JSON.parse(readFileSync(new URL(`../packages/${folder}/package.json`, import.meta.url), "utf8")),
]);

describe.each(manifests)("%s", (folder, manifest) => {
  // By the package's name, so through its `exports`, as a user would.
  const specifiers = (entries(manifest) as { entry: string }[]).map(
    ({ entry }) => manifest.name + entry.slice(1),
  );

  test.each(specifiers)("%s gives the same names as ESM and as CommonJS", async (specifier) => {
    const esm: Record<string, unknown> = await import(specifier);
    const cjs: Record<string, unknown> = createRequire(import.meta.url)(specifier);
    const names = (module: Record<string, unknown>) =>
      Object.keys(module)
        .filter((key) => !["default", "module.exports", "__esModule"].includes(key))
        .sort();
    expect(names(cjs)).toEqual(names(esm));
    expect(names(esm)).not.toHaveLength(0);
  });

  test.each(specifiers)("%s is imported by a plain Node process, so without a DOM", (specifier) => {
    const program = `const names = Object.keys(await import(${JSON.stringify(specifier)})); console.log(names.length)`;
    const cwd = new URL("..", import.meta.url);
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd });
    expect(Number(said)).toBeGreaterThan(0);
  });

  test("the manifest is one of the family's", () => {
    expect(manifest).toMatchObject({ name: `@statesync/${folder}`, license: "MIT", sideEffects: false });
    const ours = Object.entries(manifest.dependencies ?? {}).filter(([name]) =>
      name.startsWith("@statesync/"),
    );
    expect(ours.map(([, version]) => version)).toEqual(ours.map(() => manifest.version));
    expect(manifest.version).toBe(manifests[0]?.[1].version);
  });

  test("every major that a peer range takes is one that the tests have installed", () => {
    const installed = Object.entries(manifest.devDependencies ?? {});
    for (const [peer, range] of Object.entries(manifest.peerDependencies ?? {})) {
      const majors = range.split("||").map((each) => /(\d+)\./.exec(each)?.[1]);
      const tested = installed
        .filter(
          ([name]) => name === peer || (name.startsWith(peer) && /^-\d+$/.test(name.slice(peer.length))),
        )
        .map(([, version]) => /(\d+)\./.exec(version)?.[1]);
      expect([...tested].sort()).toEqual([...majors].sort());
    }
  });
});
