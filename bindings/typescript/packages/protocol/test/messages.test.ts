import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type CrossTabMessage,
  type InvalidationEvent,
  isCrossTabMessage,
  isInvalidationEvent,
  isSnapshotEnvelope,
  type ParseResult,
  parseInvalidationEvent,
  parseSnapshotEnvelope,
  type Revision,
  type SnapshotEnvelope,
} from "../src/index.js";

const event = { topic: "settings", revision: "41" };

describe("an explicit null in an optional member", () => {
  const received = { ...event, epoch: null, sourceId: null };

  test("is accepted by the guard, which does not promise more", () => {
    const value: unknown = received;
    if (!isInvalidationEvent(value)) {
      throw new Error("the guard refused it");
    }
    expectTypeOf(value.epoch).toEqualTypeOf<string | null | undefined>();
    expectTypeOf(value.revision).toEqualTypeOf<Revision>();
  });

  test("is left out by the parser, which leaves the input alone", () => {
    expect(parseInvalidationEvent(received)).toEqual({ ok: true, value: event });
    expect(received.epoch).toBeNull();
    expectTypeOf(parseInvalidationEvent(received)).toEqualTypeOf<ParseResult<InvalidationEvent>>();
  });
});

test("a payload parser types the data and puts its place in front", () => {
  const parseCount = (value: unknown): ParseResult<number> =>
    typeof value === "number"
      ? { ok: true, value }
      : { ok: false, error: { code: "wrong-type", pointer: "/deep", message: "found something else" } };
  const result = parseSnapshotEnvelope({ revision: "1", data: 5 }, parseCount);
  expectTypeOf(result).toEqualTypeOf<ParseResult<SnapshotEnvelope<number>>>();
  expect(result).toEqual({ ok: true, value: { revision: "1", data: 5 } });
  expect(parseSnapshotEnvelope({ revision: "1", data: "x" }, parseCount)).toMatchObject({
    ok: false,
    error: { pointer: "/data/deep" },
  });
});

test("nothing inherited counts as a member", () => {
  expect(isInvalidationEvent(Object.create(event))).toBe(false);
  expect(isSnapshotEnvelope(Object.assign(Object.create({ data: 1 }), { revision: "1" }))).toBe(false);
  expect(isInvalidationEvent(Object.assign(Object.create(null), event))).toBe(true);
});

test("what came is what is handed on where there is nothing to leave out", () => {
  const result = parseInvalidationEvent(event);
  expect(result.ok && result.value).toBe(event);
});

test("the messages between tabs are told apart by their type", () => {
  const message: unknown = { type: "clear", sourceId: "tab-1", snapshot: 5 };
  expect(isCrossTabMessage(message)).toBe(true);
  type Snapshot = Extract<CrossTabMessage<unknown>, { type: "snapshot" }>;
  expectTypeOf<Snapshot["snapshot"]>().toEqualTypeOf<SnapshotEnvelope<unknown>>();
  expect(isCrossTabMessage({ type: "snapshot", sourceId: "tab-1", snapshot: 5 })).toBe(false);
});
