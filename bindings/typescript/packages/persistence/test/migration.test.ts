import { describe, expect, it } from "vitest";
import {
  createMigrationBuilder,
  createSimpleMigration,
  getMigrationPath,
  migrateData,
  needsMigration,
} from "../src/index.js";

const append = (mark: string) => (data: string) => data + mark;
const three = createSimpleMigration(3, { 1: append("1"), 2: append("2") });

describe("migration builder", () => {
  it("builds the steps up to a version", async () => {
    const handler = createMigrationBuilder<string>()
      .addMigration(1, append("1"))
      .addMigration(2, append("2"))
      .withValidator((data) => data !== "refuse12")
      .build(3);
    expect(await migrateData("a", 1, handler)).toEqual({
      success: true,
      data: "a12",
      fromVersion: 1,
      toVersion: 3,
    });
    expect(await migrateData("refuse", 1, handler)).toMatchObject({
      success: false,
      error: expect.any(RangeError),
    });
  });

  it.each([
    ["a gap", () => createMigrationBuilder().addMigration(1, append("")).build(3), "no step from version 2"],
    ["a step past the version", () => createSimpleMigration(2, { 1: append(""), 2: append("") }), "past 2"],
    [
      "two steps from one version",
      () => createMigrationBuilder().addMigration(1, append("")).addMigration(1, append("")),
      "two steps from version 1",
    ],
    ["a version that is none", () => createMigrationBuilder().build(1.5), "version 1.5"],
    ["a step from nowhere", () => createMigrationBuilder().addMigration(-1, append("")), "version -1"],
  ])("refuses %s (PRS-25)", (_, build, message) => {
    expect(build).toThrow(message);
  });

  it("builds without steps, for a first version", () => {
    expect(createMigrationBuilder().build(1)).toEqual({ currentVersion: 1, migrations: {} });
  });
});

describe("migrating", () => {
  it.each([
    ["through all steps, each once", 1, "a12"],
    ["from the middle", 2, "a2"],
    ["through none", 3, "a"],
  ])("%s (PRS-21)", async (_, from, data) => {
    expect(await migrateData("a", from, three)).toEqual({
      success: true,
      data,
      fromVersion: from,
      toVersion: 3,
    });
  });

  it.each([
    ["a missing step", 0, three],
    ["data that is newer", 4, three],
    [
      "a step that throws",
      1,
      createSimpleMigration(2, () => {
        throw new Error("no");
      }),
    ],
    ["a step that gives nothing (PRS-22)", 1, createSimpleMigration(2, () => undefined)],
    ["a step that gives no JSON (PRS-22)", 1, createSimpleMigration(2, () => new Date())],
    [
      "a step named like a member of every object",
      1,
      { currentVersion: 2, migrations: Object.create({ 1: append("") }) },
    ],
    ["a validator that answers later", 1, createSimpleMigration(2, append(""), async () => true)],
  ])("fails for %s", async (_, from, handler) => {
    expect(await migrateData("a", from, handler)).toMatchObject({ success: false, fromVersion: from });
  });

  it("waits for steps that take time", async () => {
    const handler = createSimpleMigration(2, async (data: string) => `${data}!`);
    expect(await migrateData("a", 1, handler)).toMatchObject({ success: true, data: "a!" });
  });

  it.each([
    [1, true, [1, 2, 3]],
    [3, false, [3]],
    [4, false, undefined],
    [0, true, undefined],
  ])("says of version %i whether and how", (version, needs, path) => {
    expect(needsMigration(version, three)).toBe(needs);
    expect(getMigrationPath(version, three)).toEqual(path);
  });
});
