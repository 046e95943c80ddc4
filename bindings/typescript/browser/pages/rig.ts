import { isInvalidationEvent } from "@statesync/protocol";
import { expose } from "../rig/expose.js";

const channel = new BroadcastChannel("rig");
const received: unknown[] = [];
const shows: string[] = [];
channel.onmessage = ({ data }) => received.push(data);
addEventListener("pageshow", (event) => shows.push(event.persisted ? "restored" : "loaded"));

/** What the rig's own test asks its pages. */
export const subject = {
  post: (message: unknown) => channel.postMessage(message),
  received: () => received.filter(isInvalidationEvent).map((event) => event.revision as string),
  store: (key: string, value: string) => localStorage.setItem(key, value),
  stored: (key: string) => localStorage.getItem(key),
  capabilities: () => ({
    secure: isSecureContext,
    locks: "locks" in navigator,
    indexedDB: "indexedDB" in globalThis,
    subtle: "subtle" in crypto,
    sharedWorker: "SharedWorker" in globalThis,
  }),
  shows: () => shows,
  fail: () => {
    setTimeout(() => {
      throw new Error("thrown into the page");
    });
  },
};

expose(subject);
