import { type ApplyMode, createApplier, type SnapshotApplierOptions } from "@statesync/applier";
import { isFixed, isPlain } from "@statesync/applier/mutable";
import type { SnapshotApplier } from "@statesync/core";
import {
  isComputedProp,
  isObservable,
  isObservableMap,
  runInAction as mobxRunInAction,
  remove,
  set,
} from "mobx";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type MobXApplyMode = ApplyMode;

/** An instance of a class with observable members, an observable object, or an observable map with names as keys. */
export type MobXStoreLike<S extends object> = S | { entries(): Iterable<[string, S[keyof S]]> };

/** The options of {@link createMobXSnapshotApplier}. */
export interface MobXSnapshotApplierOptions<S extends object, D = Partial<S>>
  extends SnapshotApplierOptions<S, D> {
  /** What the changes are written in; MobX's own `runInAction` where left out. */
  readonly runInAction?: ((change: () => void) => void) | undefined;
}

/**
 * Applies snapshots to a MobX store, in one action for each that changes something. Actions, methods and computed
 * values stay, and what is deeply equal keeps its identity and is not written.
 *
 * @throws TypeError where the store is not observable; from `apply`, where the snapshot gives no plain object and
 * `strict` is not `false`.
 */
export const createMobXSnapshotApplier = <S extends object, D = Partial<S>>(
  store: MobXStoreLike<S>,
  options: MobXSnapshotApplierOptions<S, D> = {},
): SnapshotApplier<D> => {
  if (!isObservable(store)) {
    throw new TypeError(
      "state-sync: the store is not observable; call makeAutoObservable(this) in it, or give observable({ … })",
    );
  }
  const map = isObservableMap(store);
  return createApplier(
    options,
    () => (map ? Object.fromEntries(store) : { ...store }),
    (name) => !map && (isComputedProp(store, name) || isFixed(store, name)),
    (changes) =>
      (options.runInAction ?? mobxRunInAction)(() => {
        for (const [name, value] of changes) {
          // The member of a class stays, so that what observes it hears when it comes back.
          if (value === undefined && (map || isPlain(store))) remove(store as never, name as never);
          else set(store, name, value);
        }
      }),
  );
};
