import type { ApplyMode, SnapshotApplierOptions } from "@statesync/applier";
import { createReactiveApplier, update } from "@statesync/applier/reactive";
import type { SnapshotApplier } from "@statesync/core";
import { isReactive, isReadonly, isRef, type Ref, reactive, toRaw } from "vue";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type VueApplyMode = ApplyMode;

/** A ref that holds the state, or a reactive object that is the state. */
export type VueStoreLike<S extends object> = S | Ref<S | null | undefined>;

/** The options of {@link createVueSnapshotApplier}. */
export interface VueSnapshotApplierOptions<S extends object, D = Partial<S>>
  extends SnapshotApplierOptions<S, D> {
  /** What the first argument is; told by `isRef` where left out. */
  readonly target?: "reactive" | "ref" | undefined;
}

/**
 * Applies snapshots to the value of a ref, with one new value for each that changes something, or to a reactive object,
 * member by member. A member that is a ref or a reactive object of its own is written in place, so that whoever holds
 * it stays connected; functions, getters and computed refs stay. What is deeply equal keeps its identity.
 *
 * @throws TypeError where `target` is not what was given, or it can not be written; from `apply`, where the snapshot
 * gives no plain object and `strict` is not `false`.
 */
export function createVueSnapshotApplier<S extends object, D = Partial<S>>(
  ref: Ref<S | null | undefined>,
  options?: VueSnapshotApplierOptions<S, D> & { readonly target?: "ref" | undefined },
): SnapshotApplier<D>;
export function createVueSnapshotApplier<S extends object, D = Partial<S>>(
  state: S,
  options?: VueSnapshotApplierOptions<S, D> & { readonly target?: "reactive" | undefined },
): SnapshotApplier<D>;
export function createVueSnapshotApplier<S extends object, D>(
  target: VueStoreLike<S>,
  options: VueSnapshotApplierOptions<S, D> = {},
): SnapshotApplier<D> {
  const single = isRef(target);
  if (
    isReadonly(target) ||
    !(single || isReactive(target)) ||
    options.target === (single ? "reactive" : "ref")
  ) {
    throw new TypeError(`state-sync needs what ${options.target ?? "ref() or reactive"}() gives`);
  }
  const held = target as Ref<S | null | undefined>;
  const state = () => (single ? reactive(toRaw(held.value) ?? {}) : target);
  return createReactiveApplier(
    [isReactive, isReadonly, isRef, toRaw],
    options,
    state,
    single
      ? (rest) => {
          held.value = update(toRaw(state()) as S, rest());
        }
      : undefined,
  );
}
