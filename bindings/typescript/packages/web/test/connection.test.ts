import { describe, expect, it } from "vitest";
import {
  type ConnectionEvents,
  type ConnectionOptions,
  createConnectedSubscriber,
} from "../src/connection.js";
import { createManualClock, settle } from "./port/clock.js";
import { createRecorder } from "./port/recorder.js";
import { event } from "./port/suite.js";

/** A connection that is played by hand, in virtual time; the real ones are in the tests of the transports. */
function setUp(options: ConnectionOptions = {}, address: () => unknown = () => "address") {
  const manual = createManualClock();
  const attempts: { at: number; address: unknown; events: ConnectionEvents; closed: boolean }[] = [];
  const errors: string[] = [];
  const subscriber = createConnectedSubscriber(
    address,
    (address, events) => {
      const attempt = { at: manual.clock.now(), address, events, closed: false };
      attempts.push(attempt);
      return () => {
        attempt.closed = true;
      };
    },
    { clock: manual.clock, random: () => 0, onError: (error) => errors.push(String(error)), ...options },
  );
  const last = () => {
    const attempt = attempts.at(-1);
    if (attempt === undefined) {
      throw new Error("nothing has connected yet");
    }
    return attempt;
  };
  const recorder = createRecorder(subscriber);
  /** Subscribes, and lets the attempt succeed. */
  const subscribe = async () => {
    const subscribed = recorder.subscribe();
    await settle();
    last().events.opened();
    return (await subscribed) as number;
  };
  return {
    ...manual,
    subscriber,
    recorder,
    subscribe,
    attempts,
    errors,
    last,
    times: () => attempts.map(({ at }) => at),
  };
}

describe("a connection", () => {
  it.each<[string, ConnectionOptions, number[]]>([
    ["the defaults", {}, [0, 500, 1500, 3500, 7500, 15500, 25500, 35500]],
    ["chance takes half of each delay", { random: () => 0.5 }, [0, 250, 750, 1750, 3750, 7750, 12750, 17750]],
    [
      "another policy",
      { retry: { initialDelayMs: 10, backoffMultiplier: 3, maxDelayMs: 100, jitter: 0 } },
      [0, 10, 40, 130, 230, 330, 430, 530],
    ],
  ])("TRA-9: connects again without an end, with the delays of ENG-65: %s", async (_name, options, times) => {
    const bed = setUp(options);
    await bed.subscribe();
    while (bed.attempts.length < times.length) {
      bed.last().events.lost(new Error("lost"));
      await bed.advance(bed.pending()[0] ?? 0);
    }
    expect(bed.times()).toEqual(times);
    expect(bed.attempts.slice(0, -1).every(({ closed }) => closed)).toBe(true);
    expect(bed.errors).toHaveLength(times.length - 1);
  });

  it.each<[string, (bed: ReturnType<typeof setUp>) => Promise<void>, number]>([
    ["that brought a message", async (bed) => bed.last().events.received(event("1")), 500],
    ["that lasted for maxDelayMs", (bed) => bed.advance(10_000), 500],
    ["that lasted a little less", (bed) => bed.advance(9_999), 2000],
    ["that only opened", async () => {}, 2000],
    ["that brought a ping", async (bed) => bed.last().events.alive(), 2000],
  ])("TRA-10: after a connection %s the next attempt comes in due time", async (_name, live, delayMs) => {
    const bed = setUp();
    await bed.subscribe();
    for (const delayMs of [500, 1000]) {
      bed.last().events.lost("lost");
      await bed.advance(delayMs);
    }
    bed.last().events.opened();
    await live(bed);
    bed.last().events.lost("lost");
    expect(bed.pending()).toEqual([delayMs]);
  });

  it("TRA-11: counts as lost when nothing was received for 45 seconds", async () => {
    const bed = setUp();
    const index = await bed.subscribe();
    await bed.advance(44_000);
    bed.last().events.received(event("1"));
    await bed.advance(44_000);
    bed.last().events.alive();
    await bed.advance(44_999);
    expect(bed.errors).toEqual([]);
    await bed.advance(1);
    expect(bed.errors).toEqual([
      "Error: nothing was received for 45000 ms; the connection counts as lost (TRA-11)",
    ]);
    expect(bed.last().closed).toBe(true);
    await bed.advance(500);
    bed.last().events.opened();
    expect(bed.recorder.gaps(index)).toBe(1);
  });

  it("TRA-11: `idleTimeoutMs: Infinity` sets no timer", async () => {
    const bed = setUp({ idleTimeoutMs: Number.POSITIVE_INFINITY });
    await bed.subscribe();
    expect(bed.pending()).toEqual([]);
  });

  it("TRA-12: asks for the address before each attempt", async () => {
    let token = 0;
    const bed = setUp({}, async () => {
      token += 1;
      return `token ${token}`;
    });
    await bed.subscribe();
    bed.last().events.lost("lost");
    await bed.advance(500);
    expect(bed.attempts.map(({ address }) => address)).toEqual(["token 1", "token 2"]);
  });

  it("an attempt that takes too long is given up", async () => {
    const bed = setUp();
    const outcome = bed.recorder.subscribe();
    await bed.advance(9_999);
    expect(bed.errors).toEqual([]);
    await bed.advance(1);
    expect(await outcome).toBe("Error: no connection was there after 10000 ms");
    expect([bed.last().closed, bed.pending()]).toEqual([true, []]);
  });

  it("an address that never comes is given up, and not connected to when it comes", async () => {
    let give: (address: string) => void = () => {};
    const bed = setUp({}, () => new Promise((resolve) => (give = resolve)));
    const outcome = bed.recorder.subscribe();
    await bed.advance(10_000);
    expect(await outcome).toContain("after 10000 ms");
    give("late");
    await settle();
    expect(bed.attempts).toHaveLength(0);
  });

  it("TRA-2: signals one gap for each loss, and none to those that come later", async () => {
    const bed = setUp();
    const one = await bed.subscribe();
    bed.last().events.lost("lost");
    bed.last().events.lost("lost again");
    const waiting = bed.recorder.subscribe();
    await bed.advance(500);
    bed.last().events.opened();
    bed.last().events.opened();
    const two = (await waiting) as number;
    expect([bed.recorder.gaps(one), bed.recorder.gaps(two)]).toEqual([1, 0]);
    expect(bed.errors).toEqual(["lost"]);
  });

  it("TRA-7 TRA-8: in every state, the end of the last subscription leaves nothing behind", async () => {
    const connecting = setUp();
    expect(await connecting.recorder.subscribe({ cancelled: "during" })).toBe("cancelled");
    await settle();
    expect([connecting.attempts.length, connecting.pending()]).toEqual([0, []]);

    const open = setUp();
    await open.recorder.end(await open.subscribe());
    expect([open.last().closed, open.pending()]).toEqual([true, []]);

    const waiting = setUp();
    const index = await waiting.subscribe();
    waiting.last().events.lost("lost");
    await waiting.recorder.end(index);
    expect(waiting.pending()).toEqual([]);
  });

  it("one that is cancelled does not take the connection from another", async () => {
    const bed = setUp();
    const staying = bed.recorder.subscribe();
    expect(await bed.recorder.subscribe({ cancelled: "during" })).toBe("cancelled");
    await settle();
    bed.last().events.opened();
    expect(await staying).toBe(0);
    expect(bed.attempts).toHaveLength(1);
  });

  it("what an old connection tells has no effect", async () => {
    const bed = setUp();
    const index = await bed.subscribe();
    const old = bed.last().events;
    old.lost("lost");
    old.received(event("1"));
    await bed.advance(500);
    old.opened();
    old.missed();
    old.lost("again");
    expect([bed.recorder.received(index), bed.recorder.gaps(index), bed.errors]).toEqual([[], 0, ["lost"]]);
    bed.last().events.opened();
    expect(bed.recorder.gaps(index)).toBe(1);
  });

  it("one that is lost before `connect` has returned is closed all the same", async () => {
    let closed = 0;
    const subscriber = createConnectedSubscriber(
      () => "address",
      (_address, events) => {
        events.lost("refused at once");
        return () => {
          closed += 1;
        };
      },
      {},
    );
    expect(await createRecorder(subscriber).subscribe()).toBe("refused at once");
    await settle();
    expect(closed).toBe(1);
  });

  it("waits as long as an error asks for, and never stops for one", async () => {
    const bed = setUp();
    await bed.subscribe();
    bed.last().events.lost({ retryAfterMs: 60_000, retryable: false });
    expect(bed.pending()).toEqual([60_000]);
  });

  it("an `onError` that throws, and one that ends the subscription, do no harm", async () => {
    const bed = setUp({
      onError() {
        throw new Error("onError fails");
      },
    });
    await bed.subscribe();
    bed.last().events.lost("lost");
    expect(bed.pending()).toEqual([500]);

    const ending = setUp({ onError: () => void ending.recorder.end(0) });
    await ending.subscribe();
    ending.last().events.lost("lost");
    await settle();
    expect(ending.pending()).toEqual([]);
  });
});
