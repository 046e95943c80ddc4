import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
// @ts-expect-error a script without types
import { documents, extract, place } from "../tools/readme.mjs";

const without: string[] = extract();

describe("the example of the README runs", () => {
  test.each(documents as string[])("%s", async (name) => {
    expect(without).not.toContain(name);
    expect(existsSync(place(name))).toBe(true);
    await import(place(name).href);
  });
});
