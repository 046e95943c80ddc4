import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isTopic, parseTopic, type TopicName, topicNames } from "./generated/index.js";

interface Values {
  valid: unknown[];
  invalid: { value: unknown; code: string; pointer: string }[];
}

const folder = new URL("../../../../../codegen/tests/keywords/", import.meta.url);
const read = (topic: TopicName): Values =>
  JSON.parse(readFileSync(new URL(`${topic}.values.json`, folder), "utf8"));

/** The value and every value that differs from it in one place: another kind of value there, or nothing. */
function* variants(value: unknown): Generator<unknown> {
  yield value;
  for (const other of [null, true, 0, 1.5, "", "text", [], {}]) {
    yield other;
  }
  if (typeof value !== "object" || value === null) {
    return;
  }
  for (const name of Object.keys(value)) {
    const rest = Object.entries(value).filter(([each]) => each !== name);
    const rebuild = (entries: [string, unknown][]) =>
      Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
    yield rebuild(rest);
    for (const inner of variants((value as Record<string, unknown>)[name])) {
      yield rebuild(Object.entries(value).map(([each, item]) => [each, each === name ? inner : item]));
    }
  }
}

describe.each(topicNames)("%s", (topic) => {
  const { valid, invalid } = read(topic);

  it.each(valid.map((value) => [JSON.stringify(value), value]))("takes %s", (_, value) => {
    expect(isTopic(topic, value)).toBe(true);
    const result = parseTopic(topic, value);
    expect(result.ok && result.value).toBe(value);
  });

  it.each(invalid.map((each) => [JSON.stringify(each.value), each] as const))("refuses %s", (_, each) => {
    expect(isTopic(topic, each.value)).toBe(false);
    const result = parseTopic(topic, each.value);
    expect(result).toMatchObject({ ok: false, error: { code: each.code, pointer: each.pointer } });
    expect(result.ok ? "" : result.error.message).toMatch(/\S+: .+/);
  });

  it("has a guard and an explanation that agree", () => {
    for (const start of [...valid, ...invalid.map((each) => each.value)]) {
      for (const value of variants(start)) {
        const result = parseTopic(topic, value);
        expect(result.ok, JSON.stringify(value)).toBe(isTopic(topic, value));
        // The guard refused and the interpreter found nothing: then they differ.
        expect(result.ok ? "" : result.error.message).not.toContain("it is no ");
      }
    }
  });
});

describe("what a prototype holds", () => {
  it("does not count as a member", () => {
    expect(isTopic("tree", Object.create({ value: "inherited" }))).toBe(false);
    expect(isTopic("tree", { value: "own", children: [Object.create({ value: "inherited" })] })).toBe(false);
    class Tree {
      value = "own";
    }
    expect(isTopic("tree", new Tree())).toBe(true);
    expect(isTopic("tree", Object.assign(Object.create(null), { value: "own" }))).toBe(true);
  });

  it("does not count where every object has been given a member", () => {
    const everything = Object.prototype as { value?: unknown };
    const results: unknown[] = [];
    // The test framework itself does not bear such a prototype, so it is asked afterwards.
    try {
      everything.value = "everywhere";
      results.push(isTopic("tree", {}), parseTopic("tree", {}).ok, isTopic("tree", { value: "own" }));
    } finally {
      delete everything.value;
    }
    expect(results).toEqual([false, false, true]);
    expect(isTopic("tree", {})).toBe(false);
  });
});

it("refuses a value nested deeper than the stack, and does not throw", () => {
  let value: unknown = { value: "leaf" };
  for (let depth = 0; depth < 200_000; depth += 1) {
    value = { value: "node", children: [value] };
  }
  expect(isTopic("tree", value)).toBe(false);
  expect(parseTopic("tree", value)).toMatchObject({ ok: false, error: { code: "too-deep", pointer: "" } });
});
