import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable"];

/**
 * The Chromium of this machine: what the environment variable `CHROME` names, or one in its usual place.
 *
 * @throws Where `CHROME` names nothing: a run that was told which browser to take must not go without one.
 */
export function findChromium(): string | undefined {
  const { CHROME: named } = process.env;
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) {
      throw new Error(
        `CHROME is ${JSON.stringify(named)}, where no file is; expected the path of a Chromium`,
      );
    }
    return named;
  }
  return PLACES.find((path) => existsSync(path));
}

/** Why browser tests are skipped, for people. */
export const NO_CHROMIUM =
  "no Chromium was found: install it (Debian: `apt-get install chromium`), or name one in CHROME";

// Nothing here may reach beyond loopback: the background services of the browser are off.
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A running browser with a profile of its own: its tabs share one storage, as a user's tabs do. */
export interface Browser {
  readonly context: BrowserContext;
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

/** Starts Chromium with a fresh profile. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "state-sync-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: FLAGS,
    // The back/forward cache is part of what is tested; playwright would switch it off.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  // The blank page that every browser starts with.
  const blank = context.pages();
  await Promise.all(blank.map((page) => page.close()));
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
