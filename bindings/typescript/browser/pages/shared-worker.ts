import { createSharedWorkerHub } from "@statesync/web";

/** A worker that passes events on, and is the source of a small state. */
const hub = createSharedWorkerHub({
  // Quick, so that the test of a worker that ends is.
  pingIntervalMs: 20,
  getSnapshot: (topic) => ({ revision: "7" as never, epoch: "worker", data: { topic } }),
});

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port !== undefined) {
    hub.accept(port);
    // A worker that ends, as one that ran out of memory would.
    port.addEventListener("message", ({ data }) => data === "end" && close());
  }
});
