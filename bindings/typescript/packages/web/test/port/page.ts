import type { PageLike } from "../../src/index.js";

/** A page in Node: real `EventTarget`s in the place of window and document. */
export function createTestPage() {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  let listeners = 0;
  for (const target of [window, document]) {
    const { addEventListener, removeEventListener } = target;
    Object.assign(target, {
      addEventListener(...args: Parameters<typeof addEventListener>) {
        listeners += 1;
        addEventListener.apply(target, args);
      },
      removeEventListener(...args: Parameters<typeof removeEventListener>) {
        listeners -= 1;
        removeEventListener.apply(target, args);
      },
    });
  }
  return {
    page: Object.assign(window, { document }) as PageLike,
    listeners: () => listeners,
    dispatch: (type: string, more: object = {}) => window.dispatchEvent(Object.assign(new Event(type), more)),
    /** What a browser tells of a page that comes back from the back/forward cache. */
    restore: () => window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true })),
    load: () => window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false })),
    hide: () => window.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: true })),
    freeze: () => document.dispatchEvent(new Event("freeze")),
    resume: () => document.dispatchEvent(new Event("resume")),
    show(visibilityState: string) {
      document.visibilityState = visibilityState;
      document.dispatchEvent(new Event("visibilitychange"));
    },
  };
}
