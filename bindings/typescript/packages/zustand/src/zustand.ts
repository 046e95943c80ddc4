import type { ApplyMode, SnapshotApplierOptions } from "@statesync/applier";
import { createImmutableApplier } from "@statesync/applier/immutable";
import type { SnapshotApplier } from "@statesync/core";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type ZustandApplyMode = ApplyMode;

/** What is needed of a zustand store; bound hooks of `create` are stores too. */
export interface ZustandStoreLike<S> {
  getState(): S;
  setState(next: never, replace: true): void;
}

/** The options of {@link createZustandSnapshotApplier}. */
export type ZustandSnapshotApplierOptions<S extends object, D = Partial<S>> = SnapshotApplierOptions<S, D>;

/**
 * Applies snapshots to a zustand store, with one `setState` for each that changes something. Actions and getters stay,
 * and the parts of the state that are deeply equal keep their identity.
 *
 * @throws TypeError from `apply`, where the snapshot gives no plain object and `strict` is not `false`.
 */
export const createZustandSnapshotApplier = <S extends object, D = Partial<S>>(
  store: ZustandStoreLike<S>,
  options?: ZustandSnapshotApplierOptions<S, D>,
): SnapshotApplier<D> =>
  createImmutableApplier(
    options,
    () => store.getState(),
    (next) => store.setState(next as never, true),
  );
