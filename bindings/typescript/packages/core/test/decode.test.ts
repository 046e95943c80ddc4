import { type ParseResult, parseInvalidationEvent, parseSnapshotEnvelope } from "@statesync/protocol";
import { describe, expect, it } from "vitest";
import { faultError, readEnvelope, readEvent } from "../src/decode.js";

const values = [
  undefined,
  null,
  true,
  0,
  -1,
  1,
  1.5,
  2 ** 53,
  "",
  " ",
  "\u0085",
  "\ufeff",
  "a",
  "0",
  "7",
  "007",
  "+1",
  "1e3",
  "1.0",
  " 1",
  "１",
  "123456789",
  "1234567890",
  "18446744073709551615",
  "18446744073709551616",
  "99999999999999999999",
  "111111111111111111111",
  [],
  ["0"],
  {},
  { a: 1 },
];

const events = [
  ...values,
  ...["topic", "revision", "epoch", "sourceId", "timestampMs", "other"].flatMap((name) => [
    ...values.map((value) => ({ topic: "t", revision: "1", [name]: value })),
  ]),
  { topic: "t" },
  { revision: "1" },
  Object.create({ topic: "t", revision: "1" }),
  Object.assign(Object.create({ epoch: 5 }), { topic: "t", revision: "1" }),
  Object.assign(Object.create(null), { topic: "t", revision: "1" }),
  JSON.parse('{"topic":"t","revision":"1","__proto__":{"epoch":5}}'),
  new (class {
    topic = "t";
    revision = "1";
  })(),
];

const envelopes = [
  ...values,
  ...["revision", "data", "epoch", "other"].flatMap((name) => [
    ...values.map((value) => ({ revision: "1", data: null, [name]: value })),
  ]),
  { revision: "1" },
  { data: 1 },
  Object.create({ revision: "1", data: 1 }),
];

/** What both say of a value: nothing, or code and place. */
const verdict = (read: unknown) => {
  if (typeof read !== "string") {
    return undefined;
  }
  const { code, pointer } = faultError(read) as Error & { code: string; pointer: string };
  return { code, pointer };
};
const verdictOf = (result: ParseResult<unknown>) =>
  result.ok ? undefined : { code: result.error.code, pointer: result.error.pointer };

describe("the engine decodes as the protocol does", () => {
  it.each(events.map((value) => [value]))("an event %j", (value) => {
    expect(verdict(readEvent(value))).toEqual(verdictOf(parseInvalidationEvent(value)));
  });
  it.each(envelopes.map((value) => [value]))("a snapshot %j", (value) => {
    expect(verdict(readEnvelope(value))).toEqual(verdictOf(parseSnapshotEnvelope(value)));
  });

  it("does not count members that all objects inherit", () => {
    const everybody = Object.prototype as { topic?: string };
    everybody.topic = "t";
    try {
      expect(verdict(readEvent({ revision: "1" }))).toEqual({ code: "missing-member", pointer: "/topic" });
    } finally {
      delete everybody.topic;
    }
  });

  it("hands on the object itself where it can", () => {
    const event = { topic: "t", revision: "1" };
    expect(readEvent(event)).toBe(event);
  });
});
