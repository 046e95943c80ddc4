import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Revision, SnapshotEnvelope } from "../src/index.js";
import { createRevisionSync } from "../src/index.js";
import { createVirtualClock } from "./virtual.js";
import { watched } from "./world.js";

/** One step of a schedule: what happens, and how much time passes before. */
const step = fc.record({
  after: fc.constantFrom(0, 1, 10, 50, 100, 400, 1000),
  do: fc.oneof(
    fc.record({
      kind: fc.constantFrom("change", "new-epoch", "event", "old-event", "gap", "refresh", "start"),
    }),
    fc.record({ kind: fc.constant("offer"), back: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ kind: fc.constant("lag"), ms: fc.constantFrom(0, 5, 60, 2000) }),
    fc.record({ kind: fc.constant("fail"), port: fc.constantFrom("getSnapshot", "apply", "none") }),
  ),
});

const throttling = fc.record({
  debounceMs: fc.constantFrom(0, 50),
  throttleMs: fc.constantFrom(0, 100),
  leading: fc.boolean(),
  trailing: fc.constant(true),
});

interface Step {
  after: number;
  do: { kind: string; back?: number; ms?: number; port?: string };
}

/** Plays a schedule, then lets everything work and time pass; gives what broke a promise on the way. */
async function play(steps: Step[], options: object) {
  const time = createVirtualClock();
  const broken: string[] = [];
  let source: SnapshotEnvelope<number> = { revision: "1" as Revision, data: 0, epoch: "e0" };
  let epochs = 0;
  let lag = 0;
  let failing = "none";
  let [pulls, applies] = [0, 0];
  let emit = (_: unknown) => {};
  let gap = () => {};
  let shown: SnapshotEnvelope<number> | undefined;
  const left = new Set<string>();
  const outcomes: { is: unknown }[] = [];

  const later = async <T>(port: string, value: T): Promise<T> => {
    if (lag > 0) {
      await new Promise<void>((resolve) => time.clock.setTimer(resolve, lag));
    }
    if (failing === port) {
      throw `${port} fails`;
    }
    return value;
  };
  const sync = createRevisionSync<number>({
    topic: "t",
    subscriber: {
      async subscribe(handler, given) {
        emit = handler as typeof emit;
        gap = given?.onGap ?? gap;
        return () => {};
      },
    },
    provider: {
      async getSnapshot(given) {
        pulls += 1;
        if (pulls > 1) broken.push("two pulls in flight");
        let ended = false;
        const end = () => {
          pulls -= ended ? 0 : 1;
          ended = true;
        };
        // What has been cancelled is not in flight any more, though this source goes on with it.
        given?.signal?.addEventListener("abort", end);
        try {
          return await later("getSnapshot", source);
        } finally {
          end();
        }
      },
    },
    applier: {
      async apply(snapshot) {
        applies += 1;
        if (applies > 1) broken.push("two applies at once");
        try {
          await later("apply", undefined);
          if (
            shown &&
            shown.epoch === snapshot.epoch &&
            BigInt(snapshot.revision) <= BigInt(shown.revision)
          ) {
            broken.push(`went back from ${shown.revision} to ${snapshot.revision}`);
          }
          if (left.has(snapshot.epoch ?? "")) broken.push("went back to an epoch that was left");
          if (shown && shown.epoch !== snapshot.epoch) left.add(shown.epoch ?? "");
          shown = snapshot;
        } finally {
          applies -= 1;
        }
      },
    },
    clock: time.clock,
    random: () => 0.5,
    ...options,
  });

  const act = ({ kind, back = 0, ms = 0, port = "none" }: Step["do"]) => {
    const event = { topic: "t", revision: source.revision, epoch: source.epoch };
    switch (kind) {
      case "change":
        source = {
          ...source,
          revision: String(BigInt(source.revision) + 1n) as Revision,
          data: source.data + 1,
        };
        return emit({ ...event, revision: source.revision });
      case "new-epoch":
        epochs += 1;
        source = { revision: "1" as Revision, data: 0, epoch: `e${epochs}` };
        return emit({ topic: "t", revision: "1", epoch: source.epoch });
      case "event":
        return emit(event);
      case "old-event":
        return emit({ ...event, revision: "1" });
      case "gap":
        return gap();
      case "refresh":
        return outcomes.push(watched(sync.refresh()));
      case "start":
        return outcomes.push(watched(sync.start()));
      case "offer": {
        const revision = BigInt(source.revision) - BigInt(back);
        return outcomes.push(
          watched(sync.offer({ ...source, revision: String(revision < 0n ? 0n : revision) as Revision })),
        );
      }
      case "lag":
        lag = ms;
        return undefined;
      default:
        failing = port;
        return undefined;
    }
  };

  for (const { after, do: action } of steps) {
    await time.advance(after);
    act(action);
  }
  lag = 0;
  failing = "none";
  await time.advance(60_000);
  outcomes.push(watched(sync.start()));
  act({ kind: "change" });
  await time.advance(60_000);
  if (sync.getLocalRevision() !== source.revision || sync.getLocalEpoch() !== source.epoch) {
    broken.push(
      `holds ${sync.getLocalEpoch()} ${sync.getLocalRevision()}, not ${source.epoch} ${source.revision}`,
    );
  }
  if (sync.status !== "live") broken.push(`is ${sync.status} in the end`);
  if (outcomes.some(({ is }) => is === "pending")) broken.push("a caller waits for ever");
  const figures = sync.metrics();
  sync.stop();
  await time.advance(0);
  if (time.pending() > 0) broken.push("a timer outlives stop");
  return { broken, figures };
}

describe("whatever the schedule", () => {
  it("there is one pull and one apply at a time, no way back, and the last promise is kept", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), throttling, async (steps, limits) => {
        const { broken } = await play([{ after: 0, do: { kind: "start" } }, ...steps], {
          throttling: limits,
        });
        expect(broken).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it("callers settle and nothing goes back where attempts are few and time-outs short", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { broken } = await play([{ after: 0, do: { kind: "start" } }, ...steps], {
          retry: { maxAttempts: 1 },
          getSnapshotTimeoutMs: 50,
        });
        expect(broken).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
