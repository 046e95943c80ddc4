import { describe, expect, it } from "vitest";
import { createBackoff, type RetryPolicy, withRetry, withRetryReporting } from "../src/index.js";
import { createVirtualClock } from "./virtual.js";
import { snapshot, watched } from "./world.js";

describe("the delay", () => {
  it.each<[RetryPolicy, number, number, unknown, number | undefined]>([
    [{}, 1, 0, undefined, 500],
    [{}, 2, 0, undefined, 1000],
    [{}, 3, 0, undefined, undefined],
    [{ maxAttempts: null, jitter: null }, 1, 0.5, undefined, 250],
    [{ maxAttempts: Number.POSITIVE_INFINITY }, 2000, 0, undefined, 10_000],
    [{ maxAttempts: Number.POSITIVE_INFINITY, initialDelayMs: 0 }, 2000, 0, undefined, 0],
    [{ jitter: 1 }, 1, 0.9999, undefined, 0],
    [{ initialDelayMs: 1001 }, 1, 0.3, undefined, 700],
    [{}, 1, 0, { retryable: false }, undefined],
    [{}, 1, 0, { retryable: true }, 500],
    [{}, 1, 0, { retryAfterMs: 700.2 }, 701],
    [{}, 1, 0, { retryAfterMs: 20 }, 500],
    [{}, 1, 0, { retryAfterMs: Number.NaN }, 500],
    [{}, 1, 0, { retryAfterMs: Number.POSITIVE_INFINITY }, Number.MAX_SAFE_INTEGER],
    [{}, 1, 0, null, 500],
  ])(
    "of %j after attempt %i with random %d and the error %j is %s",
    (policy, attempt, random, error, delay) => {
      expect(createBackoff(policy, () => random)(attempt, error)).toBe(delay);
    },
  );

  it.each<[RetryPolicy, string]>([
    [{ maxAttempts: 0 }, "retry.maxAttempts"],
    [{ maxAttempts: 1.5 }, "retry.maxAttempts"],
    [{ initialDelayMs: -1 }, "retry.initialDelayMs"],
    [{ maxDelayMs: Number.POSITIVE_INFINITY }, "retry.maxDelayMs"],
    [{ backoffMultiplier: 0.5 }, "retry.backoffMultiplier"],
    [{ jitter: 1.1 }, "retry.jitter"],
    [{ jitter: Number.NaN }, "retry.jitter"],
  ])("%j is refused", (policy, option) => {
    expect(() => createBackoff(policy, Math.random, "retry.")).toThrow(expect.objectContaining({ option }));
  });
});

describe("withRetry (ENG-68)", () => {
  /** A provider that fails so often, in virtual time. */
  function failing(times: number, policy: RetryPolicy = {}) {
    const time = createVirtualClock();
    const at: number[] = [];
    const retries: unknown[] = [];
    const provider = withRetry(
      {
        async getSnapshot() {
          at.push(time.now());
          if (at.length <= times) {
            throw `failure ${at.length}`;
          }
          return snapshot(5);
        },
      },
      { ...policy, clock: time.clock, random: () => 0 },
      (retry) => {
        retries.push(retry);
        throw new Error("of the application");
      },
    );
    return { time, at, retries, provider };
  }

  it.each<[string, number, RetryPolicy, number[], unknown]>([
    ["gives the first success", 2, {}, [0, 500, 1500], snapshot(5)],
    ["fails with the last error", 9, {}, [0, 500, 1500], "failure 3"],
    ["calls once with maxAttempts: 1", 9, { maxAttempts: 1 }, [0], "failure 1"],
    ["takes undefined for the default", 9, { maxAttempts: undefined }, [0, 500, 1500], "failure 3"],
  ])("%s", async (_, times, policy, expected, outcome) => {
    const { time, at, provider } = failing(times, policy);
    const call = watched(provider.getSnapshot());
    await time.advance(60_000);
    expect([at, call.is]).toEqual([expected, outcome]);
  });

  it("tells each repetition, and isolates who is told", async () => {
    const { time, retries, provider } = failing(1);
    const call = watched(provider.getSnapshot());
    await time.advance(500);
    expect(call.is).toEqual(snapshot(5));
    expect(retries).toEqual([{ attempt: 1, error: "failure 1", nextDelayMs: 500 }]);
  });

  it("ends its delay at once when it is cancelled, with the last error and without a timer", async () => {
    const { time, at, provider } = failing(9);
    const controller = new AbortController();
    const call = watched(provider.getSnapshot({ signal: controller.signal }));
    await time.advance(100);
    controller.abort();
    await time.advance(0);
    expect([call.is, at, time.pending()]).toEqual(["failure 1", [0], 0]);
  });

  it("hears a cancellation that comes while a repetition is told", async () => {
    const time = createVirtualClock();
    const controller = new AbortController();
    let calls = 0;
    const provider = withRetry<string>(
      {
        getSnapshot() {
          calls += 1;
          return Promise.reject("down");
        },
      },
      { clock: time.clock },
      () => controller.abort(),
    );
    const call = watched(provider.getSnapshot({ signal: controller.signal }));
    await time.advance(60_000);
    expect([call.is, calls, time.pending()]).toEqual(["down", 1, 0]);
  });

  it("reports each repetition", async () => {
    const time = createVirtualClock();
    const reports: unknown[] = [];
    const notes: unknown[] = [];
    const note = (...values: unknown[]) => notes.push(values[0]);
    let calls = 0;
    const provider = withRetryReporting(
      { getSnapshot: () => (calls++ ? Promise.resolve(snapshot(1)) : Promise.reject("down")) },
      {
        topic: "settings",
        policy: { clock: time.clock, random: () => 0 },
        logger: { debug: note, warn: note, error: note },
        onError(context) {
          reports.push(context);
          throw new Error("of the application");
        },
      },
    );
    const call = watched(provider.getSnapshot());
    await time.advance(500);
    expect(call.is).toEqual(snapshot(1));
    expect(reports).toEqual([
      {
        phase: "getSnapshot",
        topic: "settings",
        error: "down",
        attempt: 1,
        willRetry: true,
        nextDelayMs: 500,
      },
    ]);
    expect(notes).toEqual(["getSnapshot failed", "onError failed"]);
  });
});
