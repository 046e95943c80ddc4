// Builds the package twice, as ESM and as CommonJS, each with its own types: a type file is read in the format
// of the package.json nearest to it.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
const compile = (project) =>
  execFileSync(process.execPath, [join(typescript, "bin", "tsc"), "--project", project], {
    cwd: here,
    stdio: "inherit",
  });

rmSync(join(here, "dist"), { recursive: true, force: true });
compile("tsconfig.esm.json");
compile("tsconfig.cjs.json");
mkdirSync(join(here, "dist", "cjs"), { recursive: true });
writeFileSync(join(here, "dist", "cjs", "package.json"), '{ "type": "commonjs" }\n');
