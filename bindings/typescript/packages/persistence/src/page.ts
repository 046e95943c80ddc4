/** Tells when the page goes away or is hidden: it may not come back. */
export type PageHidden = (callback: () => void) => () => void;

const EVENTS = ["pagehide", "visibilitychange"];

/** The page that this runs in; where there is none, such as in a worker or on a server, it never goes away (PRS-36). */
export const onPageHidden: PageHidden = (callback) => {
  const page = globalThis.document;
  const hidden = ({ type }: Event) => {
    if (type === EVENTS[0] || page.visibilityState === "hidden") {
      callback();
    }
  };
  const listen = (change: "addEventListener" | "removeEventListener") => {
    for (const event of page ? EVENTS : []) {
      globalThis[change]?.(event, hidden);
    }
  };
  listen("addEventListener");
  return () => listen("removeEventListener");
};
