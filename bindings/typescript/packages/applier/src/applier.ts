import type { SnapshotApplier, SnapshotEnvelope } from "@statesync/core";
import type { SnapshotApplierOptions } from "./options.js";
import { type Dictionary, isPlain, PROTOTYPE, share } from "./share.js";

/** A member to write, by its name; `undefined` where it is to go. */
export type Change = readonly [name: string, value: unknown];

/**
 * The applier of one state: finds what differs between it and a snapshot, and has that written at once.
 *
 * @param read - The state now.
 * @param fixed - Whether a member of the state is none that snapshots write: a function, a computed one.
 * @param commit - Writes all changes; not called where there are none. It is also told all that the snapshot asks
 * for, before the selection.
 */
export const createApplier = <S extends object, D>(
  {
    mode,
    pickKeys,
    omitKeys,
    toState = (data) => data as Partial<S>,
    strict = true,
  }: SnapshotApplierOptions<S, D>,
  read: () => object,
  fixed: (name: string) => unknown,
  commit: (changes: readonly Change[], given: Partial<S>, snapshot: SnapshotEnvelope<D>) => void,
): SnapshotApplier<D> => ({
  apply(snapshot) {
    const current = read() as Dictionary;
    const given: unknown = toState(snapshot.data, snapshot);
    if (isPlain(given)) {
      const changes: Change[] = [];
      for (const name of Object.keys({ ...(mode === "replace" && current), ...given }) as never[]) {
        const value = Object.hasOwn(given, name)
          ? share(current[name] as Dictionary, given[name] as Dictionary)
          : undefined;
        if (
          name !== PROTOTYPE &&
          (pickKeys ?? [name]).includes(name) &&
          !omitKeys?.includes(name) &&
          !fixed(name) &&
          !Object.is(current[name], value)
        ) {
          changes.push([name, value]);
        }
      }
      if (changes[0]) commit(changes, given as Partial<S>, snapshot);
    } else if (strict) {
      throw new TypeError(`state-sync needs a plain object, not ${{}.toString.call(given)}`);
    }
  },
});
