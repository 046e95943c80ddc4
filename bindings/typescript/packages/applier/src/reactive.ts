/**
 * For states whose members may be refs and reactive objects of their own, as Vue has them.
 *
 * @packageDocumentation
 */
import type { Change } from "./applier.js";
import { isFixed, update, write } from "./members.js";
import { type Dictionary, isPlain } from "./share.js";

export { createApplier } from "./applier.js";
export { isFixed, update, write };

/** The functions of Vue that tell its values apart; taken as arguments, so that this package needs no Vue. */
export interface Reactivity {
  isReactive(value: unknown): boolean;
  isReadonly(value: unknown): boolean;
  isRef(value: unknown): value is { value: unknown };
  toRaw<T>(value: T): T;
}

/** A value without proxies: a part that was kept is its raw object, so that `toRaw` of a state holds no proxy. */
const strip = (value: unknown, toRaw: Reactivity["toRaw"]): unknown => {
  const raw = toRaw(value);
  if (raw === value && (isPlain(value) || Array.isArray(value))) {
    for (const [name, part] of Object.entries(value)) {
      const bare = strip(part, toRaw);
      if (bare !== part) (value as Dictionary)[name] = bare;
    }
  }
  return raw;
};

/** Whether a member of a reactive object is none that snapshots write: a computed ref too. */
export const isFixedMember = (
  state: object,
  name: string,
  { isReadonly, isRef, toRaw }: Reactivity,
): boolean => {
  const slot = (toRaw(state) as Dictionary)[name];
  return isRef(slot) ? isReadonly(slot) : isFixed(state, name);
};

/**
 * Writes the members that are refs, or reactive objects of their own, in place, so that whoever holds them stays
 * connected: a ref becomes `undefined`, and a reactive object empty, where the member is to go.
 *
 * @returns the other changes, without proxies in their values.
 */
export const settle = (
  state: object,
  changes: readonly Change[],
  { isReactive, isRef, toRaw }: Reactivity,
): Change[] =>
  changes
    .map(([name, value]): Change => [name, strip(value, toRaw)])
    .filter(([name, value]) => {
      const slot = (toRaw(state) as Dictionary)[name];
      if (isRef(slot)) {
        slot.value = value;
      } else if (isReactive(slot) && Array.isArray(slot) && Array.isArray(value ?? [])) {
        slot.splice(0, slot.length, ...((value as []) ?? []));
      } else if (isReactive(slot) && !Array.isArray(slot) && isPlain(value ?? {})) {
        const part = slot as Dictionary;
        const given = (value ?? {}) as Dictionary;
        for (const key of Object.keys(part)) if (!Object.hasOwn(given, key)) delete part[key];
        Object.assign(part, given);
      } else {
        return true;
      }
      return false;
    });
