import { isolated } from "./events.js";

/** What is taken of the platform's `navigator.locks`. */
export interface TabLocks {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>;
}

/** How a tab runs for leader. */
export interface TabLeaderOptions {
  /** The name of the lock; tabs with the same name have one leader. */
  name: string;
  /** Called when this tab becomes the leader, such as to start an engine that pulls. */
  onLead?: (() => unknown) | null | undefined;
  /** Called when it is no longer, which only `resign` brings about. */
  onResign?: (() => unknown) | null | undefined;
  /** The locks; by default the platform's, if it has any. */
  locks?: TabLocks | null | undefined;
}

/** A tab that runs for leader. */
export interface TabLeader {
  /** Whether this tab is the leader. */
  isLeader(): boolean;
  /** Resolves once this tab is the leader; never, if it resigns before. */
  readonly leading: Promise<void>;
  /** Leaves the lead to another tab, or no longer runs for it. A tab that is closed does so by itself. */
  resign(): void;
}

/**
 * Makes one of several tabs the leader, by Web Locks: the one that alone pulls, while the others live on what it sends
 * them. When the leader is closed, another tab becomes it. Where there are no Web Locks, every tab leads.
 */
export function createTabLeader({ name, onLead, onResign, locks }: TabLeaderOptions): TabLeader {
  const manager = locks ?? (globalThis.navigator as { locks?: TabLocks } | undefined)?.locks;
  const resignation = new AbortController();
  let leads = false;
  let lead: () => void = () => {};
  let release: () => void = () => {};
  const leading = new Promise<void>((resolve) => {
    lead = resolve;
  });

  function begin(): void {
    leads = true;
    lead();
    isolated(() => onLead?.());
  }

  if (manager === undefined) {
    begin();
  } else {
    manager
      .request(name, { signal: resignation.signal }, () => {
        if (resignation.signal.aborted) {
          return Promise.resolve();
        }
        begin();
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      })
      .catch(() => {
        // One that was given up fails, as it should; where locks are forbidden, every tab leads.
        if (!resignation.signal.aborted && !leads) {
          begin();
        }
      });
  }

  return {
    isLeader: () => leads,
    leading,
    resign() {
      resignation.abort();
      release();
      if (leads) {
        leads = false;
        isolated(() => onResign?.());
      }
    },
  };
}
