import { type Clock, platformClock } from "@statesync/core";
import { checkNotAborted } from "./fan-out.js";

/** How long to wait for an answer. */
export interface Patience {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock | undefined;
}

/** A question under way: what ends it, and what is said when nobody answers. */
interface Question {
  readonly end: () => void;
  readonly nobody: string;
}

/**
 * Asks others who may not be there, and waits for the first answer (TRA-14, TRA-15).
 *
 * @param ask - Asks; it must return before it is answered, as it does where answers are messages.
 * @throws What the cancellation says, or that nobody answered in time.
 */
export async function awaitAnswer<T>(
  { signal, timeoutMs = 1000, clock = platformClock }: Patience,
  ask: (answer: (value: T) => void, fail: (error: unknown) => void) => Question,
): Promise<T> {
  checkNotAborted(signal);
  return await new Promise<T>((resolve, reject) => {
    const finish = () => {
      dropTimer();
      signal?.removeEventListener("abort", onAbort);
      question.end();
    };
    const fail = (error: unknown) => {
      finish();
      reject(error);
    };
    const onAbort = () => fail(signal?.reason);
    const question = ask((value) => {
      finish();
      resolve(value);
    }, fail);
    const dropTimer = clock.setTimer(
      () => fail(new Error(`${question.nobody} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    signal?.addEventListener("abort", onAbort);
  });
}

/** A name for a tab or a request: 64 bits by chance (PRS-48). */
export function createSourceId(): string {
  const bits = crypto.getRandomValues(new Uint32Array(2));
  return Array.from(bits, (part) => part.toString(16).padStart(8, "0")).join("");
}
