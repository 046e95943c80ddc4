import { beforeAll, beforeEach, expect, it } from "vitest";
import type { subject } from "./pages/persistence.js";
import { inBrowser } from "./rig/index.js";

type Subject = typeof subject;
type Name = "localStorage" | "sessionStorage" | "indexedDB";

inBrowser("persistence", (rig) => {
  beforeAll(() => rig().server.page("/", new URL("./pages/persistence.ts", import.meta.url)));
  const open = () => rig().open<Subject>("/");

  beforeEach(async () => {
    const tab = await open();
    await tab.page.evaluate(async () => {
      localStorage.clear();
      const databases = await indexedDB.databases();
      await Promise.all(
        databases.map(
          ({ name }) =>
            new Promise((resolve) => {
              indexedDB.deleteDatabase(name as string).onsuccess = resolve;
            }),
        ),
      );
    });
    await tab.close();
  });

  it.each<Name>(["localStorage", "sessionStorage", "indexedDB"])("keeps records in %s", async (name) => {
    const tab = await open();
    const { ran, failed } = await tab.call("suite", name);
    expect(failed).toEqual([]);
    expect(ran).toBeGreaterThan(10);
    expect(tab.errors).toEqual([]);
  });

  it.each<Name>(["localStorage", "indexedDB"])(
    "loads after a reload what %s was given before",
    async (name) => {
      const tab = await open();
      expect(await tab.call("open", name, { enableHash: true, compressed: true })).toBe(false);
      await tab.call("apply", "42", "a".repeat(1_000));
      expect(await tab.call("flush")).toBe("saved");
      expect(await tab.call("stored", name)).toMatchObject({
        revision: "42",
        compressed: true,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      await tab.reload();
      expect(await tab.call("open", name, { compressed: true })).toBe(true);
      expect(await tab.call("states")).toEqual(["42"]);
    },
  );

  it.each([
    ["plain", {}],
    ["compressed", { compressed: true }],
    ["with a hash", { enableHash: true }],
  ])("completes a pending save in localStorage when the page goes away: %s (PRS-36)", async (_, options) => {
    const tab = await open();
    await tab.call("open", "localStorage", { debounceMs: 3_000_000, ...options });
    await tab.call("apply", "7", "b".repeat(500));
    expect(await tab.call("stored", "localStorage")).toBe(null);
    await tab.reload();
    expect(await tab.call("stored", "localStorage")).toMatchObject({ revision: "7" });
  });

  it("completes a pending save when the tab is closed", async () => {
    const tab = await open();
    await tab.call("open", "localStorage", { debounceMs: 3_000_000 });
    await tab.call("apply", "8");
    await tab.close();
    expect(await (await open()).call("stored", "localStorage")).toMatchObject({ revision: "8" });
  });

  it("saves when it goes into the back/forward cache, and goes on when it comes back", async () => {
    const tab = await open();
    await tab.call("open", "localStorage", { debounceMs: 3_000_000 });
    await tab.call("apply", "1");
    rig().server.route("/elsewhere", (_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<p>elsewhere");
    });
    await tab.page.goto(`${rig().server.origin}/elsewhere`);
    expect(await tab.page.evaluate(() => localStorage.getItem("record"))).toContain('"revision":"1"');
    await tab.page.goBack({ waitUntil: "commit" });
    // It is the page of before, with its state.
    expect(await tab.until("states", (states) => states.length > 0)).toEqual(["1"]);
    await tab.call("apply", "2");
    expect(await tab.call("flush")).toBe("saved");
    expect(await tab.call("stored", "localStorage")).toMatchObject({ revision: "2" });
  });

  it("leaves a whole record when a tab is closed while it saves", async () => {
    for (let round = 0; round < 3; round++) {
      const tab = await open();
      await tab.call("open", "indexedDB", { throttleMs: 0 });
      const many = tab.call("applyMany", 10_000, 5_000).catch(() => {});
      const other = await open();
      await other.until("stored", (record) => record !== null, "indexedDB");
      await tab.close();
      await many;
      const record = await other.call("stored", "indexedDB");
      expect(record?.length).toBe(5_000 * (record?.revision.length ?? 0));
      await other.close();
    }
  });

  it("says that localStorage is full, keeps what was there, and saves again when there is room", async () => {
    const tab = await open();
    await tab.call("open", "localStorage");
    await tab.call("apply", "1");
    await tab.call("flush");
    await tab.call("fill", "localStorage");
    await tab.call("apply", "2", "z".repeat(100_000));
    expect(await tab.call("flush")).toBe("quota-exceeded");
    expect(await tab.call("errors")).toContain("quota-exceeded");
    expect(await tab.call("stored", "localStorage")).toMatchObject({ revision: "1" });
    await tab.page.evaluate(() => localStorage.removeItem("ballast"));
    expect(await tab.call("flush")).toBe("saved");
    expect(await tab.call("stored", "localStorage")).toMatchObject({ revision: "2" });
  });

  it("gives the database up for another tab's upgrade, and opens it again (PRS-44, PRS-45)", async () => {
    const [one, two] = [await open(), await open()];
    await one.call("open", "indexedDB");
    await one.call("apply", "1");
    await one.call("flush");
    expect(await two.call("saveIn", "another-store", 2_000)).toBe("saved");
    await one.call("apply", "2");
    expect(await one.call("flush")).toBe("saved");
    expect(await one.call("deleteDatabase")).toBe("deleted");
    await one.call("apply", "3");
    expect(await one.call("flush")).toBe("saved");
    expect(await two.call("stored", "indexedDB")).toMatchObject({ revision: "3" });
  });

  it("is unavailable where other code blocks the upgrade, and not once it gives way (PRS-45)", async () => {
    const [one, two] = [await open(), await open()];
    await one.call("saveIn", "store", 2_000);
    await one.call("keepOpen");
    expect(await two.call("saveIn", "blocked", 100)).toBe("unavailable");
    await one.call("letGo");
    expect(await two.call("saveIn", "blocked", 2_000)).toBe("saved");
  });

  it("does not say that it has saved what IndexedDB takes back: the transaction is aborted after the put (PRS-40, PRS-41)", async () => {
    const tab = await open();
    await tab.call("open", "indexedDB", { retryAttempts: 0 });
    await tab.call("apply", "1", "a".repeat(100));
    expect(await tab.call("flush")).toBe("saved");
    await tab.call("abortTransactions", 1);
    await tab.call("apply", "2", "b".repeat(200));
    expect(await tab.call("flush")).toBe("unavailable");
    expect(await tab.call("errors")).toEqual(["unavailable"]);
    expect(await tab.call("stored", "indexedDB")).toMatchObject({ revision: "1", length: 100 });
    // It is still pending, and the next transaction is completed.
    expect(await tab.call("flush")).toBe("saved");
    expect(await tab.call("stored", "indexedDB")).toMatchObject({ revision: "2", length: 200 });
    expect(tab.errors).toEqual([]);
  });

  it("says that IndexedDB is full, and keeps what was there whole (PRS-40, PRS-41, PRS-47)", async () => {
    const tab = await open();
    const browser = await tab.page.context().newCDPSession(tab.page);
    const { origin } = rig().server;
    // The browser remembers for a while how much room there was, unless it has to look at the origin anew.
    await browser.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
    await browser.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 500_000 });
    await tab.call("open", "indexedDB");
    await tab.call("apply", "1", "a".repeat(100));
    expect(await tab.call("flush")).toBe("saved");
    await tab.call("applyRandom", "2", 4_000_000);
    expect(await tab.call("flush")).toBe("quota-exceeded");
    expect(await tab.call("errors")).toContain("quota-exceeded");
    expect(await tab.call("stored", "indexedDB")).toMatchObject({ revision: "1", length: 100 });
    await browser.send("Storage.overrideQuotaForOrigin", { origin });
    expect(await tab.call("flush")).toBe("saved");
    expect(await tab.call("stored", "indexedDB")).toMatchObject({ revision: "2" });
    expect(tab.errors).toEqual([]);
  });

  it("opens the database again that the browser has closed under it (PRS-44)", async () => {
    const tab = await open();
    // Without a second attempt, it has to hear of the end of its connection.
    await tab.call("open", "indexedDB", { retryAttempts: 0 });
    await tab.call("apply", "1");
    expect(await tab.call("flush")).toBe("saved");
    const browser = await tab.page.context().newCDPSession(tab.page);
    const { origin } = rig().server;
    await browser.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
    expect(await tab.call("stored", "indexedDB")).toBe(null);
    await tab.call("apply", "2");
    expect(await tab.call("flush")).toBe("saved");
    expect(await tab.call("stored", "indexedDB")).toMatchObject({ revision: "2" });
    expect(await tab.call("errors")).toEqual([]);
  });

  it("brings a snapshot to the other tabs through their gates, once, and saves it once (PRS-51, PRS-53, PRS-54)", async () => {
    const [one, two, three] = [await open(), await open(), await open()];
    for (const tab of [one, two, three]) {
      await tab.call("open", "indexedDB", { tabs: true });
    }
    await one.call("apply", "5");
    for (const tab of [two, three]) {
      await tab.until("states", (states) => states.includes("5"));
    }
    await two.call("apply", "6");
    await one.until("states", (states) => states.includes("6"));
    await three.until("states", (states) => states.includes("6"));
    await three.call("post", {
      type: "snapshot",
      sourceId: "stale",
      snapshot: { revision: "4", data: "old" },
    });
    await three.call("post", {
      type: "snapshot",
      sourceId: "bad",
      snapshot: { revision: "07", data: "bad" },
    });
    await one.until("errors", (errors) => errors.length > 0);
    expect(await one.call("states")).toEqual(["5", "6"]);
    expect(await one.call("errors")).toEqual(["channel"]);
    // The two that were applied, and the two that were made up: none was sent again.
    expect((await one.call("messages")).filter((type) => type === "snapshot")).toHaveLength(4);
    for (const [tab, saves] of [
      [one, 1],
      [two, 1],
      [three, 0],
    ] as const) {
      await tab.call("flush");
      expect((await tab.call("stats")).saveCount).toBe(saves);
      expect(tab.errors).toEqual([]);
    }
  });

  it("gives a new tab the current state from a tab that has it (PRS-56, PRS-57)", async () => {
    const [one, two] = [await open(), await open()];
    await one.call("open", "sessionStorage", { tabs: true });
    await two.call("open", "sessionStorage", { tabs: true });
    await one.call("apply", "9", { theme: "dark" });
    await two.until("states", (states) => states.includes("9"));
    const late = await open();
    await late.call("open", "sessionStorage", { tabs: true });
    expect(await late.until("states", (states) => states.length > 0)).toEqual(["9"]);
  });

  it("clears for all tabs, and nothing comes back (PRS-37, PRS-58, PRS-59)", async () => {
    const [one, two] = [await open(), await open()];
    await one.call("open", "localStorage", { tabs: true, debounceMs: 3_000_000 });
    await two.call("open", "localStorage", { tabs: true });
    await one.call("apply", "1");
    await two.until("states", (states) => states.includes("1"));
    expect(await two.call("clear")).toBe("cleared");
    await one.until("events", (events) => events.includes("cleared"));
    await one.reload();
    expect(await two.call("stored", "localStorage")).toBe(null);
    await one.call("open", "localStorage", { tabs: true });
    await one.call("post", { type: "request-sync", sourceId: "late" });
    await one.call("apply", "2");
    await two.until("states", (states) => states.includes("2"));
    expect(await one.call("states")).toEqual(["2"]);
  });

  it("has one leader, and another one when it is closed or resigns", async () => {
    const tabs = [await open(), await open(), await open()];
    for (const tab of tabs) {
      await tab.call("run", "pull");
    }
    const leaders = async () => {
      const open = tabs.filter((tab) => !tab.page.isClosed());
      const leads = await Promise.all(open.map((tab) => tab.call("isLeader")));
      return open.filter((_, index) => leads[index]);
    };
    await expect.poll(leaders).toHaveLength(1);
    const [first] = await leaders();
    await first?.close();
    await expect.poll(leaders).toHaveLength(1);
    const [second] = await leaders();
    expect(second).not.toBe(first);
    await second?.call("resign");
    await expect
      .poll(async () => (await leaders()).length === 1 && (await leaders())[0] !== second)
      .toBe(true);
  });

  it("has no leader that says so when its lock was stolen, until it has the lock again", async () => {
    const [one, thief] = [await open(), await open()];
    await one.call("run", "stolen");
    await one.until("isLeader", (leads) => leads);
    await thief.page.evaluate(
      () =>
        new Promise<void>((stolen) => {
          navigator.locks.request("stolen", { steal: true }, () => {
            stolen();
            return new Promise(() => {});
          });
        }),
    );
    await one.until("isLeader", (leads) => !leads);
    expect(await one.call("events")).toEqual(["lead", "resign"]);
    await thief.close();
    await one.until("isLeader", (leads) => leads);
    expect(await one.call("events")).toEqual(["lead", "resign", "lead"]);
    expect(one.errors).toEqual([]);
  });
});
