import type { InvalidationEvent, SnapshotEnvelope, SyncPhase } from "@statesync/protocol";
import { createApplies } from "./applies.js";
import { createCalls } from "./calls.js";
import { platformClock } from "./clock.js";
import { orThrow, readEnvelope, readEvent } from "./decode.js";
import { createRevisionGate } from "./gate.js";
import { isolate, nothing, watch } from "./isolate.js";
import { createLimiter } from "./limiter.js";
import type { SyncMetrics } from "./metrics.js";
import { numberOption, OptionError } from "./options.js";
import type { Logger, SyncErrorContext, Unsubscribe } from "./ports.js";
import { type Caller, createPuller } from "./puller.js";
import { createBackoff } from "./retry.js";
import type { RevisionSync, RevisionSyncOptions } from "./revision-sync.js";
import type { SyncStatus } from "./status.js";
import { createWants } from "./wants.js";

/**
 * Makes the engine that keeps a copy of one topic current (chapter "The engine").
 *
 * @throws {OptionError} For a blank topic, and for an option outside of its range (ENG-9).
 */
export function createRevisionSync<D = unknown>(options: RevisionSyncOptions<D>): RevisionSync<D> {
  const { topic, subscriber, provider, applier, shouldRefresh, validate, initialSnapshot } = options;
  if (typeof topic !== "string" || !topic.trim()) {
    throw new OptionError("topic", "a string that is not blank", topic);
  }
  const timeout = (option: "subscribeTimeoutMs" | "getSnapshotTimeoutMs" | "applyTimeoutMs") =>
    numberOption(
      option,
      options[option],
      numberOption("timeoutMs", options.timeoutMs, 10_000, Number.MIN_VALUE),
      Number.MIN_VALUE,
    );
  const subscribeTimeoutMs = timeout("subscribeTimeoutMs");
  const backoff = createBackoff(options.retry, options.random ?? undefined, "retry.");

  const gate = createRevisionGate();
  if (initialSnapshot != null) {
    const read = readEnvelope(initialSnapshot);
    if (typeof read === "string") {
      throw new OptionError("initialSnapshot", "a snapshot envelope", read);
    }
    gate.accept(read);
  }

  const figures: SyncMetrics = { events: 0, coalesced: 0, pulls: 0, applied: 0, skipped: 0, errors: {} };
  const listeners = new Set<(status: SyncStatus) => void>();
  const wants = createWants(gate);
  const calls = createCalls(options.clock ?? platformClock, (error) => report("throttle", error));
  const { handle, call } = calls;

  let state: "idle" | "starting" | "running" | "stopped" = "idle";
  let wanting = false;
  let told: SyncStatus = "idle";
  /** The `start` under way: its caller, and the promise that all calls of `start` share. */
  let starter: Caller | undefined;
  let starting: Promise<void> | undefined;
  let unsubscribe: Unsubscribe | undefined;
  let dropSubscribe: (() => void) | undefined;

  function log(level: keyof Logger, message: string, context: unknown) {
    isolate(() => options.logger?.[level](message, context));
  }

  function report(phase: SyncPhase, error: unknown, members?: Partial<SyncErrorContext>) {
    figures.errors[phase] = (figures.errors[phase] ?? 0) + 1;
    const context = { phase, topic, error, ...members } as SyncErrorContext;
    if (phase !== "subscribe") {
      context.localRevision = gate.revision;
    }
    log(context.willRetry ? "warn" : "error", `${phase} failed`, context);
    isolate(
      () => options.onError?.(context),
      (failure) => log("error", "onError failed", failure),
    );
  }

  const getStatus = (): SyncStatus => (state !== "running" ? state : wanting ? "stale" : "live");

  /** Tells a change of the status (ENG-84). */
  function tell() {
    const status = getStatus();
    if (status !== told) {
      told = status;
      for (const listener of listeners) {
        // A listener that stops the engine has told the others of it already.
        if (told === status) {
          isolate(
            () => listener(status),
            (failure) => log("error", "a status listener failed", failure),
          );
        }
      }
    }
  }

  function read(value: unknown): SnapshotEnvelope<D> {
    const snapshot = orThrow(readEnvelope<D>(value), "the snapshot");
    if (watch(validate?.(snapshot), nothing) === false) {
      throw new Error("validate refused the snapshot");
    }
    return snapshot;
  }

  const limiter = createLimiter(
    options.throttling,
    "throttling.",
    () => wants.some() && puller.request(),
    calls.now,
    calls.setTimer,
  );

  function trigger() {
    if (unsubscribe) {
      if (limiter.hasPending()) {
        figures.coalesced += 1;
      }
      limiter.trigger();
    }
  }

  function gap() {
    wants.gap();
    trigger();
  }

  const applies = createApplies(
    gate,
    calls,
    figures,
    applier,
    timeout("applyTimeoutMs"),
    wants.forgetVoid,
    (error, { revision }) =>
      report("apply", error, {
        eventRevision: wants.get()?.revision,
        snapshotRevision: revision,
      } as Partial<SyncErrorContext>),
    gap,
  );

  const puller = createPuller<D>(calls, wants, backoff, figures, timeout("getSnapshotTimeoutMs"), {
    getSnapshot: (callOptions) => provider.getSnapshot(callOptions),
    read,
    answer: applies.answer,
    report,
    ended(callers, failed, isWanting) {
      wanting = isWanting;
      if (starter && callers.includes(starter)) {
        if (failed) {
          abandon();
        } else {
          state = "running";
          starter = undefined;
        }
      }
      tell();
    },
  });

  const endSubscription = (end: Unsubscribe) => isolate(end, (error) => report("subscribe", error));

  function unsubscribeOnce() {
    const end = unsubscribe;
    unsubscribe = undefined;
    if (end) {
      endSubscription(end);
    }
  }

  /** What is left of a `start` that failed is dropped, so that it can be called again (ENG-20). */
  function abandon() {
    unsubscribeOnce();
    wants.forget(wants.get());
    wants.heal(wants.gaps());
    limiter.clear();
    puller.dropIdleQueue();
    starter = undefined;
    state = "idle";
  }

  function subscribe(attempt: number) {
    call(
      "subscribe",
      subscribeTimeoutMs,
      (callOptions) =>
        subscriber.subscribe(receive, Object.assign(callOptions, { onGap: () => handle(gap) })),
      (failed, outcome) => {
        if (!failed) {
          unsubscribe = outcome as Unsubscribe;
          puller.request(starter);
          return;
        }
        const nextDelayMs = backoff(attempt, outcome);
        dropSubscribe =
          nextDelayMs === undefined ? undefined : calls.setTimer(() => subscribe(attempt + 1), nextDelayMs);
        const willRetry = dropSubscribe !== undefined;
        report("subscribe", outcome, {
          attempt,
          willRetry,
          ...(willRetry && { nextDelayMs }),
        } as Partial<SyncErrorContext>);
        const caller = starter;
        if (!willRetry && caller) {
          abandon();
          tell();
          caller[1](outcome);
        }
      },
      (late) => endSubscription(late as Unsubscribe),
    );
  }

  /** Takes what a subscriber hands over. What is stale goes no further, and nothing is allocated for it. */
  function receive(value: InvalidationEvent) {
    if (state === "stopped") {
      return;
    }
    figures.events += 1;
    const event = readEvent(value);
    if (typeof event === "string" || (event.topic === topic && !gate.isStale(event))) {
      handle(() => consider(event));
    }
  }

  function consider(event: InvalidationEvent | string) {
    if (typeof event === "string") {
      try {
        orThrow(event, "the event");
      } catch (error) {
        report("protocol", error);
      }
    } else if (!gate.isStale(event)) {
      const { revision, sourceId } = event;
      const answer = shouldRefresh
        ? isolate(
            () => shouldRefresh(event),
            (error) =>
              report("invalidation", error, {
                sourceEvent: event,
                eventRevision: revision,
                ...(sourceId != null && { sourceId }),
              }),
          )
        : true;
      if (answer !== false) {
        wants.raise(event);
        trigger();
      }
    }
  }

  /** A promise whose failure does not surface where nobody waits for it (ENG-75). */
  function quiet<T>(
    run: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> {
    return watch(new Promise<T>(run), nothing);
  }

  const stopped = () => new Error("the engine is stopped; make a new one to start again");

  if (topic !== topic.trim()) {
    log("warn", "the topic begins or ends with white space", topic);
  }

  return {
    start() {
      return quiet<void>((resolve, reject) =>
        handle(
          () => {
            if (state === "running") {
              resolve();
              return;
            }
            if (!starter) {
              state = "starting";
              starting = quiet<void>((succeed, fail) => {
                starter = [succeed, fail];
              });
              tell();
              subscribe(1);
            }
            starting?.then(resolve, reject);
          },
          () => {
            const error = stopped();
            report("start", error);
            reject(error);
          },
        ),
      );
    },
    stop() {
      if (state !== "stopped") {
        state = "stopped";
        limiter.clear();
        dropSubscribe?.();
        unsubscribeOnce();
        calls.stop();
        tell();
        starter?.[1](stopped());
        puller.stop();
        applies.stop();
      }
    },
    refresh: () =>
      quiet<void>((resolve, reject) => handle(() => puller.request([resolve, reject], true), resolve)),
    offer: (value) =>
      quiet<boolean>((resolve) =>
        handle(
          () => {
            let snapshot: SnapshotEnvelope<D>;
            try {
              snapshot = read(value);
            } catch (error) {
              report("protocol", error);
              resolve(false);
              return;
            }
            applies.offer(snapshot, resolve);
          },
          () => resolve(false),
        ),
      ),
    getLocalRevision: () => gate.revision,
    getLocalEpoch: () => gate.epoch,
    get status() {
      return getStatus();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    metrics: () => ({ ...figures, errors: { ...figures.errors } }),
  };
}
