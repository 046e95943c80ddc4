import { isolated } from "./events.js";
import { isPromise } from "./run.js";

/** The application's check of data. It answers at once: `false`, or an error, refuses the data. */
export type Validator<D> = ((data: D) => unknown) | null | undefined;

/**
 * Whether a validator accepts data. A promise is no answer, and accepts nothing: it is watched, and nobody waits for it.
 *
 * @throws What the validator throws, and where it gives a promise.
 */
export function isAccepted<D>(validator: Validator<D>, data: D): boolean {
  const answer = validator?.(data);
  if (isPromise(answer)) {
    isolated(() => answer);
    throw new TypeError("the validator gave a promise; it must answer at once");
  }
  return answer !== false;
}
