// Builds the package in the current folder twice, as ESM and as CommonJS, each with its own types: a type file is
// read in the format of the package.json nearest to it. The result replaces the old one at once, so that a program
// that reads it meanwhile sees one or the other.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const here = process.cwd();
const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
const fresh = join(here, `.dist-${process.pid}`);
const old = join(here, `.dist-${process.pid}-old`);

const compile = (format, options) =>
  execFileSync(
    process.execPath,
    [
      join(typescript, "bin", "tsc"),
      ...["--project", "tsconfig.build.json", "--outDir", join(fresh, format)],
      ...options,
    ],
    { cwd: here, stdio: "inherit" },
  );

try {
  compile("esm", []);
  compile("cjs", [
    "--module",
    "commonjs",
    "--moduleResolution",
    "bundler",
    "--verbatimModuleSyntax",
    "false",
  ]);
  mkdirSync(join(fresh, "cjs"), { recursive: true });
  writeFileSync(join(fresh, "cjs", "package.json"), '{ "type": "commonjs" }\n');
  rmSync(old, { recursive: true, force: true });
  try {
    renameSync(join(here, "dist"), old);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  renameSync(fresh, join(here, "dist"));
} finally {
  rmSync(fresh, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
