/**
 * For states whose members may be refs and reactive objects of their own, as Vue has them.
 *
 * @packageDocumentation
 */
import type { SnapshotApplier } from "@statesync/core";
import { type Change, createApplier } from "./applier.js";
import { isFixed, write } from "./members.js";
import type { SnapshotApplierOptions } from "./options.js";
import { type Dictionary, isPlain } from "./share.js";

export type { Change } from "./applier.js";
export { update, write } from "./members.js";

/** The functions of Vue that tell its values apart; taken as arguments, so that this package needs no Vue. */
export type Reactivity = readonly [
  isReactive: (value: unknown) => boolean,
  isReadonly: (value: unknown) => boolean,
  isRef: (value: unknown) => value is { value: unknown },
  toRaw: <T>(value: T) => T,
];

/**
 * The applier of a reactive object. A member that is a ref, or a reactive object of its own, is written in place, so
 * that whoever holds it stays connected: a ref becomes `undefined`, and a reactive object empty, where it is to go.
 * Computed refs stay.
 *
 * @param read - The reactive object.
 * @param commit - Calls `rest` once, which writes those members, and writes the changes that it gives. Their values hold
 * no proxies: a part that was kept is its raw object, so that the raw state can be cloned.
 * @param holder - What holds the refs and reactive objects, under the same names, where that is not the object itself.
 */
export const createReactiveApplier = <S extends object, D>(
  library: Reactivity,
  options: SnapshotApplierOptions<S, D>,
  read: () => object,
  commit: (rest: () => Change[]) => void = (rest) => write(read(), rest()),
  holder: () => object = read,
): SnapshotApplier<D> => {
  const [isReactive, isReadonly, isRef, toRaw] = library;
  const slot = (name: string): unknown => (toRaw(holder()) as Dictionary)[name];

  // What was kept is proxied, and its raw object stays as it is; what is not was copied by the core, and is written here.
  const strip = (value: unknown): unknown => {
    const raw = toRaw(value);
    if (raw === value && (isPlain(value) || Array.isArray(value))) {
      for (const name of Object.keys(value)) Reflect.set(value, name, strip(value[name as never]));
    }
    return raw;
  };

  return createApplier(
    options,
    read,
    (name) => {
      const held = slot(name);
      return isRef(held) ? isReadonly(held) : isFixed(holder(), name);
    },
    (changes) =>
      commit(() =>
        changes
          .map(([name, value]): Change => [name, strip(value)])
          .filter(([name, value]) => {
            const held = slot(name);
            const list = Array.isArray(held);
            if (isRef(held)) held.value = value;
            else if (!isReactive(held) || !(list ? Array.isArray : isPlain)(value ?? held)) return true;
            else if (list) held.splice(0, held.length, ...((value ?? []) as []));
            else
              createReactiveApplier(library, { mode: "replace" }, () => held as object).apply({
                data: value ?? {},
              } as never);
            return false;
          }),
      ),
  );
};
