// Connects @statesync/protocol to the conformance suite: one request a line on stdin, one answer a line on stdout.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import * as protocol from "@statesync/protocol";

const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));
const schema = JSON.parse(
  readFileSync(new URL("../../../schema/v1/state-sync.schema.json", import.meta.url), "utf8"),
);

const { ...parsers } = protocol;

const operations = {
  hello: () => ({
    protocol: 1,
    implementation: "@statesync/protocol",
    version,
    language: "typescript",
    profiles: ["core"],
  }),
  "revision.parse": ({ value }) => unwrap(protocol.parseRevision(value)),
  "revision.compare": ({ left, right }) => protocol.compareRevisions(left, right),
  "revision.next": ({ value }) => protocol.nextRevision(value),
  "topic.parse": ({ value }) => unwrap(protocol.parseTopic(value)),
  "topic.equal": ({ left, right }) =>
    unwrap(protocol.parseTopic(left), "/left") === unwrap(protocol.parseTopic(right), "/right"),
  "message.decode": ({ type, text }) =>
    known(unwrap(protocol.decode(text, parsers[`parse${type}`])), schema.$defs[type]),
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

function answer({ id, op, input }) {
  if (!Object.hasOwn(operations, op)) {
    return { id, result: "not-implemented", reason: `there is no operation ${op}` };
  }
  try {
    return { id, result: "ok", value: operations[op](input) };
  } catch (error) {
    if (!(error instanceof protocol.ProtocolError)) {
      throw error;
    }
    return { id, result: "error", code: error.code, pointer: error.pointer, message: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
