/**
 * For states that are written member by member.
 *
 * @packageDocumentation
 */
import type { SnapshotApplier } from "@statesync/core";
import { createApplier } from "./applier.js";
import { isFixed, write } from "./members.js";
import type { SnapshotApplierOptions } from "./options.js";

export { isFixed, write } from "./members.js";
export { isPlain } from "./share.js";

/**
 * The applier of an object whose members are written in place, all of them in one go.
 *
 * @param read - What is compared with a snapshot, where that is not the object itself.
 */
export const createMutableApplier = <S extends object, D>(
  options: SnapshotApplierOptions<S, D> = {},
  target: S,
  read: () => object = () => target,
): SnapshotApplier<D> =>
  createApplier(
    options,
    read,
    (name) => isFixed(target, name),
    (changes) => write(target, changes),
  );
