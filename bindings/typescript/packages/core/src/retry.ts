import { platformClock } from "./clock.js";
import { isolate } from "./isolate.js";
import { noopLogger } from "./logger.js";
import { INFINITE, numbersOf, OptionError } from "./options.js";
import type { Clock, Logger, SnapshotProvider, SyncErrorContext } from "./ports.js";

/** What follows a failed attempt. All times are in milliseconds. */
export interface RetryPolicy {
  /** How many attempts in a row are made, the first included; 3 by default, infinite for no end. */
  maxAttempts?: number | null | undefined;
  /** The delay after the first attempt; 500 by default. */
  initialDelayMs?: number | null | undefined;
  /** By what the delay grows from one attempt to the next; 2 by default. */
  backoffMultiplier?: number | null | undefined;
  /** The longest delay; 10000 by default. */
  maxDelayMs?: number | null | undefined;
  /** The part of a delay that chance may take away, from 0 to 1; 1 by default: full jitter. */
  jitter?: number | null | undefined;
}

/**
 * The delay in milliseconds after attempt `attempt` of a row, which counts from 1; nothing where no other attempt
 * follows, because of the policy or of the error (ENG-65, ENG-66).
 */
export type Backoff = (attempt: number, error?: unknown) => number | undefined;

/**
 * The retry policy as a function. It calls `random` once for each delay (ENG-82).
 *
 * @param prefix - What the names of options begin with in errors.
 * @throws {OptionError} For an option outside of its range (ENG-9).
 */
export function createBackoff(
  policy?: RetryPolicy | null,
  random: () => number = Math.random,
  prefix = "",
): Backoff {
  const number = numbersOf(policy, prefix);
  const maxAttempts = number("maxAttempts", 3, 1, INFINITE);
  const initialDelayMs = number("initialDelayMs", 500);
  const multiplier = number("backoffMultiplier", 2, 1);
  const maxDelayMs = number("maxDelayMs", 10_000);
  const jitter = number("jitter", 1, 0, 1);
  if (maxAttempts % 1) {
    throw new OptionError(`${prefix}maxAttempts`, "an integer", maxAttempts);
  }
  return (attempt, error) => {
    const { retryable, retryAfterMs } = Object(error);
    if (attempt >= maxAttempts || retryable === false) {
      return undefined;
    }
    // 0 times an infinite growth is no number.
    const grown = Math.min(maxDelayMs, initialDelayMs * multiplier ** (attempt - 1) || 0);
    const delayMs = Math.floor(grown * (1 - jitter * random()));
    return retryAfterMs > delayMs ? Math.ceil(Math.min(retryAfterMs, Number.MAX_SAFE_INTEGER)) : delayMs;
  };
}

/** What {@link withRetry} takes beside the policy. */
export interface RetrierOptions extends RetryPolicy {
  /** The platform's by default. */
  clock?: Clock | null | undefined;
  /** Numbers from 0 (included) to 1 (excluded); the platform's by default. */
  random?: (() => number) | null | undefined;
}

/** An attempt of a retrier that failed and is followed by another. */
export interface Retry {
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly error: unknown;
  /** How long the next attempt waits, in milliseconds. */
  readonly nextDelayMs: number;
}

/**
 * A provider that repeats the calls of another one that fail, and fails with the last error (ENG-68).
 *
 * The engine of {@link createRevisionSync} retries by itself; give it `retry: { maxAttempts: 1 }` beside this one, or
 * attempts multiply. A call that is cancelled fails with the error of the attempt before.
 *
 * @throws {OptionError} For an option outside of its range (ENG-9).
 */
export function withRetry<D>(
  provider: SnapshotProvider<D>,
  policy?: RetrierOptions | null,
  onRetry?: ((retry: Retry) => void) | null,
): SnapshotProvider<D> {
  const backoff = createBackoff(policy, policy?.random ?? undefined);
  const clock = policy?.clock ?? platformClock;
  return {
    async getSnapshot(options) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await provider.getSnapshot(options);
        } catch (error) {
          const signal = options?.signal;
          const nextDelayMs = signal?.aborted ? undefined : isolate(() => backoff(attempt, error));
          if (nextDelayMs === undefined) {
            throw error;
          }
          isolate(() => onRetry?.({ attempt, error, nextDelayMs }));
          if (signal?.aborted) {
            throw error;
          }
          await new Promise<void>((resolve, reject) => {
            const drop = clock.setTimer(() => {
              signal?.removeEventListener("abort", abandon);
              resolve();
            }, nextDelayMs);
            function abandon() {
              drop();
              reject(error);
            }
            signal?.addEventListener("abort", abandon);
          });
        }
      }
    },
  };
}

/** What {@link withRetryReporting} takes. */
export interface RetryReportingOptions {
  /** The topic of the snapshots, for the reports. */
  topic: string;
  policy?: RetrierOptions | null | undefined;
  logger?: Logger | null | undefined;
  onError?: ((context: SyncErrorContext) => void) | null | undefined;
}

/** {@link withRetry} that reports each attempt that is followed by another, with the phase `getSnapshot`. */
export function withRetryReporting<D>(
  provider: SnapshotProvider<D>,
  { topic, policy, logger, onError }: RetryReportingOptions,
): SnapshotProvider<D> {
  return withRetry(provider, policy, (retry) => {
    const context: SyncErrorContext = { phase: "getSnapshot", topic, ...retry, willRetry: true };
    const log = logger ?? noopLogger;
    isolate(() => log.warn("getSnapshot failed", context));
    isolate(
      () => onError?.(context),
      (error) => isolate(() => log.error("onError failed", error)),
    );
  });
}
