import type { ApplyMode, Selection, SnapshotApplierOptions } from "@statesync/applier";
import { createImmutableApplier } from "@statesync/applier/immutable";
import type { SnapshotApplier } from "@statesync/core";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type ReduxApplyMode = ApplyMode;

/** The type of the action that carries a snapshot. */
export const SNAPSHOT_ACTION_TYPE = "@@statesync/SNAPSHOT_APPLIED";

/** What the action says beside the members: how they are to be written. */
export interface SnapshotAppliedMeta {
  readonly mode?: ReduxApplyMode | undefined;
  /** The revision of the snapshot, for people who read the log of actions. */
  readonly revision?: string | undefined;
  /** The slice that it is for; the whole state where left out. */
  readonly slice?: string | undefined;
  readonly pickKeys?: readonly string[] | undefined;
  readonly omitKeys?: readonly string[] | undefined;
}

/** The action that carries a snapshot; plain data, so that it can be logged, stored and played again. */
export interface SnapshotAppliedAction<P = unknown> {
  readonly type: typeof SNAPSHOT_ACTION_TYPE;
  readonly payload: P;
  readonly meta: SnapshotAppliedMeta;
}

/** Makes the action that carries a snapshot: its members, how they meet the state, and the revision. */
export const snapshotApplied = <P>(payload: P, meta: SnapshotAppliedMeta = {}): SnapshotAppliedAction<P> => ({
  type: SNAPSHOT_ACTION_TYPE,
  payload,
  meta,
});

/** What is needed of a Redux store. */
export interface ReduxStoreLike<S> {
  getState(): S;
  dispatch(action: SnapshotAppliedAction): unknown;
}

/** The options of {@link createReduxSnapshotApplier}. */
export interface ReduxSnapshotApplierOptions<S extends object, D = Partial<S>>
  extends SnapshotApplierOptions<S, D> {
  /** The name under which `combineReducers` holds the state; the whole state where left out. */
  readonly slice?: string | undefined;
}

/**
 * A reducer that also takes snapshots: it writes the members of the action, and hands the result to the reducer, with
 * the same action.
 *
 * @param slice - Takes only the snapshots for this slice; give the same name to the applier.
 */
export const withSnapshotHandling = <R extends (state: never, action: never) => object>(
  reducer: R,
  slice?: string,
): R =>
  ((state: object | undefined, action: { type: unknown }) => {
    const { type, payload, meta } = action as SnapshotAppliedAction;
    let next = state;
    if (type === SNAPSHOT_ACTION_TYPE && meta.slice === slice) {
      createImmutableApplier(
        meta as Selection<object>,
        () => state,
        (value) => {
          next = value;
        },
      ).apply({ data: payload } as never);
    }
    return reducer(next as never, action as never);
  }) as unknown as R;

/**
 * Applies snapshots to a Redux store, with one action for each that changes something. The parts of the state that are
 * deeply equal keep their identity.
 *
 * @throws TypeError from `apply`, where the snapshot gives no plain object and `strict` is not `false`.
 * @throws Error from `apply`, where the state did not take the snapshot: its reducer is not wrapped.
 */
export const createReduxSnapshotApplier = <S extends object, D = Partial<S>>(
  store: ReduxStoreLike<unknown>,
  options: ReduxSnapshotApplierOptions<S, D> = {},
): SnapshotApplier<D> => {
  const { mode = "patch", slice, pickKeys, omitKeys } = options;
  const read = () => {
    const state = store.getState();
    return ((slice ? (state as Record<string, unknown>)[slice] : state) ?? {}) as S;
  };
  return createImmutableApplier(options, read, (_, given, { revision }) => {
    const before = store.getState();
    store.dispatch(snapshotApplied(given, { mode, revision, slice, pickKeys, omitKeys }));
    if (store.getState() === before) {
      throw new Error(
        `state-sync: no change; wrap the reducer: withSnapshotHandling(reducer${slice ? `, "${slice}"` : ""})`,
      );
    }
  });
};
