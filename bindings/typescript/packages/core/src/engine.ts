import type { InvalidationEvent, SnapshotEnvelope, SyncPhase } from "@statesync/protocol";
import { createCalls, type Port } from "./calls.js";
import { platformClock } from "./clock.js";
import { type Fault, faultError, readEnvelope, readEvent } from "./decode.js";
import { createRevisionGate, epochOf, isGreater, type Position } from "./gate.js";
import { isolate, nothing, watch } from "./isolate.js";
import { createLimiter } from "./limiter.js";
import type { SyncMetrics } from "./metrics.js";
import { numbersOf, OptionError } from "./options.js";
import type { CallOptions, Logger, SyncErrorContext, Unsubscribe } from "./ports.js";
import { createBackoff } from "./retry.js";
import type { RevisionSync, RevisionSyncOptions } from "./revision-sync.js";
import type { SyncStatus } from "./status.js";

/** Who waits for a pull: told its success, or its failure. */
type Caller = readonly [succeed: () => void, fail: (error: unknown) => void];

/** A snapshot from elsewhere than the provider, and who is told whether it was applied. */
type Offer<D> = readonly [snapshot: SnapshotEnvelope<D>, tell: (applied: boolean) => void];

/** What a report tells, as far as it is known. */
type Members = { [Name in keyof SyncErrorContext]?: SyncErrorContext[Name] | undefined };

/**
 * Makes the engine that keeps a copy of one topic current (chapter "The engine").
 *
 * It is one state machine: what it remembers are the variables below, its inputs run one after the other through
 * `handle`, and what it does to the world are calls of `call`, `setTimer`, `report` and `tell`.
 *
 * @throws {OptionError} For a blank topic, and for an option outside of its range (ENG-9).
 */
export function createRevisionSync<D = unknown>(options: RevisionSyncOptions<D>): RevisionSync<D> {
  const { topic, subscriber, provider, applier, shouldRefresh, validate, initialSnapshot } = options;
  if (typeof topic !== "string" || !topic.trim()) {
    throw new OptionError("topic", "a text, not blank", topic);
  }
  const number = numbersOf(options);
  const timeoutMs = number("timeoutMs", 10_000, Number.MIN_VALUE);
  const timeouts = {} as Record<Port, number>;
  for (const port of ["subscribe", "getSnapshot", "apply"] as const) {
    timeouts[port] = number(`${port}TimeoutMs`, timeoutMs, Number.MIN_VALUE);
  }
  const backoff = createBackoff(options.retry, options.random ?? undefined, "retry.");

  const gate = createRevisionGate();
  if (initialSnapshot != null) {
    const read = readEnvelope(initialSnapshot);
    if (typeof read === "string") {
      throw new OptionError("initialSnapshot", "a snapshot", read);
    }
    gate.accept(read);
  }

  const figures: SyncMetrics = { events: 0, coalesced: 0, pulls: 0, applied: 0, skipped: 0, errors: {} };
  const [handle, setTimer, call, now, stop] = createCalls(options.clock ?? platformClock, timeouts, (error) =>
    report("throttle", error),
  );
  const [triggerLimiter, clearLimiter, hasPending] = createLimiter(
    options.throttling,
    "throttling.",
    () => (gaps > healed || isOpen(promise)) && request(),
    now,
    setTimer,
  );

  // ----- Reports and status -------------------------------------------------------------------------------------

  let state: SyncStatus = "idle";
  let told: SyncStatus = "idle";
  const listeners = new Set<(status: SyncStatus) => void>();

  const log = (level: keyof Logger, message: string, context: unknown) =>
    isolate(() => options.logger?.[level](message, context));

  /** Reports an error; members that are `undefined` are left out (ENG-71). */
  function report(phase: SyncPhase, error: unknown, members?: Members) {
    figures.errors[phase] = (figures.errors[phase] ?? 0) + 1;
    const context: Members = { phase, topic, error };
    const known: Members = { localRevision: gate.revision, ...members };
    for (const name in known) {
      if (known[name as keyof Members] !== undefined) {
        context[name as "error"] = known[name as keyof Members];
      }
    }
    log("error", phase, context);
    isolate(
      () => options.onError?.(context as SyncErrorContext),
      (failure) => log("error", "onError", failure),
    );
  }

  /** Tells a change of the status (ENG-84). */
  function tell() {
    const status = state;
    if (status !== told) {
      told = status;
      for (const listener of listeners) {
        // A listener that stops the engine has told the others of it already.
        if (told === status) {
          isolate(
            () => listener(status),
            (failure) => log("error", "status", failure),
          );
        }
      }
    }
  }

  // ----- What the reader lacks: the promise of the events, and gaps ---------------------------------------------

  let promise: Position | undefined;
  let gaps = 0;
  /** The gaps up to this one are made up for. */
  let healed = 0;

  /** Whether an event tells something new, and a promise is neither reached nor void. */
  const isOpen = (position: Position | undefined) => position && !gate.isStale(position);

  /** Takes what a subscriber hands over. What is stale goes no further, and nothing is allocated for it. */
  function receive(value: InvalidationEvent) {
    if (state !== "stopped") {
      figures.events++;
      let event: InvalidationEvent | Fault;
      try {
        event = readEvent(value, topic);
      } catch (error) {
        event = "wrong-type";
        value = error as never;
      }
      if (typeof event === "string" || (event.topic === topic && isOpen(event))) {
        consider(event, value);
      }
    }
  }

  const consider = (event: InvalidationEvent | Fault, value: unknown) =>
    handle((late) => {
      if (late) {
        return;
      }
      if (typeof event === "string") {
        // A transport whose text does not decode hands over the error in place of an event (TRA-5).
        report("protocol", value instanceof Error ? value : faultError(event));
      } else if (isOpen(event) && isWanted(event)) {
        if (
          !promise ||
          (epochOf(promise) === epochOf(event)
            ? isGreater(event.revision, promise.revision)
            : gate.judge(event) !== "newer")
        ) {
          promise = event;
        }
        trigger();
      }
    });

  const isWanted = (event: InvalidationEvent) =>
    !shouldRefresh ||
    isolate(
      () => shouldRefresh(event),
      (error) =>
        report("invalidation", error, {
          sourceEvent: event,
          eventRevision: event.revision,
          sourceId: event.sourceId || undefined,
        }),
    ) !== false;

  function gap() {
    gaps++;
    trigger();
  }

  function trigger() {
    if (unsubscribe) {
      if (hasPending()) {
        figures.coalesced++;
      }
      triggerLimiter();
    }
  }

  // ----- The puller: at most one attempt under way, and one pull queued behind it -------------------------------

  let attempt = 0;
  /** Whether an attempt is under way. */
  let pulling = false;
  /** Whom the attempt under way serves, or the one that waits. */
  let served: Caller[] = [];
  /** Whom the queued pull serves; nothing where none is queued. */
  let queue: Caller[] | undefined;
  /** Drops the timer of the attempt that waits for its time, or of the turn before the queued pull. */
  let wake: (() => void) | undefined;

  /** The promise and the gaps when the attempt under way began. */
  let promised: Position | undefined;
  let gapsBefore = 0;
  /** The answer that waits for the end of an `apply`. */
  let answer: SnapshotEnvelope<D> | undefined;

  /** Requests a pull; `atOnce` begins one that waits for its time (ENG-42 to ENG-44). */
  function request(caller?: Caller, atOnce?: boolean) {
    if (pulling && !queue) {
      queue = [];
    } else if (queue || wake) {
      figures.coalesced++;
    }
    if (caller) {
      (queue ?? served).push(caller);
    }
    if (!queue && (!wake || atOnce)) {
      wake?.();
      pull(1);
    }
  }

  function pull(number: number) {
    served = queue ?? served;
    queue = wake = undefined;
    pulling = true;
    attempt = number;
    promised = promise;
    gapsBefore = gaps;
    figures.pulls++;
    call("getSnapshot", getSnapshot, answered);
  }

  const getSnapshot = (callOptions: CallOptions) => provider.getSnapshot(callOptions);

  function answered(failed: boolean, outcome: unknown) {
    if (failed) {
      end("getSnapshot", outcome, failed);
    } else {
      answer = decode(outcome, (error) => end("protocol", error, true));
      judgeAnswer();
    }
  }

  function judgeAnswer() {
    const snapshot = answer;
    if (snapshot && !applying && state !== "stopped") {
      answer = undefined;
      if (isOpen(snapshot)) {
        apply(snapshot, (failed, error) => {
          if (failed) {
            end("apply", error, failed, snapshot);
          } else {
            attempt = 1;
            succeed(snapshot);
          }
        });
      } else {
        figures.skipped++;
        succeed(snapshot, gate.judge(snapshot) === "older");
      }
    }
  }

  function succeed(snapshot: Position, older?: boolean) {
    healed = gapsBefore;
    if (older || isOpen(promised)) {
      const error = new Error(`promised ${promised?.revision}, found ${snapshot.revision}`);
      end(older ? "protocol" : "refresh", error, false, snapshot);
    } else {
      end();
    }
  }

  /** Sets the timer of the next attempt, where the policy allows one and the clock works; and tells of it. */
  function retry(
    attempt: number,
    run: (attempt: number) => void,
    error: unknown,
  ): [drop: (() => void) | undefined, members: Members] {
    // Where chance itself fails, no attempt follows.
    const nextDelayMs = isolate(() => backoff(attempt, error));
    const drop = nextDelayMs === undefined ? nextDelayMs : setTimer(() => run(attempt + 1), nextDelayMs);
    return [drop, { attempt, willRetry: !!drop, nextDelayMs: drop && nextDelayMs }];
  }

  /**
   * An attempt has ended.
   *
   * @param phase - Of what is wrong: the attempt failed, or it left the reader behind. Nothing where all is well.
   */
  function end(phase?: SyncPhase, error?: unknown, failed?: boolean, snapshot?: Position) {
    let again: unknown;
    if (phase && (failed || !queue)) {
      // Only an error of a port has a say in what follows, not one of the decoder or the validator (ENG-66).
      const [drop, members] = retry(attempt, pull, phase === "protocol" || error);
      wake = drop;
      again = failed && drop;
      if (failed || !drop) {
        report(phase, error, { ...promiseAnd(snapshot), ...members });
        if (!failed && promise === promised) {
          promise = undefined;
        }
      }
    }
    // Its callers are served by the next one, or they are settled, save where a `stop` on the way does that.
    const isStart = !again && starter && served.includes(starter);
    pulling = false;
    if (isStart && failed) {
      abandon();
    } else if (isStart || state === "live" || state === "stale") {
      state = phase ? "stale" : "live";
    }
    if (again) {
      served.push(...(queue ?? []));
      queue = undefined;
    }
    tell();
    if (again) {
      return;
    }
    const callers = served;
    served = [];
    if (isStart) {
      starter = undefined;
    }
    for (const [succeed, fail] of callers) {
      failed ? fail(error) : succeed();
    }
    if (queue) {
      wake = setTimer(() => pull(1), 0);
      if (!wake) {
        pull(1);
      }
    }
  }

  /** What a report about a snapshot tells beside its error (ENG-71). */
  const promiseAnd = (snapshot?: Position): Members => ({
    eventRevision: promise?.revision,
    snapshotRevision: snapshot?.revision,
  });

  // ----- Through the gate to the application, one `apply` at a time ---------------------------------------------

  let applying = false;
  const offers = new Set<Offer<D>>();

  /** Reads a snapshot and has it validated (ENG-51, ENG-59); nothing where it is refused. */
  function decode(value: unknown, refused: (error: unknown) => void): SnapshotEnvelope<D> | undefined {
    try {
      const snapshot = readEnvelope<D>(value);
      if (typeof snapshot === "string") {
        throw faultError(snapshot);
      }
      const verdict = watch(validate?.(snapshot), nothing);
      if (verdict === false || verdict instanceof Promise) {
        throw new Error(verdict ? "validate gave a promise; it answers at once" : "validate refused it");
      }
      return snapshot;
    } catch (error) {
      if (state !== "stopped") {
        refused(error);
      }
    }
  }

  function apply(snapshot: SnapshotEnvelope<D>, then: (failed: boolean, error: unknown) => void) {
    applying = true;
    call(
      "apply",
      (callOptions) => applier.apply(snapshot, callOptions),
      (failed, error) => {
        applying = false;
        if (!failed) {
          figures.applied++;
          gate.accept(snapshot);
          if (promise && epochOf(promise) !== gate.epoch && !isOpen(promise)) {
            promise = undefined;
          }
        }
        then(failed, error);
        judgeAnswer();
        judgeOffers();
      },
    );
  }

  /** Applies the newest of the offers that pass the gate; the others are judged by it (ENG-60, ENG-62). */
  function judgeOffers() {
    if (applying || !offers.size) {
      return;
    }
    /** Holds the best of them. */
    const trial = createRevisionGate();
    let best: Offer<D> | undefined;
    for (const offer of offers) {
      // Both let it through.
      if (/^(first|newer){2}/.test(gate.judge(offer[0]) + trial.judge(offer[0]))) {
        trial.accept(offer[0]);
        best = offer;
      }
    }
    for (const offer of offers) {
      if (offer !== best) {
        figures.skipped++;
        offers.delete(offer);
        offer[1](false);
        if (isOpen(offer[0]) && !trial.isStale(offer[0])) {
          gap();
        }
      }
    }
    if (best) {
      const applied = best;
      const [snapshot, tellApplied] = best;
      apply(snapshot, (failed, error) => {
        if (failed) {
          report("apply", error, promiseAnd(snapshot));
        }
        offers.delete(applied);
        tellApplied(!failed);
      });
    }
  }

  // ----- Start and stop -----------------------------------------------------------------------------------------

  /** The `start` under way, whose outcome all calls of `start` share. */
  let starter: Caller | undefined;
  let starting: Promise<void> | undefined;
  let unsubscribe: Unsubscribe | undefined;
  let dropSubscribe: (() => void) | undefined;

  const reportSubscribe = (error: unknown, members?: Members) =>
    report("subscribe", error, { ...members, localRevision: undefined });
  const endSubscription = (end: unknown) => isolate(end as Unsubscribe, reportSubscribe);

  function unsubscribeOnce() {
    const end = unsubscribe;
    unsubscribe = undefined;
    if (end) {
      endSubscription(end);
    }
  }

  /** Drops what is left of a `start` that failed, so that it can be called again (ENG-20). */
  function abandon() {
    // First of all: what follows may call `stop`.
    state = "idle";
    unsubscribeOnce();
    clearLimiter();
    promise = undefined;
    healed = gaps;
    if (!queue?.length) {
      queue = undefined;
    }
  }

  const subscribe = (number: number) =>
    call(
      "subscribe",
      (callOptions) =>
        subscriber.subscribe(
          receive,
          Object.assign(callOptions, { onGap: () => handle((late) => late || gap()) }),
        ),
      (failed, outcome) => {
        if (failed) {
          const [drop, members] = retry(number, subscribe, outcome);
          dropSubscribe = drop;
          reportSubscribe(outcome, members);
          if (!drop && starter) {
            abandon();
            tell();
            starter?.[1](outcome);
            starter = undefined;
          }
        } else {
          unsubscribe = outcome as Unsubscribe;
          request(starter);
        }
      },
      endSubscription,
    );

  const stopped = () => new Error("the engine is stopped");

  if (topic !== topic.trim()) {
    log("warn", "the topic has white space around it", topic);
  }

  /** Makes an input with an outcome, whose failure does not surface where nobody waits for it (ENG-75). */
  const ask = <T>(
    input: (late: boolean, resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> =>
    watch(new Promise<T>((resolve, reject) => handle((late) => input(late, resolve, reject))), nothing);

  const sync: RevisionSync<D> = {
    start: () =>
      ask((late, resolve, reject) => {
        if (late) {
          const error = stopped();
          report("start", error);
          reject(error);
          return;
        }
        if (state === "idle") {
          state = "starting";
          starting = new Promise<void>((...caller) => {
            starter = caller;
          });
          tell();
          subscribe(1);
        }
        starting?.then(resolve, reject);
      }),
    stop() {
      if (state !== "stopped") {
        state = "stopped";
        clearLimiter();
        dropSubscribe?.();
        wake?.();
        stop();
        unsubscribeOnce();
        tell();
        starter?.[1](stopped());
        for (const [succeed] of served.concat(queue ?? [])) {
          succeed();
        }
        served = [];
        queue = starter = undefined;
        for (const [, tellApplied] of offers) {
          tellApplied(false);
        }
      }
    },
    refresh: () => ask<void>((late, ...caller) => (late ? caller[0]() : request(caller, true))),
    offer: (value) =>
      ask((late, resolve) => {
        const snapshot = late ? undefined : decode(value, (error) => report("protocol", error));
        if (snapshot && state !== "stopped") {
          offers.add([snapshot, resolve]);
          judgeOffers();
        } else {
          resolve(false);
        }
      }),
    getLocalRevision: () => gate.revision,
    getLocalEpoch: () => gate.epoch,
    get status() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    metrics: () => ({ ...figures, errors: { ...figures.errors } }),
  };
  applier.attach?.(sync);
  return sync;
}
