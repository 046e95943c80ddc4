import type { ApplyMode, SnapshotApplierOptions } from "@statesync/applier";
import { createImmutableApplier } from "@statesync/applier/immutable";
import type { SnapshotApplier } from "@statesync/core";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type JotaiApplyMode = ApplyMode;

/** A primitive atom, or a writable one that takes the whole value: what is needed of it. */
export interface JotaiAtomLike<S> {
  read(...given: never[]): S;
  write(get: never, set: never, next: never): unknown;
}

/** What is needed of a jotai store, such as `createStore()` gives. */
export interface JotaiStoreLike {
  get(atom: never): unknown;
  set(atom: never, next: never): unknown;
}

/** The options of {@link createJotaiSnapshotApplier}. */
export type JotaiSnapshotApplierOptions<S extends object, D = Partial<S>> = SnapshotApplierOptions<S, D>;

/**
 * Applies snapshots to an atom of a jotai store, with one `set` for each that changes something. The parts of the value
 * that are deeply equal keep their identity; `null` and `undefined` count as an empty value.
 *
 * @throws TypeError from `apply`, where the snapshot gives no plain object and `strict` is not `false`.
 */
export const createJotaiSnapshotApplier = <S extends object, D = Partial<S>>(
  store: JotaiStoreLike,
  atom: JotaiAtomLike<S | null | undefined>,
  options?: JotaiSnapshotApplierOptions<S, D>,
): SnapshotApplier<D> =>
  createImmutableApplier(
    options,
    () => store.get(atom as never) as S | null | undefined,
    (next) => store.set(atom as never, next as never),
  );
