import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const PACKAGES = new URL("../../packages/", import.meta.url);

/**
 * The packages of this workspace by their sources, so that no test runs a build that is older than the code:
 * `@statesync/web` is `packages/web/src/index.ts`, `@statesync/web/client` is `packages/web/src/client.ts`.
 */
const sources: Plugin = {
  name: "sources",
  setup(build) {
    build.onResolve({ filter: /^@statesync\// }, ({ path }) => {
      const [, name, ...rest] = path.split("/");
      const file = new URL(`${name}/src/${rest.join("/") || "index"}.ts`, PACKAGES);
      return existsSync(file)
        ? { path: fileURLToPath(file), sideEffects: false }
        : { errors: [{ text: `${path} would be ${fileURLToPath(file)}, which is not there` }] };
    });
  },
};

/** Bundles a TypeScript source with all that it imports into one script for the browser. */
export async function bundle(source: URL): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
    sourcemap: "inline",
    plugins: [sources],
  });
  const output = result.outputFiles[0];
  if (output === undefined) {
    throw new Error(`bundling ${source} gave no output`);
  }
  return output.text;
}
