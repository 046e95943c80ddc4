import type { SnapshotEnvelope } from "@statesync/core";

/**
 * How a snapshot meets the state: `patch` writes the members that the snapshot has (a shallow merge), `replace` also
 * takes away the members that it does not have. Functions and getters stay in both.
 */
export type ApplyMode = "patch" | "replace";

/** The names of the members of a state that hold data: all but its functions. */
export type DataKey<S> = {
  [K in keyof S]-?: K extends string
    ? NonNullable<S[K]> extends (...given: never[]) => unknown
      ? never
      : K
    : never;
}[keyof S];

/** Which members of the state an applier may touch, and how. */
export interface Selection<S extends object> {
  /** `patch` where left out. */
  readonly mode?: ApplyMode | undefined;
  /** The only members that are written or taken away; all where left out. */
  readonly pickKeys?: readonly DataKey<S>[] | undefined;
  /** Members that are neither written nor taken away, also where `pickKeys` names them. */
  readonly omitKeys?: readonly DataKey<S>[] | undefined;
}

/** The options that the appliers of all libraries share. */
export interface SnapshotApplierOptions<S extends object, D = Partial<S>> extends Selection<S> {
  /**
   * Makes members of the state of the snapshot's data; the data itself is taken where left out.
   *
   * @param context - The whole envelope: revision, epoch and data.
   */
  readonly toState?: ((data: D, context: SnapshotEnvelope<D>) => Partial<S>) | undefined;
  /**
   * What happens where `toState`, or the data without it, gives no plain object: `true`, the default, throws a
   * `TypeError`; `false` ignores the snapshot.
   */
  readonly strict?: boolean | undefined;
}
