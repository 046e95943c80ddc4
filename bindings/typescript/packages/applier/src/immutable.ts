/**
 * For stores that hold one value and take another in its place.
 *
 * @packageDocumentation
 */
import type { SnapshotApplier, SnapshotEnvelope } from "@statesync/core";
import { createApplier } from "./applier.js";
import { isFixed, update } from "./members.js";
import type { SnapshotApplierOptions } from "./options.js";

/**
 * The applier of a store that is read and set as a whole: one `set` a snapshot, none where nothing differs.
 *
 * @param read - The state now; `null` and `undefined` count as empty.
 * @param set - Also told all that the snapshot asks for, before the selection.
 */
export const createImmutableApplier = <S extends object, D>(
  options: SnapshotApplierOptions<S, D> = {},
  read: () => S | null | undefined,
  set: (next: S, given: Partial<S>, snapshot: SnapshotEnvelope<D>) => void,
): SnapshotApplier<D> => {
  const current = () => read() ?? ({} as S);
  return createApplier(
    options,
    current,
    (name) => isFixed(current(), name),
    (changes, given, snapshot) => set(update(current(), changes), given, snapshot),
  );
};
