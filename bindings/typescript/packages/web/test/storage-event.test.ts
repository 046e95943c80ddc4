import { describe, expect, it } from "vitest";
import { createStorageEventBroadcaster, createStorageEventSubscriber } from "../src/index.js";
import { createTestPage } from "./port/page.js";
import { createRecorder } from "./port/recorder.js";
import { describeSubscriber, event } from "./port/suite.js";

// In a page of a real browser the same suite runs in browser/web.test.ts. Here the browser's part is played: a write of
// another tab becomes a `storage` event, and one that changes nothing becomes none.
function createTestStorage(pages: ReturnType<typeof createTestPage>[]) {
  const values = new Map<string, string>();
  const tell = (key: string | null, newValue: string | null) => {
    for (const page of pages) {
      page.dispatch("storage", { key, newValue });
    }
  };
  return {
    setItem(key: string, value: string) {
      if (values.get(key) !== value) {
        values.set(key, value);
        tell(key, value);
      }
    },
    removeItem(key: string) {
      values.delete(key);
      tell(key, null);
    },
    clear: () => tell(null, null),
  };
}

describeSubscriber("storage events", () => {
  const page = createTestPage();
  const storage = createTestStorage([page]);
  const subscriber = createStorageEventSubscriber({ key: "settings", page: page.page });
  let times = 0;
  return {
    recorder: createRecorder(subscriber),
    // White space makes every text another one, so that doubled events are doubled.
    send(event) {
      times += 1;
      storage.setItem("settings", JSON.stringify(event) + " ".repeat(times));
    },
    sendMalformed() {
      const texts = [
        "",
        "{",
        "null",
        '"text"',
        '{"topic":"settings","revision":"3","revision":"4"}',
        '{"topic":"settings"}',
      ];
      for (const text of texts) {
        storage.setItem("settings", text);
      }
      return texts.length;
    },
    async lose() {
      page.restore();
    },
    attached: page.listeners,
    close() {},
  };
});

describe("storage events", () => {
  it("hears its own key, and no removal", async () => {
    const page = createTestPage();
    const storage = createTestStorage([page]);
    const recorder = createRecorder(createStorageEventSubscriber({ key: "settings", page: page.page }));
    const index = (await recorder.subscribe()) as number;
    storage.setItem("other", JSON.stringify(event("1")));
    storage.removeItem("settings");
    storage.clear();
    storage.setItem("settings", JSON.stringify(event("2")));
    expect(recorder.received(index)).toEqual([event("2")]);
  });

  it("the broadcaster writes the event as text, and tells of a full storage", () => {
    const written: [string, string][] = [];
    const broadcaster = createStorageEventBroadcaster({
      key: "settings",
      storage: { setItem: (...call) => written.push(call) },
    });
    broadcaster.broadcast(event("3") as never);
    expect(written).toEqual([["settings", '{"topic":"settings","revision":"3"}']]);
    const full = createStorageEventBroadcaster({
      key: "settings",
      storage: {
        setItem() {
          throw new DOMException("full", "QuotaExceededError");
        },
      },
    });
    expect(() => full.broadcast(event("3") as never)).toThrow("full");
  });
});
