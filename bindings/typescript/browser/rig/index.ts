/**
 * The rig for tests in a real Chromium: one browser and one server on loopback for each file of tests.
 *
 * ```ts
 * inBrowser("BroadcastChannel", (rig) => {
 *   beforeAll(() => rig().server.page("/", new URL("./pages/channel.ts", import.meta.url)));
 *   it("reaches the other tab", async () => {
 *     const [one, two] = [await rig().open<Subject>("/"), await rig().open<Subject>("/")];
 *     await one.call("send", "7");
 *     await two.until("received", (revisions) => revisions.includes("7"));
 *   });
 * });
 * ```
 *
 * Where no Chromium is there, the tests are reported as skipped, and why.
 */
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { type Browser, findChromium, launchChromium, NO_CHROMIUM } from "./chromium.js";
import { type PageServer, servePages } from "./server.js";
import { asTab, type Tab, whenExposed } from "./tab.js";

export type { Tab } from "./tab.js";

/** A browser and the server of its pages. */
export interface Rig {
  readonly browser: Browser;
  readonly server: PageServer;
  /** Opens a tab on a path of the server, and waits until the page's script has called `expose`. */
  open<S = Record<string, never>>(path: string): Promise<Tab<S>>;
}

/**
 * A group of tests with a browser, started before the first of them and ended after the last one. Tabs that a test
 * leaves open are closed after it, so that no test hears the messages of another one.
 */
export function inBrowser(name: string, tests: (rig: () => Rig) => void): void {
  const executable = findChromium();
  if (executable === undefined) {
    console.warn(`browser tests skipped: ${name}: ${NO_CHROMIUM}`);
    describe.skip(`${name} (${NO_CHROMIUM})`, () => tests(notThere));
    return;
  }
  describe(name, () => {
    let rig: Rig | undefined;
    beforeAll(async () => {
      const server = await servePages();
      const browser = await launchChromium(executable);
      rig = { browser, server, open: (path) => openTab(browser, server, path) };
    });
    afterEach(async () => {
      await Promise.all((rig?.browser.context.pages() ?? []).map((page) => page.close()));
    });
    afterAll(async () => {
      await rig?.browser.close();
      await rig?.server.close();
    });
    tests(() => rig ?? notThere());
  });
}

function notThere(): never {
  throw new Error("the browser is there in tests and hooks only");
}

async function openTab<S>(browser: Browser, server: PageServer, path: string): Promise<Tab<S>> {
  const page = await browser.context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const response = await page.goto(server.origin + path);
  if (response?.ok() !== true) {
    throw new Error(
      `${path} was answered with ${response?.status() ?? "nothing"}; serve it with server.page()`,
    );
  }
  await whenExposed(page);
  return asTab(page, errors);
}
