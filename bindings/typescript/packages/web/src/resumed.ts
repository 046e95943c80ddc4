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
 * Calls back when the page may have been frozen until now: after `resume`, after `pageshow` of a page that was kept in the
 * back/forward cache, and when it becomes visible. A frozen page misses messages without knowing (TRA-2). A browser tells
 * one return by several of these events; the callback is called at the first of them.
 *
 * @param page - Without one, and outside of a page such as in a worker, nothing is ever called.
 * @returns A function that ends it.
 */
export function whenResumed(callback: () => void, page = platformPage()): () => void {
  const document = page?.document;
  if (page === undefined || document === undefined) {
    return () => {};
  }
  /** Whether the return of the page has been told. It goes away again before it can return again. */
  let told = false;
  const onReturn = () => {
    if (!told) {
      told = true;
      callback();
    }
  };
  const onLeave = () => {
    told = false;
  };
  const onPageShow = ({ persisted }: PageTransitionEvent) => persisted && onReturn();
  const onVisibility = () => (document.visibilityState === "visible" ? onReturn() : onLeave());
  const listeners: [PageLike | PageDocumentLike, string, Listener][] = [
    [page, "pagehide", onLeave],
    [page, "pageshow", onPageShow],
    [document, "freeze", onLeave],
    [document, "resume", onReturn],
    [document, "visibilitychange", onVisibility],
  ];
  for (const [target, type, listener] of listeners) {
    target.addEventListener(type, listener);
  }
  return () => {
    for (const [target, type, listener] of listeners) {
      target.removeEventListener(type, listener);
    }
  };
}

function platformPage(): PageLike | undefined {
  return typeof document === "undefined" ? undefined : (globalThis as unknown as PageLike);
}
