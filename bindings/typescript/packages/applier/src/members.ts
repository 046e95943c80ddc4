import type { Change } from "./applier.js";
import { type Dictionary, isPlain } from "./share.js";

/** The member of an object or of its class. */
const member = (state: object | null, name: string): PropertyDescriptor | undefined =>
  state
    ? (Object.getOwnPropertyDescriptor(state, name) ?? member(Object.getPrototypeOf(state), name))
    : undefined;

/** Whether a member is a function or a getter without a setter; what every object inherits is no member. */
export const isFixed = (state: object, name: string): unknown => {
  const found = member(state, name);
  const value = (state as Dictionary)[name];
  return (found?.get && !found.set) || (typeof value === "function" && value !== ({} as Dictionary)[name]);
};

/**
 * Writes changes into an object. What is to go is deleted from a plain object; the member of an instance becomes
 * `undefined`, because its class declares it and observers hold on to it.
 */
export const write = (target: object, changes: readonly Change[]): void => {
  for (const [name, value] of changes) {
    if (value === undefined && isPlain(target)) delete target[name];
    else (target as Dictionary)[name] = value;
  }
};

/** A copy of a state with changes. Its class and its getters stay; the state itself may be frozen. */
export const update = <S extends object>(state: S, changes: readonly Change[]): S => {
  const next = Object.create(Object.getPrototypeOf(state), {
    ...Object.getOwnPropertyDescriptors(state),
    ...Object.getOwnPropertyDescriptors(Object.fromEntries(changes)),
  });
  for (const [name, value] of changes) if (value === undefined) delete next[name];
  return next;
};
