import { createRevisionSync, type Revision } from "@statesync/core";
import { useSyncStatus } from "@statesync/react";
import { createElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { expose } from "../rig/expose.js";

const make = (topic: string) => {
  let fail = false;
  const sync = createRevisionSync({
    topic,
    subscriber: { subscribe: async () => () => {} },
    provider: {
      getSnapshot: async () => {
        if (fail) throw new Error("no source");
        return { revision: "1" as Revision, data: {} };
      },
    },
    applier: { apply: () => {} },
    retry: { maxAttempts: 1 },
  });
  let listeners = 0;
  return {
    get status() {
      return sync.status;
    },
    subscribe(listener: (status: typeof sync.status) => void) {
      const end = sync.subscribe(listener);
      listeners++;
      return () => {
        listeners--;
        end();
      };
    },
    start: () => sync.start(),
    stop: () => sync.stop(),
    failing: () => {
      fail = true;
      return sync.refresh().catch(() => {});
    },
    listeners: () => listeners,
  };
};

const engines = { one: make("one"), two: make("two") };
let renders: string[] = [];

const Status = ({ name }: { name: keyof typeof engines }) => {
  const status = useSyncStatus(engines[name]);
  renders.push(status);
  return createElement("output", null, status);
};

// As a server rendered it, while the engine here is live already.
await engines.one.start();
const place = document.body.appendChild(document.createElement("div"));
place.innerHTML = "<output>idle</output>";
const problems: string[] = [];
const root = hydrateRoot(place, createElement(Status, { name: "one" }), {
  onRecoverableError: (error) => problems.push(String(error)),
});

/** What the test asks the page. */
export const subject = {
  shown: () => place.textContent,
  renders: () => renders,
  problems: () => problems,
  forget: () => {
    renders = [];
  },
  fail: () => engines.one.failing(),
  stop: () => engines.one.stop(),
  show: (name: keyof typeof engines) => root.render(createElement(Status, { name })),
  unmount: () => root.unmount(),
  listeners: () => [engines.one.listeners(), engines.two.listeners()],
};

expose(subject);
