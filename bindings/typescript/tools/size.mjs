// What an application pays for a package: bundled and minified by esbuild, then gzip -9. A figure past its budget is a
// failure; the table in the README shows the figures, and is written by this. Where the size that was aimed at is not
// reached, the row says so, and its budget keeps what was reached.
//
//   node tools/size.mjs            prints the table
//   node tools/size.mjs --check    fails where a budget is passed or the README's table is old
//   node tools/size.mjs --write    writes the table into the README
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = new URL("..", import.meta.url);
const README = new URL("../../../README.md", import.meta.url);
const BEGIN = "<!-- sizes: written by `node bindings/typescript/tools/size.mjs --write` -->";
const END = "<!-- /sizes -->";

/** The packages that belong to an application anyway. */
const LIBRARIES = ["jotai", "mobx", "pinia", "react", "redux", "svelte", "valtio", "vue", "zustand"].flatMap(
  (name) => [name, `${name}/*`],
);

const SHARED = `export * from "@statesync/applier"`;

/** An applier as what it adds to the shared core. */
const applier = (library, names, limits = { budget: 500 }) => ({
  what: `\`@statesync/${library}\`, beside the shared core`,
  ...limits,
  code: `export { ${names} } from "@statesync/${library}"`,
  beside: SHARED,
});

const ROWS = [
  {
    what: "`createRevisionSync`",
    aim: 2200,
    budget: 4300,
    code: `export { createRevisionSync } from "@statesync/core"`,
  },
  {
    what: "`createRevisionSync` with guards, retry, loggers and throttle",
    aim: 3000,
    budget: 5100,
    code: `export { createRevisionSync, withRetry, createThrottledHandler, createConsoleLogger, tagLogger, noopLogger } from "@statesync/core";
           export { isInvalidationEvent, isSnapshotEnvelope } from "@statesync/protocol"`,
  },
  {
    what: "the shared core of the appliers",
    budget: 500,
    code: SHARED,
  },
  applier("redux", "createReduxSnapshotApplier, withSnapshotHandling"),
  applier("zustand", "createZustandSnapshotApplier"),
  applier("jotai", "createJotaiSnapshotApplier"),
  applier("mobx", "createMobXSnapshotApplier"),
  applier("pinia", "createPiniaSnapshotApplier"),
  applier("valtio", "createValtioSnapshotApplier"),
  applier("svelte", "createSvelteSnapshotApplier"),
  applier("vue", "createVueSnapshotApplier", { aim: 500, budget: 580 }),
  {
    what: "persistence: one backend, the applier, loading",
    aim: 2600,
    budget: 7000,
    code: `export { createPersistenceApplier, createLocalStorageBackend, loadPersistedSnapshot } from "@statesync/persistence"`,
  },
];

async function size(code) {
  const result = await build({
    stdin: { contents: code, resolveDir: new URL("harness", here).pathname, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    write: false,
    external: LIBRARIES,
    nodePaths: [new URL("node_modules", here).pathname],
  });
  return gzipSync(result.outputFiles[0].contents, { level: 9 }).length;
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(2)} kB`;
const measured = [];
for (const row of ROWS) {
  measured.push({ ...row, bytes: (await size(row.code)) - (row.beside ? await size(row.beside) : 0) });
}
const table = [
  "| what is imported | minified, gzipped | budget | aimed at |",
  "| --- | --- | --- | --- |",
  ...measured.map(({ what, bytes, budget, aim = budget }) => {
    const sizes = [bytes, budget, aim].map(kilobytes);
    return `| ${[what, ...sizes].join(" | ")} |`;
  }),
].join("\n");

const past = measured.filter(({ bytes, budget }) => bytes > budget);
const readme = readFileSync(README, "utf8");
const [before, rest] = readme.split(`${BEGIN}\n`);
const [, after] = (rest ?? "").split(END);
const fresh = after === undefined ? readme : `${before}${BEGIN}\n${table}\n${END}${after}`;

if (process.argv.includes("--write")) {
  writeFileSync(README, fresh);
}
console.log(table);
for (const { what, bytes, budget } of past) {
  console.error(`${what}: ${bytes} bytes, ${bytes - budget} past its budget of ${budget}`);
}
if (process.argv.includes("--check")) {
  if (after === undefined) {
    console.error(`README.md has no place for the table; it needs the lines ${BEGIN} and ${END}`);
  } else if (fresh !== readme) {
    console.error("the table in README.md is not the one above; run node tools/size.mjs --write");
  }
  process.exitCode = past.length > 0 || fresh !== readme || after === undefined ? 1 : 0;
}
