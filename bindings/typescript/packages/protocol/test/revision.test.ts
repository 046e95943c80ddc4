import { describe, expect, expectTypeOf, test } from "vitest";
import {
  compareRevisions,
  isCanonicalRevision,
  MAX_REVISION,
  nextRevision,
  ProtocolError,
  type Revision,
  ZERO_REVISION,
} from "../src/index.js";

const revision = (text: string) => text as Revision;

test.each([
  ["9", "10", -1],
  ["10", "9", 1],
  ["9007199254740993", "9007199254740992", 1],
  ["18446744073709551614", MAX_REVISION, -1],
  ["41", "41", 0],
])("compares %s with %s", (left, right, expected) => {
  expect(compareRevisions(revision(left), revision(right))).toBe(expected);
});

test.each([
  ["0", "1"],
  ["9", "10"],
  ["9007199254740992", "9007199254740993"],
  ["9999999999999999999", "10000000000000000000"],
  [MAX_REVISION, MAX_REVISION],
])("after %s comes %s", (before, after) => {
  expect(nextRevision(revision(before))).toBe(after);
});

describe("what is no revision", () => {
  test.each(["", "01", "+1", "1\n", "18446744073709551616", 1, null, undefined])("%j", (value) => {
    expect(isCanonicalRevision(value)).toBe(false);
    const code = typeof value === "string" ? "invalid-revision" : "wrong-type";
    const refused = (pointer: string) => expect.objectContaining({ name: "ProtocolError", code, pointer });
    expect(() => nextRevision(value as Revision)).toThrow(refused(""));
    expect(() => compareRevisions(ZERO_REVISION, value as Revision)).toThrow(refused("/right"));
    expect(() => compareRevisions(value as Revision, ZERO_REVISION)).toThrow(ProtocolError);
  });
});

test("a plain string is no revision until it has been looked at", () => {
  expectTypeOf<string>().not.toExtend<Revision>();
  expectTypeOf<Revision>().toExtend<string>();
  const text: unknown = "41";
  if (isCanonicalRevision(text)) {
    expectTypeOf(text).toEqualTypeOf<Revision>();
  }
});
