import { describe, expect, it } from "vitest";
import { createPollingSubscriber } from "../src/index.js";
import { createManualClock } from "./port/clock.js";
import { createTestPage } from "./port/page.js";
import { createRecorder } from "./port/recorder.js";

describe("polling", () => {
  it("signals a gap at each interval, as long as there is a subscription", async () => {
    const { clock, advance, pending } = createManualClock();
    const recorder = createRecorder(
      createPollingSubscriber({ intervalMs: 1000, clock, page: createTestPage().page }),
    );
    expect(pending()).toEqual([]);
    const one = (await recorder.subscribe()) as number;
    await advance(999);
    expect(recorder.gaps(one)).toBe(0);
    await advance(1);
    expect(recorder.gaps(one)).toBe(1);
    const two = (await recorder.subscribe({ fails: true })) as number;
    await advance(2000);
    expect([recorder.gaps(one), recorder.gaps(two)]).toEqual([3, 2]);
    await recorder.end(one);
    await recorder.end(one);
    await advance(1000);
    expect([recorder.gaps(one), recorder.gaps(two)]).toEqual([3, 3]);
    await recorder.end(two);
    expect(pending()).toEqual([]);
  });

  it("one that ends in its own gap leaves no timer behind", async () => {
    const { clock, advance, pending } = createManualClock();
    const subscriber = createPollingSubscriber({ intervalMs: 10, clock });
    const unsubscribe = await subscriber.subscribe(() => {}, { onGap: () => unsubscribe() });
    await advance(10);
    expect(pending()).toEqual([]);
  });

  it("TRA-2: signals a gap when the page is resumed", async () => {
    const { clock, pending } = createManualClock();
    const page = createTestPage();
    const recorder = createRecorder(createPollingSubscriber({ intervalMs: 1000, clock, page: page.page }));
    const index = (await recorder.subscribe()) as number;
    page.resume();
    expect(recorder.gaps(index)).toBe(1);
    await recorder.end(index);
    expect([pending(), page.listeners()]).toEqual([[], 0]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the interval %s", (intervalMs) => {
    expect(() => createPollingSubscriber({ intervalMs })).toThrow(
      `intervalMs is ${intervalMs}; expected a positive number`,
    );
  });

  it("TRA-8: cancelled before, it fails", async () => {
    const { clock, pending } = createManualClock();
    const recorder = createRecorder(createPollingSubscriber({ intervalMs: 10, clock }));
    expect(await recorder.subscribe({ cancelled: "before" })).toBe("cancelled");
    expect(pending()).toEqual([]);
  });
});
