// The engine of @statesync/core: events that are stale, events that lead to a pull and an apply, bursts, and a slider.
// Prints one JSON document. Beside each speed stands that of a peer in the same run: the same work written by hand.
// Speeds are calls a second of processor time, so that what else the machine does counts less.
import { setTimeout as sleep } from "node:timers/promises";
import { createRevisionSync } from "@statesync/core";
import Ajv from "ajv/dist/2020.js";

const TOPIC = "settings";
const ROUNDS = 9;

/** The processor time of this process in nanoseconds. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

const median = (numbers) => numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)];
const round = (number, digits = 2) => Number(number.toFixed(digits));

/** An engine with a source and a state in memory. */
function inMemory({ delayMs, ...options } = {}) {
  const world = { revision: 1, pulls: 0, applied: undefined };
  const snapshot = () => ({ revision: String(world.revision), data: world.revision });
  world.sync = createRevisionSync({
    topic: TOPIC,
    subscriber: {
      async subscribe(handler) {
        world.emit = handler;
        return () => {};
      },
    },
    provider: {
      getSnapshot() {
        world.pulls += 1;
        return delayMs === undefined ? Promise.resolve(snapshot()) : sleep(delayMs).then(snapshot);
      },
    },
    applier: {
      apply({ data }) {
        world.applied = data;
      },
    },
    ...options,
  });
  return world;
}

/** Millions of calls a second, of each contender, in turns. */
function millionsASecond(contenders, calls) {
  const rates = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      const began = processorTime();
      run(calls);
      const rate = (calls * 1000) / (processorTime() - began);
      // The first turn warms up.
      if (turn > 0) {
        rates[name].push(rate);
      }
    }
  }
  return Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, median(all)]));
}

/** Stale events: the engine beside a handler by hand that checks with ajv and compares as BigInt. */
async function stale(task, target, eventOf) {
  const world = inMemory();
  world.revision = 20_000;
  await world.sync.start();
  const events = Array.from({ length: 64 }, (_, index) => eventOf(index));
  const isEvent = new Ajv({ strict: false }).compile({
    type: "object",
    required: ["topic", "revision"],
    properties: {
      topic: { type: "string", pattern: "\\S" },
      revision: { type: "string", pattern: "^(0|[1-9][0-9]{0,19})$" },
      epoch: { type: ["string", "null"] },
      sourceId: { type: ["string", "null"] },
      timestampMs: { type: ["integer", "null"], minimum: 0 },
    },
  });
  let wanted = 0;
  const byHand = (event) => {
    if (!isEvent(event) || (event.topic === TOPIC && BigInt(event.revision) > 20_000n)) {
      wanted += 1;
    }
  };
  const over = (handler) => (calls) => {
    for (let call = 0; call < calls; call += 1) {
      handler(events[call & 63]);
    }
  };
  const { engine, hand } = millionsASecond({ engine: over(world.emit), hand: over(byHand) }, 2_000_000);
  const { events: seen, pulls } = world.sync.metrics();
  world.sync.stop();
  if (wanted > 0 || pulls !== 1 || seen !== 2_000_000 * (ROUNDS + 1)) {
    throw new Error("an event that should be stale was not");
  }
  return { task, millionsASecond: round(engine), ratios: { byHand: round(engine / hand) }, target };
}

/** From an event to its snapshot applied, one after the other, beside a bare pull and apply. */
async function applied() {
  const world = inMemory({ throttling: { throttleMs: 0 } });
  await world.sync.start();
  const calls = 200_000;
  const source = { revision: 1 };
  let state;
  const contenders = {
    async engine() {
      for (let call = 0; call < calls; call += 1) {
        world.revision += 1;
        world.emit({ topic: TOPIC, revision: String(world.revision) });
        await null;
      }
    },
    async hand() {
      for (let call = 0; call < calls; call += 1) {
        source.revision += 1;
        const { data } = await Promise.resolve({ revision: String(source.revision), data: source.revision });
        state = data;
      }
    },
  };
  const rates = { engine: [], hand: [] };
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      const began = processorTime();
      await run();
      const rate = (calls * 1000) / (processorTime() - began);
      if (turn > 0) {
        rates[name].push(rate);
      }
    }
  }
  const metrics = world.sync.metrics();
  world.sync.stop();
  if (metrics.applied !== world.revision || world.applied !== world.revision || state !== source.revision) {
    throw new Error("an event did not lead to its snapshot");
  }
  return {
    task: "event to applied, in memory, throttleMs: 0",
    millionsASecond: round(median(rates.engine)),
    ratios: { barePullAndApply: round(median(rates.engine) / median(rates.hand)) },
    target: 1.2,
  };
}

/** A hundred events at once, with the defaults. */
async function burst() {
  const world = inMemory();
  await world.sync.start();
  const before = world.pulls;
  for (let event = 0; event < 100; event += 1) {
    world.revision += 1;
    world.emit({ topic: TOPIC, revision: String(world.revision) });
  }
  await sleep(300);
  world.sync.stop();
  const last = world.applied === world.revision;
  return { task: "100 events at once", pulls: world.pulls - before, lastApplied: last, target: { pulls: 2 } };
}

/** A slider that moves 60 times a second for two seconds, against a source that takes 2 ms, with the defaults. */
async function slider() {
  const world = inMemory({ delayMs: 2 });
  await world.sync.start();
  const before = world.pulls;
  const began = performance.now();
  for (let move = 1; move <= 120; move += 1) {
    await sleep(Math.max(0, began + (move * 1000) / 60 - performance.now()));
    world.revision += 1;
    world.emit({ topic: TOPIC, revision: String(world.revision) });
  }
  const seconds = (performance.now() - began) / 1000;
  await sleep(200);
  world.sync.stop();
  return {
    task: "60 Hz slider, source of 2 ms",
    pullsASecond: round((world.pulls - before) / seconds),
    lastApplied: world.applied === world.revision,
    target: { pullsASecond: 20 },
  };
}

const results = [
  await stale("stale event", 25, (index) => ({ topic: TOPIC, revision: String(100 + index * 7) })),
  await stale("stale event with every member", 25, (index) => ({
    topic: TOPIC,
    revision: String(100 + index * 7),
    epoch: "",
    sourceId: `window-${index % 3}`,
    timestampMs: 1_790_000_000_000 + index,
  })),
  await applied(),
  await burst(),
  await slider(),
];
console.log(JSON.stringify({ benchmark: "engine", results }));
