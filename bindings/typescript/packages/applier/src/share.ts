/** An object as far as its names go. */
export type Dictionary = Record<string, unknown>;

/** The one name that is never written: assigning to it would set a prototype. */
export const PROTOTYPE = "__proto__";

/** Whether a value is an object as JSON has them: no list, no instance of a class. Holds across realms. */
export const isPlain = (value: unknown): value is Dictionary =>
  !Object.getPrototypeOf(Object.getPrototypeOf(value ?? 0) ?? Object.prototype);

/**
 * The value `after`, made of as much of `before` as is deeply equal to it: `before` itself where all of it is.
 *
 * Plain objects and lists are copied, so that a store never holds a part of a snapshot that others hold too; other
 * values (dates, maps, instances) are taken as they are and compared by identity.
 *
 * Both may be any value; their type only says how they are read.
 */
export const share = (before: Dictionary, after: Dictionary): unknown => {
  const fits: (value: unknown) => boolean = isPlain(after) ? isPlain : Array.isArray;
  if (!fits(after)) return after;
  const next = (fits === isPlain ? { ...after } : [...(after as never)]) as Dictionary;
  delete next[PROTOTYPE];
  const names = Object.keys(next);
  let same = fits(before) && Object.keys(before).length === names.length;
  for (const name of names) {
    next[name] = share(before?.[name] as Dictionary, next[name] as Dictionary);
    same &&= name in before && Object.is(before[name], next[name]);
  }
  return same ? before : next;
};
