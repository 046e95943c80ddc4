import { describe, expect, it } from "vitest";
import { createScript, ScriptError, writtenError } from "../script.mjs";
import { createVirtualTime, EndlessTimers } from "../virtual-time.mjs";

/** Plays actions that are functions, and gives what they noted, with the instant. */
async function played(timeline, start = {}) {
  const time = createVirtualTime(start);
  const notes = [];
  const tools = { time, note: (text) => notes.push(`${time.instant()} ${text}`) };
  const { setTimer } = time.clock;
  await time.play({ ...start, timeline: timeline.map(([at, action]) => ({ at, do: action })) }, (action) =>
    action({ ...tools, setTimer }),
  );
  return notes;
}

describe("virtual time", () => {
  const cases = {
    "timers fire in the order of their times": [
      [
        [
          0,
          ({ setTimer, note }) => {
            setTimer(() => note("late"), 20);
            setTimer(() => note("early"), 10);
          },
        ],
        [30, ({ note }) => note("end")],
      ],
      ["10 early", "20 late", "30 end"],
    ],
    "timers of one instant fire in the order in which they were set": [
      [
        [0, ({ setTimer, note }) => setTimer(() => note("first"), 10)],
        [5, ({ setTimer, note }) => setTimer(() => note("second"), 5)],
        [10, ({ note }) => note("entry")],
      ],
      ["10 first", "10 second", "10 entry"],
    ],
    "a timer set for the present instant fires before the next entry of it": [
      [
        [10, ({ setTimer, note }) => setTimer(() => note("turn"), 0)],
        [10, ({ note }) => note("entry")],
      ],
      ["10 turn", "10 entry"],
    ],
    "a timer set by the last entry for its instant fires": [
      [[10, ({ setTimer, note }) => setTimer(() => note("turn"), 0)]],
      ["10 turn"],
    ],
    "a dropped timer does not fire": [
      [
        [0, ({ setTimer, note }) => setTimer(() => note("never"), 10)()],
        [20, ({ note }) => note("end")],
      ],
      ["20 end"],
    ],
    "microtasks and digests end before the next entry": [
      [
        [
          0,
          async ({ note }) => {
            await crypto.subtle.digest("SHA-256", new Uint8Array(100_000));
            await null;
            await crypto.subtle.digest("SHA-256", new Uint8Array(100_000));
            note("digested");
          },
        ],
        [0, ({ note }) => note("next")],
      ],
      ["0 digested", "0 next"],
    ],
    "the wall clock goes along, and setting it moves no timer": [
      [
        [
          10,
          ({ time, setTimer, note }) => {
            note(time.wallNow());
            setTimer(() => note(time.wallNow()), 10);
            time.setWallClock(5);
          },
        ],
        [30, ({ time, note }) => note(time.wallNow())],
      ],
      ["10 1010", "20 15", "30 25"],
      { wallClock: 1000 },
    ],
    "random gives what the script has, then 0": [
      [[0, ({ time, note }) => note([time.random(), time.random(), time.random()].join())]],
      ["0 0.5,0.25,0"],
      { random: [0.5, 0.25] },
    ],
    "a clock that fails, and works again": [
      [
        [
          0,
          ({ time, setTimer, note }) => {
            time.setWorking(false);
            expect(() => time.clock.now()).toThrow("tell the time");
            expect(() => setTimer(() => {}, 1)).toThrow("set a timer");
            time.setWorking(true);
            note(time.clock.now());
          },
        ],
      ],
      ["0 0"],
    ],
  };

  it.each(Object.entries(cases))("%s", async (_, [timeline, notes, start]) => {
    expect(await played(timeline, start)).toEqual(notes);
  });

  it("plays until the instant that the script names", async () => {
    const timeline = [[0, ({ setTimer, note }) => setTimer(() => note("timer"), 3_600_000)]];
    expect(await played(timeline, { until: 3_599_999 })).toEqual([]);
    expect(await played(timeline, { until: 3_600_000 })).toEqual(["3600000 timer"]);
  });

  it("gives up where timers at one instant have no end, and only there", async () => {
    const chain = (links, delay) => [
      0,
      ({ setTimer }) => {
        const again = (left) => left > 0 && setTimer(() => again(left - 1), delay);
        again(links);
      },
    ];
    await expect(played([chain(10_001, 0)])).rejects.toThrow(EndlessTimers);
    await expect(played([chain(10_000, 0)])).resolves.toEqual([]);
    await expect(played([chain(10_001, 1)], { until: 20_000 })).resolves.toEqual([]);
  });
});

describe("scripts", () => {
  /** A script with an open function, one that answers, and the action `{"call": …}` that calls both. */
  function scriptOf(timeline) {
    const script = createScript({
      input: { timeline: timeline.map(([at, action]) => ({ at, do: action })) },
      act({ call, with: argument }) {
        const controller = new AbortController();
        script.application(call, () =>
          call === "stop" ? controller.abort() : script.call("port", { argument, signal: cancel.signal }),
        );
        if (call === "cancel") cancel.abort();
      },
    });
    const cancel = new AbortController();
    script.define("port");
    return script.play();
  }

  const cases = {
    "an open call is settled with a value": [
      [
        [0, { call: "use", with: { a: 1 } }],
        [5, { settle: "port", number: 1, resolve: [2] }],
      ],
      [
        { at: 0, call: "port", number: 1, with: { a: 1 } },
        { at: 5, settled: "use", number: 1, resolve: [2] },
      ],
    ],
    "an open call is settled by failing": [
      [
        [0, { call: "use" }],
        [5, { settle: "port", number: 1, reject: "down" }],
      ],
      [
        { at: 0, call: "port", number: 1 },
        { at: 5, settled: "use", number: 1, reject: "down" },
      ],
    ],
    "answers at once, throws, and is open again": [
      [
        [0, { answer: "port", resolve: 1 }],
        [0, { call: "use" }],
        [1, { answer: "port", throw: { retryable: false } }],
        [1, { call: "use" }],
        [2, { answer: "port", open: true }],
        [2, { call: "use" }],
      ],
      [
        { at: 0, call: "port", number: 1 },
        { at: 0, settled: "use", number: 1, resolve: 1 },
        { at: 1, call: "port", number: 2 },
        { at: 1, settled: "use", number: 2, reject: { retryable: false } },
        { at: 2, call: "port", number: 3 },
      ],
    ],
    "does what the script says while it is called": [
      [
        [0, { answer: "port", resolve: 1, during: [{ answer: "port", open: true }, { call: "use" }] }],
        [0, { call: "use" }],
      ],
      [
        { at: 0, call: "port", number: 1 },
        { at: 0, call: "port", number: 2 },
        { at: 0, settled: "use", number: 1, resolve: 1 },
      ],
    ],
    "the cancellation of what is open is an entry, of what has been settled is none": [
      [
        [0, { call: "use" }],
        [0, { call: "use" }],
        [1, { settle: "port", number: 1, resolve: null }],
        [2, { call: "cancel" }],
      ],
      [
        { at: 0, call: "port", number: 1 },
        { at: 0, call: "port", number: 2 },
        { at: 1, settled: "use", number: 1, resolve: null },
        { at: 2, call: "port", number: 3 },
        { at: 2, cancelled: "port", number: 2 },
        { at: 2, cancelled: "port", number: 3 },
      ],
    ],
  };

  it.each(Object.entries(cases))("%s", async (_, [timeline, trace]) => {
    expect(await scriptOf(timeline)).toEqual(trace);
  });

  it("gives up where functions call each other without end at one instant", async () => {
    const script = createScript({
      input: { timeline: [{ at: 0, do: { call: "port" } }] },
      act: ({ call }) => script.application(call, () => script.call(call)),
    });
    script.define("port", () => queueMicrotask(() => script.application("again", () => script.call("port"))));
    await expect(script.play()).rejects.toThrow(EndlessTimers);
  });

  it.each([
    ["settles what is not open", { settle: "port", number: 1, resolve: null }],
    ["names no function", { answer: "nothing", resolve: null }],
  ])("refuses an entry that %s", async (_, action) => {
    await expect(scriptOf([[0, action]])).rejects.toThrow(ScriptError);
  });

  it.each([
    ["a value of the script", { a: 1 }, { a: 1 }],
    ["null", null, null],
    [
      "the decoder's",
      Object.assign(new Error("m"), { code: "wrong-type", pointer: "/a" }),
      { code: "wrong-type", pointer: "/a" },
    ],
    ["the implementation's own", new TypeError("m"), { own: true }],
  ])("writes an error that is %s", (_, error, written) => {
    expect(writtenError(error)).toEqual(written);
  });
});
