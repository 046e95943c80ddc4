import type { ApplyMode, SnapshotApplierOptions } from "@statesync/applier";
import { createMutableApplier } from "@statesync/applier/mutable";
import type { SnapshotApplier } from "@statesync/core";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type ValtioApplyMode = ApplyMode;

/** A state that `proxy` of valtio gave: an object, or an instance of a class. */
export type ValtioStoreLike<S extends object> = S;

/** The options of {@link createValtioSnapshotApplier}. */
export type ValtioSnapshotApplierOptions<S extends object, D = Partial<S>> = SnapshotApplierOptions<S, D>;

/**
 * Applies snapshots to a valtio proxy. All members are written in one go, so that subscribers and components hear once;
 * methods and getters stay, and what is deeply equal keeps its identity and is not written.
 *
 * @param state - The proxy itself, not a snapshot of it.
 * @throws TypeError from `apply`, where the snapshot gives no plain object and `strict` is not `false`.
 */
export const createValtioSnapshotApplier = <S extends object, D = Partial<S>>(
  state: ValtioStoreLike<S>,
  options?: ValtioSnapshotApplierOptions<S, D>,
): SnapshotApplier<D> => createMutableApplier(options, state);
