/** Does nothing. */
export const nothing = (): void => {};

/** Watches what a callback gave and nobody waits for, so that its failure is caught (ENG-76). */
export function watch<T>(outcome: T, failed: (error: unknown) => void): T {
  if (typeof (outcome as PromiseLike<unknown> | undefined)?.then === "function") {
    // What `failed` gives is dropped: a logger that rejects would be another failure that nobody watches.
    Promise.resolve(outcome).catch((error) => {
      failed(error);
    });
  }
  return outcome;
}

/**
 * Calls code of the application's: no failure of it, at once or later, gets out (ENG-74).
 *
 * @param failed - Is told of it, and never throws.
 */
export function isolate<T>(run: () => T, failed: (error: unknown) => void = nothing): T | undefined {
  try {
    return watch(run(), failed);
  } catch (error) {
    failed(error);
  }
}
