import { OptionError } from "@statesync/core";

/** Whether a value is a safe integer that is not negative. */
export const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * A number out of a group of options, or its default where it is absent (ENG-8, ENG-9): a safe integer that is not
 * negative (PRS-1), or a time-out in milliseconds.
 */
export function numberOption(options: object, option: string, fallback: number, isTimeout?: boolean): number {
  const number = (options as Record<string, number | null | undefined>)[option] ?? fallback;
  if (!(isTimeout ? number > 0 && number < 1 / 0 : isCount(number))) {
    throw new OptionError(option, isTimeout ? "a time above 0" : "an integer from 0 on", number);
  }
  return number;
}
