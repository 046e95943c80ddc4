import { afterEach, describe, expect, it, vi } from "vitest";
import { createConsoleLogger, type Logger, noopLogger, tagLogger } from "../src/index.js";

const LEVELS = ["debug", "warn", "error"] as const;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a logger writes to the console, by level. */
function written(use: (logger: Logger) => void, logger: Logger) {
  const lines: unknown[][] = [];
  for (const level of LEVELS) {
    vi.spyOn(console, level).mockImplementation((...values) => lines.push([level, ...values]));
  }
  use(logger);
  return lines;
}

const useAll = (logger: Logger) => {
  for (const level of LEVELS) {
    logger[level]("message", { a: 1 });
  }
};

describe("loggers", () => {
  it.each([
    ["nothing", noopLogger, []],
    [
      "warnings and errors",
      createConsoleLogger(),
      [
        ["warn", "[statesync] message", { a: 1 }],
        ["error", "[statesync] message", { a: 1 }],
      ],
    ],
    [
      "all of it with a prefix",
      createConsoleLogger({ prefix: "app:", debug: true }),
      LEVELS.map((level) => [level, "app: message", { a: 1 }]),
    ],
    [
      "tags",
      tagLogger(createConsoleLogger({ debug: true }), { window: 1, a: 0 }),
      LEVELS.map((level) => [level, "[statesync] message", { window: 1, a: 1 }]),
    ],
  ])("write %s", (_, logger, lines) => {
    expect(written(useAll, logger)).toEqual(lines);
  });

  it.each([
    ["no context", undefined, { window: 1 }],
    ["an error", new TypeError("no"), { window: 1, context: new TypeError("no") }],
    ["a text", "text", { window: 1, context: "text" }],
    ["null", null, { window: 1 }],
  ])("join tags with %s", (_, context, expected) => {
    const notes: unknown[] = [];
    tagLogger({ ...noopLogger, warn: (_message, given) => notes.push(given) }, { window: 1 }).warn(
      "m",
      context,
    );
    expect(notes).toEqual([expected]);
  });
});
