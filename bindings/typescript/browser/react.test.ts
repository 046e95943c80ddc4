import { beforeAll, expect, it } from "vitest";
import type { subject } from "./pages/react.js";
import { inBrowser } from "./rig/index.js";

type Subject = typeof subject;

inBrowser("useSyncStatus", (rig) => {
  beforeAll(() => rig().server.page("/react", new URL("./pages/react.ts", import.meta.url)));

  it("hydrates what a server rendered, then follows the engine, and lets go of it", async () => {
    const tab = await rig().open<Subject>("/react");
    await tab.until("shown", (shown) => shown === "live");
    expect(await tab.call("problems")).toEqual([]);
    expect((await tab.call("renders"))[0]).toBe("idle");
    expect(await tab.call("listeners")).toEqual([1, 0]);

    await tab.call("fail");
    await tab.until("shown", (shown) => shown === "stale");
    await tab.call("stop");
    await tab.until("shown", (shown) => shown === "stopped");

    await tab.call("show", "two");
    await tab.until("shown", (shown) => shown === "idle");
    expect(await tab.call("listeners")).toEqual([0, 1]);

    await tab.call("unmount");
    await tab.until("listeners", ([one, two]) => one === 0 && two === 0);
    expect(tab.errors).toEqual([]);
  });
});
