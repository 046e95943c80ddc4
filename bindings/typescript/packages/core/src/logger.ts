import { nothing } from "./isolate.js";
import type { Logger } from "./ports.js";

/** A logger that takes no notes. */
export const noopLogger: Logger = { debug: nothing, warn: nothing, error: nothing };

/** What {@link createConsoleLogger} takes. */
export interface ConsoleLoggerOptions {
  /** What each line begins with; `"[statesync]"` by default. */
  prefix?: string | null | undefined;
  /** Whether `debug` writes; false by default. */
  debug?: boolean | null | undefined;
}

/** A logger that writes to the console. */
export function createConsoleLogger(options?: ConsoleLoggerOptions | null): Logger {
  const write =
    (level: keyof Logger) =>
    (message: string, ...context: unknown[]) =>
      console[level](`${options?.prefix ?? "[statesync]"} ${message}`, ...context);
  return {
    debug: options?.debug ? write("debug") : nothing,
    warn: write("warn"),
    error: write("error"),
  };
}

/**
 * A logger whose notes carry tags: they join the context of each, and the context wins where both have a name.
 *
 * A context that is no plain record, such as an error, becomes the member `context`.
 */
export function tagLogger(base: Logger, tags: Readonly<Record<string, unknown>>): Logger {
  const write = (level: keyof Logger) => (message: string, context?: unknown) => {
    const isRecord = context === undefined || Object.getPrototypeOf(Object(context)) === Object.prototype;
    base[level](message, isRecord ? { ...tags, ...(context as object) } : { ...tags, context });
  };
  return { debug: write("debug"), warn: write("warn"), error: write("error") };
}
