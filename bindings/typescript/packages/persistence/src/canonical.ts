/** How deep data may nest, so that a record, which adds two levels, is a message that can be read (MSG-10). */
const MAX_LEVELS = 125;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** What keeps a value from being JSON, and where it is (a JSON Pointer). */
interface Fault {
  readonly found: unknown;
  at: string;
}

type Members = Record<string | number, unknown>;

/**
 * The canonical form of a JSON value (RFC 8785): members sorted by the UTF-16 code units of their names, numbers and
 * strings as ECMAScript writes them.
 *
 * @throws {TypeError} Where the value is no JSON value that I-JSON allows (PRS-4), with the place as a JSON Pointer. A
 * member that is `undefined` counts as absent.
 */
export const canonicalForm = (value: unknown): string => jsonText(value, sorted);

/**
 * The JSON text of a value, which is as long as its canonical form: only the order of members differs.
 *
 * @throws {TypeError} As `canonicalForm`.
 */
export function jsonText(value: unknown, write: (value: unknown) => string = JSON.stringify): string {
  let fault = faultOf(value, 0, false);
  let text = "";
  if (!fault) {
    text = write(value);
    // JSON text has half of a surrogate pair as an escape; so it need not be looked for in each string.
    fault = text.includes("\\ud") ? faultOf(value, 0, true) : fault;
  }
  if (fault) {
    throw new TypeError(`found ${fault.found} at "${fault.at}"; expected JSON (RFC 7493)`);
  }
  return text;
}

/** @param strings - Whether strings and names are looked at too. */
function faultOf(value: unknown, depth: number, strings: boolean): Fault | undefined {
  let found: unknown = typeof value;
  if (found === "string") {
    if (!strings || !LONE_SURROGATE.test(value as string)) {
      return undefined;
    }
    found = "half of a surrogate pair";
  } else if (found === "boolean" || value === null) {
    return undefined;
  } else if (found === "number") {
    if (Number.isFinite(value)) {
      return undefined;
    }
    found = value;
  } else if (found === "object") {
    const members = value as Members;
    const isList = Array.isArray(value);
    const prototype = isList ? null : Object.getPrototypeOf(value);
    if (depth >= MAX_LEVELS) {
      found = `more than ${MAX_LEVELS} levels, or a cycle,`;
    } else if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      found = `an instance of ${members.constructor?.name}`;
    } else {
      const names: readonly unknown[] = isList ? value : Object.keys(members);
      for (let index = 0; index < names.length; index++) {
        const name = isList ? index : (names[index] as string);
        const member = members[name];
        const fault =
          (strings && faultOf(name, 0, true)) ||
          (isList || member !== undefined ? faultOf(member, depth + 1, strings) : undefined);
        if (fault) {
          fault.at = `/${`${name}`.replaceAll("~", "~0").replaceAll("/", "~1")}${fault.at}`;
          return fault;
        }
      }
      return undefined;
    }
  }
  return { found, at: "" };
}

/** The canonical form of what is JSON. */
function sorted(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  const members = value as Members;
  return Array.isArray(value)
    ? `[${value.map(sorted)}]`
    : `{${Object.keys(members)
        .filter((name) => members[name] !== undefined)
        .sort()
        .map((name) => `${JSON.stringify(name)}:${sorted(members[name])}`)}}`;
}
