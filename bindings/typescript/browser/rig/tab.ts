import type { Page } from "playwright-core";

// biome-ignore lint/suspicious/noExplicitAny: any function fits, whatever its arguments
type AnyFunction = (...args: any[]) => unknown;

/** What a page script exposes: `typeof subject` of the page's source. */
export type Subject = Record<string, AnyFunction>;

/** A tab of the browser, and the functions that its page exposes. */
export interface Tab<S> {
  /** The page itself, for what is not here (`goBack`, `screenshot`, `locator`). */
  readonly page: Page;
  /** What the page threw and nobody caught, so far. */
  readonly errors: string[];
  /** Calls a function of the page and gives its outcome. */
  call<N extends keyof S & string>(name: N, ...args: Arguments<S[N]>): Promise<Outcome<S[N]>>;
  /** Calls a function of the page again and again until its outcome is as wanted; the test's time-out is the limit. */
  until<N extends keyof S & string>(
    name: N,
    accept: (outcome: Outcome<S[N]>) => boolean,
    ...args: Arguments<S[N]>
  ): Promise<Outcome<S[N]>>;
  /** Loads the page anew, and waits until its script has run. */
  reload(): Promise<void>;
  /** Closes the tab as a user does; `pagehide` fires. */
  close(): Promise<void>;
}

type Arguments<F> = F extends AnyFunction ? Parameters<F> : never;
type Outcome<F> = F extends AnyFunction ? Awaited<ReturnType<F>> : never;

/** Waits until the page's script has called `expose`. */
export const whenExposed = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => "subject" in globalThis, undefined, { polling: 10 });

/** Makes a tab of a page that has loaded. */
export function asTab<S>(page: Page, errors: string[]): Tab<S> {
  const tab: Tab<S> = {
    page,
    errors,
    call(name, ...args) {
      return page.evaluate(
        ([name, args]) => {
          const { subject } = globalThis as unknown as { subject: Subject };
          const called = subject[name];
          if (called === undefined) {
            throw new Error(`the page exposes no ${name}; it has ${Object.keys(subject).join(", ")}`);
          }
          return called(...args) as never;
        },
        [name, args] as [string, unknown[]],
      );
    },
    async until(name, accept, ...args) {
      for (;;) {
        const outcome = await tab.call(name, ...args);
        if (accept(outcome)) {
          return outcome;
        }
      }
    },
    async reload() {
      await page.reload();
      await whenExposed(page);
    },
    async close() {
      await page.close({ runBeforeUnload: false });
    },
  };
  return tab;
}
