import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { platformClock } from "../src/index.js";

const LONGEST = 2 ** 31 - 1;

describe("the platform's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([1, 5, LONGEST, LONGEST + 1, 3 * LONGEST + 7])("keeps a delay of %d ms", (delayMs) => {
    let fired = 0;
    platformClock.setTimer(() => fired++, delayMs);
    vi.advanceTimersByTime(delayMs - 1);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1);
    expect([fired, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it.each([0, LONGEST + 10])("drops a timer that has %d ms behind it", (passed) => {
    const drop = platformClock.setTimer(() => expect.unreachable(), 2 * LONGEST);
    vi.advanceTimersByTime(passed);
    drop();
    drop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not follow the wall clock", () => {
    vi.useRealTimers();
    const before = platformClock.now();
    vi.setSystemTime(0);
    expect(platformClock.now()).toBeGreaterThanOrEqual(before);
  });
});
