/** Tells when the page goes away or is hidden: it may not come back. */
export type PageHidden = (callback: () => void) => () => void;

/** The page that this runs in; where there is none, such as in a worker or on a server, it never goes away (PRS-36). */
export const onPageHidden: PageHidden = (callback) => {
  if (typeof document === "undefined" || typeof addEventListener !== "function") {
    return () => {};
  }
  const hidden = (event: Event) => {
    if (event.type === "pagehide" || document.visibilityState === "hidden") {
      callback();
    }
  };
  addEventListener("pagehide", hidden);
  addEventListener("visibilitychange", hidden);
  return () => {
    removeEventListener("pagehide", hidden);
    removeEventListener("visibilitychange", hidden);
  };
};
