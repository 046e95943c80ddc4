import type { ServerResponse } from "node:http";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../packages/web/test/port/until.js";
import type { subject } from "./pages/stack.js";
import { inBrowser, type Tab } from "./rig/index.js";

type Subject = typeof subject;
let names = 0;

inBrowser("whole readers in several tabs", (rig) => {
  beforeAll(async () => {
    await rig().server.page("/", new URL("./pages/stack.ts", import.meta.url));
    rig().server.route("/elsewhere", (_request, response) => {
      response
        .writeHead(200, { "content-type": "text/html", "cache-control": "no-cache" })
        .end("<p>elsewhere");
    });
  });
  /** The ids that a tab shows. */
  const listOf = (shown: Awaited<ReturnType<Subject["shown"]>>) => (shown?.data ?? []) as string[];
  const ids = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`);

  describe("without a server", () => {
    let name: string;
    beforeEach(() => {
      names += 1;
      name = `stack-${names}`;
    });
    const open = async () => {
      const tab = await rig().open<Subject>("/");
      await tab.call("openTabs", name);
      return tab;
    };
    const shows = (tab: Tab<Subject>, count: number) =>
      tab.until("shown", (shown) => listOf(shown).length === count);

    it("three tabs that change one state at once end with the same state", async () => {
      const tabs = [await open(), await open(), await open()];
      await Promise.all(tabs.map((tab, index) => tab.call("dispatch", ids(`tab${index}-`, 40))));
      const shown = await Promise.all(tabs.map((tab) => shows(tab, 120)));
      expect(shown[1]).toEqual(shown[0]);
      expect(shown[2]).toEqual(shown[0]);
      expect(new Set(listOf(shown[0])).size).toBe(120);
      // Each tab's own actions were carried out in its order.
      for (const [index, tab] of tabs.entries()) {
        const own = listOf(shown[0]).filter((id) => id.startsWith(`tab${index}-`));
        expect(own).toEqual(ids(`tab${index}-`, 40));
        await tab.until("acknowledged", ({ length }) => length === 40);
        expect(await tab.call("errors")).toEqual([]);
        // A burst of events is few pulls: 120 changes are not 120 applied snapshots.
        expect(await tab.call("applied")).toBeLessThan(60);
      }
      expect((await Promise.all(tabs.map((tab) => tab.call("isSource")))).filter(Boolean)).toHaveLength(1);
    });

    it("nothing that was acknowledged is lost when the source is closed in the middle of a burst", async () => {
      const [first, second, third] = [await open(), await open(), await open()];
      expect(await first.call("isSource")).toBe(true);
      await second.call("dispatch", ids("a", 200));
      await second.until("acknowledged", ({ length }) => length >= 20);
      const before = await second.call("place");
      await first.close();
      // One of the two others goes on, in a new epoch.
      await until(
        async () => [await second.call("isSource"), await third.call("isSource")],
        (are) => are.includes(true),
      );
      await third.call("dispatch", ["after"]);
      await third.until("shown", (shown) => listOf(shown).includes("after"));
      const last = await second.until("shown", (shown) => listOf(shown).includes("after"));
      const acknowledged = await second.call("acknowledged");
      expect(last?.data).toEqual(expect.arrayContaining(acknowledged));
      expect(new Set(listOf(last)).size).toBe(listOf(last).length);
      expect((await second.call("place")).epoch).not.toBe(before.epoch);
      expect(await third.call("place")).toEqual(await second.call("place"));
    });

    it("what was kept is there when all tabs were closed, and begins a new epoch", async () => {
      const first = await open();
      await first.call("dispatch", ids("kept", 3));
      await shows(first, 3);
      const { epoch } = await first.call("place");
      // A page that goes begins to save, but no page can promise that IndexedDB still commits it.
      await first.until("kept", ({ length }) => length === 3);
      await first.close();
      const later = await open();
      expect(await later.call("shown")).toEqual({ revision: "1", data: ids("kept", 3) });
      expect((await later.call("place")).epoch).not.toBe(epoch);
    });
  });

  describe("with a server", () => {
    let state: { revision: number; epoch: string };
    let streams: Set<ServerResponse>;
    let answers: number[];
    beforeEach(() => {
      state = { revision: 1, epoch: "run-1" };
      streams = new Set();
      answers = [];
      rig().server.route("/state", (request, response) => {
        const etag = `"${state.epoch}-${state.revision}"`;
        const headers = { "content-type": "application/json", "cache-control": "no-cache", etag };
        const known = request.headers["if-none-match"] === etag;
        answers.push(known ? 304 : 200);
        response.writeHead(known ? 304 : 200, headers);
        const snapshot = { revision: String(state.revision), epoch: state.epoch, data: state.revision };
        response.end(known ? undefined : JSON.stringify(snapshot));
      });
      rig().server.route("/events", (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        response.flushHeaders();
        streams.add(response);
        response.on("close", () => streams.delete(response));
      });
    });
    const send = (revision: number) => {
      const text = JSON.stringify({ topic: "state", revision: String(revision), epoch: state.epoch });
      for (const stream of streams) {
        stream.write(`event: invalidation\ndata: ${text}\n\n`);
      }
    };
    const shows = (tab: Tab<Subject>, revision: number) =>
      tab.until("shown", (shown) => shown?.revision === String(revision));

    it("events that are lost, doubled or late leave every tab at the last state", async () => {
      const tabs = [await rig().open<Subject>("/"), await rig().open<Subject>("/")];
      await Promise.all(tabs.map((tab) => tab.call("openServer")));
      expect(await tabs[0]?.call("shown")).toEqual({ revision: "1", data: 1 });

      state.revision = 4;
      for (const revision of [4, 2, 4, 3]) {
        send(revision);
      }
      await Promise.all(tabs.map((tab) => shows(tab, 4)));

      // The streams break, and the event of the next change is lost with them.
      const broken = [...streams];
      for (const stream of broken) {
        stream.destroy();
      }
      state.revision = 5;
      await Promise.all(tabs.map((tab) => shows(tab, 5)));

      // The source is restored from a backup: it counts from 2 again, in a new epoch.
      state = { revision: 2, epoch: "run-2" };
      await until(
        () => streams.size,
        (size) => size === 2,
      );
      send(2);
      await Promise.all(tabs.map((tab) => shows(tab, 2)));
      expect(await Promise.all(tabs.map((tab) => tab.call("status")))).toEqual(["live", "live"]);
      expect(await Promise.all(tabs.map((tab) => tab.call("errors")))).toEqual([[], []]);
    });

    it("a gap without a change is answered with 304, and nothing is applied", async () => {
      const tab = await rig().open<Subject>("/");
      await tab.call("openServer");
      const before = answers.length;
      for (const stream of streams) {
        stream.destroy();
      }
      await until(
        () => answers,
        ({ length }) => length > before,
      );
      expect(answers).toEqual([200, 304]);
      expect(await tab.call("applied")).toBe(1);
    });

    it("a page that comes back from the back/forward cache shows what changed meanwhile", async () => {
      const tab = await rig().open<Subject>("/");
      await tab.call("openStorage", "state");
      await shows(tab, 1);
      await tab.page.goto(`${rig().server.origin}/elsewhere`);
      state.revision = 9;
      await tab.page.goBack({ waitUntil: "commit" });
      await shows(tab, 9);
      // It is the same page that went, not one that was loaded anew.
      expect(await tab.call("returned")).toBe(1);
    });
  });
});
