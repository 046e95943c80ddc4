// The profile `engine`: plays a script against `createRevisionSync` (conformance/scripts.md, "Engines").
import { createRevisionSync, OptionError } from "@statesync/core";
import { createScript, ScriptError, writtenError } from "./script.mjs";

const PORTS = ["subscribe", "getSnapshot", "apply"];

/** A message without the members that the protocol does not know, and without nulls where they mean nothing. */
function only(names, message) {
  const entries = names.filter((name) => message[name] != null || name === "data");
  return Object.fromEntries(entries.map((name) => [name, message[name]]));
}

const snapshotOf = (snapshot) => only(["revision", "data", "epoch"], snapshot);
const eventOf = (event) => only(["topic", "revision", "epoch", "sourceId", "timestampMs"], event);

function contextOf({ error, sourceEvent, ...context }) {
  const written = { ...context, error: writtenError(error) };
  return sourceEvent === undefined ? written : { ...written, sourceEvent: eventOf(sourceEvent) };
}

function numbersOf(metrics) {
  return { ...metrics, errors: { ...metrics.errors } };
}

async function run(input) {
  const { options, callbacks = [] } = input;
  /** The handlers of subscriptions that have not been ended, by the number of the call of `subscribe`. */
  const subscriptions = new Map();
  let engine;

  const script = createScript({ input, act });
  for (const port of PORTS) {
    script.define(port);
  }
  for (const callback of ["unsubscribe", "validate", "onError", "status"]) {
    script.define(callback, () => undefined);
  }
  script.define("shouldRefresh", () => true);

  function act(action) {
    if (Object.hasOwn(action, "event")) {
      deliver(({ handler }) => handler(action.event));
    } else if (Object.hasOwn(action, "gap")) {
      deliver(({ onGap }) => onGap());
    } else if (Object.hasOwn(action, "offer")) {
      script.application("offer", () => engine.offer(action.offer));
    } else if (action.call === "metrics") {
      script.application("metrics", () => numbersOf(engine.metrics()));
    } else if (typeof engine[action.call] === "function") {
      script.application(action.call, () => engine[action.call]());
    } else {
      throw new ScriptError(`there is no action ${JSON.stringify(action)} for an engine`);
    }
  }

  function deliver(to) {
    const latest = [...subscriptions.values()].at(-1);
    if (latest !== undefined) {
      to(latest);
    }
  }

  let subscribed = 0;
  const callback = (name, shown) =>
    callbacks.includes(name)
      ? { [name]: (argument) => script.call(name, { argument, shown: shown(argument) }) }
      : {};
  try {
    engine = createRevisionSync({
      ...options,
      retry: withInfinity(options.retry),
      subscriber: {
        subscribe(handler, { signal, onGap }) {
          subscribed += 1;
          const number = subscribed;
          subscriptions.set(number, { handler, onGap });
          const end = () => {
            subscriptions.delete(number);
            return script.call("unsubscribe");
          };
          const outcome = script.call("subscribe", { signal });
          // What is answered at once has settled when it returns (ENG-69).
          return typeof outcome?.then === "function" ? outcome.then(() => end) : end;
        },
      },
      provider: { getSnapshot: ({ signal }) => script.call("getSnapshot", { signal }) },
      applier: {
        apply: (snapshot, { signal }) =>
          script.call("apply", { signal, argument: snapshot, shown: snapshotOf(snapshot) }),
      },
      ...callback("shouldRefresh", eventOf),
      ...callback("validate", snapshotOf),
      onError: (context) => script.call("onError", { argument: context, shown: contextOf(context) }),
      clock: script.time.clock,
      random: script.time.random,
    });
  } catch (error) {
    if (!(error instanceof OptionError)) {
      throw error;
    }
    script.note({ refused: error.option });
    return script.trace;
  }
  if (callbacks.includes("status")) {
    engine.subscribe((status) => script.call("status", { argument: status }));
  }
  return script.play();
}

function withInfinity(retry) {
  return retry?.maxAttempts === "infinite"
    ? { ...retry, maxAttempts: Number.POSITIVE_INFINITY }
    : (retry ?? undefined);
}

export const operations = { "engine.run": run };
