import type { ApplyMode, SnapshotApplierOptions } from "@statesync/applier";
import { createReactiveApplier, write } from "@statesync/applier/reactive";
import type { SnapshotApplier } from "@statesync/core";
import { isReactive, isReadonly, isRef, toRaw } from "vue";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type PiniaApplyMode = ApplyMode;

/** What is needed of a Pinia store, of option stores and setup stores alike. */
export interface PiniaStoreLike<S> {
  readonly $state: S;
  $patch(change: (state: never) => void): void;
}

/** The options of {@link createPiniaSnapshotApplier}. */
export type PiniaSnapshotApplierOptions<S extends object, D = Partial<S>> = SnapshotApplierOptions<S, D>;

/**
 * Applies snapshots to a Pinia store, with one `$patch` for each that changes something. Members are replaced whole,
 * not merged deeply as `$patch` does with an object. The refs and reactive objects of a setup store are written in
 * place, so that the store stays connected; actions and getters are no part of `$state` and stay.
 *
 * @throws TypeError from `apply`, where the snapshot gives no plain object and `strict` is not `false`.
 */
export const createPiniaSnapshotApplier = <S extends object, D = Partial<S>>(
  store: PiniaStoreLike<S>,
  options: PiniaSnapshotApplierOptions<S, D> = {},
): SnapshotApplier<D> =>
  createReactiveApplier(
    [isReactive, isReadonly, isRef, toRaw],
    options,
    () => store.$state,
    (rest) => store.$patch((state) => write(state, rest())),
    () => store,
  );
