// Checks the types, bundles the page and serves it on loopback: http://127.0.0.1:8080/, or the port in PORT.
//
// In this repository the packages come from the workspace in bindings/typescript, which is installed and built where
// that has not been done. Anywhere else `npm install` has brought them, and the first step does nothing.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const workspace = join(here, "../../bindings/typescript");
const npm = (...commands) =>
  execFileSync("npm", commands, { cwd: workspace, stdio: "inherit", shell: process.platform === "win32" });

if (!existsSync(join(here, "node_modules"))) {
  if (!existsSync(join(workspace, "node_modules"))) {
    npm("ci", "--no-audit", "--no-fund");
  }
  for (const name of ["protocol", "core", "persistence", "web"]) {
    if (!existsSync(join(workspace, "packages", name, "dist"))) {
      npm("run", "build", "--workspace", `@statesync/${name}`);
    }
  }
  symlinkSync(join(workspace, "node_modules"), join(here, "node_modules"), "junction");
}

const require = createRequire(import.meta.url);
const typescript = dirname(require.resolve("typescript/package.json"));
execFileSync(process.execPath, [join(typescript, "bin", "tsc"), "--project", here], { stdio: "inherit" });

const bundled = await require("esbuild").build({
  entryPoints: [join(here, "src/main.ts")],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  minify: true,
  logLevel: "warning",
});

const file = (name) => readFileSync(join(here, "src", name));
const files = {
  "/": ["text/html; charset=utf-8", file("index.html")],
  "/style.css": ["text/css; charset=utf-8", file("style.css")],
  "/main.js": ["text/javascript; charset=utf-8", bundled.outputFiles[0].contents],
};
const server = createServer((request, response) => {
  const [type, content] = files[new URL(request.url, "http://127.0.0.1").pathname] ?? [];
  if (content === undefined) {
    response.writeHead(404).end();
  } else {
    response.writeHead(200, { "content-type": type, "cache-control": "no-cache" }).end(content);
  }
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`Open http://127.0.0.1:${server.address().port}/ in two tabs.`);
});
