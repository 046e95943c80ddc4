import { isolated } from "./events.js";

/** What is taken of the platform's `navigator.locks`. */
export interface TabLocks {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>;
}

/** How a tab runs for leader. */
export interface TabLeaderOptions {
  /** The name of the lock; tabs with the same name have one leader. */
  name: string;
  /** Called each time that this tab becomes the leader, such as to start an engine that pulls. */
  onLead?: (() => unknown) | null | undefined;
  /** Called when it is no longer: by `resign`, or because somebody has stolen the lock (`steal: true`). */
  onResign?: (() => unknown) | null | undefined;
  /** The locks; by default the platform's, if it has any. */
  locks?: TabLocks | null | undefined;
}

/** A tab that runs for leader. */
export interface TabLeader {
  /** Whether this tab is the leader. */
  isLeader(): boolean;
  /** Resolves once this tab is the leader for the first time; never, if it resigns before. */
  readonly leading: Promise<void>;
  /** Leaves the lead to another tab, or no longer runs for it. A tab that is closed does so by itself. */
  resign(): void;
}

/**
 * Makes one of several tabs the leader, by Web Locks: the one that alone pulls, while the others live on what it sends
 * them. When the leader is closed, another tab becomes it; one whose lock is stolen runs for leader again. Where there
 * are no Web Locks, every tab leads.
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

  function end(): void {
    if (leads) {
      leads = false;
      isolated(() => onResign?.());
    }
  }

  function run(manager: TabLocks): void {
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
        // One that was given up fails, as it should.
        if (resignation.signal.aborted) {
          return;
        }
        if (leads) {
          // A lock that is held fails only where it was stolen: another tab leads.
          end();
          run(manager);
        } else {
          // Where locks are forbidden, every tab leads.
          begin();
        }
      });
  }

  if (manager === undefined) {
    begin();
  } else {
    run(manager);
  }

  return {
    isLeader: () => leads,
    leading,
    resign() {
      resignation.abort();
      release();
      end();
    },
  };
}
