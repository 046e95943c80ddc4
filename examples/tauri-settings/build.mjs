// Checks the types and bundles the page into dist/, from where the application takes it into its binary.
//
// In this repository the packages come from the workspace in bindings/typescript, which is installed and built where
// that has not been done. Anywhere else `npm install` has brought them, and the first step does nothing.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const workspace = join(here, "../../bindings/typescript");
const npm = (...commands) =>
  execFileSync("npm", commands, { cwd: workspace, stdio: "inherit", shell: process.platform === "win32" });

const installed = lstatSync(join(here, "node_modules"), { throwIfNoEntry: false });
if (installed === undefined || installed.isSymbolicLink()) {
  if (!existsSync(join(workspace, "node_modules"))) {
    npm("ci", "--no-audit", "--no-fund");
  }
  for (const name of ["protocol", "core", "persistence", "tauri"]) {
    if (!existsSync(join(workspace, "packages", name, "dist"))) {
      npm("run", "build", "--workspace", `@statesync/${name}`);
    }
  }
  if (installed === undefined) {
    symlinkSync(join(workspace, "node_modules"), join(here, "node_modules"), "junction");
  }
}

const require = createRequire(import.meta.url);
const typescript = dirname(require.resolve("typescript/package.json"));
execFileSync(process.execPath, [join(typescript, "bin", "tsc"), "--project", here], { stdio: "inherit" });

rmSync(join(here, "dist"), { recursive: true, force: true });
mkdirSync(join(here, "dist"));
for (const file of ["index.html", "style.css"]) {
  cpSync(join(here, "src", file), join(here, "dist", file));
}
await require("esbuild").build({
  entryPoints: [join(here, "src/main.ts")],
  outfile: join(here, "dist/main.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  logLevel: "warning",
});
