// `state-sync generate` beside quicktype and json-schema-to-typescript, each as the command that a user runs, on the
// same schema in one run. Prints one JSON document; times are medians of wall time in milliseconds.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const stateSync = process.env.STATE_SYNC ?? join(root, "target", "release", "state-sync");
const folder = mkdtempSync(join(tmpdir(), "state-sync-bench-"));

/** A schema of so many object types, each with a handful of members of several kinds and a reference to another. */
function schema(count) {
  const type = (index) => ({
    description: `The record number ${index}.`,
    type: "object",
    properties: {
      id: { type: "string", minLength: 1 },
      count: { type: "integer", minimum: 0 },
      ratio: { type: "number" },
      state: { enum: [`ready${index}`, `running${index}`, `done${index}`] },
      tags: { type: "array", items: { type: "string" } },
      note: { type: ["string", "null"] },
      // Chains of ten: quicktype overflows its stack on a chain of a thousand.
      ...((index + 1) % 10 === 0 || index + 1 === count
        ? {}
        : { next: { $ref: `#/$defs/Record${index + 1}` } }),
    },
    required: ["id", "count", "state"],
  });
  const names = Array.from({ length: count }, (_, index) => [`Record${index}`, type(index)]);
  const all = names.map(([name]) => [name.toLowerCase(), { $ref: `#/$defs/${name}` }]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Everything",
    type: "object",
    properties: Object.fromEntries(all),
    $defs: Object.fromEntries(names),
  };
}

function median(numbers) {
  return Number(numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)].toFixed(1));
}

/** Wall times of commands that take turns. */
function times(commands, runs) {
  const results = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = 0; run <= runs; run += 1) {
    for (const [name, [program, ...words]] of Object.entries(commands)) {
      const began = process.hrtime.bigint();
      execFileSync(program, words, {
        cwd: folder,
        stdio: "ignore",
        maxBuffer: 1 << 28,
      });
      // The first run of each fills the caches of files.
      if (run > 0) {
        results[name].push(Number(process.hrtime.bigint() - began) / 1e6);
      }
    }
  }
  return Object.fromEntries(Object.entries(results).map(([name, all]) => [name, median(all)]));
}

/** One digest of all files below a folder. */
function digest(path) {
  const hash = createHash("sha256");
  for (const name of readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()) {
    hash.update(name).update(readFileSync(name));
  }
  return hash.digest("hex");
}

function configure(count, languages) {
  const name = `types-${count}`;
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "types.schema.json"), JSON.stringify(schema(count)));
  const outputs = languages.map((language) => `${language} = "out/${language}"`).join("\n");
  const config = join(folder, name, "state-sync.toml");
  writeFileSync(config, `[generate]\n${outputs}\n\n[topics.everything]\nschema = "types.schema.json"\n`);
  return { config, schema: join(folder, name, "types.schema.json"), output: join(folder, name, "out") };
}

const bin = (name) => join(here, "node_modules", ".bin", name);
const all = ["typescript", "python", "go", "markdown"];
const [small, large, every] = [
  configure(500, ["typescript"]),
  configure(1000, ["typescript"]),
  configure(1001, all),
];
const write = (config) => [stateSync, "generate", "--config", config];
const fresh = (setup) => [
  "sh",
  "-c",
  `rm -rf '${setup.output}' && exec "$0" generate --config '${setup.config}'`,
  stateSync,
];

const ours = times(
  {
    protocol: write(join(root, "state-sync.toml")),
    protocolCheck: [...write(join(root, "state-sync.toml")), "--check"],
    thousandTypes: fresh(large),
    thousandTypesCheck: [...write(large.config), "--check"],
    fiveHundredTypes: fresh(small),
    thousandTypesAllLanguages: fresh(every),
  },
  11,
);
const peers = times(
  {
    quicktype: [
      bin("quicktype"),
      "--src-lang",
      "schema",
      "--lang",
      "typescript",
      "--out",
      "quicktype.ts",
      large.schema,
    ],
    jsonSchemaToTypescript: [
      bin("json2ts"),
      "--input",
      large.schema,
      "--output",
      "json2ts.ts",
      "--unreachableDefinitions",
    ],
    stateSync: fresh(large),
  },
  3,
);

const digests = new Set();
for (let run = 0; run < 20; run += 1) {
  const [program, ...words] = fresh(every);
  execFileSync(program, words, { stdio: "ignore" });
  digests.add(digest(every.output));
}
rmSync(folder, { recursive: true });

const ratio = (peer) => Number((peers[peer] / peers.stateSync).toFixed(1));
console.log(
  JSON.stringify({
    benchmark: "generate",
    milliseconds: ours,
    targets: { protocol: 20, protocolCheck: 50, thousandTypes: 150, thousandTypesCheck: 200 },
    growthFrom500To1000: Number((ours.thousandTypes / ours.fiveHundredTypes).toFixed(2)),
    peersMilliseconds: peers,
    ratios: { quicktype: ratio("quicktype"), jsonSchemaToTypescript: ratio("jsonSchemaToTypescript") },
    ratioTargets: { quicktype: 15, jsonSchemaToTypescript: 8 },
    differentOutputsInTwentyRuns: digests.size,
  }),
);
