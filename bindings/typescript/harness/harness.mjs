// Connects the TypeScript packages to the conformance suite: one request a line on stdin, one answer a line on stdout.
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import * as protocol from "@statesync/protocol";
import { ScriptError } from "./script.mjs";
import { EndlessTimers } from "./virtual-time.mjs";

const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));
const schema = JSON.parse(
  readFileSync(new URL("../../../schema/v1/state-sync.schema.json", import.meta.url), "utf8"),
);

const { ...parsers } = protocol;

/**
 * The operations of a profile beside `core`, from the file of that name; none where there is no such file.
 * A file exports `operations`, functions of an input that give a value or a promise of one.
 */
async function profile(name) {
  const file = new URL(`./${name}.mjs`, import.meta.url);
  return existsSync(file) ? [[name, (await import(file)).operations]] : [];
}

const profiles = [...(await profile("engine")), ...(await profile("persistence"))];

const operations = {
  hello: () => ({
    protocol: 1,
    implementation: "@statesync",
    version,
    language: "typescript",
    profiles: ["core", ...profiles.map(([name]) => name)],
  }),
  "revision.parse": ({ value }) => unwrap(protocol.parseRevision(value)),
  "revision.compare": ({ left, right }) => protocol.compareRevisions(left, right),
  "revision.next": ({ value }) => protocol.nextRevision(value),
  "topic.parse": ({ value }) => unwrap(protocol.parseTopic(value)),
  "topic.equal": ({ left, right }) =>
    unwrap(protocol.parseTopic(left), "/left") === unwrap(protocol.parseTopic(right), "/right"),
  "message.decode": ({ type, text }) =>
    known(unwrap(protocol.decode(text, parsers[`parse${type}`])), schema.$defs[type]),
  ...Object.assign({}, ...profiles.map(([, added]) => added)),
};

function unwrap(result, place = "") {
  if (!result.ok) {
    const { code, pointer, message } = result.error;
    throw new protocol.ProtocolError(code, place + pointer, message);
  }
  return result.value;
}

/** The message without its unknown members: parsers leave those in place, and the suite asks what was understood. */
function known(value, rule) {
  if (rule.$ref !== undefined) {
    return known(value, schema.$defs[rule.$ref.replace("#/$defs/", "")]);
  }
  if (rule.oneOf !== undefined) {
    return known(
      value,
      rule.oneOf.find((branch) => branch.properties.type.const === value.type),
    );
  }
  if (rule.anyOf !== undefined) {
    return known(
      value,
      rule.anyOf.find((branch) => branch.type !== "null"),
    );
  }
  if (rule.properties === undefined) {
    return value;
  }
  const names = Object.keys(rule.properties).filter((name) => Object.hasOwn(value, name));
  return Object.fromEntries(names.map((name) => [name, known(value[name], rule.properties[name])]));
}

async function answer({ id, op, input }) {
  if (!Object.hasOwn(operations, op)) {
    return { id, result: "not-implemented", reason: `there is no operation ${op}` };
  }
  try {
    return { id, result: "ok", value: await operations[op](input) };
  } catch (error) {
    if (error instanceof protocol.ProtocolError) {
      return { id, result: "error", code: error.code, pointer: error.pointer, message: error.message };
    }
    if (error instanceof ScriptError || error instanceof EndlessTimers) {
      return {
        id,
        result: "error",
        code: "unplayable",
        pointer: "",
        message: `${error.name}: ${error.message}`,
      };
    }
    throw error;
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
