import { describe, expect, it } from "vitest";
import { createThrottledHandler, type ThrottledHandlerOptions } from "../src/index.js";
import { createVirtualClock } from "./virtual.js";

/** The times of the calls for triggers at these times. */
async function calls(options: ThrottledHandlerOptions, triggers: number[], until: number): Promise<number[]> {
  const time = createVirtualClock();
  const at: number[] = [];
  const handler = createThrottledHandler(() => at.push(time.now()), { ...options, clock: time.clock });
  for (const trigger of triggers) {
    await time.advance(trigger - time.now());
    handler.trigger();
  }
  await time.advance(until - time.now());
  return at;
}

const steady = (until: number) =>
  Array.from({ length: Math.floor(until / 16) + 1 }, (_, index) => index * 16);

describe("triggers every 16 ms", () => {
  it.each<[string, ThrottledHandlerOptions, number[]]>([
    ["the defaults", {}, [0, 100, 200, 300]],
    ["leading: false", { leading: false }, [100, 200, 300]],
    ["trailing: false", { trailing: false }, [0, 112, 224]],
    ["throttleMs: 0", { throttleMs: 0 }, steady(320)],
    ["throttleMs: 0, leading: false", { throttleMs: 0, leading: false }, steady(320)],
    ["options of null", { throttleMs: null, leading: null, debounceMs: null }, [0, 100, 200, 300]],
  ])("%s", async (_, options, expected) => {
    expect(await calls(options, steady(320), 320)).toEqual(expected);
  });

  it("debounceMs: 50 does not starve", async () => {
    expect(await calls({ debounceMs: 50 }, steady(3100), 3100)).toEqual([1000, 2008, 3016]);
  });
});

describe("a limiter", () => {
  it.each<[string, ThrottledHandlerOptions, number[], number[]]>([
    ["calls after the pause", { debounceMs: 50 }, steady(160), [210]],
    ["loses no last trigger without trailing", { trailing: false, maxWaitMs: 400 }, [0, 50], [0, 450]],
    ["waits for the window after a pause", { debounceMs: 20, throttleMs: 100 }, [0, 30], [20, 120]],
    ["calls at once after a pause longer than the window", {}, [0, 500], [0, 500]],
    ["keeps maxWaitMs with leading: false", { leading: false, throttleMs: 300 }, [0, 299], [300]],
  ])("%s", async (_, options, triggers, expected) => {
    expect(await calls(options, triggers, 2000)).toEqual(expected);
  });

  it("does nothing after dispose", async () => {
    const time = createVirtualClock();
    let called = 0;
    const handler = createThrottledHandler(() => called++, { clock: time.clock });
    handler.trigger();
    handler.trigger();
    expect(handler.hasPending()).toBe(true);
    handler.dispose();
    handler.trigger();
    await time.advance(5000);
    expect([called, handler.hasPending(), time.pending()]).toEqual([1, false, 0]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
  ])("goes on where a call %s, and tells it", async (_, onRefresh) => {
    const time = createVirtualClock();
    const errors: unknown[] = [];
    const handler = createThrottledHandler(onRefresh, {
      clock: time.clock,
      onError(error) {
        errors.push(error);
        throw error;
      },
    });
    handler.trigger();
    handler.trigger();
    await time.advance(100);
    expect(errors).toEqual([new Error("no"), new Error("no")]);
  });

  it("calls at once where the clock fails, and has no window then", () => {
    let works = false;
    let called = 0;
    const clock = {
      now: () => {
        if (!works) throw new Error("no time");
        return 50;
      },
      setTimer: () => () => {},
    };
    const handler = createThrottledHandler(() => called++, { clock });
    handler.trigger();
    handler.trigger();
    works = true;
    handler.trigger();
    expect(called).toBe(3);
  });

  it("works with the platform's clock", async () => {
    const at: number[] = [];
    const handler = createThrottledHandler(() => at.push(performance.now()), { throttleMs: 20 });
    handler.trigger();
    handler.trigger();
    await expect.poll(() => at.length).toBe(2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(15);
  });

  it.each<[ThrottledHandlerOptions, string]>([
    [{ debounceMs: -1 }, "debounceMs"],
    [{ throttleMs: Number.NaN }, "throttleMs"],
    [{ throttleMs: Number.POSITIVE_INFINITY }, "throttleMs"],
    [{ throttleMs: "5" as unknown as number }, "throttleMs"],
    [{ maxWaitMs: 99 }, "maxWaitMs"],
    [{ leading: false, trailing: false }, "leading"],
  ])("refuses %j", (options, option) => {
    expect(() => createThrottledHandler(() => {}, options)).toThrow(expect.objectContaining({ option }));
  });
});
