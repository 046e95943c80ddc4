import { describe, expect, test } from "vitest";
import { decode, MAX_DEPTH, parseInvalidationEvent, parseSnapshotEnvelope } from "../src/index.js";

const nested = (levels: number) => `{"revision":"1","data":${"[".repeat(levels)}${"]".repeat(levels)}}`;

describe("decode refuses what a parsed value does not show", () => {
  test.each([
    ["a member twice", '{"revision":"1","revision":"1","data":0}', "duplicate-member", "/revision"],
    [
      "a member twice, once escaped",
      '{"revision":"1","r\\u0065vision":"1","data":0}',
      "duplicate-member",
      "/revision",
    ],
    [
      "a member twice, wrong both times",
      '{"revision":1,"revision":1,"data":0}',
      "duplicate-member",
      "/revision",
    ],
    ["a lone surrogate", '{"revision":"1","data":"\\ud800"}', "invalid-json", ""],
    ["a lone surrogate as it is", '{"revision":"1","data":"\ud800"}', "invalid-json", ""],
    ["a lone surrogate in a name", '{"revision":"1","data":{"\\udc00":1}}', "invalid-json", ""],
    ["a number past the doubles", '{"revision":"1","data":[-1e400]}', "invalid-json", ""],
    ["one level too many", nested(MAX_DEPTH), "too-deep", ""],
    ["a million levels", nested(1_000_000), "too-deep", ""],
    ["no JSON", '{"revision":"1",}', "invalid-json", ""],
    ["a byte order mark", '\ufeff{"revision":"1","data":0}', "invalid-json", ""],
    ["a fault of the value", '{"revision":"01","data":0}', "invalid-revision", "/revision"],
  ])("%s", (_, text, code, pointer) => {
    const result = decode(text, parseSnapshotEnvelope);
    expect(result).toMatchObject({ ok: false, error: { code, pointer } });
    expect(result.ok || result.error.message).not.toBe("");
  });

  test("no JSON, told in whole characters", () => {
    const result = decode('{"topic":\u{1f600}}', parseInvalidationEvent);
    expect(result).toMatchObject({ ok: false, error: { code: "invalid-json", pointer: "" } });
    expect(result.ok || result.error.message).not.toMatch(/\p{Surrogate}/u);
  });

  test("bytes that are not UTF-8", () => {
    const bytes = Uint8Array.from([0x22, 0xff, 0x22]);
    expect(decode(bytes, parseSnapshotEnvelope)).toMatchObject({
      ok: false,
      error: { code: "invalid-json" },
    });
  });
});

describe("decode accepts", () => {
  test.each([
    ["the deepest nesting", nested(MAX_DEPTH - 1)],
    ["a payload with a member twice", '{"revision":"1","data":{"a":1,"b":{"a":1,"a":2}}}'],
    ["the same name at two levels", '{"revision":"1","data":0,"more":{"revision":1}}'],
    ["a pair of surrogates", '{"revision":"1","data":"\\ud83d\\ude00"}'],
    ["strings that look like tokens", '{"revision":"1","data":"}]{[\\"\\\\"}'],
  ])("%s", (_, text) => {
    expect(decode(text, parseSnapshotEnvelope)).toMatchObject({ ok: true });
  });

  test("a message as its bytes", () => {
    const bytes = new TextEncoder().encode('{"topic":"größe","revision":"7"}');
    expect(decode(bytes, parseInvalidationEvent)).toEqual({
      ok: true,
      value: { topic: "größe", revision: "7" },
    });
  });
});
