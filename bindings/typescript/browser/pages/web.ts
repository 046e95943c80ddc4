import {
  createBroadcastChannelBroadcaster,
  createBroadcastChannelSubscriber,
  createServerSentEventsSubscriber,
  createSharedWorkerBroadcaster,
  createSharedWorkerSubscriber,
  createStorageEventBroadcaster,
  createStorageEventSubscriber,
  createWebSocketSubscriber,
  type MessagePortLike,
} from "@statesync/web";
import { createRecorder, type RecordOptions } from "../../packages/web/test/port/recorder.js";
import { expose } from "../rig/expose.js";

/** The transports, each with what it needs of the test: a name, a key or an address. */
type Transport =
  | "broadcast-channel"
  | "storage-event"
  | "shared-worker"
  | "server-sent-events"
  | "web-socket";

let open = 0;
/** Counts what is open, by closing it through here. */
function counted<T extends { close(): void }>(transport: T): T {
  open += 1;
  const { close } = transport;
  transport.close = () => {
    open -= 1;
    close.call(transport);
  };
  return transport;
}

const retry = { initialDelayMs: 1, maxDelayMs: 5 };
const connectTo = (url: string) => (): MessagePortLike => new SharedWorker(url, { type: "module" }).port;

const subscribers = {
  "broadcast-channel": (channelName: string) =>
    createBroadcastChannelSubscriber({
      channelName,
      createChannel: (name) => counted(new BroadcastChannel(name)),
    }),
  "storage-event": (key: string) => createStorageEventSubscriber({ key }),
  "shared-worker": (url: string) =>
    createSharedWorkerSubscriber({
      connect: () => counted(connectTo(url)()),
      retry,
      idleTimeoutMs: 500,
    }),
  "server-sent-events": (url: string) => createServerSentEventsSubscriber({ url, retry }),
  "web-socket": (url: string) => createWebSocketSubscriber({ url, retry }),
} satisfies Record<Transport, unknown>;

const broadcasters = {
  "broadcast-channel": (channelName: string) => createBroadcastChannelBroadcaster({ channelName }),
  "storage-event": (key: string) => createStorageEventBroadcaster({ key }),
  "shared-worker": (url: string) => createSharedWorkerBroadcaster({ connect: connectTo(url) }),
};

let recorder: ReturnType<typeof createRecorder>;
let broadcaster: ReturnType<(typeof broadcasters)["broadcast-channel"]>;
const returns: string[] = [];
addEventListener("pageshow", ({ persisted }) => persisted && returns.push("pageshow"));
document.addEventListener("resume", () => returns.push("resume"));

/** What the tests of `@statesync/web` ask a page. */
export const subject = {
  /** This page is a reader. */
  read(transport: Transport, address: string) {
    recorder = createRecorder(subscribers[transport](address));
  },
  subscribe: (options?: RecordOptions) => recorder.subscribe(options),
  received: (index: number) => recorder.received(index),
  gaps: (index: number) => recorder.gaps(index),
  end: (index: number) => recorder.end(index),
  open: () => open,
  returns: () => returns,
  /** This page is a source. */
  write(transport: keyof typeof broadcasters, address: string) {
    broadcaster = broadcasters[transport](address);
  },
  broadcast: (event: unknown) => broadcaster.broadcast(event as never),
  post: (channelName: string, message: unknown) => {
    const channel = new BroadcastChannel(channelName);
    channel.postMessage(message);
    channel.close();
  },
  endWorker: (url: string) => connectTo(url)().postMessage("end"),
  setItem: (key: string, text: string) => localStorage.setItem(key, text),
};

expose(subject);
