import { createSharedWorkerHub } from "@statesync/web";

/** A worker that passes events on, and is the source of a small state. */
const hub = createSharedWorkerHub({
  getSnapshot: (topic) => ({ revision: "7" as never, epoch: "worker", data: { topic } }),
});

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port !== undefined) {
    hub.accept(port);
  }
});
