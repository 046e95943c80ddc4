import type { ApplyMode, SnapshotApplierOptions } from "@statesync/applier";
import { createImmutableApplier } from "@statesync/applier/immutable";
import { createMutableApplier } from "@statesync/applier/mutable";
import type { SnapshotApplier } from "@statesync/core";

/** How a snapshot meets the state: `patch` merges its members in, `replace` also takes away what it does not have. */
export type SvelteApplyMode = ApplyMode;

/** What is needed of a Svelte store: a `writable`, or anything that keeps its contract. */
export interface SvelteStoreLike<S> {
  subscribe(run: (value: S) => void): () => void;
  set(value: S): void;
}

/** The options of {@link createSvelteSnapshotApplier}. */
export interface SvelteSnapshotApplierOptions<S extends object, D = Partial<S>>
  extends SnapshotApplierOptions<S, D> {
  /**
   * What the first argument is: a store, or a Svelte 5 `$state` object, also an instance of a class with `$state`
   * fields. Told by its `subscribe` and `set` where left out.
   */
  readonly target?: "store" | "state" | undefined;
}

/**
 * Applies snapshots to a Svelte store, with one `set` for each that changes something, or to a `$state` object, member
 * by member, which effects see at once. What is deeply equal keeps its identity and is not written. In an instance of a
 * class, `$state` and `$derived` fields are the same kind of accessor: a snapshot writes those that it names, and
 * `replace` takes none away.
 *
 * @throws TypeError where `target` is not what was given; from `apply`, where the snapshot gives no plain object and
 * `strict` is not `false`.
 */
export function createSvelteSnapshotApplier<S extends object, D = Partial<S>>(
  store: SvelteStoreLike<S>,
  options?: SvelteSnapshotApplierOptions<S, D> & { readonly target?: "store" | undefined },
): SnapshotApplier<D>;
export function createSvelteSnapshotApplier<S extends object, D = Partial<S>>(
  state: S,
  options: SvelteSnapshotApplierOptions<S, D> & { readonly target: "state" },
): SnapshotApplier<D>;
export function createSvelteSnapshotApplier<S extends object, D>(
  target: SvelteStoreLike<S> & S,
  options?: SvelteSnapshotApplierOptions<S, D>,
): SnapshotApplier<D> {
  const found =
    typeof target.subscribe === "function" && typeof target.set === "function" ? "store" : "state";
  if ((options?.target ?? "store") !== found) {
    throw new TypeError(
      found === "store"
        ? "state-sync: this is a Svelte store; leave out target: 'state'"
        : "state-sync: this is no Svelte store; for a $state object say target: 'state'",
    );
  }
  return found === "state"
    ? createMutableApplier(options, target as S)
    : createImmutableApplier(
        options,
        () => {
          let value: S | undefined;
          target.subscribe((now) => {
            value = now;
          })();
          return value;
        },
        (next) => target.set(next),
      );
}
