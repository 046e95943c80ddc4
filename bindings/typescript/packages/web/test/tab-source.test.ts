import { afterEach, describe, expect, it } from "vitest";
import {
  createTabSource,
  type LockManagerLike,
  type TabSource,
  type TabSourceOptions,
} from "../src/index.js";
import { createRecorder } from "./port/recorder.js";
import { until } from "./port/until.js";

/** Web Locks for one process: the first come is the first served. The real ones are in browser/tab-source.test.ts. */
function createLocks(): LockManagerLike {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request(_name, { signal }, callback) {
      const turn = last.then(() => {
        signal.throwIfAborted();
        return callback();
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}

type Action = { add: number } | { fail: true };
let names = 0;

describe("a state shared by tabs", () => {
  const tabs: TabSource<number, Action>[] = [];
  const setUp = () => {
    names += 1;
    const channelName = `tabs-${process.pid}-${names}`;
    const locks = createLocks();
    return (more: Partial<TabSourceOptions<number, Action>> = {}) => {
      const tab = createTabSource<number, Action>({
        topic: "count",
        channelName,
        initial: () => 10,
        locks,
        timeoutMs: 200,
        reduce(data, action) {
          if ("fail" in action) {
            throw new RangeError("not allowed");
          }
          return data + action.add;
        },
        ...more,
      });
      tabs.push(tab);
      return tab;
    };
  };
  const becomesSource = (tab: TabSource<number, Action>) =>
    until(
      () => tab.isSource,
      (isSource) => isSource,
    );
  afterEach(() => {
    for (const tab of tabs.splice(0)) {
      tab.dispose();
    }
  });

  it("the first tab is the source, and begins with `initial`", async () => {
    const tab = setUp()();
    const snapshot = await tab.provider.getSnapshot();
    expect(tab.isSource).toBe(true);
    expect(snapshot).toMatchObject({ revision: "1", data: 10 });
    expect(snapshot.epoch).toMatch(/^[0-9a-f]{16}$/);
  });

  it("a late joiner gets the current state from the tab that has it", async () => {
    const open = setUp();
    const first = open();
    await first.dispatch({ add: 5 });
    const late = open({
      initial() {
        throw new Error("must not be asked");
      },
    });
    expect(await late.provider.getSnapshot()).toEqual(await first.provider.getSnapshot());
    expect([first.isSource, late.isSource]).toEqual([true, false]);
  });

  it("actions of all tabs are carried out by the source, one after the other, and announced to all", async () => {
    const open = setUp();
    const [one, two] = [open(), open()];
    const recorders = [one, two].map(({ subscriber }) => createRecorder(subscriber));
    await Promise.all(recorders.map((recorder) => recorder.subscribe()));
    await becomesSource(one);
    const revisions = await Promise.all(
      [1, 2, 3, 4].map((add, index) => (index % 2 ? two : one).dispatch({ add })),
    );
    expect(new Set(revisions)).toEqual(new Set(["2", "3", "4", "5"]));
    expect(await two.provider.getSnapshot()).toMatchObject({ revision: "5", data: 20 });
    for (const recorder of recorders) {
      const received = await until(
        () => recorder.received(0) as { revision: string }[],
        (list) => list.at(-1)?.revision === "5",
      );
      expect(received.slice(-4).map(({ revision }) => revision)).toEqual(["2", "3", "4", "5"]);
    }
  });

  it("an action that fails changes nothing and is told to the tab that asked for it", async () => {
    const open = setUp();
    const [one, two] = [open(), open()];
    await becomesSource(one);
    await expect(one.dispatch({ fail: true })).rejects.toThrow("not allowed");
    await two.provider.getSnapshot();
    await expect(two.dispatch({ fail: true })).rejects.toThrow(
      "the source refused the action: RangeError: not allowed",
    );
    expect(await two.provider.getSnapshot()).toMatchObject({ revision: "1", data: 10 });
  });

  it("ENG-3: when the source goes away another tab goes on with what it has heard, in a new epoch", async () => {
    const open = setUp();
    const [one, two] = [open(), open()];
    await becomesSource(one);
    const before = await two.provider.getSnapshot();
    const recorder = createRecorder(two.subscriber);
    await recorder.subscribe();
    await one.dispatch({ add: 7 });
    await until(
      () => recorder.received(0),
      ({ length }) => length > 0,
    );
    one.dispose();
    await becomesSource(two);
    const after = await two.provider.getSnapshot();
    expect(after).toMatchObject({ revision: "1", data: 17 });
    expect(after.epoch).not.toBe(before.epoch);
    expect(await two.dispatch({ add: 1 })).toBe("2");
    expect(
      await until(
        () => recorder.received(0),
        (list) => (list.at(-1) as { revision: string }).revision === "2",
      ),
    ).toContainEqual(expect.objectContaining({ epoch: after.epoch, revision: "1" }));
  });

  it("says that the outcome is not known where the source does not answer", async () => {
    const open = setUp();
    const never: LockManagerLike = { request: () => new Promise(() => {}) };
    const source = open();
    await becomesSource(source);
    const other = open({ locks: never });
    await other.provider.getSnapshot();
    source.dispose();
    await expect(other.dispatch({ add: 1 })).rejects.toThrow(
      "it is not known whether the action took effect",
    );
    await expect(other.provider.getSnapshot()).rejects.toThrow("no other tab answered");
  });

  it("tells of an `initial` that fails, and leaves the source to the next tab", async () => {
    const open = setUp();
    const errors: unknown[] = [];
    open({
      initial: () => Promise.reject(new Error("nothing stored")),
      onError: (error) => errors.push(String(error)),
    });
    const second = open();
    await becomesSource(second);
    expect(errors).toEqual(["Error: nothing stored"]);
  });

  it("fails with what `initial` failed with, and stands for source again at the next call", async () => {
    let works = false;
    const errors: unknown[] = [];
    const tab = setUp()({
      async initial() {
        if (!works) {
          throw new Error("the store is locked");
        }
        return 1;
      },
      onError: (error) => errors.push(String(error)),
    });
    await expect(tab.provider.getSnapshot()).rejects.toThrow("the store is locked");
    await expect(tab.dispatch({ add: 1 })).rejects.toThrow("the store is locked");
    works = true;
    expect(await tab.provider.getSnapshot()).toMatchObject({ revision: "1", data: 1 });
    expect(errors).toEqual(["Error: the store is locked", "Error: the store is locked"]);
  });

  it("TRA-15: a call that waits for a source is given up when it is cancelled, and when the tab leaves", async () => {
    const never: LockManagerLike = {
      request: (_name, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    };
    const tab = setUp()({ locks: never });
    const cancellation = new AbortController();
    const outcome = tab.provider
      .getSnapshot({ signal: cancellation.signal })
      .catch((error: unknown) => error);
    cancellation.abort("no longer");
    expect(await outcome).toBe("no longer");
    const dispatched = tab.dispatch({ add: 1 }).catch((error: Error) => error.name);
    tab.dispose();
    expect(await dispatched).toBe("AbortError");
  });

  it("is the source no more when its lock is stolen, and stands again at the next call", async () => {
    const steal: (() => void)[] = [];
    const locks: LockManagerLike = {
      request: (_name, _options, callback) =>
        new Promise((_resolve, reject) => {
          steal.push(() => reject(new DOMException("the lock was stolen", "AbortError")));
          void callback();
        }),
    };
    const errors: string[] = [];
    const tab = setUp()({ locks, onError: (error) => errors.push(String(error)) });
    await becomesSource(tab);
    steal[0]?.();
    await until(
      () => tab.isSource,
      (isSource) => !isSource,
    );
    expect(errors).toEqual(["AbortError: the lock was stolen"]);
    await tab.dispatch({ add: 1 });
    expect([tab.isSource, steal.length]).toEqual([true, 2]);
  });

  it("says what is missing where there are no Web Locks", () => {
    expect(() =>
      createTabSource({ topic: "t", channelName: "c", initial: () => 0, reduce: (data) => data }),
    ).toThrow("there are no Web Locks here");
  });
});
