// The operation `persistence.run`: plays a script around a persistence layer (conformance/scripts.md).
import { OptionError } from "@statesync/core";
import {
  createCrossTabSync,
  createPersistenceApplier,
  loadPersistedSnapshot,
  PersistenceError,
} from "@statesync/persistence";
import { createScript, ScriptError } from "./script.mjs";

const EVENTS = ["saveStart", "saveComplete", "saveError", "loadComplete", "expired", "migrated", "cleared"];

/** The compressors of scripts, by the names that the option `compression` has there. */
const COMPRESSORS = {
  base64: {
    compress: (text) => Buffer.from(text, "utf8").toString("base64"),
    decompress(text) {
      const bytes = Buffer.from(text, "base64");
      if (bytes.toString("base64") !== text) {
        throw new Error("this is not Base64");
      }
      return bytes.toString("utf8");
    },
  },
  runs: {
    compress(text) {
      if (/[0-9]/.test(text)) {
        throw new Error("text with digits cannot be compressed");
      }
      return text.replace(/([A-Za-z])\1{1,8}/g, (run) => run[0] + run.length);
    },
    decompress: (text) =>
      text.replace(/([A-Za-z])([2-9])/g, (_, letter, count) => letter.repeat(Number(count))),
  },
  fails: {
    compress() {
      throw new Error("this compressor always fails");
    },
    decompress() {
      throw new Error("this compressor always fails");
    },
  },
};

/** A persistence error as a trace has it: its kind, and its cause where the script gave that. */
function written(error) {
  if (!(error instanceof PersistenceError)) {
    return error instanceof Error ? { own: true } : structuredClone(error ?? null);
  }
  const { kind, cause } = error;
  const known = cause !== undefined && !(cause instanceof Error);
  return { kind, ...(known ? { cause: structuredClone(cause) } : {}) };
}

/** What a backend fails with: the kind that the script gives, or an error of the platform. */
function backendFailure(value) {
  const { kind, cause } = Object(value);
  return typeof kind === "string" ? new PersistenceError(kind, `the store failed: ${kind}`, cause) : value;
}

/** The store of a script, behind ports that the script settles. */
function createStore({ define, call, note }, initial) {
  let stored = structuredClone(initial);
  for (const port of ["save", "load", "clear"]) {
    define(port);
  }

  /** Calls a port, and goes on when it has answered, now or later. */
  function port(name, argument, next) {
    const failed = (error) => {
      throw backendFailure(error);
    };
    let outcome;
    try {
      outcome = call(name, { argument });
    } catch (error) {
      failed(error);
    }
    return typeof outcome?.then === "function" ? outcome.then(next, failed) : next(outcome);
  }

  const mayGo = (judge) => judge === undefined || judge(structuredClone(stored)) !== false;
  return {
    replace(record) {
      stored = record;
    },
    backend: {
      conditional: true,
      saveWithMetadata(snapshot, metadata, judge) {
        const record = structuredClone({ snapshot, metadata });
        return port("save", record, () => {
          if (mayGo(judge)) {
            stored = record;
            note({ stored: structuredClone(record) });
          }
        });
      },
      loadWithMetadata: () => port("load", undefined, (given) => structuredClone(given ?? stored)),
      clear: (judge) =>
        port("clear", undefined, () => {
          if (mayGo(judge)) {
            stored = undefined;
            note({ cleared: true });
          }
        }),
    },
  };
}

/** The channel of a script; what is posted shows the layer's own `sourceId` as "self". */
function createChannel(call) {
  return {
    onmessage: null,
    postMessage({ sourceId, timestampMs, ...message }) {
      call("post", { argument: { ...message, sourceId: "self" } });
    },
    close() {
      this.onmessage = null;
    },
  };
}

/** Steps from the versions that the script names, each of which asks the script. */
function migrationOf({ migration, schemaVersion }, call) {
  const step = (from) => (data) => {
    const migrated = call("migrate", { argument: { from, data } });
    return migrated?.nothing === true ? undefined : migrated;
  };
  return (
    migration && {
      currentVersion: schemaVersion ?? 1,
      migrations: Object.fromEntries(migration.map((from) => [from, step(from)])),
    }
  );
}

async function run(input) {
  const { options = {}, callbacks = [] } = input;
  const script = createScript({ input, act, written });
  const { time, note, define, call, application } = script;
  const store = createStore(script, input.stored);
  define("apply");
  for (const callback of ["post", "validator", "onPersistenceError", "on"]) {
    define(callback, () => undefined);
  }
  define("migrate", ({ data }) => data);

  let hide = () => {};
  const channel = createChannel(call);
  const { clock, random, wallNow: wallClock } = time;
  let tabs;
  let layer;
  try {
    tabs = createCrossTabSync({
      channelName: "script",
      topic: options.topic,
      receiveUpdates: options.receiveUpdates,
      broadcastSaves: options.broadcastSaves,
      channel: options.crossTabSync ? channel : { ...channel, postMessage() {} },
      clock,
      random,
      wallClock,
    });
    layer = createPersistenceApplier({
      ...options,
      storage: store.backend,
      applier: { apply: (snapshot) => call("apply", { argument: snapshot }) },
      compression: options.compression && {
        algorithm: options.compression,
        ...COMPRESSORS[options.compression],
      },
      crossTabSync: options.crossTabSync ? tabs : undefined,
      migration: migrationOf(options, call),
      validator: callbacks.includes("validator")
        ? (data) => call("validator", { argument: data })
        : undefined,
      onPersistenceError: (error) => call("onPersistenceError", { argument: written(error) }),
      pageHidden(callback) {
        hide = callback;
        return () => {
          hide = () => {};
        };
      },
      clock,
      wallClock,
    });
  } catch (error) {
    if (!(error instanceof OptionError)) {
      throw error;
    }
    note({ refused: optionName(error, options) });
    return script.trace;
  }
  if (callbacks.includes("on")) {
    for (const event of EVENTS) {
      layer.on(event, () => call("on", { argument: event }));
    }
  }

  function act(action) {
    if (Object.hasOwn(action, "message")) {
      const message = structuredClone(action.message);
      if (message?.sourceId === "self") {
        message.sourceId = tabs.getTabId();
      }
      channel.onmessage?.({ data: message });
    } else if (Object.hasOwn(action, "pageHidden")) {
      hide();
    } else if (Object.hasOwn(action, "store")) {
      store.replace(action.nothing ? undefined : structuredClone(action.store));
    } else if (action.call === "load") {
      const { ignoreTTL, verifyHash } = options;
      application("load", () => loadPersistedSnapshot(store.backend, layer, { ignoreTTL, verifyHash }));
    } else if (action.call === "apply") {
      application("apply", () => layer.apply(structuredClone(action.with)));
    } else if (typeof layer[action.call] === "function") {
      application(action.call, () => layer[action.call]());
    } else {
      throw new ScriptError(`there is no action ${JSON.stringify(action)} for a persistence layer`);
    }
  }

  return script.play();
}

/** The name of an option as the prose has it: the limiter does not know where its options lie. */
function optionName({ option }, { debounceMs, throttling }) {
  const short = option === "debounceMs" && throttling?.debounceMs == null && debounceMs != null;
  return ["debounceMs", "throttleMs", "maxWaitMs", "leading"].includes(option) && !short
    ? `throttling.${option}`
    : option;
}

export const operations = { "persistence.run": run };
