import { OptionError } from "@statesync/core";

/** A time-out in milliseconds, or its default where it is absent (ENG-8, ENG-9). */
export function timeoutOption(option: string, value: number | null | undefined, fallback: number): number {
  const time = value ?? fallback;
  if (!(time > 0 && time < Number.POSITIVE_INFINITY)) {
    throw new OptionError(option, "a time above 0", time);
  }
  return time;
}

/** A safe integer that is not negative, or its default where it is absent (PRS-1). */
export function integerOption(option: string, value: number | null | undefined, fallback: number): number {
  const integer = value ?? fallback;
  if (!(Number.isSafeInteger(integer) && integer >= 0)) {
    throw new OptionError(option, "an integer from 0 on", integer);
  }
  return integer;
}
