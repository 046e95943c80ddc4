// The generated TypeScript guards beside ajv, typebox and typia on the same schemas and values, in one run.
// Prints one JSON document; times are medians in microseconds, ratios say how many times as long a peer takes.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import Ajv from "ajv/dist/2020.js";
import { build } from "esbuild";
import Schema from "typebox/schema";
import { medians } from "./measure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const protocol = join(here, "..", "packages", "protocol", "src", "generated");

async function bundle(entry, outfile, options = {}) {
  await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", logLevel: "error", ...options });
  return outfile;
}

async function load(entry, name) {
  return import(await bundle(entry, join(here, "build", `${name}.mjs`)));
}

function generate() {
  const command = process.env.STATE_SYNC ?? join(root, "target", "release", "state-sync");
  execFileSync(command, ["generate", "--config", join(here, "state-sync.toml")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const typia = join(here, "node_modules", ".bin", "typia");
  const words = ["generate", "--input", "typia", "--output", "build/typia", "--project", "tsconfig.json"];
  execFileSync(typia, words, { cwd: here, stdio: ["ignore", "ignore", "inherit"] });
}

function peers(schema) {
  const ajv = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  const typebox = Schema.Compile(schema);
  return { ajv, typebox: (value) => typebox.Check(value) };
}

/** Envelopes of about 200 bytes. */
function envelopes() {
  const theme = (index) => ({
    theme: "dark",
    fontSize: 14 + (index % 4),
    panels: ["files", "search"],
    language: "en-GB",
  });
  return Array.from({ length: 16 }, (_, index) => ({
    revision: String(90071992547409n + BigInt(index)),
    data: { ...theme(index), recent: [`/projects/number-${index}`, "/projects/other"] },
    epoch: "6f2c9d1e-boot",
  }));
}

/** A board whose JSON has about so many bytes. */
function board(bytes) {
  const card = (index) => ({
    id: `card-${index}`,
    title: `Look at the thing that somebody reported as number ${index}`,
    status: ["open", "doing", "done"][index % 3],
    estimate: index / 2,
    archived: index % 5 === 0,
    position: { x: index * 1.5, y: -index },
    labels: ["bug", "area/interface"],
    ...(index % 2 === 0 ? { assignee: { name: "Ada", email: null } } : {}),
  });
  const cards = Math.round(bytes / JSON.stringify(card(100)).length);
  const whole = {
    title: "Work",
    version: 7,
    owner: { name: "Grace" },
    cards: Array.from({ length: cards }, (_, index) => card(index)),
  };
  return JSON.parse(JSON.stringify(whole));
}

generate();
const [ours, boards, typia] = [
  await load(join(protocol, "guards.ts"), "protocol"),
  await load(join(here, "generated", "guards.ts"), "board"),
  await load(join(here, "build", "typia", "contenders.ts"), "typia"),
];
const bundled = JSON.parse(readFileSync(join(root, "schema", "v1", "state-sync.schema.json"), "utf8"));
const envelopeSchema = { $ref: "#/$defs/SnapshotEnvelope", $defs: bundled.$defs };
const limitedSchema = JSON.parse(readFileSync(join(here, "schemas", "limited-board.schema.json"), "utf8"));
const boardSchema = JSON.parse(readFileSync(join(here, "schemas", "board.schema.json"), "utf8"));

const tasks = [
  {
    task: "envelope, 200 bytes",
    values: envelopes(),
    target: { ajv: 1.8, typebox: 1, typia: 1 },
    contenders: { ours: ours.isSnapshotEnvelope, ...peers(envelopeSchema), typia: typia.isSnapshotEnvelope },
  },
  {
    task: "payload, 10 kB",
    values: [board(10_000)],
    target: { ajv: 3.5, typebox: 1, typia: 1 },
    contenders: { ours: boards.isBoard, ...peers(boardSchema), typia: typia.isBoard },
  },
  {
    task: "payload with stated lengths, 10 kB",
    values: [board(10_000)],
    target: { ajv: 3.5, typebox: 1, typia: 1 },
    contenders: { ours: boards.isLimitedBoard, ...peers(limitedSchema), typia: typia.isLimitedBoard },
  },
  {
    task: "payload, 1 MB",
    values: [board(1_000_000)],
    target: { ajv: 2, typebox: 1, typia: 1 },
    contenders: { ours: boards.isBoard, ...peers(boardSchema), typia: typia.isBoard },
  },
];
const results = tasks.map(({ task, values, contenders, target }) => {
  const times = medians(contenders, values);
  const bytes = Math.round(
    values.reduce((sum, value) => sum + JSON.stringify(value).length, 0) / values.length,
  );
  const { ours: own, ...others } = times;
  return {
    task,
    bytes,
    microseconds: Object.fromEntries(
      Object.entries(times).map(([name, time]) => [name, round(time / 1000, 4)]),
    ),
    ratios: Object.fromEntries(Object.entries(others).map(([name, time]) => [name, round(time / own, 2)])),
    target,
  };
});

const size = async (entry, name) => {
  const file = await bundle(entry, join(here, "build", `${name}.min.mjs`), { minify: true });
  return gzipSync(readFileSync(file), { level: 9 }).length;
};
console.log(
  JSON.stringify({
    benchmark: "guards",
    results,
    gzippedBytes: {
      guards: await size(join(protocol, "guards.ts"), "guards"),
      guardsAndParsers: await size(join(protocol, "index.ts"), "protocol"),
      target: { guards: 1024 },
    },
  }),
);

function round(number, digits) {
  return Number(number.toFixed(digits));
}
