import { compareRevisions, type Revision } from "@statesync/core";

/** The changes of this window that a snapshot need not have yet. */
export interface Changes<S extends object> {
  /** Asks for a change. */
  make(change: Partial<S>): void;
  /** A state as the user means it: with the changes on top that it does not have yet. */
  over(state: S, revision: Revision): S;
}

/**
 * Sends changes one after the other. What is asked for while one is on its way is put together and sent next, so that
 * a slider makes as many calls as the backend takes, and its last value arrives.
 *
 * A change stays on top of the snapshots until one has the revision that the backend has made of it; so a snapshot that
 * is overtaken by the user's typing takes no letter away.
 */
export function createChanges<S extends object>(
  send: (change: Partial<S>) => Promise<Revision>,
  onError: (error: unknown) => void,
): Changes<S> {
  let waiting: Partial<S> | undefined;
  let sending: Partial<S> | undefined;
  let made: { change: Partial<S>; revision: Revision }[] = [];

  const run = async () => {
    while (waiting !== undefined) {
      [sending, waiting] = [waiting, undefined];
      try {
        made.push({ revision: await send(sending), change: sending });
      } catch (error) {
        onError(error);
      }
      sending = undefined;
    }
  };
  return {
    make(change) {
      waiting = { ...waiting, ...change };
      if (sending === undefined) void run();
    },
    over(state, revision) {
      made = made.filter((each) => compareRevisions(each.revision, revision) > 0);
      return Object.assign({}, state, ...made.map(({ change }) => change), sending, waiting);
    },
  };
}
