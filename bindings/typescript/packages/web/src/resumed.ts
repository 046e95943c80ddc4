import type { Listener } from "./listener.js";

/** What can tell that a page was resumed: `window`, or what stands in for it in a test. */
export interface PageLike {
  addEventListener(type: string, listener: Listener): void;
  removeEventListener(type: string, listener: Listener): void;
  readonly document?: PageDocumentLike;
}

/** A page's `document`. */
export interface PageDocumentLike {
  readonly visibilityState: string;
  addEventListener(type: string, listener: Listener): void;
  removeEventListener(type: string, listener: Listener): void;
}

/**
 * Calls back each time when the page may have been frozen until now: after `resume`, after `pageshow` of a page that was
 * kept in the back/forward cache, and when it becomes visible. A frozen page misses messages without knowing (TRA-2).
 *
 * @param page - Without one, and outside of a page such as in a worker, nothing is ever called.
 * @returns A function that ends it.
 */
export function whenResumed(callback: () => void, page = platformPage()): () => void {
  const document = page?.document;
  if (page === undefined || document === undefined) {
    return () => {};
  }
  const onPageShow = (event: Event) => {
    if ((event as PageTransitionEvent).persisted) {
      callback();
    }
  };
  const onVisibility = () => {
    if (document.visibilityState === "visible") {
      callback();
    }
  };
  page.addEventListener("pageshow", onPageShow);
  document.addEventListener("resume", callback);
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    page.removeEventListener("pageshow", onPageShow);
    document.removeEventListener("resume", callback);
    document.removeEventListener("visibilitychange", onVisibility);
  };
}

function platformPage(): PageLike | undefined {
  return typeof document === "undefined" ? undefined : (globalThis as unknown as PageLike);
}
