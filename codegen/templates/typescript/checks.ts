/** What the guards call. Nothing here throws, and nothing here is kept between calls. */

/** The prototype of plain objects. */
export const objectPrototype: object = Object.prototype;
/** The prototype of an object. */
export const prototypeOf: (value: any) => unknown = Object.getPrototypeOf;
const empty = {};
const otherThanDigits = /\D/;

/** Whether somebody has given every object a member; looked at once a call, by `enter`. */
export let polluted = false;

/** Begins a check. Always true, so that it can stand before `&&`. */
export function enter(): true {
  polluted = false;
  for (const _ in empty) polluted = true;
  return true;
}

/**
 * An object whose prototype could give it members: a copy of its own members alone. `undefined` for an array.
 */
export function unusual(value: any): any {
  if (Array.isArray(value)) return undefined;
  return prototypeOf(value) === null ? value : { __proto__: null, ...value };
}

/** The object with its own members alone: itself in the common case. */
export function plain(value: any): any {
  return prototypeOf(value) === objectPrototype && !polluted ? value : unusual(value);
}

/** A member of the object's own, for names that every object seems to have. */
export function own(object: any, name: string): any {
  return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Canonical decimals from 0 to 2^64-1. */
export function isDecimal64(text: string): boolean {
  const length = text.length;
  if (text.charCodeAt(0) === 48 || length > 20) return text === "0";
  // The regular expression engine is faster with many digits, and slower with few.
  if (length > 9) return !otherThanDigits.test(text) && (length < 20 || text <= "18446744073709551615");
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i);
    if (digit < 48 || digit > 57) return false;
  }
  return length !== 0;
}

/** Whether there is anything besides white space and line terminators, as ECMAScript defines them. */
export function isNotBlank(text: string): boolean {
  return text.trim() !== "";
}

/** Whether the text has from `minimum` to `maximum` code points. */
export function hasLength(text: string, minimum: number, maximum: number): boolean {
  const units = text.length;
  // A code point takes one or two units, so only what is in between has to be counted.
  if (units < minimum || units > maximum * 2) return false;
  if (units <= maximum && units >= minimum * 2 - 1) return true;
  const points = codePoints(text);
  return points >= minimum && points <= maximum;
}

/** How many code points the text has; half of a pair counts as one. */
export function codePoints(text: string): number {
  let points = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      points--;
      i++;
    }
  }
  return points;
}

/** How many members the object has. */
export function countMembers(object: any): number {
  let count = 0;
  for (const name in object) if (object[name] !== undefined) count++;
  return count;
}

/** Whether the value is a whole multiple, in decimal arithmetic: 0.3 is one of 0.1. */
export function isMultiple(value: number, of: number): boolean {
  if (Number.isInteger(of) && Number.isInteger(value)) return value % of === 0;
  const [left, leftExponent] = decimal(value);
  const [right, rightExponent] = decimal(of);
  const exponent = Math.min(leftExponent, rightExponent);
  // Ten to a power of hundreds would only cost time: beyond the digits of a double, the shares are plain.
  if (Math.max(leftExponent, rightExponent) - exponent > 700) return false;
  return (left * BigInt(10) ** BigInt(leftExponent - exponent)) % (right * BigInt(10) ** BigInt(rightExponent - exponent)) === BigInt(0);
}

/** The digits of a number and the power of ten that they are multiplied by. */
function decimal(value: number): [bigint, number] {
  const [digits = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = digits.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

/** Whether two JSON values are equal: numbers as doubles, objects whatever the order of their members. */
export function isEqual(left: any, right: any): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    for (let i = 0; i < left.length; i++) if (!isEqual(left[i], right[i])) return false;
    return true;
  }
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.prototype.hasOwnProperty.call(right, name) && isEqual(left[name], right[name]));
}

/** Whether no two items are equal. */
export function isUnique(items: any): boolean {
  const seen = new Set<unknown>();
  const objects: unknown[] = [];
  for (const item of items) {
    if (typeof item === "object" && item !== null) {
      for (const other of objects) if (isEqual(item, other)) return false;
      objects.push(item);
    } else {
      if (seen.has(item)) return false;
      seen.add(item);
    }
  }
  return true;
}

/** A check of a type that holds itself: a value nested deeper than the stack is long does not pass. */
export function bounded(check: (value: any) => boolean, value: unknown): boolean {
  try {
    return check(value);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
