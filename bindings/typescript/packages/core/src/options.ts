/** Greater than all numbers. */
export const INFINITE = 1 / 0;

/** An option that cannot be used, named as in the prose, such as `throttling.maxWaitMs` (ENG-9). */
export class OptionError extends RangeError {
  constructor(
    /** The option. */
    readonly option: string,
    expected: string,
    found: unknown,
  ) {
    super(`${option}: expected ${expected}, found ${found}`);
  }
}

/** Reads a number out of a group of options: its default where it is absent or nothing (ENG-8). */
export type NumberReader = (name: string, fallback: number, minimum?: number, maximum?: number) => number;

/**
 * Reads the numbers of a group of options; one out of its range is an {@link OptionError}.
 *
 * @param prefix - What the names begin with in errors, such as `retry.`.
 */
export const numbersOf =
  (group: object | null | undefined, prefix = ""): NumberReader =>
  (name, fallback, minimum = 0, maximum = Number.MAX_VALUE) => {
    const number = (group as Record<string, number | null | undefined> | undefined)?.[name] ?? fallback;
    if (typeof number !== "number" || !(number >= minimum) || number > maximum) {
      throw new OptionError(prefix + name, `a number from ${minimum} to ${maximum}`, number);
    }
    return number;
  };
