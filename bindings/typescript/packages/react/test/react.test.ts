import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, expectTypeOf, test } from "vitest";
import { type SyncStatus, type SyncStatusSource, useSyncStatus } from "../src/index.js";

// What it does in a browser is in browser/react.test.ts.
test.each<SyncStatus>(["idle", "live", "stopped"])(
  "on a server the status is idle, also where it is %s",
  (status) => {
    let subscribed = 0;
    const sync: SyncStatusSource = {
      status,
      subscribe: () => {
        subscribed++;
        return () => {};
      },
    };
    const Status = () => createElement("output", null, useSyncStatus(sync));
    expect(renderToString(createElement(Status))).toBe("<output>idle</output>");
    expect(subscribed).toBe(0);
  },
);

test("the hook gives the status of an engine", () => {
  expectTypeOf(useSyncStatus).returns.toEqualTypeOf<"idle" | "starting" | "live" | "stale" | "stopped">();
  // @ts-expect-error no engine
  (() => useSyncStatus({ status: "live" })) satisfies unknown;
});
