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

/**
 * A number that is an option: its default where it is absent or nothing (ENG-8).
 *
 * @throws {OptionError} Where it is no number from `minimum` to `maximum`.
 */
export function numberOption(
  option: string,
  value: number | null | undefined,
  fallback: number,
  minimum = 0,
  maximum = Number.MAX_VALUE,
): number {
  const number = value ?? fallback;
  if (typeof number !== "number" || !(number >= minimum && number <= maximum)) {
    throw new OptionError(option, `a number from ${minimum} to ${maximum}`, number);
  }
  return number;
}
