import { describe, expect, it } from "vitest";
import type { RevisionSyncOptions, SyncStatus } from "../src/index.js";
import { createWorld, event, never, snapshot, watched } from "./world.js";

// What earlier implementations got wrong, each seen from outside; conformance/cases/engine holds the rest.

describe("an engine", () => {
  it("keeps a queued refresh where the one in flight throws", async () => {
    const world = createWorld({ retry: { maxAttempts: 1 } });
    await world.sync.start();
    let fail = (_: unknown) => {};
    let calls = 0;
    const provider = {
      getSnapshot: () =>
        calls++ === 0
          ? new Promise<never>((_, reject) => {
              fail = reject;
            })
          : Promise.resolve(snapshot(9)),
    };
    const second = createWorld({ retry: { maxAttempts: 1 }, provider });
    const [inFlight, queued] = [watched(second.sync.refresh()), watched(second.sync.refresh())];
    fail("down");
    await second.time.advance(0);
    expect([inFlight.is, queued.is, second.applied]).toEqual(["down", undefined, [snapshot(9)]]);
  });

  it.each<[string, Partial<RevisionSyncOptions<string>>]>([
    ["getSnapshot", { provider: { getSnapshot: never } }],
    ["apply", { applier: { apply: never } }],
    ["subscribe", { subscriber: { subscribe: never } }],
  ])("is not wedged by %s that never settles", async (port, options) => {
    const world = createWorld({ ...options, timeoutMs: 50, retry: { maxAttempts: 1 } });
    const start = watched(world.sync.start());
    await world.time.advance(50);
    expect([
      start.is,
      world.errors.map(({ phase }) => phase),
      world.sync.status,
      world.time.pending(),
    ]).toEqual([`${port} timed out after 50 ms`, [port], "idle", 0]);
  });

  it("gives a port a signal that a copy of its options has too", async () => {
    let copied: { readonly signal?: AbortSignal } = {};
    const world = createWorld({
      retry: { maxAttempts: 1 },
      provider: {
        getSnapshot(given) {
          copied = { ...given };
          return never();
        },
      },
    });
    watched(world.sync.refresh());
    await world.time.advance(10_000);
    expect(copied.signal?.aborted).toBe(true);
  });

  it("tells its applier of itself, so that what the applier offers passes the gate", async () => {
    const applied: unknown[] = [];
    let offer = (_: ReturnType<typeof snapshot>) => Promise.resolve(false);
    const world = createWorld({
      applier: {
        apply: (it) => void applied.push(it),
        attach(engine) {
          offer = engine.offer;
        },
      },
    });
    expect(await offer(snapshot(5))).toBe(true);
    world.source = snapshot(4);
    await world.sync.start();
    await world.time.advance(60_000);
    expect([applied, world.sync.getLocalRevision()]).toEqual([[snapshot(5)], "5"]);
  });

  it("is not wedged by chance that fails: no attempt follows, and the failure is told", async () => {
    const world = createWorld({
      random: () => {
        throw new Error("no chance");
      },
      provider: { getSnapshot: () => Promise.reject(new Error("down")) },
    });
    const start = watched(world.sync.start());
    await world.time.advance(0);
    expect([start.is, world.errors.map(({ willRetry }) => willRetry), world.sync.status]).toEqual([
      "down",
      [false],
      "idle",
    ]);
    const again = watched(world.sync.refresh());
    await world.time.advance(0);
    expect(again.is).toBe("down");
  });

  it.each([
    ["refuses", async () => false],
    ["accepts", async () => true],
    ["fails", () => Promise.reject(new Error("later"))],
  ])("takes a validator that %s later for a refusal, and says so", async (_, validate) => {
    const world = createWorld({ retry: { maxAttempts: 1 }, validate });
    const start = watched(world.sync.start());
    await world.time.advance(0);
    expect(start.is).toContain("gave a promise");
    expect([world.applied, world.errors.map(({ phase }) => phase)]).toEqual([[], ["protocol"]]);
  });

  it("reports an event that cannot be read, and throws nothing at the transport", async () => {
    const world = createWorld({});
    await world.sync.start();
    const unreadable = {
      topic: "settings",
      get revision(): string {
        throw new Error("gone");
      },
    };
    world.emit(unreadable);
    await world.time.advance(0);
    expect(world.errors.map(({ phase, error }) => [phase, String(error)])).toEqual([
      ["protocol", "Error: gone"],
    ]);
  });

  it("aborts the signal of a call that timed out, also where it is asked for afterwards", async () => {
    let early: AbortSignal | undefined;
    let late: { readonly signal?: AbortSignal } | undefined;
    const world = createWorld({
      retry: { maxAttempts: 1 },
      provider: {
        getSnapshot(given) {
          early ??= given?.signal;
          late = given;
          return never();
        },
      },
    });
    watched(world.sync.refresh());
    await world.time.advance(10_000);
    expect([early?.aborted, late?.signal?.aborted]).toEqual([true, true]);
  });

  it("pulls again until the promise of an event is kept", async () => {
    const world = createWorld();
    world.source = snapshot(4);
    await world.sync.start();
    world.emit(event(5));
    await world.time.advance(400);
    expect([world.applied.at(-1), world.sync.status]).toEqual([snapshot(4), "stale"]);
    world.source = snapshot(5);
    await world.time.advance(200);
    expect([world.applied.at(-1), world.sync.status, world.errors]).toEqual([snapshot(5), "live", []]);
  });

  it("follows a source that starts again in a new epoch, and not back", async () => {
    const world = createWorld();
    world.source = snapshot(900, "a");
    await world.sync.start();
    world.source = snapshot(1, "b");
    world.emit(event(1, { epoch: "b" }));
    await world.time.advance(1000);
    world.emit(event(901, { epoch: "a" }));
    await world.time.advance(1000);
    expect([world.sync.getLocalEpoch(), world.sync.getLocalRevision(), world.pulls.length]).toEqual([
      "b",
      "1",
      2,
    ]);
  });

  it("says it where a source starts again without a new epoch", async () => {
    const world = createWorld();
    world.source = snapshot(900);
    await world.sync.start();
    world.source = snapshot(1);
    await world.sync.refresh();
    await world.time.advance(10_000);
    expect(world.errors).toMatchObject([
      { phase: "protocol", attempt: 3, willRetry: false, snapshotRevision: "1" },
    ]);
  });

  it("does not leak a subscription that comes after stop", async () => {
    let subscribed = (_: () => void) => {};
    let ended = 0;
    const world = createWorld({
      subscriber: {
        subscribe: () =>
          new Promise((resolve) => {
            subscribed = resolve;
          }),
      },
    });
    const start = watched(world.sync.start());
    world.sync.stop();
    subscribed(() => ended++);
    await world.time.advance(0);
    expect([start.is, ended, world.errors]).toEqual(["the engine is stopped", 1, []]);
  });

  it("shares one start, and resolves it once there is data", async () => {
    const world = createWorld({
      subscriber: {
        async subscribe(handler) {
          handler(event(1));
          return () => {};
        },
      },
    });
    const starts = [watched(world.sync.start()), watched(world.sync.start())];
    expect(starts.map(({ is }) => is)).toEqual(["pending", "pending"]);
    await world.time.advance(0);
    expect([starts.map(({ is }) => is), world.applied, world.pulls]).toEqual([
      [undefined, undefined],
      [snapshot(1)],
      [0],
    ]);
  });

  const broken = (): never => {
    throw new Error("of the application");
  };
  const rejecting = () => Promise.reject(new Error("of the application")) as never;
  it.each([
    ["throw", broken],
    ["reject", rejecting],
  ])("goes on where callbacks %s", async (_, callback) => {
    const world = createWorld({
      shouldRefresh: callback,
      onError: callback,
      logger: { debug: callback, warn: callback, error: callback },
    });
    world.sync.subscribe(callback);
    await world.sync.start();
    world.source = snapshot(2);
    expect(() => world.emit(event(2))).not.toThrow();
    expect(() => world.emit("nonsense")).not.toThrow();
    await world.time.advance(1000);
    expect([world.applied.at(-1), world.sync.metrics().errors]).toEqual([
      snapshot(2),
      { invalidation: 1, protocol: 1 },
    ]);
    world.sync.stop();
  });

  it("makes a slider of 60 Hz at most ten pulls a second, and applies its last value", async () => {
    const world = createWorld();
    await world.sync.start();
    for (let move = 2; move <= 121; move += 1) {
      await world.time.advance(move % 3 === 0 ? 16 : 17);
      world.source = snapshot(move);
      world.emit(event(move));
    }
    await world.time.advance(1000);
    expect(world.pulls.length).toBeLessThanOrEqual(23);
    expect(world.applied.at(-1)).toEqual(snapshot(121));
  });

  it("makes one more pull of a hundred events at once", async () => {
    const world = createWorld();
    await world.sync.start();
    world.source = snapshot(101);
    for (let revision = 2; revision <= 101; revision += 1) {
      world.emit(event(revision));
    }
    await world.time.advance(1000);
    expect([world.pulls.length, world.sync.metrics().coalesced]).toEqual([2, 98]);
  });

  it("lets the event loop turn between pulls, with the platform's clock too", async () => {
    let applied = 0;
    const { sync } = createWorld({
      clock: null,
      applier: {
        apply() {
          applied += 1;
          if (applied < 20) {
            void sync.refresh();
          }
        },
      },
      provider: { getSnapshot: async () => snapshot(applied + 1) },
    });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    void sync.refresh();
    await expect.poll(() => applied).toBe(20);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it("does not let a failure surface that nobody waits for (ENG-75)", async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", listener);
    const world = createWorld({
      provider: { getSnapshot: () => Promise.reject("down") },
      retry: { maxAttempts: 1 },
    });
    void world.sync.start();
    void world.sync.refresh();
    await world.time.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", listener);
    expect([unhandled, world.errors.length]).toEqual([[], 2]);
  });

  it("reports the error that a transport hands over in place of an event", async () => {
    const world = createWorld();
    await world.sync.start();
    const error = new Error("half a message");
    world.emit(error);
    world.emit({ topic: "settings" });
    expect(world.errors.map((context) => context.error)).toEqual([
      error,
      expect.objectContaining({ code: "missing-member", pointer: "/revision" }),
    ]);
  });

  it("warns of a topic with white space around it", () => {
    const notes: unknown[] = [];
    const note = (message: string) => notes.push(message);
    createWorld({ topic: " settings", logger: { debug: note, warn: note, error: note } });
    expect(notes).toEqual(["the topic has white space around it"]);
  });

  it("applies the newest of the offers that wait, and spares the pull that they make up for", async () => {
    const world = createWorld({ initialSnapshot: snapshot(3) });
    await world.sync.start();
    const told = [
      world.sync.offer(snapshot(4)),
      world.sync.offer(snapshot(2)),
      world.sync.offer(snapshot(6, "b")),
    ];
    expect(await Promise.all(told)).toEqual([true, false, false]);
    expect([world.sync.getLocalRevision(), world.sync.metrics().skipped]).toEqual(["4", 3]);
  });

  it("tells the status as it changes", async () => {
    const world = createWorld({ retry: { maxAttempts: 1 } });
    const told: SyncStatus[] = [];
    const end = world.sync.subscribe((status) => told.push(status));
    await world.sync.start();
    world.source = snapshot(0);
    await world.sync.refresh();
    world.source = snapshot(2);
    await world.sync.refresh();
    world.sync.stop();
    end();
    expect(told).toEqual(["starting", "live", "stale", "live", "stopped"]);
  });

  it("needs no this", async () => {
    const { start, stop, refresh, getLocalRevision, metrics } = createWorld().sync;
    await start();
    await refresh();
    stop();
    await refresh();
    expect([getLocalRevision(), metrics().pulls]).toEqual(["1", 2]);
    await expect(start()).rejects.toThrow("stopped");
  });

  it.each<[unknown, string]>([
    [{ topic: "\u00a0" }, "topic"],
    [{ topic: undefined }, "topic"],
    [{ getSnapshotTimeoutMs: 0 }, "getSnapshotTimeoutMs"],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, "timeoutMs"],
    [{ throttling: { maxWaitMs: 5 } }, "throttling.maxWaitMs"],
    [{ retry: { jitter: 2 } }, "retry.jitter"],
    [{ initialSnapshot: { revision: 1, data: 1 } }, "initialSnapshot"],
  ])("refuses %j", (options, option) => {
    expect(() => createWorld(options as object)).toThrow(expect.objectContaining({ option }));
  });
});
