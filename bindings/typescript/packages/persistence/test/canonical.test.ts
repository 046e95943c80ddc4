import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalForm } from "../src/index.js";
import { makeRecord, prepare } from "../src/record.js";
import { snapshot } from "./suites/storage.js";

const nested = (levels: number): unknown => (levels === 0 ? 0 : [nested(levels - 1)]);

describe("canonical form (RFC 8785)", () => {
  it.each([
    // The examples of the RFC, sections 3.2.2 and 3.2.3.
    [
      {
        numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
        string: '€$\u000f\nA\'B"\\\\"/',
        literals: [null, true, false],
      },
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, ö: 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
    [-0, "0"],
    [{ 10: "a", 9: "b" }, '{"10":"a","9":"b"}'],
    [{ here: 1, absent: undefined }, '{"here":1}'],
    [Object.assign(Object.create(null), { b: 1, a: 2 }), '{"a":2,"b":1}'],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
    [nested(125), `${"[".repeat(125)}0${"]".repeat(125)}`],
  ])("of %j", (value, expected) => {
    expect(canonicalForm(value)).toBe(expected);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  it.each([
    ["undefined", undefined, '""'],
    ["a hole", { list: [1, ...new Array(1), 2] }, '"/list/1"'],
    ["not a number", { a: Number.NaN }, '"/a"'],
    ["infinity", [Number.NEGATIVE_INFINITY], '"/0"'],
    ["a big integer", { a: 1n }, '"/a"'],
    ["a function", { "a/b~": () => {} }, '"/a~1b~0"'],
    ["half a pair", { a: "\ud800" }, '"/a"'],
    ["half a pair in a name", { "\udc00": 1 }, '"/\udc00"'],
    ["a date", { at: new Date(0) }, '"/at"'],
    ["a map", new Map([[1, 2]]), '""'],
    ["more levels than a record can be read with", nested(126), "/0/0"],
    ["a cycle", cycle, "/self/self"],
  ])("refuses %s, and says where", (_, value, place) => {
    expect(() => canonicalForm(value)).toThrow(place);
  });

  it("is JSON of the same value, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = canonicalForm(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalForm(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe("record", () => {
  it.each([
    // The table of PRS-8.
    [null, 4, "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"],
    [{ theme: "dark" }, 16, "0f4f87db4567232a7f1756aa1534ec1314777b39c3bf5209f87cf9739321cddc"],
    [
      { b: "\n", a: [1, 1e21, -0], "": "é" },
      34,
      "09246f4e05768c5e7f2208d6b1a82488e2803aca70e97afa58b9de389ed6fe0e",
    ],
  ])("of %j has the size and the hash of the prose", async (data, sizeBytes, hash) => {
    const options = { schemaVersion: 2, enableHash: true, ttlMs: 604_800_000 };
    const record = await makeRecord(prepare(snapshot("42", data), options), options, 1_795_255_200_000);
    expect(record.metadata).toEqual({
      savedAt: 1_795_255_200_000,
      schemaVersion: 2,
      sizeBytes,
      compressed: false,
      ttlMs: 604_800_000,
      hash,
    });
  });

  it("is made at once where the hash is", () => {
    const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
    const options = { schemaVersion: 1, enableHash: true, sha256 };
    expect(makeRecord(prepare(snapshot("1", null), options), options, 0)).toMatchObject({
      metadata: { hash: "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b" },
    });
  });
});
