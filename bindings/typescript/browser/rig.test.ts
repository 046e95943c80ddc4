import { beforeAll, expect, it } from "vitest";
import type { subject } from "./pages/rig.js";
import { inBrowser } from "./rig/index.js";

type Subject = typeof subject;

inBrowser("the rig", (rig) => {
  beforeAll(() => rig().server.page("/", new URL("./pages/rig.ts", import.meta.url)));

  it("opens tabs that are of one origin and share storage and channels", async () => {
    const one = await rig().open<Subject>("/");
    const two = await rig().open<Subject>("/");
    await one.call("store", "key", "value");
    expect(await two.call("stored", "key")).toBe("value");
    await one.call("post", { topic: "settings", revision: "7" });
    await one.call("post", "no event");
    await one.call("post", { topic: "settings", revision: "8" });
    expect(await two.until("received", (revisions) => revisions.includes("8"))).toEqual(["7", "8"]);
    expect(await one.call("received")).toEqual([]);
  });

  it("has what a secure page has", async () => {
    const tab = await rig().open<Subject>("/");
    expect(await tab.call("capabilities")).toEqual({
      secure: true,
      locks: true,
      indexedDB: true,
      subtle: true,
      sharedWorker: true,
    });
  });

  it("keeps storage over a reload and a closed tab", async () => {
    const tab = await rig().open<Subject>("/");
    await tab.call("store", "kept", "yes");
    await tab.reload();
    expect(await tab.call("stored", "kept")).toBe("yes");
    await tab.close();
    expect(await (await rig().open<Subject>("/")).call("stored", "kept")).toBe("yes");
  });

  it("collects what a page throws", async () => {
    const tab = await rig().open<Subject>("/");
    await tab.call("fail");
    await tab.until("shows", () => tab.errors.length > 0);
    expect(tab.errors).toEqual(["Error: thrown into the page"]);
  });

  it("says which page is not there", async () => {
    await expect(rig().open("/nowhere")).rejects.toThrow("/nowhere was answered with 404");
  });

  it("brings a page back from the back/forward cache", async () => {
    const tab = await rig().open<Subject>("/");
    rig().server.route("/elsewhere", (_request, response) => {
      response
        .writeHead(200, { "content-type": "text/html", "cache-control": "no-cache" })
        .end("<p>elsewhere");
    });
    await tab.page.goto(`${rig().server.origin}/elsewhere`);
    await tab.page.goBack({ waitUntil: "commit" });
    expect(await tab.until("shows", (shows) => shows.length === 2)).toEqual(["loaded", "restored"]);
  });
});
