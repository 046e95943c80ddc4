import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inBrowser } from "./rig/index.js";

const EXAMPLE = fileURLToPath(new URL("../../../examples/two-tabs/", import.meta.url));

/** What a user sees of a tab. */
const seen = (page: Page) =>
  page.evaluate(() => {
    const text = (id: string) => document.getElementById(id)?.textContent ?? "";
    return {
      items: [...document.querySelectorAll("li")].map(
        (row) => `${row.querySelector("input")?.checked ? "x" : "-"} ${row.textContent}`,
      ),
      left: text("left"),
      status: text("status"),
      role: text("role"),
      error: document.getElementById("error")?.hidden ? "" : text("error"),
    };
  });

const shows = async (page: Page, items: string[]) =>
  await expect.poll(async () => (await seen(page)).items, { timeout: 10_000, interval: 10 }).toEqual(items);

inBrowser("examples/two-tabs", (rig) => {
  let server: ChildProcess;
  let address: string;

  beforeAll(async () => {
    server = spawn(process.execPath, ["serve.mjs"], {
      cwd: EXAMPLE,
      env: { ...process.env, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
      const [found] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line) ?? [];
      if (found !== undefined) {
        address = found;
        return;
      }
    }
    throw new Error("the example's server ended without an address");
  });
  afterAll(() => {
    server?.kill();
  });

  const open = async () => {
    const page = await rig().browser.context.newPage();
    await page.setViewportSize({ width: 620, height: 620 });
    await page.goto(address);
    await expect.poll(async () => (await seen(page)).status, { timeout: 10_000, interval: 10 }).toBe("live");
    return page;
  };
  const add = async (page: Page, text: string) => {
    await page.fill("#text", text);
    await page.press("#text", "Enter");
  };

  it("shares one list between tabs, gives it to a third, and keeps it", async () => {
    const one = await open();
    expect(await seen(one)).toMatchObject({
      items: [],
      left: "Nothing on the list yet.",
      role: "this tab is the source",
    });
    const two = await open();
    expect((await seen(two)).role).toBe("another tab is the source");

    await add(one, "Bread");
    await shows(two, ["- Bread"]);
    await add(two, "Tomatoes <b>& more</b>");
    await add(two, "Coffee");
    await shows(one, ["- Bread", "- Tomatoes <b>& more</b>", "- Coffee"]);
    await one.check("li:nth-child(1) input");
    await shows(two, ["x Bread", "- Tomatoes <b>& more</b>", "- Coffee"]);

    const three = await open();
    await shows(three, ["x Bread", "- Tomatoes <b>& more</b>", "- Coffee"]);
    const { PICTURES: pictures } = process.env;
    if (pictures !== undefined) {
      await mkdir(pictures, { recursive: true });
      await one.screenshot({ path: `${pictures}/one.png` });
      await three.emulateMedia({ colorScheme: "dark" });
      await three.screenshot({ path: `${pictures}/three.png` });
      await two.setViewportSize({ width: 320, height: 620 });
      await two.screenshot({ path: `${pictures}/two.png` });
    }

    // The source goes; another tab goes on, and no action is lost on the way.
    await one.close();
    await expect
      .poll(async () => [(await seen(two)).role, (await seen(three)).role].sort(), {
        timeout: 10_000,
        interval: 10,
      })
      .toEqual(["another tab is the source", "this tab is the source"]);
    await three.click("#tidy");
    await shows(two, ["- Tomatoes <b>& more</b>", "- Coffee"]);

    await two.reload();
    await shows(two, ["- Tomatoes <b>& more</b>", "- Coffee"]);
    expect((await seen(two)).error).toBe("");

    // All tabs are closed, and the list is kept: the change right before it, too.
    await two.close();
    await add(three, "Salt");
    await shows(three, ["- Tomatoes <b>& more</b>", "- Coffee", "- Salt"]);
    await three.close();
    const later = await open();
    await shows(later, ["- Tomatoes <b>& more</b>", "- Coffee", "- Salt"]);
    expect(await seen(later)).toMatchObject({
      left: "3 of 3 to get",
      role: "this tab is the source",
      error: "",
    });
  });
});
