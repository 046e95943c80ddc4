import { describe, expect, it } from "vitest";
import { createRevisionGate, type Judgement } from "../src/index.js";
import { snapshot } from "./world.js";

/** `"a4"` is revision 4 of epoch `a`. */
const position = (text: string) => snapshot(text.replace(/\D/g, ""), text.replace(/\d/g, ""));

function gateAfter(accepted: string[]) {
  const gate = createRevisionGate();
  for (const text of accepted) {
    gate.accept(position(text));
  }
  return gate;
}

describe("the gate", () => {
  it.each<[string[], string, Judgement]>([
    [[], "0", "first"],
    [["0"], "0", "same"],
    [["4"], "5", "newer"],
    [["9"], "10", "newer"],
    [["9007199254740992"], "9007199254740993", "newer"],
    [["18446744073709551614"], "18446744073709551615", "newer"],
    [["10"], "9", "older"],
    [["4"], "a1", "new-epoch"],
    [["a4", "b1"], "a9", "older"],
    [["4", "b1"], "5", "older"],
    [["a4", "b1"], "c0", "new-epoch"],
  ])("after %j judges %s as %s", (accepted, answer, judgement) => {
    expect(gateAfter(accepted).judge(position(answer))).toBe(judgement);
  });

  it.each([
    [[], "0", false],
    [["4"], "4", true],
    [["4"], "5", false],
    [["a4", "b1"], "a9", true],
    [["a4", "b1"], "b2", false],
  ])("after %j an event %s is stale: %s", (accepted, event, stale) => {
    expect(gateAfter(accepted as string[]).isStale(position(event as string))).toBe(stale);
  });

  it("remembers sixteen epochs", () => {
    const names = Array.from({ length: 18 }, (_, index) => `${String.fromCharCode(97 + index)}0`);
    const gate = gateAfter(names);
    expect(names.map((name) => gate.judge(position(name)))).toEqual([
      "new-epoch",
      ...Array(16).fill("older"),
      "same",
    ]);
  });

  it("shows revision 0 of the empty epoch while it holds nothing, and what it began with", () => {
    expect([createRevisionGate().revision, createRevisionGate().epoch]).toEqual(["0", ""]);
    const gate = createRevisionGate(snapshot(7, "a"));
    expect([gate.revision, gate.epoch]).toEqual(["7", "a"]);
  });

  it("takes null for an absent epoch", () => {
    const gate = createRevisionGate(snapshot(7));
    expect(gate.judge({ ...snapshot(8), epoch: null })).toBe("newer");
  });
});
